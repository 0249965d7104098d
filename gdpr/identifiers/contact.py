"""Ways to reach somebody: telephone numbers and e-mail addresses, as columns and as patterns.

The patterns are Polars' regular expressions, for use anywhere in a text; Python's differ.
"""

from __future__ import annotations

import polars as pl

from gdpr.identifiers.written import written

_GAP = r"[ .\x{a0}\x{202f}-]"
# the series that are in use; 49, which nobody has, is what invented persons have
_EIGHT = (
    r"(?:2[1-4]|3[1-8]|4[0-9]|5[1-9]|6[1-9]|7[0-9]|8[0-258]|9[0-9])"
    rf"(?:[0-9]{{6}}|{_GAP}[0-9]{{2}}{_GAP}[0-9]{{2}}{_GAP}[0-9]{{2}}"
    rf"|[0-9]{_GAP}[0-9]{{2}}{_GAP}[0-9]{{3}})"
)
_NORWEGIAN = rf"(?:(?:\(?\+|(?-u:\b)00)47\)?{_GAP}?|(?-u:\b)){_EIGHT}(?-u:\b)"
_FOREIGN = r"\+[1-9](?:[ ().\x{a0}-]{0,2}[0-9]){6,14}(?-u:\b)"
PHONE_PATTERN = rf"(?:{_NORWEGIAN}|{_FOREIGN})"
EMAIL_PATTERN = (
    r"[\p{L}\p{N}][\p{L}\p{N}._%+'-]*@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+\p{L}{2,}"
)


def is_phone_number(values: pl.Series) -> pl.Series:
    """Whether each value is a Norwegian telephone number, or one of another country after a +.

    Values are text or whole numbers; null stays null.
    """
    return _are(values, PHONE_PATTERN)


def is_email_address(values: pl.Series) -> pl.Series:
    """Whether each value is an e-mail address; null stays null."""
    return _are(values, EMAIL_PATTERN)


def _are(values: pl.Series, pattern: str) -> pl.Series:
    return written(values).str.contains(f"^(?:{pattern})$")
