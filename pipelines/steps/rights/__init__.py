"""What a person may ask of an owner of data, and what no longer may be kept."""
