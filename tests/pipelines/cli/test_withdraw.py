from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from tests.builders import binding_document
from tests.pipelines.cli.region import APPROVAL, BASIS, GOOD, HEADER, Region, one_line

READINGS = ("-m", "1103", "-d", "readings")


@pytest.fixture
def released(here: Region) -> Region:
    here.drop(HEADER + GOOD)
    here("run")
    here("release")
    return here


def page(region: Region) -> bool:
    return (region.folder / "portal/datasets/1103-readings/index.html").exists()


def approved_today(region: Region) -> None:
    today = dt.datetime.now(ZoneInfo("Europe/Oslo")).date()
    files = {"engine": "files", "url": f"{region.folder}/drop/*"}
    anew = {**APPROVAL, "approved_on": today.isoformat()}
    region.bind(binding_document("readings", files, legal_basis=BASIS, release=anew))


def test_what_is_withdrawn_is_shown_no_more_and_kept_by_its_owner(released: Region) -> None:
    assert page(released)
    result = released("withdraw", *READINGS)
    assert result.exit_code == 0
    assert "1103 readings is shown no more" in result.stdout
    assert not page(released)
    assert len(released.kept("open/readings/versions")) > 0


def test_it_is_not_shown_again_before_it_is_approved_anew(released: Region) -> None:
    released("withdraw", *READINGS)
    assert "it is to be approved anew" in one_line(released("release"))
    assert not page(released)
    approved_today(released)
    assert released("release").exit_code == 0
    assert page(released)


def test_an_approval_of_the_day_does_not_outlive_a_withdrawal_of_the_same_day(
    released: Region,
) -> None:
    approved_today(released)
    released("withdraw", *READINGS)
    assert "it is to be approved anew" in one_line(released("release"))


def test_a_withdrawn_dataset_is_no_version_in_status(released: Region) -> None:
    released("withdraw", *READINGS)
    [dataset] = released.document("status")["datasets"]
    assert dataset["released"] is None


def test_a_program_reads_what_was_public_when(released: Region) -> None:
    for _ in range(2):
        record = released.document("withdraw", *READINGS)["record"]
    [hidden] = record["withdrawals"]
    assert hidden["approval"] == "prove, approved by sjef on 2026-11-01"
    assert hidden["until"] is None
    assert len(record["releases"]) == 1


def test_what_was_never_released_cannot_be_withdrawn(here: Region) -> None:
    assert "was never released" in one_line(here("withdraw", *READINGS))
