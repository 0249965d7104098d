from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from pipelines.steps.publication import years
from pipelines.steps.release import release
from schemas.errors import FormatsDiffer
from schemas.stages import Release
from tests.pipelines.steps.released_site import (
    NOW,
    Town,
    closed_fields,
    contract_of,
    parking_document,
    readings,
)

DAYS = [dt.date(2024, 6, 1), dt.date(2026, 1, 1), dt.date(2026, 11, 20)]
LATER = NOW + dt.timedelta(days=1)


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return town_by_year(tmp_path)


def town_by_year(folder: Path, *closed: str) -> Town:
    document = parking_document()
    words = {entry["property"]: entry["value"] for entry in document["customProperties"]}
    words["release"]["series"] = "year"
    closed_fields(document, *closed)
    town = Town.at(folder).holding(contract_of(document, folder))
    # the last hours of these days in UTC are the first ones of the next year here
    new_year = readings([dt.date(2025, 12, 31)]).with_columns(
        observed_at=dt.datetime(2025, 12, 31, 23, 30, tzinfo=dt.UTC)
    )
    town.commit(readings(DAYS).vstack(new_year.unique("car_park_name")))
    town.judge()
    return town


def parts(released: Release) -> dict[str | None, int]:
    return {each.part: each.rows for each in released.resources if each.part is not None}


def latest(town: Town, name: str) -> bytes:
    return Path(town.site.store.uri(f"open/parking_occupancy/latest/{name}")).read_bytes()


def test_each_local_year_that_has_rows_has_a_file(town: Town) -> None:
    released = release(town.site, town.portal, NOW)
    assert parts(released) == {"2024": 12, "2026": 26}
    assert b"2025-12-31T23:30" in latest(town, "parking_occupancy-2026.csv")


def test_the_years_one_after_the_other_are_the_whole(town: Town) -> None:
    release(town.site, town.portal, NOW)
    first, second = (latest(town, f"parking_occupancy-{year}.csv") for year in (2024, 2026))
    assert first + second.partition(b"\r\n")[2] == latest(town, "parking_occupancy.csv")


def test_the_same_years_are_not_released_again(town: Town) -> None:
    first = release(town.site, town.portal, NOW)
    assert release(town.site, town.portal, LATER) == first


def test_a_dataset_that_begins_to_be_told_by_year_is_released_again(tmp_path: Path) -> None:
    by_year = town_by_year(tmp_path)
    whole = by_year.holding(contract_of(parking_document(), tmp_path))
    whole.judge()
    assert parts(release(whole.site, whole.portal, NOW)) == {}
    by_year.judge(LATER)
    assert parts(release(by_year.site, by_year.portal, LATER)) == {"2024": 12, "2026": 26}


def test_rows_whose_time_is_closed_have_no_years(tmp_path: Path) -> None:
    town = town_by_year(tmp_path, "observed_at")
    assert parts(release(town.site, town.portal, NOW)) == {}


def test_years_that_are_not_as_the_whole_are_not_released(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(years, "years_of", lambda *_: {"2026": 26})
    with pytest.raises(FormatsDiffer, match="the years are not as"):
        release(town.site, town.portal, NOW)
    assert town.site.store.find("open") == []


def test_the_catalogue_tells_the_years_as_a_series(town: Town) -> None:
    release(town.site, town.portal, NOW)
    told = town.portal.store.read("catalog.ttl").decode()
    assert "dcat:DatasetSeries" in told
    assert "latest/parking_occupancy-2024.csv>" in told
