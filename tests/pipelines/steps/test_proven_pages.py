from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from connectors.portal import Page
from connectors.static_portal.formats import size
from connectors.static_portal.portal import StaticPortal
from pipelines.steps.release import release
from schemas.stages import RECEIPT, Release
from tests.pipelines.steps.released_site import NOW, Town, readings, town_with_readings


@dataclass(frozen=True)
class Noting(StaticPortal):
    proven: dict[str, bytes] = field(default_factory=dict)

    def pages(self, page: Page) -> dict[str, bytes]:
        made = super().pages(page)
        self.proven.update(made)
        return made


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return town_with_readings(tmp_path)


@pytest.fixture
def portal(town: Town) -> Noting:
    return Noting(town.portal.store, town.portal.site)


def words(text: bytes) -> set[str]:
    return set(re.findall(r"\w+", text.decode()))


def of_receipt(made: Release) -> set[str]:
    [receipt] = [each for each in made.resources if each.name == RECEIPT]
    sizes = f"{receipt.size} {size(receipt.size, 'nb')} {size(receipt.size, 'en')}"
    return {receipt.sha256} | words(sizes.encode())


def test_only_the_receipts_own_size_and_hash_are_shown_unproven(town: Town, portal: Noting) -> None:
    made = release(town.site, portal, NOW)
    assert len(portal.proven) > 10
    for name, proven in portal.proven.items():
        beyond = words(town.portal.store.read(name)) - words(proven)
        assert beyond <= of_receipt(made), name


def test_what_is_shown_again_is_what_was_proven(town: Town, portal: Noting) -> None:
    release(town.site, portal, NOW)
    portal.proven.clear()
    release(town.site, portal, NOW + dt.timedelta(hours=1))
    shown = {name: town.portal.store.read(name) for name in portal.proven}
    assert shown == portal.proven


def test_a_new_version_is_proven_with_what_is_told_of_the_old_one(
    town: Town, portal: Noting
) -> None:
    first = release(town.site, portal, NOW)
    town.commit(readings(days=[dt.date(2026, 11, 21)]))
    town.judge(NOW + dt.timedelta(days=1))
    second = release(town.site, portal, NOW + dt.timedelta(days=1))
    assert first.version != second.version
    for name, proven in portal.proven.items():
        beyond = words(town.portal.store.read(name)) - words(proven)
        assert beyond <= of_receipt(second), name
