from __future__ import annotations

import datetime as dt
import os

import pytest

from pipelines.instance import run_environment
from pipelines.ranged import materialize_range
from pipelines.record import opened_record
from pipelines.steps.site import open_network
from schemas.errors import ConfigurationError, DatasjoError
from schemas.stages import Window
from tests.pipelines.waterworks import LAKE, Waterworks, reading

DAY = "2026-11-01"
WINDOW = Window(dt.date(2026, 11, 1), dt.date(2026, 11, 2))


@pytest.fixture(autouse=True)
def var(works: Waterworks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATASJO_VAR", str(works.folder / "var"))


def test_a_range_is_recorded_where_the_ui_finds_it(
    works: Waterworks, capfd: pytest.CaptureFixture[str]
) -> None:
    works.drops("a.csv", reading(DAY))
    run_id = materialize_range(works.network, "1103", "readings", WINDOW)
    with opened_record(run_environment(works.network, open_network(works.network))) as record:
        assert [run.run_id for run in record.get_runs()] == [run_id]
        assert record.get_materialized_partitions(LAKE) == {DAY, "2026-11-02"}
    assert capfd.readouterr() == ("", "")


def test_a_range_that_fails_says_why_in_one_line(works: Waterworks) -> None:
    works.drops("a.csv", reading(DAY, level=99))
    with pytest.raises(DatasjoError) as failed:
        materialize_range(works.network, "1103", "readings", WINDOW)
    limit = "rejected rows within the limit (1 of 1 rows)"
    assert str(failed.value) == f"1103 readings: the gate is closed: {limit}"


def test_a_dataset_that_is_not_bound_is_named(works: Waterworks) -> None:
    with pytest.raises(ConfigurationError, match="1103 potholes: has no binding"):
        materialize_range(works.network, "1103", "potholes", WINDOW)


def test_the_environment_is_left_as_it_was(works: Waterworks) -> None:
    before = dict(os.environ)
    works.drops("a.csv", reading(DAY))
    materialize_range(works.network, "1103", "readings", WINDOW)
    assert dict(os.environ) == before
