from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import pytest

from pipelines.steps.quarantine import quarantined, quarantined_batches, quarantined_rows
from pipelines.steps.refine import refine
from pipelines.steps.replay import batches_of, replay
from pipelines.steps.site import Site
from schemas.contract import Contract, Gate
from schemas.errors import ConfigurationError, ContractBroken, GateClosed
from schemas.stages import Counts
from tests.builders import OBSERVED, SENSOR, contract, event, field, key, landed, site

HEADER = "sensor_id,observed_at,level_m\n"
LENIENT = {"max_rejected_percent": 100}


def bounded(least: float, most: float = 10, **words: object) -> Contract:
    level = field("level_m", "number", logicalTypeOptions={"minimum": least, "maximum": most})
    return contract(SENSOR, OBSERVED, level, gate=LENIENT, **words)


NARROW, WIDE = bounded(0), bounded(-10)


def row(sensor: str, level: float, hour: int = 12) -> str:
    return f"{sensor},2026-11-20T{hour}:00:00Z,{level}\n"


def under(where: Site, bound: Contract) -> Site:
    return dataclasses.replace(where, contract=bound)


def brought(folder: Path, *batches: str, bound: Contract = NARROW) -> Site:
    where = site(folder, bound)
    for at, batch in enumerate(batches):
        landed(where, HEADER + batch, f"{at}.csv")
        refine(where)
    return where


def without_landing(where: Site) -> Site:
    shutil.rmtree(f"{where.store.url}/landing")
    return where


def levels(where: Site) -> dict[str, float]:
    rows = where.lake.scan().select("sensor_id", "level_m").collect()
    return dict(rows.sort("sensor_id").iter_rows())


def test_landed_batches_are_read_again_under_the_contract_as_it_stands(tmp_path: Path) -> None:
    where = under(brought(tmp_path, row("a", 1) + row("b", -1)), WIDE)
    [receipt] = replay(where)
    assert receipt.contract_sha256 == WIDE.sha256
    assert levels(where) == {"a": 1, "b": -1}
    assert quarantined_rows(where) == 0


def test_of_rows_with_one_key_the_last_landed_counts_also_when_replayed(tmp_path: Path) -> None:
    where = brought(tmp_path, row("a", 1), row("a", 2))
    first, second = batches_of(where)
    replay(where, first)
    assert levels(where) == {"a": 2}
    replay(where, second)
    assert levels(where) == {"a": 2}


def test_a_batch_is_replayed_with_what_landed_after_it(tmp_path: Path) -> None:
    where = brought(tmp_path, row("a", 1), row("b", 2), row("c", 3))
    _, second, third = batches_of(where)
    [receipt] = replay(where, second)
    assert list(receipt.inputs) == [second, third]


def test_nothing_fetched_is_nothing_replayed(tmp_path: Path) -> None:
    assert replay(site(tmp_path, NARROW)) == ()


def test_a_batch_that_never_was_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="1999: is neither in landing nor in quarantine"):
        replay(brought(tmp_path, row("a", 1)), "1999")


def test_rows_whose_batch_is_gone_come_back_from_quarantine(tmp_path: Path) -> None:
    where = without_landing(brought(tmp_path, row("a", 1) + row("b", -1) + row("c", 20)))
    [receipt] = replay(under(where, WIDE))
    assert receipt.counts == Counts(landed=1, kept=1, written=2)
    assert levels(where) == {"a": 1, "b": -1}
    assert [frame["sensor_id"].to_list() for frame in quarantined(where)] == [["c"]]


def test_a_returned_rows_receipt_names_its_batch_and_the_hash_of_its_bytes(tmp_path: Path) -> None:
    where = brought(tmp_path, row("a", 1) + row("b", -1))
    [batch] = quarantined_batches(where)
    [first] = replay(where, batch)
    [receipt] = replay(under(without_landing(where), WIDE), batch)
    assert receipt.inputs == [batch]
    assert receipt.input_sha256 == first.input_sha256


def test_rows_that_still_fail_stay_and_nothing_is_committed(tmp_path: Path) -> None:
    where = without_landing(brought(tmp_path, row("a", 1) + row("b", -1)))
    before = where.lake.snapshot().version
    assert replay(where) == ()
    assert where.lake.snapshot().version == before
    assert quarantined_rows(where) == 1


def test_a_returned_row_gives_way_to_what_the_lake_holds(tmp_path: Path) -> None:
    where = brought(tmp_path, row("a", -1) + row("b", 2), row("a", 5))
    without_landing(where)
    [receipt] = replay(under(where, WIDE))
    assert (receipt.counts.duplicate, receipt.counts.kept) == (1, 0)
    assert levels(where) == {"a": 5, "b": 2}
    assert quarantined_rows(where) == 0


def test_a_returned_row_gives_way_also_where_its_key_is_on_another_day(tmp_path: Path) -> None:
    reported = event("observed_at")
    moving = [
        contract(key("sensor_id"), reported, field("level_m", "number", logicalTypeOptions=within))
        for within in ({"minimum": 0}, {"minimum": -10})
    ]
    lenient, wide = (dataclasses.replace(c, gate=NARROW.gate) for c in moving)
    elsewhere = "a,2026-11-22T12:00:00Z,5\n"
    where = brought(tmp_path, row("a", -1) + row("b", 2), elsewhere, bound=lenient)
    replay(under(without_landing(where), wide))
    assert levels(where) == {"a": 5, "b": 2}


def test_how_many_rows_stay_does_not_close_the_gate(tmp_path: Path) -> None:
    strict = dataclasses.replace(WIDE, gate=Gate(max_rejected_percent=0))
    where = without_landing(brought(tmp_path, row("a", 1) + row("b", -1) + row("c", 20)))
    [receipt] = replay(under(where, strict))
    assert receipt.open


def test_which_of_two_equal_wall_times_a_lone_row_means_is_not_guessed(tmp_path: Path) -> None:
    local = event(
        primaryKey=True,
        primaryKeyPosition=2,
        source={"format": ["%Y-%m-%d %H:%M"], "zone": "Europe/Oslo", "fold": "order_in_file"},
    )
    folded = [
        contract(SENSOR, local, field("level_m", "number", logicalTypeOptions=b), gate=LENIENT)
        for b in ({"minimum": 0}, {"minimum": -10})
    ]
    twice = "a,2026-10-25 02:30,1\na,2026-10-25 02:10,-1\nb,2026-10-25 12:00,-1\n"
    where = without_landing(brought(tmp_path, twice, bound=folded[0]))
    replay(under(where, folded[1]))
    assert [frame["sensor_id"].to_list() for frame in quarantined(where)] == [["a"]]
    assert where.lake.scan().collect().height == 2


def test_rows_of_which_a_column_was_not_kept_stay(tmp_path: Path) -> None:
    where = without_landing(brought(tmp_path, row("a", 1) + row("b", -1)))
    more = contract(SENSOR, OBSERVED, field("depth_m", "number"), gate=LENIENT)
    assert replay(under(where, more)) == ()
    assert quarantined_rows(where) == 1


@pytest.mark.parametrize("landing", [True, False], ids=["from landing", "from quarantine"])
def test_a_closed_gate_leaves_everything_as_it_was(landing: bool, tmp_path: Path) -> None:  # noqa: FBT001 - a case
    where = brought(tmp_path, row("a", 1) + row("b", -1))
    where = where if landing else without_landing(where)
    few = {"name": "few", "type": "library", "metric": "rowCount", "mustBeLessThan": 1}
    before = [frame.to_dicts() for frame in quarantined(where)]
    with pytest.raises(GateClosed):
        replay(under(where, bounded(-10, quality=[few])))
    assert [frame.to_dicts() for frame in quarantined(where)] == before
    assert levels(where) == {"a": 1}


def test_a_batch_that_no_longer_looks_as_its_contract_says_changes_nothing(tmp_path: Path) -> None:
    where = brought(tmp_path, row("a", 1) + row("b", -1))
    more = contract(SENSOR, OBSERVED, field("depth_m", "number"))
    with pytest.raises(ContractBroken, match="missing 'depth_m'"):
        replay(under(where, more))
    assert quarantined_rows(where) == 1
    assert levels(where) == {"a": 1}


def test_rows_are_counted_as_they_pass(tmp_path: Path) -> None:
    counted: list[int] = []
    replay(brought(tmp_path, row("a", 1) + row("b", -1)), on_rows=counted.append)
    assert sum(counted) == 2


def test_replaying_twice_is_as_replaying_once(tmp_path: Path) -> None:
    where = under(brought(tmp_path, row("a", 1) + row("b", -1), row("a", 3)), WIDE)
    replay(where)
    once = where.lake.scan().collect()
    replay(where)
    assert where.lake.scan().collect().equals(once)
