import datetime as dt
from collections.abc import Sequence

import polars as pl
import pytest

from pipelines.steps.wall_time import WallClock, local_days, never_was

OSLO = "Europe/Oslo"


def walls(*texts: str) -> pl.Series:
    return pl.Series(texts).str.to_datetime("%d.%m.%Y %H:%M", time_unit="us")


def clock(fold: str, *series: str, zone: str = OSLO) -> WallClock:
    return WallClock(zone, fold, series)


def utc(at: WallClock, wall: pl.Series, rows: pl.DataFrame | None = None) -> list[str | None]:
    given = pl.DataFrame({"none": [None] * len(wall)}) if rows is None else rows
    instants = at.instants(wall, given)
    assert instants.dtype == pl.Datetime("us", "UTC")
    return instants.dt.strftime("%d %H:%M").to_list()


def autumn(*times: str) -> pl.Series:
    return walls(*(f"25.10.2026 {time}" for time in times))


def cars(names: Sequence[str]) -> pl.DataFrame:
    return pl.DataFrame({"car_park": names})


@pytest.mark.parametrize("fold", ["order_in_file", "earlier", "later", "reject"])
def test_summer_is_two_hours_ahead_and_winter_one(fold: str) -> None:
    wall = walls("01.07.2026 12:00", "01.12.2026 12:00")
    assert utc(clock(fold), wall) == ["01 10:00", "01 11:00"]


def test_a_fixed_zone_has_no_hour_twice() -> None:
    wall = autumn("02:30", "02:30")
    assert utc(clock("reject", zone="Etc/GMT-1"), wall) == ["25 01:30", "25 01:30"]


@pytest.mark.parametrize("fold", ["order_in_file", "earlier", "later", "reject"])
def test_the_hour_that_never_was_has_no_instant(fold: str) -> None:
    wall = walls("29.03.2026 01:59", "29.03.2026 02:30", "29.03.2026 03:00")
    assert utc(clock(fold), wall) == ["29 00:59", None, "29 01:00"]


@pytest.mark.parametrize(
    ("fold", "expected"),
    [("earlier", "25 00:30"), ("later", "25 01:30"), ("reject", None)],
)
def test_an_hour_that_occurs_twice_is_settled_by_the_word(fold: str, expected: str | None) -> None:
    assert utc(clock(fold), autumn("01:30", "02:30", "03:30")) == [
        "24 23:30",
        expected,
        "25 02:30",
    ]


def test_the_order_in_the_file_tells_the_two_passes_apart() -> None:
    wall = autumn("01:30", "02:00", "02:30", "02:00", "02:30", "03:00")
    assert utc(clock("order_in_file"), wall) == [
        "24 23:30",
        "25 00:00",
        "25 00:30",
        "25 01:00",
        "25 01:30",
        "25 02:00",
    ]


def test_a_reading_twice_at_the_same_minute_is_no_second_pass() -> None:
    wall = autumn("02:30", "02:30", "02:31")
    assert utc(clock("order_in_file"), wall) == ["25 00:30", "25 00:30", "25 00:31"]


def test_each_series_passes_through_the_hour_on_its_own() -> None:
    wall = autumn("02:50", "02:10", "02:10", "02:20", "02:05")
    names = ["a", "b", "a", "b", "b"]
    assert utc(clock("order_in_file", "car_park"), wall, cars(names)) == [
        "25 00:50",
        "25 00:10",
        "25 01:10",
        "25 00:20",
        "25 01:05",
    ]


def test_a_series_whose_name_is_null_is_a_series_too() -> None:
    wall = autumn("02:50", "02:10")
    rows = pl.DataFrame({"car_park": [None, None]}, schema={"car_park": pl.String()})
    assert utc(clock("order_in_file", "car_park"), wall, rows) == ["25 00:50", "25 01:10"]


TIMES = ["01:50", "02:20", "02:40", "02:05", "02:25", "02:55", "03:05"]


@pytest.mark.parametrize("size", [1, 2, 3, 5, 100])
def test_chunks_do_not_make_a_difference(size: int) -> None:
    wall = autumn(*(time for time in TIMES for _ in "ab"))
    rows = cars(["a", "b"] * len(TIMES))
    at = clock("order_in_file", "car_park")
    found = [
        instant
        for start in range(0, len(wall), size)
        for instant in utc(at, wall.slice(start, size), rows.slice(start, size))
    ]
    assert found == utc(clock("order_in_file", "car_park"), wall, rows)
    assert found[::2] == [
        "24 23:50",
        "25 00:20",
        "25 00:40",
        "25 01:05",
        "25 01:25",
        "25 01:55",
        "25 02:05",
    ]


def test_a_series_that_a_chunk_leaves_out_is_remembered() -> None:
    at = clock("order_in_file", "car_park")
    utc(at, autumn("02:50", "02:50"), cars(["a", "b"]))
    utc(at, autumn("02:51"), cars(["b"]))
    assert utc(at, autumn("02:10", "02:40"), cars(["a", "b"])) == ["25 01:10", "25 01:40"]


def test_last_years_second_pass_says_nothing_of_this_years_first() -> None:
    wall = walls("26.10.2025 02:50", "26.10.2025 02:10", "25.10.2026 02:05", "25.10.2026 02:50")
    assert utc(clock("order_in_file"), wall) == [
        "26 00:50",
        "26 01:10",
        "25 00:05",
        "25 00:50",
    ]


def test_what_is_null_stays_null_in_the_midst_of_the_hour() -> None:
    wall = (
        autumn("02:50", "02:10")
        .append(walls("25.10.2026 03:00"))
        .set(pl.Series([False, False, True]), None)
    )
    assert utc(clock("order_in_file"), wall) == ["25 00:50", "25 01:10", None]


def test_a_wall_time_that_never_was_is_told_from_one_that_was_twice() -> None:
    wall = walls("29.03.2026 02:30", "25.10.2026 02:30", "20.11.2026 12:00")
    assert never_was(wall, OSLO).to_list() == [True, False, False]


def test_a_day_has_as_many_instants_as_hours() -> None:
    every = pl.datetime_range(
        dt.datetime(2026, 10, 24, 22, tzinfo=dt.UTC),
        dt.datetime(2026, 10, 25, 22, 50, tzinfo=dt.UTC),
        "10m",
        eager=True,
    )
    wall = every.dt.convert_time_zone(OSLO).dt.replace_time_zone(None).dt.cast_time_unit("us")
    rows = pl.DataFrame({"none": [None] * len(wall)})
    assert len(wall) == 25 * 6
    assert clock("order_in_file").instants(wall, rows).to_list() == every.to_list()


def test_where_readings_are_hours_apart_the_same_time_again_is_the_second_pass() -> None:
    hourly = WallClock(OSLO, "order_in_file", (), is_hourly=True)
    assert utc(hourly, autumn("01:00", "02:00", "02:00", "03:00")) == [
        "24 23:00",
        "25 00:00",
        "25 01:00",
        "25 02:00",
    ]


@pytest.mark.parametrize("days", [0, 1, 19, 400])
@pytest.mark.parametrize("zone", [OSLO, "UTC", "America/Sao_Paulo", "Australia/Lord_Howe"])
def test_a_local_day_is_that_of_the_clock_on_the_wall(zone: str, days: int) -> None:
    start = dt.datetime(2026, 10, 24, 11, 30, tzinfo=dt.UTC)
    end = start + dt.timedelta(days=days)
    instants = pl.datetime_range(start, end, "30m", eager=True, time_unit="us")
    expected = instants.dt.convert_time_zone(zone).dt.date()
    assert local_days(instants, zone).equals(expected)


def test_no_instants_have_no_local_days() -> None:
    empty = pl.Series([], dtype=pl.Datetime("us", "UTC"))
    assert local_days(empty, OSLO).to_list() == []
