from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from connectors.portal import Distribution, OverTime
from pipelines.steps.publication.opened import Opened
from pipelines.steps.publication.plot import plot_of
from schemas.reading import read_contract
from tests.pipelines.steps.released_site import readings

PARKS = ("Forum", "Kyrre", "Posten", "Siddis", "St. Olav", "Valberget")


def parking() -> Opened:
    contract = read_contract(Path("schemas/datasets/parking_occupancy.odcs.yaml"))
    return Opened(contract, "Europe/Oslo", contract.fields)


def drawn(opened: Opened, rows: pl.DataFrame) -> OverTime:
    plot = plot_of(opened, rows.lazy())
    assert isinstance(plot, OverTime)
    return plot


def without_plot(opened: Opened) -> Opened:
    publication = opened.contract.publication
    assert publication is not None
    bare = publication.model_copy(update={"plot": None})
    return replace(opened, contract=replace(opened.contract, publication=bare))


def test_few_categories_have_a_line_each() -> None:
    plot = drawn(parking(), readings(parks=PARKS[:3]))
    assert [line.name for line in plot.lines] == ["Forum", "Kyrre", "Posten"]
    assert plot.by is not None
    assert plot.by.name == "car_park_name"


def test_many_categories_are_one_line_with_its_spread() -> None:
    rows = readings(parks=PARKS)
    (line,) = drawn(parking(), rows).lines
    first = rows.filter(pl.col("observed_at") == rows["observed_at"].min())["free_spaces"]
    assert line.name == ""
    assert (line.mean[0], line.low[0], line.high[0]) == (first.mean(), first.min(), first.max())


@pytest.mark.parametrize(
    ("days", "word"), [(2, "hour"), (33, "hour"), (34, "day"), (801, "week"), (6000, "month")]
)
def test_bins_grow_with_the_span(days: int, word: str) -> None:
    first = dt.datetime(2010, 1, 1, tzinfo=dt.UTC)
    rows = readings(parks=PARKS[:1]).head(2)
    ends = pl.Series("observed_at", [first, first + dt.timedelta(days=days)])
    assert drawn(parking(), rows.with_columns(ends.cast(rows["observed_at"].dtype))).bin == word


def test_bins_are_local_days() -> None:
    first = dt.datetime(2026, 11, 1, 23, 30, tzinfo=dt.UTC)
    rows = readings(parks=PARKS[:1]).head(2)
    ends = pl.Series("observed_at", [first, first + dt.timedelta(days=40)])
    plot = drawn(parking(), rows.with_columns(ends.cast(rows["observed_at"].dtype)))
    assert plot.lines[0].at[0].isoformat() == "2026-11-02T00:00:00+01:00"


def test_without_a_plot_field_the_rows_are_counted() -> None:
    plot = drawn(without_plot(parking()), readings(parks=PARKS))
    assert plot.field is None
    assert set(plot.lines[0].mean) == {6.0}


def test_a_plot_field_that_is_not_released_is_not_drawn() -> None:
    opened = parking()
    closed = opened.narrowed([f.name for f in opened.fields if f.name != "free_spaces"])
    assert drawn(closed, readings().drop("free_spaces")).field is None


def test_without_times_the_values_are_spread_over_bars() -> None:
    opened = parking()
    timeless = opened.narrowed([f.name for f in opened.fields if f.name != "observed_at"])
    rows = readings(parks=PARKS)
    plot = plot_of(timeless, rows.lazy())
    assert isinstance(plot, Distribution)
    assert sum(plot.counts) == rows.height
    assert plot.edges[0] == rows["free_spaces"].min()
    assert plot.edges[-1] == pytest.approx(rows["free_spaces"].max())


def test_values_that_are_all_alike_are_one_bar() -> None:
    opened = parking()
    timeless = opened.narrowed(["free_spaces"])
    plot = plot_of(timeless, pl.LazyFrame({"free_spaces": [7, 7, None]}))
    assert isinstance(plot, Distribution)
    assert plot.counts[0] == sum(plot.counts) == 2


def test_no_rows_are_no_plot() -> None:
    opened = parking()
    assert plot_of(opened, readings().clear().lazy()) is None
    timeless = opened.narrowed(["free_spaces"])
    assert plot_of(timeless, pl.LazyFrame(schema={"free_spaces": pl.Int64()})) is None
    assert plot_of(without_plot(timeless), pl.LazyFrame({"free_spaces": [1]})) is None


def test_days_of_a_dated_dataset_are_drawn_as_days() -> None:
    opened = parking()
    fields = tuple(
        replace(f, type="date") if f.name == "observed_at" else f for f in opened.contract.fields
    )
    dated = Opened(replace(opened.contract, fields=fields), "Europe/Oslo", fields)
    rows = readings(parks=PARKS[:1]).with_columns(pl.col("observed_at").dt.date())
    plot = drawn(dated, rows)
    assert plot.bin == "day"
    assert [at.isoformat() for at in plot.lines[0].at] == [
        "2026-11-19T00:00:00+01:00",
        "2026-11-20T00:00:00+01:00",
    ]


def beaches(names: list[str]) -> list[str]:
    contract = read_contract(Path("schemas/datasets/bathing_water.odcs.yaml"))
    at = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
    rows = pl.DataFrame(
        {
            "beach_id": ["0-1", "0-2"],
            "beach_name": names,
            "observed_at": [at, at],
            "water_temperature_celsius": [11.0, 12.0],
        },
        schema_overrides={"observed_at": pl.Datetime("us", "UTC")},
    )
    opened = Opened(contract, "Europe/Oslo", tuple(contract.field(name) for name in rows.columns))
    return [line.name for line in drawn(opened, rows).lines]


def test_lines_have_names_rather_than_numbers_where_each_has_its_own() -> None:
    assert beaches(["Godalen", "Vaulen"]) == ["Godalen", "Vaulen"]
    assert beaches(["Vaulen", "Vaulen"]) == ["0-1", "0-2"]
