from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.steps.publication.history import History
from pipelines.steps.release import release, withdraw
from tests.pipelines.steps.rights.visits import (
    KARI,
    NOW,
    OLA,
    Hall,
    approved,
    released,
    row,
    visits,
)


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    """A hall whose visitors' choice of hall is released, in groups of five or more."""
    bound = visits(release=released())
    told = {"purpose": "opening hours", "subject": "visitor", "category": "user.name"}
    halls = replace(bound.field("hall"), classification="personal", **told)  # type: ignore[arg-type]  # mypy reads each word as any of the fields
    bound = replace(bound, fields=tuple(halls if f.name == "hall" else f for f in bound.fields))
    made = approved(Hall.at(tmp_path, bound))
    policy = made.site.policy
    kept = policy.classes["personal"].model_copy(update={"lake": "keep", "open": "keep"})
    loose = replace(policy, classes={**policy.classes, "personal": kept})
    return replace(made, site=replace(made.site, policy=loose))


def test_what_may_not_be_released_without_the_person_is_taken_back_whole(hall: Hall) -> None:
    hall.drops("1.csv", [row(1, KARI), *(row(at, OLA) for at in range(2, 6))])
    hall.run()
    release(hall.site, hall.portal, NOW)
    receipt = hall.erase(KARI)
    assert not receipt.complete
    assert "k is 4, less than 5" in receipt.outcome.left[0]
    [old] = History(hall.site.store, "readings").releases()
    assert old.retired_on == NOW.date()
    assert {path.split("/")[2] for path in hall.site.store.find("open")} == {"releases"}
    assert hall.portal.entries() == ()
    hall.drops("2.csv", [row(6, OLA)])
    hall.run()
    assert hall.erase(KARI).complete
    assert hall.site.store.find("open/readings/latest")


def test_what_is_withdrawn_until_it_is_approved_loses_the_person_and_is_not_shown(
    hall: Hall,
) -> None:
    hall.drops("1.csv", [row(at, OLA) for at in range(1, 7)] + [row(7, KARI)])
    hall.run()
    release(hall.site, hall.portal, NOW)
    withdraw(hall.site, hall.portal, held=True)
    assert hall.erase(KARI).complete
    [old] = History(hall.site.store, "readings").releases()
    assert old.retired_on == NOW.date()
    assert {path.split("/")[2] for path in hall.site.store.find("open")} == {"releases"}
    assert hall.portal.entries() == ()
