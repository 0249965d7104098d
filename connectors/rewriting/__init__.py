"""The bytes of a landed batch without some of its records: one module a kind of format."""
