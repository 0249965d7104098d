from __future__ import annotations

import csv
import datetime as dt
import hashlib
import json
import os
from dataclasses import replace
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest

from connectors.store import Store
from pipelines.steps import release as releasing
from pipelines.steps.release import release, withdraw
from schemas.errors import StoreRejected
from schemas.records import dump
from schemas.stages import Release
from tests.pipelines.steps.released_site import (
    CANARY,
    NOW,
    OPEN,
    Town,
    closed_fields,
    contract_of,
    parking_document,
    readings,
    town_with_readings,
)

CSV = "parking_occupancy.csv"


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return town_with_readings(tmp_path)


def opened(town: Town) -> Path:
    return Path(town.site.store.uri("open/parking_occupancy"))


def shown(town: Town) -> Path:
    return Path(town.portal.store.uri("datasets/1103-parking_occupancy"))


def run(town: Town, now: dt.datetime = NOW) -> Release:
    return release(town.site, town.portal, now)


def tree(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def stamps(folder: Path) -> dict[str, tuple[int, int]]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path): (path.stat().st_ino, path.stat().st_mtime_ns) for path in files}


def test_a_version_and_the_stable_names_hold_the_same_bytes_in_both_places(town: Town) -> None:
    made = run(town)
    version = tree(opened(town) / "versions" / made.version)
    rows = ["csv", "geo.parquet", "geojson", "json", "parquet", "xlsx"]
    documents = ["croissant.json", "datapackage.json", "dictionary.csv"]
    files = [f"parking_occupancy.{suffix}" for suffix in rows]
    assert sorted(version) == [*documents, *files, "receipt.json"]
    assert version == tree(opened(town) / "latest")
    assert version == tree(shown(town) / "latest")
    assert version == tree(shown(town) / "versions" / made.version)


def test_the_version_is_named_by_local_day_content_and_time(town: Town) -> None:
    late = dt.datetime(2026, 11, 21, 23, 30, tzinfo=dt.UTC)
    made = run(town, late)
    content = hashlib.sha256((opened(town) / "latest" / CSV).read_bytes()).hexdigest()
    named = hashlib.sha256(f"{content} 2026-11-21T23:30:00+00:00".encode()).hexdigest()
    assert made.version == f"2026-11-22-{named[:8]}"


def test_the_csv_keeps_the_standard_and_says_instants_in_utc(town: Town) -> None:
    run(town)
    raw = (opened(town) / "latest" / CSV).read_bytes()
    assert raw.count(b"\r\n") == raw.count(b"\n") == 25
    header, *rows = csv.reader(raw.decode().splitlines())
    assert header == OPEN
    assert rows[0] == ["Posten", "2026-11-19T00:00:00Z", rows[0][2], "false", "58.97", "5.73"]


def test_rows_stand_by_local_day_and_then_by_key(town: Town) -> None:
    run(town)
    rows = pl.read_parquet(opened(town) / "latest" / "parking_occupancy.parquet")
    day = rows["observed_at"].dt.convert_time_zone("Europe/Oslo").dt.date()
    expected = rows.with_columns(day.alias("day")).sort("day", "car_park_name", "observed_at")
    assert rows.equals(expected.drop("day"))
    assert rows["car_park_name"].to_list() != sorted(rows["car_park_name"])


def test_parquet_holds_the_same_rows_compressed(town: Town) -> None:
    run(town)
    path = opened(town) / "latest" / "parking_occupancy.parquet"
    assert pq.read_metadata(path).row_group(0).column(0).compression == "ZSTD"
    text = pl.read_csv(opened(town) / "latest" / CSV, try_parse_dates=True)
    table = pl.read_parquet(path)
    assert table.schema["observed_at"] == pl.Datetime("us", "UTC")
    assert text.drop("observed_at").equals(table.drop("observed_at"))


def test_the_package_describes_every_file_and_field(town: Town) -> None:
    made = run(town)
    package = json.loads((opened(town) / "latest" / "datapackage.json").read_bytes())
    csv_file = package["resources"][0]
    assert package["name"] == "1103-parking_occupancy"
    assert package["version"] == made.version
    assert package["created"] == "2026-11-21T14:05:00Z"
    assert package["titles"] == {"nb": "Ledige parkeringsplasser", "en": "Free parking spaces"}
    assert package["licenses"][0]["name"] == "NLOD-2.0"
    assert csv_file["hash"] == f"sha256:{made.resources[0].sha256}"
    assert csv_file["bytes"] == (opened(town) / "latest" / CSV).stat().st_size
    assert csv_file["schema"]["primaryKey"] == ["car_park_name", "observed_at"]
    fields = {field["name"]: field for field in csv_file["schema"]["fields"]}
    assert list(fields) == OPEN
    assert fields["free_spaces"]["constraints"] == {
        "required": True,
        "minimum": 0,
        "maximum": 5000,
    }
    assert fields["latitude"]["unit"] == "deg"
    assert fields["observed_at"]["type"] == "datetime"
    assert fields["is_full"]["descriptions"]["nb"].startswith("Om parkeringshuset")


def test_no_byte_of_any_released_file_holds_a_closed_field(town: Town) -> None:
    run(town)
    stored = tree(Path(town.site.store.uri("lake")))
    assert any(CANARY.encode() in content for content in stored.values())
    for content in (*tree(opened(town)).values(), *tree(shown(town).parents[1]).values()):
        assert CANARY.encode() not in content
        assert b"sensor_serial" not in content
        assert b"note_text" not in content


def test_releasing_again_writes_nothing_and_gives_the_same_version(town: Town) -> None:
    first = run(town)
    before = stamps(opened(town)) | stamps(shown(town).parents[1])
    assert run(town, NOW + dt.timedelta(days=3)) == first
    assert stamps(opened(town)) | stamps(shown(town).parents[1]) == before


def test_the_same_rows_under_a_new_receipt_are_the_same_version(town: Town) -> None:
    first = run(town)
    town.judge(NOW + dt.timedelta(hours=1))
    assert run(town, NOW + dt.timedelta(hours=2)) == first


def test_a_new_version_tells_what_it_changed_and_leaves_the_old_one_alone(town: Town) -> None:
    first = run(town)
    before = stamps(opened(town) / "versions")
    corrected = pl.when(pl.col("observed_at").dt.day() == 20).then(7).otherwise("free_spaces")
    rows = readings().with_columns(corrected.alias("free_spaces"))
    rows = rows.filter(pl.col("observed_at") != dt.datetime(2026, 11, 19, 8, tzinfo=dt.UTC))
    late = readings(days=[dt.date(2026, 11, 21)]).head(3)
    town.commit(pl.concat([rows, late]))
    second = run(town, NOW + dt.timedelta(days=1))
    (change,) = second.changes
    assert (change.added, change.changed, change.removed) == (3, 12, 2)
    assert list(change.days) == ["2026-11-19", "2026-11-20", "2026-11-21"]
    assert second.version != first.version
    assert tree(opened(town) / "latest") == tree(opened(town) / "versions" / second.version)
    assert tree(shown(town) / "latest") == tree(opened(town) / "latest")
    assert before.items() <= stamps(opened(town) / "versions").items()


def test_a_touched_day_is_the_owners_local_day(town: Town) -> None:
    run(town)
    night = readings(days=[dt.date(2026, 11, 22)], parks=["Posten"]).head(1)
    at = dt.datetime(2026, 11, 22, 23, 30, tzinfo=dt.UTC)
    town.commit(night.with_columns(pl.lit(at).alias("observed_at")))
    assert list(run(town).changes[0].days) == ["2026-11-23"]


def test_rows_that_return_on_the_same_day_get_a_version_of_their_own(town: Town) -> None:
    first = run(town)
    town.commit(readings().with_columns(pl.lit(3, pl.Int64).alias("free_spaces")))
    run(town)
    town.commit(readings())
    third = run(town)
    assert third.version == f"{first.version}-2"
    latest = (opened(town) / "latest" / CSV).read_bytes()
    assert hashlib.sha256(latest).hexdigest() == third.resources[0].sha256
    assert third.resources[0].sha256 == first.resources[0].sha256


def test_a_changed_description_is_a_version_with_unchanged_rows(town: Town, tmp_path: Path) -> None:
    first = run(town)
    document = parking_document()
    words = {entry["property"]: entry["value"] for entry in document["customProperties"]}
    words["release"]["title"]["nb"] = "Plasser"
    changed = town.holding(contract_of(document, tmp_path))
    changed.judge(NOW + dt.timedelta(hours=1))
    second = run(changed)
    assert second.resources[0] == first.resources[0]
    assert second.version == f"{first.version}-2"
    assert (second.changes[0].added, second.changes[0].changed) == (0, 0)


def test_rows_whose_key_is_closed_are_compared_whole(town: Town, tmp_path: Path) -> None:
    document = parking_document()
    closed_fields(document, "car_park_name")
    closed = town.holding(contract_of(document, tmp_path))
    closed.judge(NOW + dt.timedelta(hours=1))
    first = run(closed)
    assert "car_park_name" not in (opened(town) / "latest" / CSV).read_text()
    package = json.loads((opened(town) / "latest" / "datapackage.json").read_bytes())
    assert "primaryKey" not in package["resources"][0]["schema"]
    town.commit(readings().with_columns(pl.col("free_spaces") + 200))
    (change,) = run(closed).changes
    assert (change.added, change.changed, change.removed) == (24, 0, 24)
    assert first.rows == 24


def test_rows_whose_time_is_closed_are_released_without_days(town: Town, tmp_path: Path) -> None:
    document = parking_document()
    closed_fields(document, "observed_at")
    closed = town.holding(contract_of(document, tmp_path))
    closed.judge(NOW + dt.timedelta(hours=1))
    first = run(closed)
    rows = pl.read_parquet(opened(town) / "latest" / "parking_occupancy.parquet")
    assert first.newest_event is None
    assert rows.equals(rows.sort(pl.all()))
    town.commit(readings(days=[dt.date(2026, 11, 21)]))
    (change,) = run(closed).changes
    assert (change.added, list(change.days)) == (12, [])


def test_an_empty_lake_under_an_open_receipt_gives_a_header_and_no_rows(tmp_path: Path) -> None:
    town = Town.at(tmp_path)
    town.judge()
    made = run(town)
    assert (made.rows, made.newest_event) == (0, None)
    assert (opened(town) / "latest" / CSV).read_text() == ",".join(OPEN) + "\n"


class Lossy(Store):
    def put(self, local: Path, path: str) -> None:
        short = local.with_suffix(".short")
        short.write_bytes(local.read_bytes()[:-20])
        super().put(short if local.suffix == ".csv" else local, path)


def test_a_file_that_reads_back_otherwise_undoes_the_release(town: Town) -> None:
    first = run(town)
    before = tree(opened(town)), tree(shown(town))
    town.commit(readings(days=[dt.date(2026, 11, 21)]))
    store = town.site.store
    lossy = replace(town.site, store=Lossy(store.url, store._fs, store._root))
    with pytest.raises(StoreRejected, match=r"parking_occupancy\.csv was read back"):
        release(lossy, town.portal, NOW)
    assert (tree(opened(town)), tree(shown(town))) == before
    assert run(town).version != first.version


def test_what_a_killed_release_left_is_swept_on_a_later_day(town: Town) -> None:
    left = opened(town) / "versions" / "2026-11-20-0badc0de"
    left.mkdir(parents=True)
    (left / CSV).write_text("half")
    made = run(town)
    assert [path.name for path in (opened(town) / "versions").iterdir()] == [made.version]


def test_the_record_of_versions_holds_each_with_its_own_changes(town: Town) -> None:
    first = run(town)
    town.commit(readings(days=[dt.date(2026, 11, 21)]))
    second = run(town)
    record = json.loads((opened(town) / "releases/00000002.json").read_bytes())
    assert record == {"releases": [dump(first), dump(second)], "withdrawals": []}


def test_withdrawing_takes_the_dataset_off_the_portal_and_keeps_the_owners_versions(
    town: Town,
) -> None:
    made = run(town)
    withdraw(town.site, town.portal)
    withdraw(town.site, town.portal)
    assert not shown(town).exists()
    assert "parking" not in (shown(town).parents[1] / "index.html").read_text()
    assert (opened(town) / "versions" / made.version / CSV).exists()
    assert run(town) == made
    assert (shown(town) / "latest" / CSV).exists()


def test_what_a_killed_release_was_writing_can_be_told_and_swept(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    monkeypatch.setattr(releasing, "export", lambda *given: made.append(given[-1].name))
    with pytest.raises(AttributeError):
        run(town)
    assert made[0].startswith(f"datasjo-{os.getpid()}-")
