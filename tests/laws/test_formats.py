from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipelines.steps.publication.formats.columnar import COLUMNAR
from pipelines.steps.publication.formats.form import Form, Shape
from pipelines.steps.publication.formats.place import Place
from pipelines.steps.publication.formats.registry import FORMS
from pipelines.steps.publication.sameness import differing
from schemas.contract import Geometry

UTC = dt.UTC
SUMMER, WINTER = (
    dt.datetime(2026, 3, 29, 1, tzinfo=UTC),
    dt.datetime(2026, 10, 25, 1, tzinfo=UTC),
)
AROUND_A_CHANGE = st.builds(
    lambda change, offset: change + offset,
    st.sampled_from([SUMMER, WINTER]),
    st.timedeltas(min_value=dt.timedelta(hours=-2), max_value=dt.timedelta(hours=2)),
)
INSTANTS = AROUND_A_CHANGE | st.datetimes(min_value=dt.datetime(1, 1, 1)).map(  # noqa: DTZ001 - the zone is put on
    lambda at: at.replace(tzinfo=UTC)
)
SCHEMA = pl.Schema(
    {
        "code": pl.String(),
        "count": pl.Int64(),
        "value": pl.Float64(),
        "is_open": pl.Boolean(),
        "day": pl.Date(),
        "at": pl.Datetime("us", "UTC"),
        "latitude": pl.Float64(),
        "longitude": pl.Float64(),
    }
)
TEXTS = st.text(max_size=12) | st.sampled_from(
    ["007", "=1+1", "_x0041_x0042_", "<r>a</r>", "a\r\nb", '"', "null", "NaN", " x ", "1e5", "true"]
)
ROWS = st.lists(
    st.tuples(
        st.none() | TEXTS,
        st.none() | st.integers(min_value=-(2**63), max_value=2**63 - 1) | st.integers(-99, 99),
        st.none() | st.floats(allow_nan=False, allow_infinity=False),
        st.none() | st.booleans(),
        st.none() | st.dates(),
        st.none() | INSTANTS,
        st.none() | st.floats(min_value=-90, max_value=90),
        st.none() | st.floats(min_value=-180, max_value=180),
    ),
    max_size=6,
)
HARD = [
    ("", 2**63 - 1, 1.7976931348623157e308, True, dt.date(1, 1, 1), SUMMER, None, 5.0),
    (None, 10**15, 5e-324, None, dt.date(1900, 2, 28), WINTER, -90.0, 180.0),
    ("\ufffe\x00", -(10**15), -0.0, False, dt.date(9999, 12, 31), None, 1e-9, None),
]
shape = Shape("rows", SCHEMA, Place(Geometry(north="latitude", east="longitude")))
each_form = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)


def frame(rows: Sequence[tuple[object, ...]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def written(form: Form, rows: pl.DataFrame, folder: str, cut: int = 2) -> Path:
    path = form.path(shape, Path(folder))
    parts = [form.located(part, shape) for part in (rows.head(cut), rows.slice(cut))]
    form.write(parts, shape, path)
    return path


@each_form
@given(rows=ROWS)
@example(rows=HARD)
def test_every_format_gives_back_the_values_that_it_was_given(
    form: Form, rows: list[tuple[object, ...]]
) -> None:
    given_rows = frame(rows)
    with tempfile.TemporaryDirectory() as folder:
        known = written(COLUMNAR, given_rows, folder)
        assert pl.read_parquet(known).equals(given_rows)
        path = written(form, given_rows, folder)
        assert differing(form, path, known, shape) == ()


@each_form
@settings(max_examples=40)
@given(rows=ROWS, cut=st.integers(min_value=0, max_value=6))
def test_the_same_rows_are_the_same_bytes(
    form: Form, rows: list[tuple[object, ...]], cut: int
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        first = written(form, frame(rows), folder).read_bytes()
        # row groups of Parquet are its writer's portions
        again = 2 if form.suffix.endswith("parquet") else cut
        assert written(form, frame(rows), folder, again).read_bytes() == first


@pytest.mark.parametrize(
    "form", [form for form in FORMS if form is not COLUMNAR], ids=lambda form: form.name
)
@settings(max_examples=40)
@given(rows=ROWS.filter(bool), data=st.data())
def test_one_changed_value_is_found_in_its_column(
    form: Form, rows: list[tuple[object, ...]], data: st.DataObject
) -> None:
    at = data.draw(st.integers(min_value=0, max_value=len(rows) - 1))
    other = (*rows[at][:1], 7 if rows[at][1] != 7 else 8, *rows[at][2:])
    with tempfile.TemporaryDirectory() as folder:
        known = written(COLUMNAR, frame(rows), folder)
        path = written(form, frame([*rows[:at], other, *rows[at + 1 :]]), folder)
        [found] = differing(form, path, known, shape)
        assert (found.column, found.count) == ("count", 1)
