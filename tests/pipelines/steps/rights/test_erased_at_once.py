from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from gdpr import tombstones
from gdpr.keys import Keyring
from gdpr.tombstones import Tombstones
from pipelines.steps.rights import erasures
from pipelines.steps.rights.erasures import remember
from pipelines.steps.rights.listed import LIST, listed_in
from pipelines.steps.rights.whole import compare
from tests.pipelines.steps.rights.visits import KARI, NOW, OLA, PER, Hall, row, visitor


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    hall = Hall.at(tmp_path)
    hall.drops("1.csv", [row(1, KARI), row(2, OLA), row(3, PER)])
    hall.run()
    return hall


def stand_on_the_same_list(count: int) -> Callable[[Tombstones, Keyring], dict[str, Any]]:
    real, start = tombstones.sealed, threading.Barrier(count)
    waited = threading.local()

    def sealed(listed: Tombstones, ring: Keyring) -> dict[str, Any]:
        if not getattr(waited, "once", False):
            waited.once = True
            start.wait(timeout=60)
        return real(listed, ring)

    return sealed


def test_of_two_erasures_at_once_both_persons_stay_erased(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch, ThreadPoolExecutor(2) as pool:
        patch.setattr(erasures, "sealed", stand_on_the_same_list(2))
        told = ([who.subject] for who in (KARI, OLA))
        list(pool.map(lambda subjects: remember([hall.site], subjects, NOW.date()), told))
    assert hall.erase(KARI).complete
    assert compare(hall.site).lost == ()
    hall.drops("2.csv", [row(4, KARI), row(5, OLA)])
    hall.run()
    assert hall.halls() == {"3": "A"}


def test_a_list_of_before_it_was_numbered_is_read_and_followed(hall: Hall) -> None:
    hall.erase(KARI)
    store = hall.site.store
    store.rename(hall.listed, f"{LIST}.json")
    store.remove(LIST)
    hall.erase(OLA)
    known = listed_in(hall.site)
    assert known is not None
    assert len(known.listed.stones) == 6
    assert compare(hall.site).lost == ()


def test_many_persons_at_once_are_one_step_of_the_list(hall: Hall) -> None:
    remember([hall.site], [KARI.subject], NOW.date())
    many = [visitor(at).subject for at in range(10, 40)]
    known = remember([hall.site], many, NOW.date())
    assert len(known.listed.stones) == 3 * 31
    assert len(known.listed.earlier) == 1
