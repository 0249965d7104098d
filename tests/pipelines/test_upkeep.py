from __future__ import annotations

import datetime as dt
from pathlib import Path

import dagster as dg
import pytest

from pipelines import upkeep as module
from pipelines.resources import OpenDataPortal
from pipelines.steps.rights.erasures import remember
from pipelines.upkeep import upkeep
from tests.pipelines.steps.rights.visits import KARI, OLA, Hall, row

pytestmark = pytest.mark.filterwarnings("ignore::dagster.BetaWarning")


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    made = Hall.at(tmp_path)
    made.drops("1.csv", [row(1, KARI), row(2, OLA)])
    made.run()
    return made


def swept(hall: Hall) -> dg.ExecuteInProcessResult:
    job = upkeep([hall.site]).job
    assert isinstance(job, dg.JobDefinition)
    portal = OpenDataPortal(network_file=str(hall.folder / "network.yaml"))
    return job.execute_in_process(resources={"portal": portal}, raise_on_error=False)


def test_each_night_takes_out_again_whom_a_restored_copy_brought_back(hall: Hall) -> None:
    remember([hall.site], [KARI.subject], dt.date(2026, 11, 21))
    assert hall.halls() == {"1": "A", "2": "A"}
    assert swept(hall).success
    assert hall.halls() == {"2": "A"}


def test_what_could_not_be_swept_fails_the_run(hall: Hall) -> None:
    assert swept(hall).success
    remember([hall.site], [KARI.subject], dt.date(2026, 11, 21))
    hall.site.store.write_json("lake/forgotten/a", {})
    assert not swept(hall).success


def test_the_night_is_the_municipalitys_own(hall: Hall) -> None:
    schedule = upkeep([hall.site])
    assert (schedule.name, schedule.execution_timezone) == ("nightly_1103", "Europe/Oslo")
    assert schedule.cron_schedule == module._NIGHTLY
