from __future__ import annotations

import datetime as dt
import json

import polars as pl
import pytest

from connectors.ckan.records import Load, frame_of, loads, records_of
from schemas.types import KINDS

AT = dt.datetime(2026, 11, 21, 14, 5, 0, 123, tzinfo=dt.UTC)
SCHEMA = pl.Schema((word, kind.dtype) for word, kind in KINDS.items())
ROWS = pl.DataFrame(
    [
        ("", 2**63 - 1, float("nan"), True, dt.date(1, 1, 1), AT),
        ("007 blåbær", -(2**63), float("-inf"), False, dt.date(9999, 12, 31), AT),
        (None, None, None, None, None, None),
        ("\u2028", 0, 0.1 + 0.2, True, AT.date(), dt.datetime(1900, 1, 1, tzinfo=dt.UTC)),
    ],
    SCHEMA,
    orient="row",
)


def test_every_value_is_the_same_after_json() -> None:
    told = json.dumps(list(records_of(ROWS)), allow_nan=False)
    assert frame_of(json.loads(told), SCHEMA).equals(ROWS, null_equal=True)


def test_no_rows_keep_their_columns() -> None:
    assert frame_of([], SCHEMA).schema == SCHEMA


@pytest.mark.parametrize(
    ("most", "sizes"),
    [
        (Load(), [7]),
        (Load(rows=3), [3, 3, 1]),
        (Load(rows=7), [7]),
        (Load(size=20), [2, 2, 2, 1]),
        (Load(size=1), [1] * 7),
    ],
)
def test_a_call_carries_no_more_than_it_may(most: Load, sizes: list[int]) -> None:
    records = list(records_of(pl.DataFrame({"n": range(7)})))
    parts = list(loads(iter(records), most))
    assert [len(part) for part in parts] == sizes
    assert [record for part in parts for record in part] == records


def test_nothing_needs_no_call() -> None:
    assert list(loads(iter([]), Load())) == []
