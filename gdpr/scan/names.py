"""Names of persons in text, by the lists of given names and surnames."""

from __future__ import annotations

import polars as pl

from gdpr.identifiers.names import person_name_pattern


def count_names(text: str) -> int:
    """How many personal names stand in the text; slow beside all else that a scan looks for."""
    lines = pl.Series(text.splitlines(), dtype=pl.String)
    return int(lines.str.count_matches(person_name_pattern()).sum())
