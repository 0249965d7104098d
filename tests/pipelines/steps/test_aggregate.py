from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path

import pytest

from connectors.lake import LakeTable
from pipelines.steps import refine as refining
from pipelines.steps.aggregate import count
from pipelines.steps.counts import Groups, counted, groups
from pipelines.steps.refine import refine
from pipelines.steps.replay import replay
from pipelines.steps.rights.retention import retention
from pipelines.steps.site import Site
from schemas.errors import ContractBroken, PolicyBreach, StoreUnavailable
from tests.builders import landed, site
from tests.pipelines.steps.absences import Row, absence_site, absences, counts, written

NORTH = [(f"n{n}", "2026-09-02", n, "north", 1.5) for n in range(7)]
SOUTH = [(f"s{n}", "2026-09-03", 50 + n, "south", 2.0) for n in range(2)]
WEST = [(f"w{n}", "2026-09-03", 70 + n, "west", 1.0) for n in range(9)]
LATER = [(f"d{n}", "2026-10-01", n, "north", 1.0) for n in range(6)]
HIDDEN = (None, None, None, True)


def brought(where: Site, rows: list[Row], name: str = "a.csv") -> Site:
    landed(where, written(rows), name)
    refine(where)
    return where


def moved(rows: list[Row], day: str) -> list[Row]:
    return [(key, day, person, unit, days) for key, _, person, unit, days in rows]


def cells(where: Site) -> dict[tuple[str, str], tuple[object, ...]]:
    return {(str(row[0]), row[1]): row[2:] for row in counts(where).iter_rows()}


def test_rows_rest_in_the_restricted_zone_and_only_counts_in_the_lake(tmp_path: Path) -> None:
    where = brought(absence_site(tmp_path), NORTH)
    assert where.lake.folder == "restricted/absences"
    assert sum(file.rows for file in where.lake.snapshot().files) == 7
    assert counts(where).rows() == [
        (dt.date(2026, 9, 1), "north", 7, 7, 10.5, False),
        (dt.date(2026, 9, 1), "total", 7, 7, 10.5, False),
    ]
    assert [file.day for file in counted(where).snapshot().files] == ["2026-09-01"]


def test_a_small_group_is_hidden_with_what_would_give_it_away(tmp_path: Path) -> None:
    where = brought(absence_site(tmp_path), NORTH + SOUTH + WEST)
    assert cells(where) == {
        ("2026-09-01", "north"): HIDDEN,
        ("2026-09-01", "south"): HIDDEN,
        ("2026-09-01", "west"): (9, 9, 9.0, False),
        ("2026-09-01", "total"): (18, 18, 23.5, False),
    }
    assert groups(where) == Groups(4, 2)


def test_a_person_with_many_rows_is_one_person(tmp_path: Path) -> None:
    often = [(f"o{n}", "2026-09-04", 1, "north", 1.0) for n in range(20)]
    assert cells(brought(absence_site(tmp_path), often))["2026-09-01", "north"] == HIDDEN


def test_rows_without_a_group_are_counted_as_unknown(tmp_path: Path) -> None:
    nobody = [(f"n{n}", "2026-09-02", n, "", 1.0) for n in range(6)]
    assert ("2026-09-01", "unknown") in cells(brought(absence_site(tmp_path), nobody))


def test_only_periods_whose_rows_changed_are_counted_anew(tmp_path: Path) -> None:
    where = brought(absence_site(tmp_path), NORTH)
    before = counted(where).snapshot()
    brought(where, LATER, "b.csv")
    after = counted(where).snapshot()
    assert after.of_day("2026-09-01") == before.of_day("2026-09-01")
    assert [file.day for file in after.files] == ["2026-09-01", "2026-10-01"]


def test_nothing_is_written_when_nothing_has_changed(tmp_path: Path) -> None:
    where = brought(absence_site(tmp_path), NORTH)
    before = counted(where).snapshot()
    assert refine(where) is None
    assert count(where) is None
    assert counted(where).snapshot() == before


def test_a_vacuum_makes_nothing_be_counted_anew(tmp_path: Path) -> None:
    where = brought(absence_site(tmp_path), NORTH)
    brought(where, moved(NORTH, "2026-10-05"), "b.csv")
    assert counted(where).vacuum(0) == 1
    assert count(where) is None


def test_a_dataset_whose_rows_are_in_the_lake_is_not_counted(tmp_path: Path) -> None:
    where = site(tmp_path)
    assert count(where) is None
    assert groups(where) is None


def test_a_run_killed_before_counting_is_finished_by_the_next_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = absence_site(tmp_path)

    def killed(_: Site) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(refining, "count", killed)
        with pytest.raises(KeyboardInterrupt):
            brought(where, NORTH)
    assert not counted(where).snapshot().files
    assert refine(where) is None
    assert ("2026-09-01", "north") in cells(where)


def test_counts_that_cannot_be_written_leave_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = brought(absence_site(tmp_path), NORTH)

    def full(*_: object) -> int:
        raise StoreUnavailable("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(refining, "count", lambda _: None)
        brought(where, LATER, "b.csv")
        patch.setattr(LakeTable, "replace", full)
        with pytest.raises(StoreUnavailable):
            count(where)
    files = list((tmp_path / "root" / "lake" / "absences").rglob("*.parquet"))
    assert len(files) == 1
    assert count(where) == 1


def test_another_rule_counts_every_period_anew(tmp_path: Path) -> None:
    where = brought(absence_site(tmp_path), NORTH + WEST)
    assert groups(where) == Groups(3, 0)
    release = where.policy.release.model_copy(update={"minimum_group": 8})
    stricter = dataclasses.replace(where, policy=dataclasses.replace(where.policy, release=release))
    assert count(stricter) == 1
    assert cells(stricter)["2026-09-01", "north"] == HIDDEN


def test_a_period_that_loses_its_rows_counts_none(tmp_path: Path) -> None:
    where = brought(absence_site(tmp_path), NORTH)
    brought(where, moved(NORTH, "2026-10-05"), "b.csv")
    assert cells(where)["2026-09-01", "north"] == (0, 0, 0.0, False)
    assert cells(where)["2026-10-01", "north"] == (7, 7, 10.5, False)


def test_a_change_of_a_few_persons_is_held_back_until_it_is_a_group(tmp_path: Path) -> None:
    where = brought(absence_site(tmp_path), NORTH)
    late = [(f"l{n}", "2026-09-20", 30 + n, "north", 4.0) for n in range(6)]
    brought(where, late[:3], "b.csv")
    assert cells(where)["2026-09-01", "north"] == (7, 7, 10.5, False)
    brought(where, late[3:], "c.csv")
    assert cells(where)["2026-09-01", "north"] == (13, 13, 34.5, False)


def test_a_corrected_sum_of_the_same_persons_is_held_back(tmp_path: Path) -> None:
    where = brought(absence_site(tmp_path), NORTH)
    brought(where, [("n3", "2026-09-02", 3, "north", 9.0)], "b.csv")
    assert cells(where)["2026-09-01", "total"] == (7, 7, 10.5, False)


def test_a_period_is_counted_once_it_has_ended_and_its_last_events_can_be_here(
    tmp_path: Path,
) -> None:
    where = brought(absence_site(tmp_path), moved(NORTH, "2999-09-30"))
    midnight = dt.datetime(2999, 9, 30, 22, tzinfo=dt.UTC)
    assert count(where, midnight) is None
    assert counted(where).snapshot().version == -1
    assert count(where, midnight + where.contract.levels.latency) == 0
    assert ("2999-09-01", "north") in cells(where)


def test_a_period_that_retention_has_reached_keeps_its_counts(tmp_path: Path) -> None:
    where = brought(absence_site(tmp_path), NORTH)
    before = counted(where).snapshot()
    where.lake.drop(where.lake.snapshot(), ["2026-09-02"], {})
    later = dt.datetime(2031, 9, 20, tzinfo=dt.UTC)
    assert count(where, later) is None
    assert counted(where).snapshot() == before
    assert count(where) == 1


def test_what_retention_sweeps_stays_counted(tmp_path: Path) -> None:
    where = brought(absence_site(tmp_path), NORTH)
    before = counts(where)
    swept = retention(where, dt.datetime(2031, 9, 20, tzinfo=dt.UTC))
    assert "restricted" in {expired.place for expired in swept.expired}
    assert where.lake.snapshot().files == ()
    assert counts(where).equals(before)


def test_a_replay_ends_in_the_same_counts(tmp_path: Path) -> None:
    where = brought(absence_site(tmp_path), NORTH + SOUTH + WEST)
    before = counts(where)
    replay(where)
    assert counts(where).equals(before)


def test_rows_that_are_in_the_lake_already_are_not_called_counts(tmp_path: Path) -> None:
    where = absence_site(tmp_path)
    plain = dataclasses.replace(where.contract, aggregate=None)
    brought(dataclasses.replace(where, contract=plain), NORTH)
    with pytest.raises(ContractBroken, match="the lake holds rows of before it was an aggregate"):
        refine(dataclasses.replace(where, contract=absences(every="week")))


def test_a_group_called_total_is_refused_without_its_rows(tmp_path: Path) -> None:
    wrong = [(f"t{n}", "2026-09-02", n, "total", 1.0) for n in range(6)]
    with pytest.raises(PolicyBreach, match="unit_code: a value is 'total'"):
        brought(absence_site(tmp_path), wrong)


@pytest.mark.parametrize(
    ("every", "first"),
    [
        ("day", "2025-09-03"),
        ("week", "2025-09-01"),
        ("month", "2025-09-01"),
        ("quarter", "2025-07-01"),
        ("year", "2025-01-01"),
    ],
)
def test_a_period_is_named_by_its_first_day(tmp_path: Path, every: str, first: str) -> None:
    rows = [(f"n{n}", "2025-09-03", n, "north", 1.0) for n in range(6)]
    where = brought(absence_site(tmp_path, absences(every=every)), rows)
    assert {period for period, _ in cells(where)} == {first}


@pytest.mark.parametrize("changes", [{"every": "quarter"}, {"sums": []}, {"persons": None}])
def test_other_groups_than_those_told_are_counted_only_under_another_assessment(
    tmp_path: Path, changes: dict[str, object]
) -> None:
    where = brought(absence_site(tmp_path), NORTH + WEST)
    before = cells(where)
    other = dataclasses.replace(where, contract=absences(**changes))
    with pytest.raises(PolicyBreach, match="absences: counts of other groups or measures are told"):
        count(other)
    assert cells(where) == before
    assert where.binding.legal_basis is not None
    basis = where.binding.legal_basis.model_copy(update={"dpia": "2026/2"})
    binding = where.binding.model_copy(update={"legal_basis": basis})
    assert count(dataclasses.replace(other, binding=binding)) == 1
