from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from gdpr.disclosure.tables import Layout, completed, cross_table
from schemas.errors import PolicyBreach

ABSENCE = pl.DataFrame(
    {
        "month": ["01", "01", "01", "02"],
        "unit": ["school", "school", None, "school"],
        "kind": [1, 2, 1, 1],
        "person": ["kari", "kari", "ola", None],
        "hours": [7.5, -2.0, None, 4.0],
    }
)


def cell(table: pl.DataFrame, **keys: str | None) -> dict[str, object]:
    wanted = pl.all_horizontal(pl.col(name).eq_missing(pl.lit(v)) for name, v in keys.items())
    return table.filter(wanted).drop(*keys).row(0, named=True)


def test_a_table_has_every_margin_with_persons_counted_once() -> None:
    table = cross_table(ABSENCE, Layout(("unit", "kind"), "person", ("hours",))).frame
    assert len(table) == 3 * 3
    whole = {"persons": 3, "rows": 4, "hours": 9.5, "largest hours": 5.5}
    assert cell(table, unit="total", kind="total") == whole
    school = {"persons": 2, "rows": 3, "hours": 9.5, "largest hours": 5.5}
    assert cell(table, unit="school", kind="total") == school
    assert cell(table, unit=None, kind="1")["rows"] == 1


def test_what_nobody_is_in_is_zero() -> None:
    table = cross_table(ABSENCE.lazy(), Layout(("unit", "kind"), "person", ("hours",))).frame
    none = {"persons": 0, "rows": 0, "hours": 0.0, "largest hours": 0.0}
    assert cell(table, unit=None, kind="2") == none


def test_a_period_is_a_table_of_its_own() -> None:
    table = cross_table(ABSENCE, Layout(("unit",), period="month"))
    assert [len(part) for part in table.periods()] == [3, 3]
    assert table.frame["month"].to_list() == ["01"] * 3 + ["02"] * 3
    assert table.frame["rows"].to_list() == [1, 2, 3, 0, 1, 1]
    assert table.shape() == (3,)


def test_every_row_is_a_person_where_no_column_names_them() -> None:
    table = cross_table(ABSENCE, Layout(("unit",), sums=("hours",)))
    assert table.frame["persons"].equals(table.frame["rows"].alias("persons"))
    assert table.largest("hours").to_list() == [0.0, 7.5, 7.5]
    assert table.layout.measures == ("rows", "hours")


def test_a_table_of_no_rows_has_no_cells() -> None:
    for layout in (Layout(("unit",)), Layout(("unit",), period="month")):
        table = cross_table(ABSENCE.clear(), layout)
        assert table.frame.is_empty()
        assert list(table.periods()) == []


def test_a_table_takes_the_values_of_others_in_its_own_periods() -> None:
    rows = pl.DataFrame({"month": [dt.date(2026, 1, 1)], "unit": ["a"]})
    table = cross_table(rows, Layout(("unit",), period="month"))
    other = pl.DataFrame({"month": [dt.date(2026, 1, 1), dt.date(2025, 1, 1)], "unit": ["b", "c"]})
    more = completed(table, other).frame
    assert more["unit"].to_list() == ["a", "b", "total"]
    assert more["rows"].to_list() == [1, 0, 1]


@pytest.mark.parametrize(
    ("layout", "message"),
    [
        (Layout(("unit", "place")), "a table cannot be made: no column place"),
        (Layout(("unit",), "who"), "a table cannot be made: no column who"),
        (Layout(()), "a table counts by at least one column; none was named"),
        (Layout(("unit",), sums=("person",)), "a table sums numbers alone, and person is none"),
        (
            Layout(("unit", "kind"), period="kind"),
            "a table has one column of each name; there would be two kind",
        ),
    ],
)
def test_a_table_that_cannot_be_made_is_refused(layout: Layout, message: str) -> None:
    with pytest.raises(PolicyBreach, match=f"^{message}$"):
        cross_table(ABSENCE, layout)


def test_a_column_named_as_a_count_is_refused() -> None:
    with pytest.raises(PolicyBreach, match=r"^a table has one column of each name.* two rows$"):
        cross_table(ABSENCE.rename({"unit": "rows"}), Layout(("rows",)))


def test_a_value_called_total_is_refused() -> None:
    rows = pl.DataFrame({"unit": ["school", "total"]})
    with pytest.raises(PolicyBreach, match=r"^unit: a value is 'total', the word"):
        cross_table(rows, Layout(("unit",)))
