from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from connectors.portal import UNRELEASED
from pipelines.steps.publication.page import quality_of
from pipelines.steps.site import Site
from schemas.reading import read_contract
from schemas.stages import Check, Counts, Receipt
from tests.pipelines.steps.released_site import Town, contract_of, parking_document

REJECTED = {"free_spaces:range": 7, "row:broken": 3, "note_text:type": 2, "sensor_serial:type": 6}
CHECKS = (
    Check("one reading per car park", ("car_park_name",), True, "error", 24, 0),
    Check("few are full", ("is_full",), False, "warning", 24, 9),
    Check("serials are known", ("sensor_serial", "is_full"), True, "error", 24, 0),
)


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return Town.at(tmp_path)


def judged(town: Town) -> Receipt:
    counts = Counts(landed=40, rejected=16, kept=24, written=24, rejected_by_rule=REJECTED)
    return replace(town.judge(), counts=counts, checks=CHECKS)


def without_persons(site: Site, folder: Path) -> Site:
    document = parking_document()
    fields = document["schema"][0]["properties"]
    document["schema"][0]["properties"] = [f for f in fields if f["name"] != "note_text"]
    return replace(site, contract=contract_of(document, folder))


def test_rules_on_closed_fields_are_counted_together(town: Town, tmp_path: Path) -> None:
    open_site = without_persons(town.site, tmp_path)
    receipt = replace(judged(town), counts=Counts(rejected_by_rule={"sensor_serial:type": 6}))
    assert quality_of(open_site, receipt).rejected_by_rule == {UNRELEASED: 6}


def test_small_counts_are_not_told_where_the_dataset_holds_persons(town: Town) -> None:
    told = quality_of(town.site, judged(town)).rejected_by_rule
    assert told == {"free_spaces:range": 7, "row:broken": None, UNRELEASED: 8}


def test_small_counts_of_a_dataset_without_persons_are_told(town: Town, tmp_path: Path) -> None:
    receipt = judged(town)
    told = quality_of(without_persons(town.site, tmp_path), receipt).rejected_by_rule
    assert told["row:broken"] == 3


def test_checks_of_closed_fields_are_left_out(town: Town) -> None:
    told = quality_of(town.site, judged(town))
    assert told.passed == ("one reading per car park",)
    assert told.warned == ("few are full",)


def test_every_shipped_contract_opens_only_open_fields(town: Town) -> None:
    for path in sorted(Path("schemas/datasets").glob("*.odcs.yaml")):
        contract = read_contract(path)
        released = town.site.policy.released(contract)
        assert {field.classification for field in released} <= {"open"}
