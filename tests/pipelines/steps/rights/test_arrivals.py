from __future__ import annotations

import shutil
from pathlib import Path

import polars as pl
import pytest

from connectors.portal import Portal
from connectors.strays import strays
from pipelines.steps import refine as module
from pipelines.steps.delivery import Delivery
from pipelines.steps.land import land
from pipelines.steps.publication.history import History
from pipelines.steps.refine import Work, refine
from pipelines.steps.release import release
from pipelines.steps.rights.erase import erase
from pipelines.steps.rights.erasures import recognition_of, remember
from pipelines.steps.site import Site
from schemas.errors import PortalUnavailable
from schemas.stages import Receipt
from tests.builders import NOVEMBER
from tests.pipelines.steps.rights.visits import (
    KARI,
    NOW,
    OLA,
    Hall,
    approved,
    holding,
    released,
    row,
    visits,
)


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    made = approved(Hall.at(tmp_path, visits(release=released())))
    made.drops("1.csv", [row(1, KARI), row(2, OLA), row(3, KARI, day=21)])
    made.run()
    return made


def test_a_person_who_is_erased_while_rows_are_committed_is_not_committed(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = module.commit_deliveries

    def meanwhile(site: Site, deliveries: list[Delivery], work: Work) -> Receipt:
        remember([hall.site], [KARI.subject], NOW.date())
        return made(site, deliveries, work)

    hall.drops("2.csv", [row(4, KARI, day=25), row(5, OLA, day=25)])
    land(hall.site, NOVEMBER, "run")
    monkeypatch.setattr(module, "commit_deliveries", meanwhile)
    refine(hall.site)
    assert "4" not in hall.halls()
    newest = hall.site.store.find("landing")[-2:]
    assert list(holding({p: hall.site.store.read(p) for p in newest}, KARI.traces)) == []


def test_a_run_cleans_the_days_that_it_touches_of_a_restored_lake(
    hall: Hall, tmp_path: Path
) -> None:
    shutil.copytree(tmp_path / "root" / "lake", tmp_path / "copy")
    hall.erase(KARI)
    shutil.rmtree(tmp_path / "root" / "lake")
    (tmp_path / "copy").rename(tmp_path / "root" / "lake")
    hall.drops("2.csv", [row(9, OLA, day=20)])
    hall.run()
    assert hall.halls() == {"2": "A", "3": "A", "9": "A"}


def test_what_could_not_be_released_anew_is_when_the_portal_is_up_again(hall: Hall) -> None:
    def down() -> Portal:
        raise PortalUnavailable("the portal is down")

    release(hall.site, hall.portal, NOW)
    receipt = erase([hall.site], [KARI.subject], down, NOW)
    assert receipt.outcome.left == ("1103 readings: the portal is down",)
    assert hall.halls() == {"2": "A"}
    [old] = History(hall.site.store, "readings").releases()
    assert old.retired_on is None
    again = hall.erase(KARI)
    assert again.complete
    assert again.outcome.retired == (f"1103 readings {old.version}",)


def test_without_erasures_nothing_is_looked_for(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unwanted(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr("pipelines.steps.rights.arrivals.without_erased", unwanted)
    hall.drops("2.csv", [row(9, OLA)])
    hall.run()
    assert hall.halls()["9"] == "A"


def test_files_that_the_table_no_longer_holds_stay_for_readers_unless_they_hold_the_person(
    hall: Hall,
) -> None:
    hall.erase(KARI)
    hall.drops("2.csv", [row(2, OLA, "B")])
    hall.run()
    replaced = [stray.path for stray in strays(hall.site.lake)]
    assert len(replaced) == 1
    hall.erase(KARI)
    assert [stray.path for stray in strays(hall.site.lake)] == replaced
    frame = hall.site.lake.scan().collect().with_columns(person_id=pl.lit(_pseudonym(hall)))
    hall.site.lake.stage(frame, "2026-11-20")
    half = hall.folder / "root" / "lake" / "readings" / "day=2026-11-20" / "half.parquet"
    half.write_bytes(b"PAR1")
    assert hall.erase(KARI).complete
    half.unlink()
    assert [stray.path for stray in strays(hall.site.lake)] == replaced


def _pseudonym(hall: Hall) -> str:
    known = recognition_of(hall.site)
    assert known is not None
    [column] = known.columns_of(hall.site, hall.site.lake.snapshot())
    assert column.pseudonyms is not None
    return str(column.pseudonyms[0])
