"""The open-data portal as plain files: no server, no script needed, nothing from elsewhere."""
