"""Keyed names for values: the ciphers over whole columns, and which one a field gets."""
