from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import pytest

from pipelines.steps.audit import record
from pipelines.steps.release import release
from pipelines.steps.rights.tellers import teller
from pipelines.steps.rights.whole import compare
from schemas.errors import RecordBroken
from schemas.stages import RECEIPT
from tests.pipelines.steps.released_site import NOW, Town, town_with_readings
from tests.pipelines.steps.rights.copies import READ, Copies


@pytest.fixture
def town(tmp_path: Path) -> Town:
    town = town_with_readings(tmp_path)
    shown = dataclasses.replace(town.site, shown=town.portal.store.url)
    return dataclasses.replace(town, site=shown)


def newer_rows(town: Town) -> None:
    rows = town.site.lake.scan().collect()
    town.commit(rows.head(rows.height - 1))
    town.judge()


def test_a_root_put_back_whole_is_told_by_the_receipt_on_the_portal(town: Town) -> None:
    record(town.site, READ)
    copies = Copies(Path(town.site.store.url))
    record(town.site, READ)
    release(town.site, town.portal, NOW)
    assert compare(town.site).lost == ()
    copies.put_back("audit", "open")
    with pytest.raises(RecordBroken, match=r"^1103: audit/access: older than .*portal/datasets/"):
        release(town.site, town.portal, NOW)
    assert not town.site.store.exists("open")


def test_a_release_over_an_older_log_writes_nothing(town: Town) -> None:
    copies = Copies(Path(town.site.store.url))
    record(town.site, READ)
    made = release(town.site, town.portal, NOW)
    newer_rows(town)
    copies.put_back("audit")
    with pytest.raises(RecordBroken, match="audit/access"):
        release(town.site, town.portal, NOW)
    receipt = town.portal.store.read_json(f"datasets/1103-parking_occupancy/latest/{RECEIPT}")
    assert receipt["version"] == made.version


def test_what_a_receipt_tells_in_the_open_is_of_one_length_whatever_was_logged(
    town: Town,
) -> None:
    release(town.site, town.portal, NOW)
    path = f"datasets/1103-parking_occupancy/latest/{RECEIPT}"
    first = town.portal.store.read_json(path)["records"]
    for _ in range(3):
        record(town.site, READ)
    newer_rows(town)
    release(town.site, town.portal, NOW)
    second = town.portal.store.read_json(path)["records"]
    assert len(first) == len(second) == 256
    assert first != second


def test_a_receipt_of_before_tells_nothing_and_stops_nothing(town: Town) -> None:
    release(town.site, town.portal, NOW)
    for store, path in (
        (town.site.store, f"open/parking_occupancy/latest/{RECEIPT}"),
        (town.portal.store, f"datasets/1103-parking_occupancy/latest/{RECEIPT}"),
    ):
        document = store.read_json(path)
        del document["records"]
        store.write_json(path, document)
    compared = compare(town.site)
    assert (compared.receipts, compared.lost) == (0, ())


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        b'{"records": 1}',
        b"[" * 200_000,
        b'{"records": "00", "id": "\\ud800"}',
        b'{"records": "\\ud800", "id": "1"}',
    ],
    ids=range(7),
)
def test_what_is_no_receipt_tells_nothing(content: bytes) -> None:
    assert teller("here", content) is None


def test_what_was_told_under_a_key_that_was_lost_stops_nothing(town: Town) -> None:
    release(town.site, town.portal, NOW)
    shutil.rmtree(Path(town.site.store.url) / "audit")
    Path(town.site.municipality.key).write_text("5d" * 32, encoding="ascii")
    compared = compare(town.site)
    assert (compared.receipts, compared.lost) == (1, ())


def test_a_portal_out_of_reach_tells_nothing(town: Town) -> None:
    release(town.site, town.portal, NOW)
    for address in ("${DATASJO_NOT_SET}/portal", "nowhere://portal", str(Path(__file__))):
        away = dataclasses.replace(town.site, shown=address)
        assert compare(away).receipts == 1
