from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import pytest

from tests.builders import binding_document
from tests.pipelines.cli.region import CANARY, GOOD, HEADER, Region, one_line


def test_what_has_arrived_is_brought_into_the_lake(here: Region) -> None:
    here.drop(HEADER + GOOD)
    result = here("run")
    assert result.exit_code == 0
    assert result.stderr == ""
    assert "1103 readings" in result.stdout
    assert here.rows() == 2


def test_a_second_run_finds_nothing_new(here: Region) -> None:
    here.drop(HEADER + GOOD)
    here("run")
    [dataset] = here.document("run")["datasets"]
    assert (dataset["batches"], dataset["receipt"], dataset["error"]) == (0, None, None)
    assert here.rows() == 2


def test_a_program_reads_what_a_run_did_as_one_document(here: Region) -> None:
    here.drop(f"{HEADER}{GOOD}s-3,{CANARY},3\n" + GOOD * 30)
    told = here.document("run", "--from", "2026-11-01", "--to", "2026-11-20")
    assert (told["start"], told["end"]) == ("2026-11-01", "2026-11-20")
    [dataset] = told["datasets"]
    assert (dataset["municipality"], dataset["dataset"]) == ("1103", "readings")
    assert (dataset["batches"], dataset["error"]) == (1, None)
    assert dataset["receipt"]["open"] is True
    assert dataset["receipt"]["counts"]["rejected_by_rule"] == {"observed_at:type": 1}


def test_only_the_chosen_datasets_run(here: Region) -> None:
    here.drop(HEADER + GOOD)
    assert [d["dataset"] for d in here.document("run", "-m", "1103", "-d", "readings")["datasets"]]
    assert "1108" in one_line(here("run", "-m", "1108"))


def test_days_in_the_wrong_order_are_a_usage_error(here: Region) -> None:
    result = here("run", "--from", "2026-11-02", "--to", "2026-11-01")
    assert result.exit_code == 2
    assert "is after" in result.stderr


def test_a_dataset_that_fails_does_not_stop_the_others(here: Region) -> None:
    here.drop(HEADER + GOOD)
    here.contract(name="levels")
    lost = binding_document("levels", {"engine": "files", "url": f"{here.folder}/lost/*"})
    here.bind(lost, here.source())
    result = here("run", "--json")
    assert "1103 levels: " in one_line(result)
    levels, readings = json.loads(result.stdout)["datasets"]
    assert levels["error"] in result.stderr
    assert readings["receipt"]["counts"]["kept"] == 2


def test_an_sql_source_is_read_by_the_same_command(here: Region) -> None:
    with closing(sqlite3.connect(here.folder / "f.db")) as database, database:
        database.execute("create table t (sensor_id text, observed_at text, level_m real)")
        database.execute("insert into t values ('s-1', '2026-11-20T12:00:00Z', 1.5)")
    url = f"sqlite:///{here.folder}/f.db"
    query = {"engine": "sql", "url": url, "query": "select * from t", "key": ["sensor_id"]}
    here.contract(source={"format": "arrow"})
    here.bind(binding_document("readings", query))
    assert here("run").exit_code == 0
    assert here.rows() == 1


@pytest.mark.parametrize("command", ["run", "status", "replay", "release"])
def test_commands_say_what_is_wrong_with_the_files_before_anything_else(
    command: str, here: Region
) -> None:
    here.change("municipalities/1103.yaml", colour="blue")
    assert "1103.yaml: colour" in one_line(here(command))


def test_a_root_whose_name_is_not_set_is_named(here: Region) -> None:
    here.bind(here.source(), root="${DATASJO_NOT_SET}")
    assert "1103: root: the environment variable DATASJO_NOT_SET is not set" in one_line(
        here("run")
    )


def test_where_stdout_is_no_terminal_there_is_no_progress(here: Region) -> None:
    here.drop(HEADER + GOOD)
    assert "a second" not in here("run").output
