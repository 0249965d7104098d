from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.steps.audit import Logbook, record
from pipelines.steps.replay import replay
from pipelines.steps.rights.access import access
from pipelines.steps.rights.erase import Erasure, erase
from pipelines.steps.rights.erasures import include, recognition_of
from pipelines.steps.rights.listed import LIST
from pipelines.steps.rights.tellers import teller
from pipelines.steps.rights.whole import accept, compare, kept_elsewhere, whole
from schemas.errors import RecordBroken
from tests.pipelines.steps.rights.copies import READ, Copies
from tests.pipelines.steps.rights.visits import KARI, NOW, OLA, PER, Hall, Visitor, row

ACCESS, ACTIONS, ERASURES = "audit/access", "audit/actions", LIST


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    hall = Hall.at(tmp_path)
    hall.drops("1.csv", [row(1, KARI), row(2, OLA), row(3, PER)])
    hall.run()
    record(hall.site, READ)
    hall.erase(KARI)
    return hall


def erase_later(hall: Hall, who: Visitor) -> Erasure:
    return erase([hall.site], [who.subject], lambda: hall.portal, NOW + dt.timedelta(hours=1))


def later(hall: Hall) -> Copies:
    copies = Copies(Path(hall.site.store.url))
    record(hall.site, READ)
    erase_later(hall, OLA)
    return copies


def lost(hall: Hall) -> set[str]:
    return {name for each in compare(hall.site).lost for name in each.records}


@pytest.mark.parametrize(
    ("folders", "named"),
    [
        (["audit"], {ACCESS, ACTIONS}),
        (["audit/access"], {ACCESS}),
        (["audit/actions"], {ACTIONS}),
        (["erasure"], {ERASURES}),
    ],
)
def test_an_older_copy_is_told_from_the_newest_by_what_was_not_put_back(
    hall: Hall, folders: list[str], named: set[str]
) -> None:
    copies = later(hall)
    assert lost(hall) == set()
    copies.put_back(*folders)
    assert lost(hall) == named
    for name in folders:
        if name.startswith("audit"):
            for log in ("access", "actions"):
                Logbook.of(hall.site).entries(log)


def test_an_older_list_alone_is_found_beside_its_receipts(hall: Hall) -> None:
    older = hall.site.store.read_json(hall.listed)
    erase_later(hall, OLA)
    hall.site.store.write_json(hall.listed, older)
    assert lost(hall) == {ERASURES}


def run_again(hall: Hall) -> None:
    hall.drops("2.csv", [row(4, OLA)])
    hall.run()


STEPS: dict[str, Callable[[Hall], object]] = {
    "a run": run_again,
    "a replay": lambda hall: replay(hall.site),
    "a sweep": lambda hall: recognition_of(hall.site),
    "an erasure": lambda hall: erase_later(hall, PER),
}


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_nothing_goes_on_over_an_older_list(hall: Hall, step: Callable[[Hall], object]) -> None:
    later(hall).put_back("erasure")
    before = hall.halls()
    with pytest.raises(RecordBroken, match=r"^1103: .* older than .* a copy was put back") as said:
        step(hall)
    assert len(str(said.value).splitlines()) == 1
    assert not any(trace.decode() in str(said.value) for trace in OLA.traces)
    assert hall.halls() == before


def test_an_older_log_stops_an_erasure_whose_receipt_would_be_the_newest(hall: Hall) -> None:
    later(hall).put_back("audit")
    with pytest.raises(RecordBroken, match="audit/access and audit/actions: older"):
        erase_later(hall, PER)
    run_again(hall)
    assert hall.halls() == {"3": "A"}
    assert lost(hall) == {ACCESS, ACTIONS}


def test_an_erasure_goes_missing_with_its_list_and_its_receipt_and_the_log_tells(
    tmp_path: Path,
) -> None:
    hall = Hall.at(tmp_path)
    hall.drops("1.csv", [row(1, KARI), row(2, OLA)])
    hall.run()
    hall.erase(KARI)
    shutil.rmtree(Path(hall.site.store.url) / "erasure")
    with pytest.raises(RecordBroken, match=r"older than the newest entry of audit/actions tells"):
        replay(hall.site)
    assert hall.halls() == {"2": "A"}


def test_the_newest_list_brought_back_is_the_way_on(hall: Hall) -> None:
    copies = later(hall)
    newest = hall.site.store.read_json(hall.listed)
    copies.put_back("erasure")
    include(hall.site, newest)
    assert lost(hall) == set()
    replay(hall.site)
    assert hall.halls() == {"3": "A"}


def test_a_copy_for_good_reason_goes_on_once_the_reason_is_in_the_log(hall: Hall) -> None:
    later(hall).put_back("audit")
    compared = compare(hall.site)
    accept(hall.site, compared, "the disk broke", erasures_lost=False)
    assert whole(hall.site, logs=True)
    entry = Logbook.of(hall.site).entries("actions")[-1].event
    assert (entry.action, entry.purpose) == ("restored", "the disk broke")
    assert entry.note == f"{compared.lost[0].digest} {ACCESS} {ACTIONS}"
    erase_later(hall, PER)
    assert lost(hall) == set()


def test_a_reason_is_no_way_on_while_the_list_is_older(hall: Hall) -> None:
    later(hall).put_back("erasure")
    compared = compare(hall.site)
    with pytest.raises(RecordBroken, match="bring back the newest by gdpr retention --tombstones"):
        accept(hall.site, compared, "the disk broke", erasures_lost=False)
    assert lost(hall) == {ERASURES}
    accept(hall.site, compared, "no copy is left", erasures_lost=True)
    assert lost(hall) == set()
    erase_later(hall, OLA)
    assert lost(hall) == set()


def test_what_was_accepted_counts_for_no_other_receipt_and_no_other_record(hall: Hall) -> None:
    copies = later(hall)
    copies.put_back("audit/access")
    accept(hall.site, compare(hall.site), "the disk broke", erasures_lost=False)
    assert lost(hall) == set()
    [pointer] = hall.site.store.find("audit/restored")
    for spoilt in ({"entry": 1}, {"entry": 99}, {}):
        hall.site.store.write_json(pointer, spoilt)
        assert lost(hall) == {ACCESS}


def test_whose_request_it_is_learns_that_an_older_log_was_put_back(hall: Hall) -> None:
    later(hall).put_back("audit")
    [line] = [line for line in access([hall.site], PER.subject, NOW).left if "audit" in line]
    assert line.startswith("1103: audit/access and audit/actions: older than")


def test_a_receipt_kept_elsewhere_is_asked_too(hall: Hall) -> None:
    copies = Copies(Path(hall.site.store.url))
    record(hall.site, READ)
    receipt = erase_later(hall, OLA)
    kept = hall.site.store.read(receipt.path)
    copies.put_back("audit", "erasure")
    assert compare(hall.site).lost == ()
    told = teller("kept.json", kept)
    assert told is not None
    (hall.folder / "kept.json").write_bytes(kept)
    assert kept_elsewhere(hall.site, hall.folder / "kept.json").told == told.told
    [found] = compare(hall.site, [told]).lost
    assert (found.place, found.records) == ("kept.json", (ACCESS, ACTIONS, ERASURES))
    assert json.loads(kept)["records"] == told.told


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "cannot be read"),
        ("{}", "is no receipt that tells"),
        ('{"records": "00", "id": "1"}', "is no receipt of 1103"),
    ],
)
def test_what_is_no_receipt_of_the_municipality_is_refused(
    hall: Hall, content: str | None, said: str
) -> None:
    path = hall.folder / "kept.json"
    if content is not None:
        path.write_text(content, encoding="ascii")
    with pytest.raises(RecordBroken, match=said):
        kept_elsewhere(hall.site, path)


def test_no_reason_is_noted_where_nothing_is_older(hall: Hall) -> None:
    with pytest.raises(RecordBroken, match="1103: nothing is older than its receipts tell"):
        accept(hall.site, compare(hall.site), "no reason", erasures_lost=False)
