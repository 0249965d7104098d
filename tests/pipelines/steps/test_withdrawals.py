from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from pipelines.steps.publication.history import History
from pipelines.steps.release import release, withdraw
from schemas.errors import ConfigurationError
from tests.pipelines.steps.released_site import NOW, Town, readings, town_with_readings

FOLDER = "datasets/1103-parking_occupancy"


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return town_with_readings(tmp_path)


def history(town: Town) -> History:
    return History(town.site.store, "parking_occupancy")


def test_the_record_tells_from_when_to_when_nothing_was_shown(town: Town) -> None:
    made = release(town.site, town.portal, NOW)
    began = dt.datetime.now(dt.UTC)
    withdraw(town.site, town.portal)
    withdraw(town.site, town.portal)
    [hidden] = history(town).record().withdrawals
    assert began <= hidden.since <= dt.datetime.now(dt.UTC)
    assert hidden.until is None
    back = NOW + dt.timedelta(days=400)
    assert release(town.site, town.portal, back) == made
    [hidden] = history(town).record().withdrawals
    assert hidden.until == back
    log = json.loads(town.portal.store.read(f"{FOLDER}/changes.json"))
    assert [each["until"] for each in log["withdrawn"]] == ["2027-12-26T14:05:00Z"]


def test_a_version_that_is_made_while_nothing_is_shown_ends_that(town: Town) -> None:
    release(town.site, town.portal, NOW)
    withdraw(town.site, town.portal)
    town.commit(readings(days=[dt.date(2026, 11, 21)]))
    later = NOW + dt.timedelta(days=400)
    made = release(town.site, town.portal, later)
    record = history(town).record()
    assert record.releases[-1] == made
    assert [each.until for each in record.withdrawals] == [later]


def test_what_was_never_released_is_not_withdrawn_either(town: Town) -> None:
    withdraw(town.site, town.portal)
    assert not town.site.store.exists("open")


def test_a_withdrawal_that_is_decided_waits_for_an_approval_later_than_itself(town: Town) -> None:
    release(town.site, town.portal, NOW)
    withdraw(town.site, town.portal)
    withdraw(town.site, town.portal, held=True)
    first, second = history(town).record().withdrawals
    assert (first.until, second.until) == (second.since, None)
    assert second.approval == "stavanger-kommune, approved by kommunalsjef on 2026-11-01"
    with pytest.raises(ConfigurationError, match="approved anew"):
        release(town.site, town.portal, NOW)
