from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pytest

from benchmarks.stand import Stand
from connectors.ckan.client import Ckan
from connectors.ckan.datastore import DataStore
from connectors.ckan.ids import resource_id
from connectors.ckan.portal import CkanPortal
from pipelines.steps.release import release
from tests.live.tables import polled
from tests.pipelines.steps.released_site import NOW, Town, readings

READS = ("_show", "_list", "_search", "_info")
LATER = NOW + dt.timedelta(days=1)
TABLE = resource_id("1103", "parking_occupancy", "parking_occupancy.csv")
pytestmark = [pytest.mark.live, pytest.mark.portal]


# nothing listens there
NOWHERE = "postgresql://ckan:ckan@127.0.0.1:9/datastore"


class Told(Ckan):
    """A CKAN that remembers what it was asked."""

    def __init__(self, stand: Stand) -> None:
        super().__init__(stand["url"], stand["token"])
        self.asked: list[tuple[str, Mapping[str, object]]] = []

    def ask(self, action: str, data: Mapping[str, object]) -> Any:  # noqa: ANN401 - as CKAN's own
        self.asked.append((action, data))
        return super().ask(action, data)


@pytest.fixture(params=["copy", "calls", "nowhere"])
def portal(request: pytest.FixtureRequest, ckan: Ckan, stand: Stand) -> CkanPortal:
    database = {"copy": stand["datastore"], "calls": None, "nowhere": NOWHERE}[request.param]
    return CkanPortal(ckan, DataStore(ckan, database))


def rows_of(ckan: Ckan) -> list[dict[str, object]]:
    found = ckan.ask("datastore_search", {"resource_id": TABLE, "limit": 1000})
    return [{k: v for k, v in row.items() if k != "_id"} for row in found["records"]]


def test_the_table_holds_the_released_rows_with_types_and_a_dictionary(
    town: Town, ckan: Ckan, portal: CkanPortal
) -> None:
    release(town.site, portal, NOW)
    rows = rows_of(ckan)
    assert len(rows) == readings().height
    assert {type(row["free_spaces"]) for row in rows} == {int}
    assert "sensor_serial" not in rows[0]
    fields = {f["id"]: f for f in ckan.ask("datastore_info", {"id": TABLE})["fields"]}
    assert fields["observed_at"]["type"] == "timestamptz"
    assert "notes" in fields["free_spaces"]["info"]
    views = ckan.ask("resource_view_list", {"id": TABLE})
    assert [view["view_type"] for view in views] == ["datatables_view"]


def test_a_new_version_changes_only_the_rows_that_differ(
    town: Town, ckan: Ckan, portal: CkanPortal
) -> None:
    release(town.site, portal, NOW)
    before = ckan.ask("datastore_search", {"resource_id": TABLE, "limit": 1000})["records"]
    town.commit(readings(days=[dt.date(2026, 11, 20)], parks=("Valberget", "Jorenholmen")))
    town.judge(LATER)
    release(town.site, portal, LATER)
    after = ckan.ask("datastore_search", {"resource_id": TABLE, "limit": 1000})["records"]
    key = ("car_park_name", "observed_at")
    ids = [{tuple(r[k] for k in key): r["_id"] for r in rows} for rows in (before, after)]
    assert {park for park, _ in ids[1]} == {"Valberget", "Posten", "Jorenholmen"}
    kept = ids[0].keys() & ids[1].keys()
    assert len(kept) == 18
    assert all(ids[0][each] == ids[1][each] for each in kept)


def test_a_reader_sees_old_or_new_rows_at_every_moment(
    town: Town, portal: CkanPortal, stand: Stand
) -> None:
    release(town.site, portal, NOW)
    days = [dt.date(2026, 1, 1) + dt.timedelta(days=n) for n in range(90)]
    town.commit(readings(days=days))
    town.judge(LATER)
    reader, asked = Ckan(stand["url"], stand["token"]), {"resource_id": TABLE, "limit": 0}
    with polled(lambda: str(reader.ask("datastore_search", asked)["total"])) as seen:
        release(town.site, portal, LATER)
    assert seen.states == {"24", str(24 + 90 * 12)}


def test_what_a_version_before_held_is_not_asked_for(town: Town, ckan: Ckan, stand: Stand) -> None:
    release(town.site, CkanPortal(ckan, DataStore(ckan)), NOW)
    town.commit(readings(days=[dt.date(2026, 11, 20), dt.date(2026, 11, 21)]))
    town.judge(LATER)
    told = Told(stand)
    release(town.site, CkanPortal(ckan, DataStore(told)), LATER)
    wanted = [data.get("limit") for action, data in told.asked if action == "datastore_search"]
    assert set(wanted) == {0}
    written = [data["records"] for action, data in told.asked if action == "datastore_upsert"]
    assert [len(records) for records in written if isinstance(records, list)] == [12]


def test_the_same_release_twice_writes_nothing(
    town: Town, portal: CkanPortal, stand: Stand
) -> None:
    release(town.site, portal, NOW)
    told = Told(stand)
    release(town.site, CkanPortal(told, DataStore(told, stand["datastore"])), LATER)
    assert not [action for action, _ in told.asked if not action.endswith(READS)]


def test_a_resource_made_anew_knows_of_the_table_that_outlived_it(
    town: Town, ckan: Ckan, portal: CkanPortal
) -> None:
    release(town.site, portal, NOW)
    ckan.ask("dataset_purge", {"id": "1103-parking_occupancy"})
    release(town.site, portal, LATER)
    assert ckan.ask("resource_show", {"id": TABLE})["datastore_active"]
    assert len(rows_of(ckan)) == readings().height
