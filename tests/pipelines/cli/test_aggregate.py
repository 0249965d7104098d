from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from tests.builders import binding_document, event, field, key
from tests.pipelines.cli.region import APPROVAL, RELEASE, Region, one_line
from tests.pipelines.steps.absences import ASKED, FIELDS, written

BASIS = {"article_6": "c", "article_9": "b", "purpose": "a test", "dpia": "2026/1"}
KNOWN = {"name": "known", "metric": "invalidValues", "mustBe": 0}
UNIT = {
    **field("unit_code", "string"),
    "quality": [{**KNOWN, "arguments": {"validValues": ["north", "west"]}}],
}
SHOWN = {**RELEASE, "plot": "rows"}
ROWS = [
    (f"a{n}", "2026-09-02", n, unit, 1.0)
    for n, unit in enumerate(["north"] * 6 + ["south"] * 2 + ["west"] * 7)
]


def binding(here: Region, name: str = "absences", **words: object) -> dict[str, Any]:
    source = {"engine": "files", "url": f"{here.folder}/drop/*"}
    return binding_document(name, source, **{"legal_basis": BASIS, **words})


@pytest.fixture
def office(here: Region) -> Region:
    here.contract(*FIELDS, name="absences", aggregate=ASKED, release=SHOWN)
    here.bind(binding(here))
    return here


def test_special_fields_without_a_dpia_are_refused(office: Region) -> None:
    basis = {word: value for word, value in BASIS.items() if word != "dpia"}
    office.bind(binding(office, legal_basis=basis))
    assert "absence_days: the policy needs dpia, which is missing" in one_line(office("check"))


def test_special_fields_without_a_basis_in_article_9_are_refused(office: Region) -> None:
    basis = {word: value for word, value in BASIS.items() if word != "article_9"}
    office.bind(binding(office, legal_basis=basis))
    assert "absence_days: the policy needs legal_basis_9" in one_line(office("check"))


def test_a_release_of_special_fields_cannot_be_approved(office: Region) -> None:
    office.bind(binding(office, release=APPROVAL))
    line = one_line(office("check"))
    assert "bindings.absences.release: class special may not be released" in line
    assert one_line(office("release")) == line


@pytest.mark.parametrize("domain", ["patient_journal", "child_welfare"])
def test_some_domains_are_not_registered_at_all(domain: str, office: Region) -> None:
    office.contract(*FIELDS, name="absences", aggregate=ASKED, release=SHOWN, domain=domain)
    assert f"domain: {domain} is refused by refused_domains" in one_line(office("check"))


def test_an_alarm_needs_somebody_who_is_told(office: Region) -> None:
    nobody = {"owner": "hjemmetjenesten", "runbook": "docs/a"}
    office.contract(*FIELDS, name="absences", aggregate=ASKED, release=SHOWN, operation=nobody)
    assert "operation.alarm_recipient: is missing" in one_line(office("check"))


def test_status_tells_restricted_rows_and_counts_apart(office: Region) -> None:
    office.drop(written(ROWS))
    assert office("run").exit_code == 0
    told = office("status").stdout
    assert "absences: rows restricted; in the lake 4 counts, 2 of them suppressed" in told
    [dataset] = office.document("status")["datasets"]
    assert (dataset["rows"], dataset["groups"]) == (15, {"counted": 4, "suppressed": 2})
    assert office.kept("restricted/absences")
    assert len([p for p in office.kept("lake/absences") if p.suffix == ".parquet"]) == 1


def letters(here: Region, classification: str = "open", **words: object) -> None:
    unit = {**UNIT, "classification": classification}
    fields = (key("letter_id"), event("sent_on", "date"), unit)
    asked = {"by": ["unit_code"], "every": "month", **words}
    here.contract(*fields, name="letters", aggregate=asked, release=SHOWN)
    here.bind(binding(here, "letters", release=APPROVAL))
    lines = (f"{row[0]},{row[1]},{row[3].replace('south', 'north')}\n" for row in ROWS)
    here.drop("letter_id,sent_on,unit_code\n" + "".join(lines))
    assert here("run").exit_code == 0


def released(here: Region) -> list[dict[str, str]]:
    result = here("release")
    assert result.exit_code == 0, result.output
    with Path(here.root / "open/letters/latest/letters.csv").open(encoding="utf-8") as rows:
        return list(csv.DictReader(rows))


def test_counts_of_open_fields_are_released_and_their_rows_are_not(here: Region) -> None:
    letters(here)
    assert released(here) == [
        {"period": "2026-09-01", "unit_code": unit, "rows": rows, "suppressed": "false"}
        for unit, rows in (("north", "8"), ("total", "15"), ("west", "7"))
    ]
    assert (here.folder / "portal" / "index.html").is_file()


def test_counts_with_noise_are_released_as_they_were_answered(here: Region) -> None:
    letters(here, noise={"epsilon": 1.0, "budget": 2.0, "contributes": 1})
    first = released(here)
    assert [row["unit_code"] for row in first] == ["north", "total", "west"]
    assert here("replay").exit_code == 0
    assert released(here) == first


def test_counts_of_closed_fields_stay_in_the_lake(here: Region) -> None:
    letters(here, "internal")
    assert "the policy keeps its counts in the lake" in one_line(here("release"))
