from __future__ import annotations

from typing import Any

import pytest

from tests.builders import LEVEL, OBSERVED, SENSOR, binding_document, field
from tests.pipelines.cli.region import BASIS, Region, one_line

HEADER = "sensor_id,observed_at,level_m,age,person\n"
AT = "2026-11-20T12:00:00Z"
PERSON: dict[str, Any] = {"purpose": "a test", "subject": "inhabitant"}
AGE = field(
    "age",
    "integer",
    classification="personal",
    category="user.demographic.age_range",
    mask={"use": "generalise", "bands": [18, 67]},
    **PERSON,
)
WHO = field(
    "person",
    "string",
    classification="identifier",
    category="user.government_id.national_identification_number",
    mask={"use": "pseudonym", "domain": "person"},
    **PERSON,
)
SECRET = "Kari-Kanarifugl"


@pytest.fixture
def surveyed(here: Region) -> Region:
    here.contract(SENSOR, OBSERVED, LEVEL, AGE, WHO)
    ages = [30] * 6 + [70] * 2 + [10]
    rows = [f"s-{at},{AT},1,{age},{SECRET}-{at}\n" for at, age in enumerate(ages)]
    here.drop(HEADER + "".join(rows))
    return here


def test_a_risk_report_counts_small_groups_and_shows_no_value(surveyed: Region) -> None:
    surveyed("run")
    [told] = surveyed.document("gdpr", "dpia", "-m", "1103")["datasets"]
    assert told["measured"] == {
        "rows": 9,
        "groups": 3,
        "k": 1,
        "small_groups": 2,
        "small_rows": 3,
        "diversity": None,
    }
    assert told["quasi_identifiers"] == ["age"]
    shown = surveyed("gdpr", "dpia").stdout
    assert "9 rader i 3 grupper, k = 1; 2 grupper med 3 rader er under grensen" in shown
    assert SECRET not in shown


def test_a_risk_report_before_the_first_row_says_that_nothing_is_stored(surveyed: Region) -> None:
    assert surveyed.document("gdpr", "dpia")["datasets"][0]["measured"] is None
    assert "age: ingenting er lagret ennå" in surveyed("gdpr", "dpia").stdout


def test_datasets_of_things_have_no_report_unless_they_are_named(here: Region) -> None:
    assert here.document("gdpr", "dpia")["datasets"] == []
    assert "Ingen datasett med opplysninger om personer" in here("gdpr", "dpia").stdout
    [told] = here.document("gdpr", "dpia", "-d", "readings")["datasets"]
    assert (told["personal"], told["required"], told["measured"]) == (False, False, None)


def test_the_record_of_a_municipality_names_what_it_processes(surveyed: Region) -> None:
    surveyed("run")
    told = surveyed.document("gdpr", "ropa", "-m", "1103")
    [one] = told["processings"]
    assert one["dataset"] == "readings"
    assert one["transfers"] is None
    assert any("person er et pseudonym: AES-CMAC" in line for line in one["measures"])
    shown = surveyed("gdpr", "ropa", "-m", "1103").stdout
    assert shown.startswith("# Protokoll over behandlingsaktiviteter: Stavanger kommune")
    assert "| Overføring til tredjeland | ikke oppgitt |" in shown


def test_what_was_released_is_a_recipient(surveyed: Region) -> None:
    surveyed("run")
    surveyed("release")
    [one] = surveyed.document("gdpr", "ropa", "-m", "1103")["processings"]
    [public] = one["recipients"]
    assert public["name"].startswith("Allmennheten, som åpne data (20")
    assert public["fields"] == ["sensor_id", "observed_at", "level_m"]


def test_a_municipality_that_binds_nothing_has_an_empty_record(here: Region) -> None:
    here.bind()
    told = here.document("gdpr", "ropa", "-m", "1103")
    assert (told["processings"], told["without_persons"]) == ([], [])


def test_the_record_of_nobody_is_one_line(here: Region) -> None:
    line = one_line(here("gdpr", "ropa", "-m", "9999"))
    assert "9999: is not a municipality of the network" in line


def test_pseudonyms_of_one_domain_are_said_to_link_datasets(surveyed: Region) -> None:
    surveyed.contract(SENSOR, OBSERVED, LEVEL, AGE, WHO, name="levels")
    files = {"engine": "files", "url": f"{surveyed.folder}/nowhere/*"}
    surveyed.bind(surveyed.source(), binding_document("levels", files, legal_basis=BASIS))
    told = surveyed.document("gdpr", "dpia", "-d", "readings")["datasets"][0]
    assert told["joined_with"] == ["levels"]
