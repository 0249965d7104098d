"""The difference by key between a query's result and the one that landed before it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import polars as pl
import pyarrow as pa

from connectors.spool import Spool
from schemas.errors import SourceRejected
from schemas.stages import DELETED

UNCHANGED = "_unchanged"
_MARK = "_mark"


def difference(now: Spool, before: Iterable[pa.RecordBatch], key: Sequence[str]) -> Spool | None:
    """The whole result with each row's part in the difference, or None where nothing differs.

    `before` is a batch that this function made, or nothing: then every row is new.

    Rows that the batch before held as they are have UNCHANGED true: a reader leaves them out. Then
    come the rows whose key is gone: the key, nulls, and DELETED true. So each batch says by itself
    what to restate and what to remove, also when it is replayed, and is by itself what the next is
    compared with: no state lies beside landing, and a batch that was lost before it landed only
    makes the next difference larger. The price is that landing holds the whole result each time
    that it differs. Memory holds the keys and a 64-bit hash a row.

    Raises:
        SourceRejected: a key stands twice, is no column, or a column has a name in use here.
    """
    _check(now.schema.names, key)
    current = _marks(now.batches(), key, pa.RecordBatch.from_pylist([], now.schema))
    twice = int(current.select(pl.struct(key).is_duplicated().sum()).item())
    if twice:
        raise SourceRejected(f"the query gives {twice} rows whose key is not theirs alone")
    former = _marks(before, key, pa.RecordBatch.from_pylist([], now.schema))
    if former.schema != current.schema:
        # an emptied SQLite column has lost its type
        former = former.cast(current.schema, strict=False)
    pairs = current.join(former, on=key, how="left", nulls_equal=True, maintain_order="left")
    unchanged = pairs.select((pl.col(_MARK) == pl.col(f"{_MARK}_right")).fill_null(value=False))
    gone = former.join(current, on=key, how="anti", nulls_equal=True)
    if gone.is_empty() and unchanged.to_series().all():
        return None
    schema = now.schema.append(pa.field(UNCHANGED, pa.bool_())).append(
        pa.field(DELETED, pa.bool_())
    )
    return Spool(schema, _written(now, unchanged.to_series(), gone, schema))


def _check(names: Sequence[str], key: Sequence[str]) -> None:
    absent = [name for name in key if name not in names]
    if absent:
        raise SourceRejected(f"the query gives no column '{absent[0]}'")
    taken = sorted({UNCHANGED, DELETED, _MARK}.intersection(names))
    if taken:
        raise SourceRejected(f"the query gives a column the name '{taken[0]}', which is in use")


def _marks(
    batches: Iterable[pa.RecordBatch], key: Sequence[str], none: pa.RecordBatch
) -> pl.DataFrame:
    frames = [_marked(pl.DataFrame(pl.from_arrow(batch)), key) for batch in batches]
    return pl.concat(frames or [_marked(pl.DataFrame(pl.from_arrow(none)), key)])


def _marked(frame: pl.DataFrame, key: Sequence[str]) -> pl.DataFrame:
    if UNCHANGED in frame.columns:
        frame = frame.filter(~pl.col(DELETED)).drop(DELETED, UNCHANGED)
    mark = frame.select(sorted(frame.columns)).hash_rows(seed=0)
    return frame.select(key).with_columns(mark.alias(_MARK))


def _written(
    now: Spool, unchanged: pl.Series, gone: pl.DataFrame, schema: pa.Schema
) -> Iterator[pa.RecordBatch]:
    at = 0
    for batch in now.batches():
        count = batch.num_rows
        same = unchanged.slice(at, count).to_arrow()
        deleted = pa.array([False] * count)
        yield pa.RecordBatch.from_arrays([*batch.columns, same, deleted], schema=schema)
        at += count
    if not gone.is_empty():
        yield _tombstones(gone, schema)


def _tombstones(gone: pl.DataFrame, schema: pa.Schema) -> pa.RecordBatch:
    known: dict[str, pa.Array] = {name: gone[name].to_arrow() for name in gone.columns}
    known[UNCHANGED] = pa.array([False] * gone.height)
    known[DELETED] = pa.array([True] * gone.height)
    arrays = [
        known[field.name].cast(field.type)
        if field.name in known
        else pa.nulls(gone.height, field.type)
        for field in schema
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)
