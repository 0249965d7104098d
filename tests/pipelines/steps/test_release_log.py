from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.steps.audit import Logbook
from pipelines.steps.release import release, withdraw
from schemas.errors import RecordBroken
from schemas.stages import RECEIPT
from tests.pipelines.steps.released_site import NOW, Town, town_with_readings


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return town_with_readings(tmp_path)


def actions(town: Town) -> list[tuple[str, int | None, str | None]]:
    told = [entry.event for entry in Logbook.of(town.site).entries("actions")]
    return [(event.action, event.rows, event.note) for event in told]


def test_each_version_and_each_withdrawal_is_put_down_and_nothing_else(town: Town) -> None:
    made = release(town.site, town.portal, NOW)
    release(town.site, town.portal, NOW)
    assert actions(town) == [("release", made.rows, made.version)]
    withdraw(town.site, town.portal)
    assert actions(town)[1] == ("withdraw", None, None)


def test_who_approved_a_version_stands_in_the_log_and_in_its_receipt(town: Town) -> None:
    made = release(town.site, town.portal, NOW)
    [entry] = Logbook.of(town.site).entries("actions")
    told = "stavanger-kommune, approved by kommunalsjef on 2026-11-01"
    assert entry.event.purpose == told
    folder = f"open/parking_occupancy/versions/{made.version}"
    receipt = town.site.store.read_json(f"{folder}/{RECEIPT}")
    assert receipt["approval"] == {
        "approved_by": "kommunalsjef",
        "approved_on": "2026-11-01",
        "organisation": "stavanger-kommune",
    }


def test_nothing_is_released_where_the_log_cannot_be_continued(town: Town) -> None:
    town.site.store.create("audit/actions/head.json", {})
    with pytest.raises(RecordBroken, match=r"audit/actions: head\.json is no head"):
        release(town.site, town.portal, NOW)
    assert not town.site.store.exists("open")
    assert not town.portal.store.exists("datasets")
