from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from connectors.numbered import Numbered
from pipelines.steps.publication.history import History, Recorded
from pipelines.steps.release import release, withdraw
from pipelines.steps.rights.announced import announce
from schemas.contract import Contract
from schemas.errors import StoreRejected
from schemas.stages import Release
from tests.pipelines.steps.rights.visits import (
    KARI,
    NOW,
    OLA,
    PER,
    Hall,
    approved,
    released,
    row,
    visits,
)

FOLDER = "datasets/1103-readings"


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    made = approved(Hall.at(tmp_path, visits(release=released())))
    made.drops("1.csv", [row(1, KARI), row(2, OLA), row(3, PER)])
    made.run()
    return made


def versions(hall: Hall) -> tuple[Release, ...]:
    return History(hall.site.store, "readings").releases()


def shown(hall: Hall, name: str) -> str:
    return hall.portal.store.read(f"{FOLDER}/{name}").decode()


def in_another_unit(bound: Contract) -> Contract:
    changed = dataclasses.replace(bound.field("hall"), unit="Cel")
    fields = tuple(changed if field.name == "hall" else field for field in bound.fields)
    return dataclasses.replace(bound, fields=fields)


def test_what_an_erasure_changed_is_not_told_in_rows_or_days(hall: Hall) -> None:
    release(hall.site, hall.portal, NOW)
    hall.erase(KARI)
    old, new = versions(hall)
    [change] = new.changes
    assert change.reissued
    assert (change.added, change.changed, change.removed, list(change.days)) == (0, 0, 0, [])
    newest, retired = json.loads(shown(hall, "changes.json"))["versions"]
    assert (newest["kind"], retired["kind"]) == ("reissued", "retired")
    assert not {"added", "removed", "days"} & newest.keys()
    assert not {"rows", "files"} & retired.keys()
    for name in ("index.en.html", "changes.en.atom"):
        assert "made anew to protect" in shown(hall, name)
        assert f"{old.rows} rows" not in shown(hall, name).replace("\u00a0", " ")


def test_a_release_that_comes_before_the_one_of_the_erasure_does_not_tell_either(
    hall: Hall,
) -> None:
    release(hall.site, hall.portal, NOW)
    announce(hall.site)
    hall.drops("2.csv", [row(4, OLA)])
    hall.run()
    assert release(hall.site, hall.portal, NOW).changes[-1].reissued
    assert hall.erase(KARI).complete
    hall.drops("3.csv", [row(5, OLA)])
    hall.run()
    [change] = release(hall.site, hall.portal, NOW).changes
    assert (change.reissued, change.added) == (False, 1)


def test_a_persons_rows_go_from_the_stable_names_of_earlier_generations_too(hall: Hall) -> None:
    release(hall.site, hall.portal, NOW)
    bound = in_another_unit(hall.site.contract)
    later = Hall(hall.folder, dataclasses.replace(hall.site, contract=bound))
    later.drops("2.csv", [row(4, OLA)])
    later.run()
    assert release(later.site, later.portal, NOW).generation == 2
    roots = (later.site.store, "open/readings/latest"), (later.portal.store, f"{FOLDER}/latest")
    for store, folder in roots:
        assert store.exists(f"{folder}/readings.csv")
    assert later.erase(KARI).complete
    for store, folder in roots:
        assert not store.exists(f"{folder}/readings.csv")
        assert store.exists(f"{folder}/readings-v2.csv")
    assert [each.generation for each in versions(later)] == [1, 2, 2]
    assert "readings.csv" not in shown(later, "index.html")


def test_a_first_release_that_read_the_person_before_the_erasure_is_refused(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep, erased = History.keep, []

    def overtaken(history: History, made: Release, files: Sequence[Path], stood: Recorded) -> bool:
        if not erased:
            erased.append(hall.erase(KARI))
        return keep(history, made, files, stood)

    monkeypatch.setattr(History, "keep", overtaken)
    with pytest.raises(StoreRejected, match="made anew meanwhile; run it again"):
        release(hall.site, hall.portal, NOW)
    assert erased[0].complete
    assert not versions(hall)
    assert not hall.site.store.find("open/readings/versions")
    assert release(hall.site, hall.portal, NOW).rows == 2


def test_what_a_killed_release_left_of_a_person_goes_with_the_erasure(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> bool:
        raise KeyboardInterrupt

    release(hall.site, hall.portal, NOW)
    hall.drops("2.csv", [row(4, OLA)])
    hall.run()
    with monkeypatch.context() as patched:
        patched.setattr(Numbered, "follow", killed)
        patched.setattr(History, "_forget", lambda *_: None)
        with pytest.raises(KeyboardInterrupt):
            release(hall.site, hall.portal, NOW)
    assert len(folders(hall)) == 2
    withdraw(hall.site, hall.portal, held=True)
    assert hall.erase(KARI).complete
    assert not folders(hall)


def folders(hall: Hall) -> set[str]:
    return {path.split("/")[3] for path in hall.site.store.find("open/readings/versions")}


def test_an_erasure_releases_nothing_for_the_first_time(hall: Hall) -> None:
    assert hall.erase(KARI).complete
    assert not versions(hall)
    assert not hall.portal.entries()
    assert not hall.site.store.find("erasure/reissue")
