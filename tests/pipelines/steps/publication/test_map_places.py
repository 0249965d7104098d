from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from connectors.portal import Places
from pipelines.steps.publication.map_places import places_of
from pipelines.steps.publication.opened import Opened
from schemas.contract import Geometry
from schemas.reading import read_contract
from tests.pipelines.steps.released_site import readings


def parking() -> Opened:
    contract = read_contract(Path("schemas/datasets/parking_occupancy.odcs.yaml"))
    return Opened(contract, "Europe/Oslo", contract.fields)


def found(opened: Opened, rows: pl.DataFrame) -> Places:
    places = places_of(opened, rows.lazy())
    assert places is not None
    return places


def scattered(count: int) -> pl.DataFrame:
    rows = readings(parks=[f"P{n:05}" for n in range(count)], days=[readings()["observed_at"][0]])
    number = pl.col("car_park_name").str.slice(1).cast(pl.Float64)
    return rows.with_columns(
        latitude=58.8 + (number * 0.618) % 1 * 0.2, longitude=5.6 + number / count * 0.3
    )


def test_a_place_is_told_once_with_its_name_and_newest_value() -> None:
    rows = readings(parks=("Valberget", "Posten")).with_columns(
        latitude=pl.when(pl.col("car_park_name") == "Posten").then(58.96).otherwise(58.97)
    )
    posten, valberget = found(parking(), rows).marks
    newest = rows.filter(pl.col("observed_at") == rows["observed_at"].max())
    values = dict(newest.select("car_park_name", "free_spaces").iter_rows())
    assert (posten.name, posten.latitude, posten.value) == ("Posten", 58.96, values["Posten"])
    assert (valberget.name, valberget.value) == ("Valberget", values["Valberget"])


def test_two_rows_of_one_instant_at_one_place_have_no_one_value() -> None:
    (mark,) = found(parking(), readings(parks=("Valberget", "Posten"))).marks
    assert (mark.name, mark.value) == ("Posten, Valberget", None)


def test_many_places_are_drawn_together_and_none_is_lost() -> None:
    places = found(parking(), scattered(4_000))
    assert len(places.marks) <= 500
    assert places.total == 4_000
    assert places.field is None
    assert all(mark.name == "" for mark in places.marks if mark.count > 1)


def test_the_order_of_rows_changes_nothing() -> None:
    rows = scattered(700)
    assert found(parking(), rows) == found(parking(), rows.reverse())


def test_metres_are_told_as_degrees() -> None:
    opened = parking()
    assert opened.contract.publication is not None
    metres = Geometry(north="latitude", east="longitude", system="UTM32")
    told = opened.contract.publication.model_copy(update={"geometry": metres})
    opened = replace(opened, contract=replace(opened.contract, publication=told))
    rows = readings().with_columns(latitude=pl.lit(6_540_000.0), longitude=pl.lit(312_000.0))
    (mark,) = found(opened, rows).marks
    assert mark.latitude == pytest.approx(58.96, abs=0.05)
    assert mark.longitude == pytest.approx(5.73, abs=0.05)


def test_rows_without_a_place_are_left_out_and_none_at_all_is_no_map() -> None:
    rows = readings().with_columns(latitude=pl.lit(None, pl.Float64))
    assert places_of(parking(), rows.lazy()) is None


def test_a_coordinate_that_is_not_released_is_not_shown() -> None:
    opened = parking().narrowed({"car_park_name", "observed_at", "latitude"})
    assert places_of(opened, readings().lazy()) is None
