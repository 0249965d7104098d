"""Columns of a table scanned by their kind: texts as text, numbers that are long enough."""

from __future__ import annotations

import polars as pl
import pyarrow as pa

from gdpr.scan.findings import Sought, Tally
from gdpr.scan.numbers import written
from gdpr.scan.text import scan_text

_TEXTS = (pl.String, pl.Categorical, pl.Enum)


def scan_batch(batch: pa.RecordBatch, sought: Sought, tally: Tally) -> None:
    """Count what stands in the rows' values; instants, dates and truth values hold no number.

    Raises:
        pa.ArrowInvalid: its values are not what its types say.
    """
    batch.validate(full=True)
    for column in batch.columns:
        _scan(pl.Series(pl.from_arrow(column)), sought, tally)


def _scan(column: pl.Series, sought: Sought, tally: Tally) -> None:
    kind = column.dtype
    if isinstance(kind, _TEXTS):
        _scan_texts(column.cast(pl.String).drop_nulls(), sought, tally)
    elif isinstance(kind, pl.Binary):
        scan_text([b"\n".join(column.drop_nulls().to_list())], sought, tally)
    elif isinstance(kind, pl.List | pl.Array):
        _scan(column.explode(), sought, tally)
    elif isinstance(kind, pl.Struct):
        for inner in column.struct.unnest().get_columns():
            _scan(inner, sought, tally)
    elif kind.is_numeric():
        values = column.drop_nulls()
        numbers = values.cast(pl.Float64) if kind.is_decimal() else values
        if text := written(numbers.to_numpy(), sought.least):
            scan_text([text], sought, tally)


def _scan_texts(texts: pl.Series, sought: Sought, tally: Tally) -> None:
    # what repeats is looked at once; only where something is found are all of them counted
    once = Tally()
    scan_text([_joined(texts.unique())], sought, once)
    if once.counts or once.short_found:
        scan_text([_joined(texts)], sought, tally)
    else:
        tally.short(0, once.short_tried)


def _joined(texts: pl.Series) -> bytes:
    joined: str = texts.str.join("\n").item() or ""
    return joined.encode()
