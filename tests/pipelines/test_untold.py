from __future__ import annotations

import dagster as dg
import pytest

from pipelines.steps.bring import Errand, bring
from pipelines.steps.site import open_network
from pipelines.untold import tell
from tests.builders import NOVEMBER
from tests.pipelines.waterworks import LAKE, LANDING, RELEASED, Waterworks, materialize, reading

pytestmark = [
    pytest.mark.filterwarnings("ignore::dagster.BetaWarning"),
    pytest.mark.filterwarnings("ignore::dagster.PreviewWarning"),
]
DAYS = ["2026-11-01", "2026-11-02"]


def bring_without_dagster(works: Waterworks) -> None:
    bring(works.site, Errand(NOVEMBER, "by hand"))


def tell_all(works: Waterworks, record: dg.DagsterInstance) -> int:
    return tell(record, open_network(works.network))


def test_what_the_command_line_brought_is_told_once(
    works: Waterworks, record: dg.DagsterInstance
) -> None:
    works.drops("a.csv", *map(reading, DAYS))
    bring_without_dagster(works)
    assert tell_all(works, record) == 2
    assert record.get_materialized_partitions(LAKE) == set(DAYS)
    assert record.get_materialized_partitions(LANDING) == set(DAYS)
    assert record.get_materialized_partitions(RELEASED) == set()
    assert tell_all(works, record) == 0


def test_what_dagster_did_itself_is_not_told(works: Waterworks, record: dg.DagsterInstance) -> None:
    works.drops("a.csv", *map(reading, DAYS))
    materialize(works, record, DAYS)
    assert tell_all(works, record) == 0


def test_a_day_that_was_restated_meanwhile_is_told_again(
    works: Waterworks, record: dg.DagsterInstance
) -> None:
    works.drops("a.csv", *map(reading, DAYS))
    materialize(works, record, DAYS)
    works.drops("b.csv", reading(DAYS[0], hour=4))
    bring_without_dagster(works)
    assert tell_all(works, record) == 1
    event = record.get_latest_materialization_event(LAKE)
    assert event
    assert event.asset_materialization
    assert event.asset_materialization.partition == DAYS[0]
    assert event.asset_materialization.metadata["rows in the day"].value == 2


def test_an_empty_lake_has_nothing_to_tell(works: Waterworks, record: dg.DagsterInstance) -> None:
    assert tell_all(works, record) == 0
