"""Norwegian vehicle plates: two letters and five digits, or four for what has two wheels or none.

The pattern is one of Polars' regular expressions, for use anywhere in a text.
"""

from __future__ import annotations

import polars as pl

from gdpr.identifiers.written import written

# no plate has I, M, O, Q, W or a letter of Norwegian's own; G is gas, EL and its like electric
_LETTER = "[A-HJ-LNPR-VX-Z]"
PLATE_PATTERN = rf"(?-u:\b){_LETTER}{{2}}[ \x{{a0}}-]?[1-9][0-9]{{3,4}}(?-u:\b)"


def is_vehicle_plate(values: pl.Series) -> pl.Series:
    """Whether each value is a vehicle's plate, in small letters or large; null stays null."""
    return written(values).str.contains(f"(?i)^{PLATE_PATTERN}$")
