from __future__ import annotations

import dataclasses
import json
import shutil
from pathlib import Path

import polars as pl
import pytest

from connectors.lake import LakeTable
from pipelines.steps.land import SiteMemory, landed
from pipelines.steps.publication.history import History
from pipelines.steps.receipts import latest_receipt
from pipelines.steps.release import release
from pipelines.steps.replay import replay
from pipelines.steps.rights.erase import erase
from schemas.errors import RecordBroken
from tests.pipelines.steps.rights.visits import (
    KARI,
    NOW,
    OLA,
    PER,
    Hall,
    approved,
    holding,
    released,
    row,
    visits,
    with_short_number,
    without_number,
)


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    made = Hall.at(tmp_path)
    first = [row(1, KARI), row(2, OLA), row(3, KARI, day=21), row(4, without_number(KARI), day=21)]
    made.drops("1.csv", [*first, row(5, PER, day=22)])
    made.run()
    made.drops(
        "2.csv", [row(6, with_short_number(KARI)), row(7, None), row(8, with_short_number(OLA))]
    )
    made.run()
    return made


def went(outcome: object) -> dict[str, tuple[int, int]]:
    return {w.place: (w.rows, w.parts) for w in outcome.went}  # type: ignore[attr-defined]  # a fake's own shape


def test_a_person_goes_from_every_place_and_nobody_else_does(hall: Hall) -> None:
    kari = hall.pseudonyms().head(1).item()
    receipt = hall.erase(KARI)
    assert receipt.complete
    assert went(receipt.outcome) == {"landing": (4, 2), "quarantine": (1, 1), "lake": (3, 2)}
    assert hall.halls() == {"2": "A", "5": "A", "7": "A"}
    assert [line[0] for line in hall.rejected()] == ["8"]
    traces = (*KARI.traces, kari.encode())
    assert list(holding(hall.files(), traces)) == [hall.listed]
    assert not any(trace in hall.files()[hall.listed] for trace in KARI.traces)
    assert list(holding(hall.files(), OLA.traces)) != []


def test_only_days_and_batches_that_hold_the_person_are_written_anew(hall: Hall) -> None:
    replay(hall.site)
    hall.site.lake.vacuum(0)
    before = hall.files()
    hall.erase(PER)
    after = hall.files()
    [made] = [path for path in after.keys() - before.keys() if path.endswith(".parquet")]
    [gone] = before.keys() - after.keys()
    assert made.startswith("lake/readings/day=2026-11-22/")
    assert gone.startswith("lake/readings/day=2026-11-22/")
    changed = {path for path in before.keys() & after.keys() if before[path] != after[path]}
    assert {path.rsplit("/", 2)[0] for path in changed} == {"landing/readings"}
    assert len(changed) == 2


def test_erasing_again_changes_nothing_but_adds_a_receipt(hall: Hall) -> None:
    hall.erase(KARI)
    before = hall.files()
    receipt = hall.erase(KARI)
    assert receipt.outcome.went == ()
    after = hall.files()
    logged = {path for path in after if path.startswith(("audit/", "erasure/receipts/"))}
    assert len(after.keys() - before.keys()) == 2
    assert after.keys() - before.keys() <= logged
    same = before.keys() - logged
    assert {path: after[path] for path in same} == {path: before[path] for path in same}


def test_the_receipt_rests_in_the_root_and_tells_no_value(hall: Hall) -> None:
    receipt = hall.erase(KARI)
    [path] = hall.site.store.find("erasure/receipts")
    told = hall.site.store.read(path)
    assert json.loads(told)["id"] == receipt.id
    assert not any(trace in told for trace in KARI.traces)


def test_the_same_bytes_do_not_land_again_and_others_land_without_the_person(hall: Hall) -> None:
    hall.erase(KARI)
    assert hall.run() is None
    hall.drops("3.csv", [row(1, KARI, "B"), row(2, OLA, "B"), row(9, without_number(KARI))])
    receipt = hall.run()
    assert receipt is not None
    assert (receipt.counts.landed, receipt.counts.erased, receipt.counts.kept) == (3, 2, 1)
    assert hall.halls() == {"2": "B", "5": "A", "7": "A"}
    assert list(holding(hall.files(), KARI.traces)) == []
    assert hall.run() is None


def test_what_was_refined_while_a_person_is_erased_is_counted_out(hall: Hall) -> None:
    hall.erase(KARI)
    [receipt] = replay(hall.site)
    counts = receipt.counts
    assert counts.landed == 8
    assert counts.erased == 4
    total = counts.rejected + counts.erased + counts.duplicate + counts.deleted + counts.kept
    assert total == counts.landed


def test_a_replay_after_an_erasure_is_a_replay_of_sources_without_the_person(
    hall: Hall, tmp_path: Path
) -> None:
    hall.erase(KARI)
    replay(hall.site)
    other = Hall.at(tmp_path / "other")
    other.drops("1.csv", [row(2, OLA), row(5, PER, day=22)])
    other.drops("2.csv", [row(7, None), row(8, with_short_number(OLA))])
    other.run()
    shown = [h.site.lake.scan().collect().sort("visit_id") for h in (hall, other)]
    assert shown[0].equals(shown[1])
    assert [line[:6] for line in hall.rejected()] == [line[:6] for line in other.rejected()]


def test_a_root_that_is_restored_is_clean_again_after_a_replay(hall: Hall, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(tmp_path / "root", copy)
    hall.erase(KARI)
    kept = tmp_path / "root" / "erasure"
    shutil.copytree(kept, copy / "erasure")
    shutil.rmtree(tmp_path / "root")
    copy.rename(tmp_path / "root")
    assert list(holding(hall.files(), KARI.traces)) != []
    replay(hall.site)
    assert list(holding(hall.files(), KARI.traces)) == []
    assert hall.halls() == {"2": "A", "5": "A", "7": "A"}


def test_a_key_that_is_somebody_elses_now_keeps_its_row(hall: Hall) -> None:
    hall.drops("3.csv", [row(1, OLA, "B")])
    hall.run()
    hall.erase(KARI)
    assert hall.halls()["1"] == "B"


def test_shares_are_cleaned_by_the_pseudonyms_that_they_hold(hall: Hall) -> None:
    share = LakeTable(hall.site.store, "readings", "shares/1108")
    rows = hall.site.lake.scan().collect()
    file = share.stage(rows, "2026-11-20")
    share.replace(share.snapshot(), [file], pl.Schema(rows.schema), {})
    receipt = hall.erase(KARI)
    assert went(receipt.outcome)["shares/1108"] == (3, 1)
    assert share.scan().collect()["visit_id"].sort().to_list() == ["2", "5", "7"]


def test_a_folder_that_no_binding_explains_is_named(hall: Hall) -> None:
    hall.site.store.write_json("lake/old_visits/day=2026-11-01/a", {})
    hall.site.store.write_json("shares/1108/old_visits/a", {})
    receipt = hall.erase(KARI)
    assert not receipt.complete
    assert receipt.outcome.left == (
        "lake/old_visits: no binding explains it",
        "shares/1108/old_visits: no binding explains it",
    )


def test_a_batch_that_cannot_be_searched_is_named(hall: Hall) -> None:
    hall.drops("3.csv", [])
    bad = hall.folder / "drop" / "3.csv"
    bad.write_text(f"other,header\n1,{KARI.number}\n", encoding="utf-8")
    with pytest.raises(Exception, match="header changed"):
        hall.run()
    receipt = hall.erase(KARI)
    assert not receipt.complete
    unread, mentioned = receipt.outcome.left
    assert "cannot be read" in unread
    assert "still mentioned, in no field that says whose it is (1)" in mentioned
    assert KARI.number not in unread + mentioned


def test_what_another_persons_row_says_of_the_person_is_named(hall: Hall) -> None:
    hall.drops("3.csv", [row(9, OLA, f"spør {KARI.phone[:2]} {KARI.phone[2:4]} 00 01")])
    hall.run()
    receipt = hall.erase(KARI)
    [left] = receipt.outcome.left
    assert "still mentioned, in no field that says whose it is (1)" in left
    assert "landing/" in left
    assert hall.halls()["9"].startswith("spør")


def test_releases_are_made_anew_and_older_ones_retire(tmp_path: Path) -> None:
    hall = approved(Hall.at(tmp_path, visits(release=released())))
    hall.drops("1.csv", [row(1, KARI), row(2, OLA)])
    hall.run()
    release(hall.site, hall.portal, NOW)
    receipt = hall.erase(KARI)
    history = History(hall.site.store, "readings")
    old, new = history.releases()
    assert receipt.outcome.retired == (f"1103 readings {old.version}",)
    assert (old.retired_on, new.retired_on, new.rows) == (NOW.date(), None, 1)
    kept = {path.split("/")[3] for path in hall.site.store.find("open/readings/versions")}
    assert kept == {new.version}
    portal = hall.portal.store
    assert not portal.find(f"datasets/1103-readings/versions/{old.version}")
    page = portal.read("datasets/1103-readings/index.html").decode()
    assert old.version in page
    assert f"versions/{old.version}" not in page
    assert "Trukket tilbake" in page
    assert not hall.site.store.find("erasure/reissue")
    assert release(hall.site, hall.portal, NOW).version == new.version


def test_a_release_that_is_no_longer_approved_is_taken_back_whole(tmp_path: Path) -> None:
    hall = Hall.at(tmp_path, visits(release=released()))
    was = approved(hall)
    was.drops("1.csv", [row(1, KARI), row(2, OLA)])
    was.run()
    release(was.site, was.portal, NOW)
    hall.erase(KARI)
    [old] = History(hall.site.store, "readings").releases()
    assert old.retired_on == NOW.date()
    assert {path.split("/")[2] for path in hall.site.store.find("open")} == {"releases"}
    assert hall.portal.entries() == ()
    again = release(was.site, was.portal, NOW)
    assert (again.rows, again.retired_on) == (1, None)


@pytest.mark.parametrize(
    ("spoilt", "said"),
    [
        (lambda d: {**d, "municipality": "1108"}, "is 1108's"),
        (lambda d: {**d, "stones": []}, "was changed"),
        (lambda d: {w: v for w, v in d.items() if w != "stones"}, "was changed"),
        (lambda d: {w: v for w, v in d.items() if w != "key_id"}, "incomplete"),
        (lambda d: [d], "no list"),
    ],
)
def test_nothing_is_refined_under_a_list_that_is_not_what_was_written(
    spoilt: object, said: str, hall: Hall
) -> None:
    hall.erase(KARI)
    store = hall.site.store
    store.write_json(hall.listed, spoilt(store.read_json(hall.listed)))  # type: ignore[operator]  # parametrized
    hall.drops("3.csv", [row(1, KARI, "B")])
    before = latest_receipt(hall.site)
    with pytest.raises(RecordBroken, match=said):
        hall.run()
    with pytest.raises(RecordBroken, match=said):
        hall.erase(OLA)
    assert latest_receipt(hall.site) == before


def test_a_list_that_is_cut_short_is_refused(hall: Hall) -> None:
    hall.erase(KARI)
    path = hall.folder / "root" / hall.listed
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(RecordBroken, match="cannot be read"):
        hall.erase(OLA)


def test_a_sidecar_keeps_what_was_fetched_and_says_what_rests(hall: Hall) -> None:
    before = landed(hall.site)[0].sidecar
    hall.erase(KARI)
    after = landed(hall.site)[0]
    assert (after.sidecar.sha256, after.sidecar.size) == (before.sha256, before.size)
    assert after.sidecar.rewritten is not None
    assert after.sidecar.rewritten.erased == 3
    content = SiteMemory(hall.site).read(after.sidecar)
    assert len(content) == after.sidecar.rewritten.size
    assert dataclasses.replace(after.sidecar, rewritten=None) == before


def test_one_dataset_that_fails_does_not_spare_the_others(hall: Hall, tmp_path: Path) -> None:
    broken = Hall.at(tmp_path / "b", visits(name="visits_b"))
    root = dataclasses.replace(broken.site, store=hall.site.store)
    (tmp_path / "root" / "quarantine").mkdir(exist_ok=True)
    hall.site.store.write_json("lake/visits_b/_delta_log/00000000000000000000.json", {})
    receipt = erase([root, hall.site], [KARI.subject], lambda: hall.portal, NOW)
    assert "3" not in hall.halls()
    assert any(line.startswith("1103 visits_b") for line in receipt.outcome.left)
