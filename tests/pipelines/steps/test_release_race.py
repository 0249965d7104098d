from __future__ import annotations

import datetime as dt
import hashlib
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from connectors.numbered import Numbered
from connectors.static_portal.portal import StaticPortal
from pipelines.steps.publication.history import History
from pipelines.steps.release import release, withdraw
from schemas.errors import DatasjoError, StoreRejected
from schemas.stages import Release
from tests.pipelines.steps.released_site import NOW, Town, readings, town_with_readings

LATER = NOW + dt.timedelta(minutes=1)
REFUSED = "1103 parking_occupancy: nothing was released: it was released, withdrawn or made anew "
REFUSED += "meanwhile; run it again"


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return town_with_readings(tmp_path)


def together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two that change a record do so at the same moment, the first time."""
    start, follow, waited = threading.Barrier(2, timeout=30), Numbered.follow, threading.local()

    def following(kept: Numbered, number: int, document: object) -> bool:
        if not getattr(waited, "did", False):
            waited.did = True
            start.wait()
        return follow(kept, number, document)

    monkeypatch.setattr(Numbered, "follow", following)


def history(town: Town) -> History:
    return History(town.site.store, "parking_occupancy")


def both(*done: Callable[[], object]) -> list[object]:
    def outcome(do: Callable[[], object]) -> object:
        try:
            return do()
        except DatasjoError as error:
            return str(error)

    with ThreadPoolExecutor(len(done)) as pool:
        return list(pool.map(outcome, done))


def before_the_first(
    monkeypatch: pytest.MonkeyPatch, owner: type, name: str, meanwhile: Callable[[], object]
) -> None:
    """Let something happen just before the first call of that method, and of no other."""
    called = getattr(owner, name)

    def overtaken(*given: object) -> object:
        monkeypatch.setattr(owner, name, called)
        meanwhile()
        return called(*given)

    monkeypatch.setattr(owner, name, overtaken)


def run(town: Town, now: dt.datetime = NOW) -> Release:
    return release(town.site, town.portal, now)


def whole(town: Town) -> None:
    """The folder of versions, the stable names and the portal are as the record says."""
    store, known = town.site.store, history(town).releases()
    newest = known[-1]
    for folder in (f"versions/{newest.version}", "latest"):
        for each in newest.resources:
            content = store.read(f"open/parking_occupancy/{folder}/{each.name}")
            assert hashlib.sha256(content).hexdigest() == each.sha256
    versions = {path.split("/")[3] for path in store.find("open/parking_occupancy/versions")}
    assert versions == {each.version for each in known}
    [entry] = town.portal.entries()
    assert entry.version == newest.version


def test_of_two_releases_at_the_same_moment_one_stands_and_the_other_is_told(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    together(monkeypatch)
    outcomes = both(lambda: run(town), lambda: run(town, LATER))
    [made] = history(town).releases()
    assert made in outcomes
    assert REFUSED in outcomes
    whole(town)
    assert run(town, LATER) == made


def test_a_withdrawal_at_the_moment_of_a_release_holds_in_record_and_portal(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = run(town)
    town.commit(readings(days=[dt.date(2026, 11, 21)]))
    together(monkeypatch)
    outcomes = both(lambda: run(town, LATER), lambda: withdraw(town.site, town.portal, held=True))
    assert outcomes[1] is None
    assert history(town).withdrawal()
    assert town.portal.entries() == ()
    assert len(history(town).releases()) == 1 + (outcomes[0] != REFUSED)
    assert history(town).releases()[0] == first


def test_a_loser_that_wrote_its_files_leaves_none_of_them(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    before_the_first(monkeypatch, Numbered, "follow", lambda: run(town, LATER))
    with pytest.raises(StoreRejected) as raised:
        run(town)
    assert str(raised.value) == REFUSED
    assert [made.released_at for made in history(town).releases()] == [LATER]
    whole(town)


def test_a_withdrawal_that_is_overtaken_is_made_of_what_then_stands(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(town)
    town.commit(readings(days=[dt.date(2026, 11, 21)]))
    before_the_first(monkeypatch, Numbered, "follow", lambda: run(town, LATER))
    withdraw(town.site, town.portal, held=True)
    assert len(history(town).releases()) == 2
    assert history(town).withdrawal()
    assert town.portal.entries() == ()


def test_the_portal_ends_with_the_newest_version_though_an_older_one_comes_late(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    def overtake() -> None:
        town.commit(readings(days=[dt.date(2026, 11, 21)]))
        run(town, LATER)

    before_the_first(monkeypatch, StaticPortal, "publish", overtake)
    run(town)
    assert [made.released_at for made in history(town).releases()] == [NOW, LATER]
    whole(town)


def test_the_portal_shows_nothing_though_a_page_comes_later_than_the_withdrawal(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    meanwhile = partial(withdraw, town.site, town.portal)
    before_the_first(monkeypatch, StaticPortal, "publish", meanwhile)
    run(town)
    assert history(town).withdrawal()
    assert town.portal.entries() == ()


def test_stable_names_that_were_spoiled_are_put_right_by_the_next_run(town: Town) -> None:
    made = run(town)
    latest = Path(town.site.store.uri("open/parking_occupancy/latest"))
    path = latest / "parking_occupancy.csv"
    path.write_bytes(b"x" * path.stat().st_size)
    (latest / "receipt.json").unlink()
    assert run(town, LATER) == made
    whole(town)
