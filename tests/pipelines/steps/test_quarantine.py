from pathlib import Path

import polars as pl
import pytest

from pipelines.steps.land import landed as all_landed
from pipelines.steps.quarantine import (
    Quarantine,
    quarantined,
    quarantined_batches,
    quarantined_rows,
)
from pipelines.steps.refine import refine, refine_batches
from pipelines.steps.site import Site
from schemas.errors import GateClosed
from schemas.stages import BATCH, LINE, RULES, Rejected
from tests.builders import LEVEL, OBSERVED, SENSOR, contract, landed, site

HEADER = "sensor_id,observed_at,level_m\n"
GOOD = "a,2026-11-20T12:00:00Z,1\n"


def rejected(*lines: int, batch: str = "b1") -> Rejected:
    rows = {"sensor_id": [f"s-{n}" for n in lines], LINE: lines, BATCH: [batch] * len(lines)}
    frame = pl.DataFrame(rows, schema_overrides={LINE: pl.UInt64()})
    return Rejected(frame.with_columns(pl.lit(["r"]).alias(RULES)))


def kept(where: Site, *lines: int, batch: str = "b1") -> Quarantine:
    quarantine = Quarantine(where, batch)
    quarantine.add(rejected(*lines, batch=batch))
    return quarantine


def settled(where: Site, *lines: int, batch: str = "b1", is_open: bool = True) -> None:
    quarantine = kept(where, *lines, batch=batch)
    quarantine.settle(is_open=is_open)
    quarantine.discard()


def lines(where: Site) -> list[tuple[str, int]]:
    return [row for frame in quarantined(where) for row in frame.select(BATCH, LINE).rows()]


def test_rejected_rows_rest_in_the_restricted_zone_as_they_were(tmp_path: Path) -> None:
    where = site(tmp_path)
    settled(where, 2, 5)
    [frame] = quarantined(where)
    assert frame.equals(rejected(2, 5).frame)
    assert all(path.startswith("quarantine/readings/b1/") for path in where.store.find(""))


def test_chunks_of_a_batch_stand_beside_each_other_in_order(tmp_path: Path) -> None:
    where = site(tmp_path)
    quarantine = kept(where, 300_001)
    quarantine.add(rejected(7, 9))
    quarantine.settle(is_open=True)
    assert lines(where) == [("b1", 7), ("b1", 9), ("b1", 300_001)]
    assert quarantined_rows(where) == 3


def test_no_rejected_rows_are_no_file(tmp_path: Path) -> None:
    where = site(tmp_path)
    settled(where)
    assert where.store.find("") == []
    assert (quarantined_batches(where), quarantined_rows(where)) == ((), 0)


def test_a_later_round_replaces_an_earlier_one_of_its_batch_alone(tmp_path: Path) -> None:
    where = site(tmp_path)
    settled(where, 1, 2)
    settled(where, 1, batch="b2")
    settled(where, 2)
    assert lines(where) == [("b1", 2), ("b2", 1)]
    settled(where)
    assert quarantined_batches(where) == ("b2",)


def test_a_round_behind_a_closed_gate_leaves_the_earlier_one(tmp_path: Path) -> None:
    where = site(tmp_path)
    settled(where, 1)
    settled(where, 2, is_open=False)
    assert lines(where) == [("b1", 1)]


def test_a_first_round_behind_a_closed_gate_stays_to_be_looked_at(tmp_path: Path) -> None:
    where = site(tmp_path)
    settled(where, 1, is_open=False)
    assert lines(where) == [("b1", 1)]


def test_a_round_that_never_ends_hides_nothing_and_is_cleared_by_the_next(tmp_path: Path) -> None:
    where = site(tmp_path)
    settled(where, 1)
    kept(where, 2)
    assert sorted(lines(where)) == [("b1", 1), ("b1", 2)]
    settled(where, 3)
    assert lines(where) == [("b1", 3)]


def test_a_round_that_fails_is_taken_back(tmp_path: Path) -> None:
    where = site(tmp_path)
    settled(where, 1)
    kept(where, 2).discard()
    assert lines(where) == [("b1", 1)]


def test_only_one_batch_is_looked_at_where_it_is_named(tmp_path: Path) -> None:
    where = site(tmp_path)
    settled(where, 1)
    settled(where, 2, batch="b2")
    assert [frame[LINE][0] for frame in quarantined(where, "b2")] == [2]


def test_a_rule_that_is_loosened_lets_rows_out_of_quarantine(tmp_path: Path) -> None:
    strict = contract(SENSOR, OBSERVED, LEVEL, gate={"max_rejected_percent": 60})
    where = site(tmp_path, strict)
    item = landed(where, HEADER + GOOD + "b,2026-11-20T12:00:00Z,11\n")
    refine(where)
    assert lines(where) == [(item.batch, 2)]
    level = LEVEL | {"logicalTypeOptions": {"minimum": 0, "maximum": 20}}
    loose = site(tmp_path, contract(SENSOR, OBSERVED, level, version="1.1.0"))
    refine(loose)
    assert lines(loose) == []
    assert sorted(loose.lake.scan().collect()["sensor_id"]) == ["a", "b"]


def test_a_closed_gate_shows_why(tmp_path: Path) -> None:
    where = site(tmp_path)
    item = landed(where, HEADER + "b,2026-11-20T12:00:00Z,11\n")
    for _ in range(2):
        with pytest.raises(GateClosed):
            refine_batches(where, all_landed(where))
        assert lines(where) == [(item.batch, 1)]
