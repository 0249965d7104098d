from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from gdpr.masking.masks import Bands, Grain, bucket, generalise, truncate
from schemas.errors import PolicyBreach

OSLO = ZoneInfo("Europe/Oslo")
AGES = Bands((0, 18, 67))


def column(*values: object, dtype: pl.DataType | None = None) -> pl.Series:
    return pl.Series("field", values, dtype=dtype)


def instants(*texts: str) -> pl.Series:
    return column(*texts).str.to_datetime(time_unit="us", time_zone="UTC")


@pytest.mark.parametrize(
    ("edges", "labels"),
    [
        ((18.0, 67.0), ("<18", "18-66", "67+")),
        ((0, 18, 19, 67), ("<0", "0-17", "18", "19-66", "67+")),
        ((0.5, 1, 10), ("<0.5", "0.5-<1", "1-9", "10+")),
        ((-20, -10), ("<-20", "-20--11", "-10+")),
        ((1e6,), ("<1000000", "1000000+")),
    ],
)
def test_bands_are_named_by_their_edges(edges: tuple[float, ...], labels: tuple[str, ...]) -> None:
    assert Bands(edges).labels == labels


@pytest.mark.parametrize("edges", [(), (18, 18), (67, 18), (18, math.inf), (math.nan,)])
def test_edges_that_do_not_rise_are_refused(edges: tuple[float, ...]) -> None:
    with pytest.raises(PolicyBreach, match="bands need lower edges that rise"):
        Bands(edges)


def test_ages_fall_into_bands() -> None:
    got = generalise(column(-1, 0, 17, 18, 66, 67, 110, None), AGES)
    assert got.to_list() == ["<0", "0-17", "0-17", "18-66", "18-66", "67+", "67+", None]
    assert (got.name, got.dtype) == ("field", pl.String())


def test_numbers_with_decimals_fall_below_the_next_edge() -> None:
    got = generalise(column(17.999, 66.5, math.nan, -math.inf, math.inf), AGES)
    assert got.to_list() == ["0-17", "18-66", None, "<0", "67+"]


def test_whole_numbers_are_compared_as_whole_numbers() -> None:
    edge = 1 << 60
    got = generalise(column(edge - 1, edge), Bands((float(edge),)))
    assert got.to_list() == [f"<{edge}", f"{edge}+"]
    assert generalise(column(0, 1), Bands((0.5,))).to_list() == ["<0.5", "0.5+"]


def test_periods_are_local_but_hours_are_utc() -> None:
    newest = instants("2026-12-31T23:30:00", "2026-10-25T00:30:00", "2026-10-25T01:30:00")
    assert generalise(newest, Grain("year")).to_list() == ["2027", "2026", "2026"]
    assert generalise(newest, Grain("month")).to_list() == ["2027-01", "2026-10", "2026-10"]
    assert generalise(newest, Grain("day"))[0] == "2027-01-01"
    assert generalise(newest, Grain("day", "UTC"))[0] == "2026-12-31"
    hours = generalise(newest, Grain("hour")).to_list()
    assert hours == ["2026-12-31T23Z", "2026-10-25T00Z", "2026-10-25T01Z"]


def test_quarters_and_weeks_are_periods_too() -> None:
    newest = instants("2026-12-31T23:30:00", "2026-10-25T23:30:00", "2026-12-27T22:59:59")
    assert generalise(newest, Grain("quarter")).to_list() == ["2027-Q1", "2026-Q4", "2026-Q4"]
    assert generalise(newest, Grain("week")).to_list() == ["2026-W53", "2026-W44", "2026-W52"]
    [first, *_] = bucket(newest, Grain("week"))
    assert first == dt.datetime(2026, 12, 28, tzinfo=OSLO)
    assert bucket(newest, Grain("quarter"))[1] == dt.datetime(2026, 10, 1, tzinfo=OSLO)
    born = column(dt.date(2027, 1, 1), None)
    assert generalise(born, Grain("week")).to_list() == ["2026-W53", None]
    assert generalise(born, Grain("quarter")).to_list() == ["2027-Q1", None]
    assert generalise(born, Grain("quarter")).name == "field"
    assert bucket(born, Grain("quarter")).to_list() == [dt.date(2027, 1, 1), None]


def test_dates_are_generalised_and_bucketed() -> None:
    born = column(dt.date(1955, 11, 10), None)
    assert generalise(born, Grain("year")).to_list() == ["1955", None]
    assert generalise(born, Grain("month")).to_list() == ["1955-11", None]
    assert bucket(born, Grain("month")).to_list() == [dt.date(1955, 11, 1), None]


def test_instants_are_bucketed_in_their_own_zone_and_kind() -> None:
    read = instants("2026-11-20T13:44:01", "2026-11-20T23:44:01")
    assert bucket(read, Grain("hour"))[0] == dt.datetime(2026, 11, 20, 13, tzinfo=dt.UTC)
    assert bucket(read, Grain("day"))[1] == dt.datetime(2026, 11, 21, tzinfo=OSLO)
    assert bucket(read, Grain("year"))[0] == dt.datetime(2026, 1, 1, tzinfo=OSLO)
    assert bucket(read, Grain("day")).dtype == read.dtype


def test_a_day_of_25_hours_is_one_bucket() -> None:
    read = instants("2026-10-24T22:00:00", "2026-10-25T22:59:59", "2026-10-25T23:00:00")
    assert bucket(read, Grain("day")).n_unique() == 2


def test_numbers_are_floored_to_their_buckets() -> None:
    assert bucket(column(-1, 0, 9, 10, None), 10.0).to_list() == [-10, 0, 0, 10, None]
    assert bucket(column(7, dtype=pl.UInt8()), 5).dtype == pl.Int64
    assert bucket(column(-0.1, 2.6, math.nan, math.inf), 0.5).to_list() == [-0.5, 2.5, None, None]
    assert bucket(column(0.3), 0.1)[0] == pytest.approx(0.2, abs=0.11)


def test_a_bucket_beyond_64_bits_is_null_and_never_another_number() -> None:
    assert bucket(column(-(1 << 63)), 10).to_list() == [None]
    assert bucket(column((1 << 64) - 1, dtype=pl.UInt64()), 10).to_list() == [None]


def test_texts_keep_their_first_characters() -> None:
    got = truncate(column("4006", "0150", "å", "", None, "Ås by"), 2)
    assert got.to_list() == ["40", "01", "å", "", None, "Ås"]


AN_INSTANT = pl.Series("field", ["2026-11-20T13:44:01"]).str.to_datetime(time_zone="UTC")
NAIVE = AN_INSTANT.dt.replace_time_zone(None)
A_DATE = AN_INSTANT.dt.date()


@pytest.mark.parametrize(
    "masked",
    [
        lambda: generalise(column("4006"), AGES),
        lambda: generalise(column(True), AGES),
        lambda: generalise(column(7), Grain("year")),
        lambda: generalise(NAIVE, Grain("year")),
        lambda: generalise(A_DATE, Grain("day")),
        lambda: bucket(A_DATE, Grain("day")),
        lambda: bucket(A_DATE, Grain("hour")),
        lambda: bucket(A_DATE, 10),
        lambda: bucket(column("a"), 10),
        lambda: bucket(column(7), 1),
        lambda: bucket(column(7), 2.5),
        lambda: bucket(column(7), math.inf),
        lambda: bucket(column(7), math.nan),
        lambda: bucket(column(7.5), 0),
        lambda: bucket(column(7.5), -1),
        lambda: bucket(column(7.5), math.nan),
        lambda: truncate(column(4006), 2),
        lambda: truncate(column("4006"), 0),
    ],
)
def test_a_mask_that_does_not_fit_is_refused_by_the_field_s_name(
    masked: Callable[[], pl.Series],
) -> None:
    with pytest.raises(PolicyBreach, match=r"^field: ") as refusal:
        masked()
    assert "4006" not in str(refusal.value)
