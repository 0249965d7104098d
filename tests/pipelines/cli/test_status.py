from __future__ import annotations

import datetime as dt

import pytest

from tests.pipelines.cli.region import GOOD, HEADER, Region, invoke, one_line


def now() -> str:
    return dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_a_dataset_of_which_nothing_has_come_is_shown_as_such(here: Region) -> None:
    result = here("status")
    assert result.exit_code == 0
    assert "1103 Stavanger kommune" in result.stdout
    [dataset] = here.document("status")["datasets"]
    assert (dataset["rows"], dataset["last_day"], dataset["gate"]) == (0, None, "not judged")
    assert dataset["fresh"] is False
    assert dataset["points"] is None


def test_a_program_reads_everything_that_is_known(here: Region) -> None:
    event = now()
    here.drop(f"{HEADER}s-1,{event},1\n")
    here("run")
    here("release")
    [dataset] = here.document("status")["datasets"]
    assert (dataset["rows"], dataset["gate"], dataset["fresh"]) == (1, "open", True)
    assert dataset["freshness"]["promised"] == "PT15M"
    assert dataset["newest_event"] == event
    assert dataset["judged_at"] > event.removesuffix("Z")
    assert dataset["released"] is not None
    # a portal without a public address has nothing that can be reached
    assert dataset["points"] == 325
    assert "325/405" in here("status").stdout


def test_an_old_event_is_late(here: Region) -> None:
    here.drop(HEADER + GOOD)
    here("run")
    [dataset] = here.document("status")["datasets"]
    assert dataset["last_day"] == "2026-11-20"
    assert dataset["newest_event"] == "2026-11-20T12:00:00Z"


def test_a_closed_gate_is_shown_with_what_is_in_quarantine(here: Region) -> None:
    here.drop(f"{HEADER}{GOOD}s-3,2026-11-20T12:00:00Z,-5\n")
    here("run")
    [dataset] = here.document("status")["datasets"]
    assert dataset["gate"] == "closed"
    assert dataset["failed"] == ["rejected rows within the limit"]
    assert dataset["rejected"] == {"last_commit": 1, "quarantined": 1}
    assert "closed" in here("status").stdout


@pytest.mark.parametrize("width", [80, 100])
def test_every_line_fits_on_a_screen(width: int, here: Region) -> None:
    here.contract(name="weather_observation_long_name")
    here.bind(here.source(), here.source() | {"dataset": "weather_observation_long_name"})
    here.drop(HEADER + GOOD)
    here("run")
    here("release")
    result = invoke("--network", str(here.files.network), "status", env={"COLUMNS": str(width)})
    lines = result.stdout.splitlines()
    assert max(map(len, lines)) <= width
    assert "…" not in result.stdout
    assert any("weather_observation" in line and "open" in line for line in lines)


def test_a_root_that_cannot_be_read_is_one_line_beside_the_others(here: Region) -> None:
    here.contract(name="levels")
    here.bind(here.source(), here.source() | {"dataset": "levels"})
    here.drop(HEADER + GOOD)
    here("run")
    for receipt in (here.root / "receipts" / "levels").iterdir():
        receipt.write_text("{")
    result = here("status")
    assert one_line(result).startswith("1103 levels: reading receipts/levels/")
    assert "readings" in result.stdout
