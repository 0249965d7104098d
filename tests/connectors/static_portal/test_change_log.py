from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import pytest

from connectors.static_portal.change_files import changes_document
from connectors.static_portal.change_log import change_log
from connectors.static_portal.portal import StaticPortal
from connectors.store import Store
from schemas.model import Bilingual
from schemas.network import PortalSite
from schemas.released import Withdrawal
from schemas.stages import Change, FieldsChange
from tests.connectors.static_portal.shown import RELEASED, page, version

FOLDER = "datasets/1103-parking_occupancy"
GONE = dt.date(2026, 11, 22)


@pytest.fixture
def portal(tmp_path: Path) -> StaticPortal:
    title = Bilingual(nb="Åpne data", en="Open data")
    site = PortalSite(root="unused", url="https://d.example.no", title=title, contact="d@e.no")
    return StaticPortal(Store.at(str(tmp_path)), site)


def change(fields: FieldsChange = FieldsChange(), *, reissued: bool = False) -> Change:  # noqa: B008 - frozen
    return Change("v", RELEASED, 0, 0, 0, (), fields, reissued=reissued)


def kinds(*releases: object) -> list[str]:
    return [told.kind for told in change_log(page(*releases))]  # type: ignore[arg-type]  # versions, each as it was made


def test_each_version_is_told_by_what_it_was() -> None:
    retired = replace(version(18), retired_on=GONE)
    described, added = version(21, change()), version(22, change(FieldsChange(added=("x",))))
    assert kinds(version(19), version(20), described, added) == [
        "changed",
        "described",
        "changed",
        "first",
    ]
    assert kinds(retired, version(19)) == ["again", "retired"]
    anew = version(20, change(reissued=True))
    assert kinds(retired, anew, version(21)) == ["changed", "reissued", "retired"]


def test_what_stands_before_one_made_anew_is_told_as_if_it_had_retired() -> None:
    anew = version(20, change(reissued=True))
    assert kinds(version(18), version(19), anew) == ["reissued", "retired", "retired"]


def test_the_hashes_of_files_are_told_as_they_are_and_were() -> None:
    old, new = version(20), version(21)
    newest, first = change_log(page(old, new))
    assert [file.before for file in newest.files] == [file.sha256 for file in old.resources]
    assert [file.sha256 for file in newest.files] == [file.sha256 for file in new.resources]
    assert {file.before for file in first.files} == {None}


def test_programs_read_the_same_log(portal: StaticPortal) -> None:
    hidden = Withdrawal(RELEASED, RELEASED + dt.timedelta(days=1))
    told = replace(page(version(20), version(21)), withdrawals=(hidden,))
    portal.publish(told)
    log = json.loads(portal.store.read(f"{FOLDER}/changes.json"))
    newest = log["versions"][0]
    assert (newest["added"], newest["changed"], newest["removed"]) == (182, 7, 0)
    assert newest["fields"] == {"added": [], "removed": [], "retyped": []}
    for file in newest["files"]:
        assert portal.store.exists(f"{FOLDER}/{file['path']}")
    assert log["withdrawn"] == [{"since": "2026-11-21T14:05:00Z", "until": "2026-11-22T14:05:00Z"}]


def test_nothing_that_counts_an_erased_person_is_told_anywhere(portal: StaticPortal) -> None:
    before = [replace(version(day), rows=31_415 + day, retired_on=GONE) for day in (18, 19)]
    anew = replace(version(20, change(reissued=True)), rows=27_182)
    told = page(*before, anew, version(21))
    portal.publish(told)
    secrets = [f"{each.rows}" for each in before]
    secrets += [file.sha256 for each in before for file in each.resources]
    shown = [path for path in portal.store.find("") if not path.startswith(f"{FOLDER}/versions")]
    for path in shown:
        content = portal.store.read(path).decode().replace("\u00a0", "").replace(",", "")
        assert not [secret for secret in secrets if secret in content], path
    log = json.loads(changes_document(told))
    assert set(log["versions"][-1]) == {
        *("version", "released_at", "generation", "kind", "retired_on"),
    }
    assert not {"added", "changed", "removed", "days"} & set(log["versions"][1])


def test_a_page_shows_a_hundred_versions_and_says_where_the_others_are(
    portal: StaticPortal,
) -> None:
    many = [replace(version(20), version=f"v{at}", resources=()) for at in range(102)]
    portal.publish(page(*many, version(21)))
    text = portal.store.read(f"{FOLDER}/index.en.html").decode()
    assert text.count('<li id="') == 100
    assert "Older versions (95)" in text
    assert "3 more versions stand in" in text
