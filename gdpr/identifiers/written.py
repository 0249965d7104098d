"""Values as they would be written, whatever they are kept as."""

from __future__ import annotations

import polars as pl


def written(values: pl.Series) -> pl.Series:
    """The values as text without space around; null stays null.

    A whole number among fractions, as a workbook keeps it, has no decimals; a fraction is null.
    """
    if values.dtype.is_float():
        whole = values.set(values % 1 != 0, None)
        return whole.cast(pl.Int64, strict=False).cast(pl.String)
    return values.cast(pl.String).str.strip_chars()
