"""How many points the European method of metadata quality gives at most."""

MAXIMUM = 405
