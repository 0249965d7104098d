"""Whatever happens to a table, its differences in order are the table."""

from __future__ import annotations

import polars as pl
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from connectors.difference import UNCHANGED, difference
from connectors.spool import Spool
from schemas.stages import DELETED

TABLES = st.lists(
    st.dictionaries(st.none() | st.integers(0, 5), st.none() | st.sampled_from("abc"), max_size=6),
    min_size=1,
    max_size=5,
)
SCHEMA = pa.schema([("id", pa.int64()), ("word", pa.string())])


def spooled(table: dict[int | None, str | None]) -> Spool:
    rows = [{"id": key, "word": word} for key, word in table.items()]
    return Spool(SCHEMA, [pa.RecordBatch.from_pylist(rows, SCHEMA)])


@given(TABLES)
def test_the_differences_replayed_are_the_table(tables: list[dict[int | None, str | None]]) -> None:
    lake: dict[int | None, str | None] = {}
    before: list[pa.RecordBatch] = []
    for table in tables:
        found = difference(spooled(table), before, ["id"])
        if found is None:
            assert lake == table
            continue
        before = list(found.batches())
        for row in pl.DataFrame(pl.from_arrow(pa.Table.from_batches(before))).rows(named=True):
            if row[DELETED]:
                del lake[row["id"]]
            elif not row[UNCHANGED]:
                assert lake.get(row["id"], 0) != row["word"]
                lake[row["id"]] = row["word"]
        assert lake == table
