"""Free text without what tells of somebody."""
