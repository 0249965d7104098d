from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from gdpr.records.criteria import Criterion
from gdpr.records.dpia import Dpia, Measured, dpia, quasi_identifiers, sensitive
from gdpr.records.dpia_text import dpia_text
from schemas.contract import Contract
from tests.builders import contract
from tests.gdpr.declared import AGE, BASIS, ILL, NAME, PERSON, about, baseline, declared, persons

MEASURED = Measured(rows=100, groups=20, k=1, small_groups=3, small_rows=4)


def report(bound: Contract, measured: Measured | None = MEASURED, **binding: object) -> Dpia:
    told: dict[str, Any] = {"legal_basis": BASIS, **binding}
    _, held = declared(bound, **told)
    return dpia(held, [held], baseline(), measured)


def met(found: tuple[Criterion, ...]) -> dict[str, str | None]:
    return {criterion.name: criterion.because for criterion in found if criterion.met}


def test_quasi_identifiers_are_what_is_stored_of_a_person_and_names_nobody() -> None:
    told = about("told", "string", {"use": "redact"}, classification="free_text")
    bound = persons(PERSON, AGE, NAME, ILL, told)
    assert [field.name for field in quasi_identifiers(bound, baseline())] == ["age"]


def test_only_what_is_stored_is_sensitive() -> None:
    kept = {**ILL, "name": "sick"}
    kept["customProperties"] = [
        {"property": "mask", "value": {"use": "aggregate"}} if p["property"] == "mask" else p
        for p in ILL["customProperties"]
    ]
    bound = persons(AGE, ILL, kept, aggregate={"by": ["sensor_id"], "every": "month"})
    assert [field.name for field in sensitive(bound)] == ["sick"]


def test_every_field_of_a_person_stands_with_what_the_policy_does_with_it() -> None:
    found = {zone.datum.field: zone for zone in report(persons(AGE, NAME, ILL)).fields}
    assert (found["age"].shared, found["age"].released, found["age"].refused) == (
        True,
        False,
        False,
    )
    assert not found["name"].shared
    assert found["ill"].refused
    assert [zone.datum.field for zone in report(persons(AGE, ILL)).special] == ["ill"]


def test_rows_that_are_only_counted_are_never_shared() -> None:
    bound = persons(AGE, aggregate={"by": ["sensor_id"], "every": "month"})
    assert not any(zone.shared for zone in report(bound).fields)


def test_pseudonyms_of_one_purpose_and_domain_link_datasets() -> None:
    _, own = declared(persons(PERSON), legal_basis=BASIS)
    _, same = declared(persons(PERSON, name="orders"), legal_basis=BASIS)
    other = about("person_id", "string", {"use": "pseudonym", "domain": "person"}, purpose="other")
    _, apart = declared(persons(other, name="visits"), legal_basis=BASIS)
    found = dpia(own, [own, same, apart], baseline(), None)
    assert found.joined_with == ("orders",)
    assert met(found.criteria)["Sammenstilling av datasett"] == "pseudonymer i samme domene"


@pytest.mark.parametrize(
    ("category", "subject", "criterion"),
    [
        ("user.workplace.attendance", "employee", "Systematisk overvåking"),
        ("user.sensor", "inhabitant", "Systematisk overvåking"),
        ("user.health_and_medical", "inhabitant", "Særlige kategorier"),
        ("user.health_and_medical.welfare_technology", "inhabitant", "Ny teknologi"),
        ("user.name", "pupil", "Sårbare registrerte"),
    ],
)
def test_a_criterion_is_met_by_what_is_declared(
    category: str, subject: str, criterion: str
) -> None:
    told = about("told", "string", {"use": "drop"}, category=category, subject=subject)
    found = met(report(persons(told)).criteria)
    assert [name for name in found if name.startswith(criterion)]


def test_a_system_of_special_categories_is_met_whatever_the_fields_say() -> None:
    system = {"name": "x", "owner": "y", "responsible": "z", "personal_data": "special"}
    assert (
        "fagsystemet har særlige kategorier"
        in met(report(contract(), system=system).criteria).values()
    )


def test_a_category_that_only_begins_alike_meets_nothing() -> None:
    told = about("told", "string", {"use": "drop"}, category="user.social")
    assert met(report(persons(told)).criteria) == {}


@pytest.mark.parametrize(
    ("fields", "basis", "listed"),
    [
        (
            [{"category": "user.behavior.key_use", "subject": "employee"}],
            {},
            "Systematisk overvåking av ansatte",
        ),
        ([{"category": "user.behavior.key_use"}], {}, None),
        ([{"category": "user.education.class", "subject": "pupil"}], {}, "Vurdering av læring"),
        ([{"category": "user.location.precise"}], {}, None),
        ([{"category": "user.location.precise", "subject": "pupil"}], {}, "Lokasjonsdata"),
        ([{"category": "user.biometric"}], {}, None),
        ([{"category": "user.biometric", "subject": "employee"}], {}, "Biometri"),
        ([{"category": "user.health_and_medical"}], {"use": "train_ai_system"}, "Særlige kateg"),
        ([{"subject": "patient"}], {"use": "municipal.research"}, "Forskning uten samtykke"),
        ([{"subject": "patient"}], {"use": "municipal.research", "article_6": "a"}, None),
        ([{}], {"use": "municipal.research"}, None),
    ],
)
def test_the_authoritys_list_is_held_against_what_is_declared(
    fields: list[dict[str, Any]], basis: dict[str, Any], listed: str | None
) -> None:
    told = [
        about(f"told_{at}", "string", {"use": "drop"}, **words) for at, words in enumerate(fields)
    ]
    found = met(report(persons(*told), legal_basis={**BASIS, **basis}).always)
    assert [name for name in found if listed and name.startswith(listed)] == list(found)
    assert bool(found) == bool(listed)


def test_two_criteria_or_one_of_the_list_need_an_assessment() -> None:
    ill = about("ill", "string", {"use": "drop"}, category="user.health_and_medical")
    patient = about("who", "string", {"use": "drop"}, subject="patient")
    assert report(persons(ill)).required is None
    assert report(persons(ill, patient)).required is True
    pupil = about("form", "string", {"use": "drop"}, category="user.education", subject="pupil")
    assert report(persons(pupil)).required is True
    assert report(contract()).required is False


def test_what_no_basis_declares_is_left_open() -> None:
    found = report(persons(AGE), legal_basis=None)
    assert (found.reference, found.legal_basis, met(found.criteria)) == (None, None, {})


def text(found: Dpia) -> str:
    return dpia_text([found])


def test_the_text_tells_groups_by_how_many_they_are() -> None:
    shown = text(report(persons(PERSON, AGE)))
    assert "## Stavanger kommune: readings" in shown
    assert "100 rader i 20 grupper, k = 1; 3 grupper med 4 rader er under grensen" in shown
    assert "person_id: kan kobles med ingen andre datasett" in shown
    assert "| Vurdering må gjøres | kan ikke avgjøres av det som er oppgitt |" in shown
    assert "| Stor skala | ikke oppgitt | - |" in shown


def test_the_text_says_what_is_not_stored() -> None:
    shown = text(report(persons(NAME), measured=None))
    assert "ingen kvasiidentifikatorer er lagret" in shown
    assert "ingen pseudonymer" in shown
    assert "age: ingenting er lagret ennå" in text(report(persons(AGE), measured=None))


def test_the_text_says_what_becomes_of_special_categories() -> None:
    nine = {**BASIS, "article_9": "h", "dpia": "2026/1"}
    measured = dataclasses.replace(MEASURED, diversity=2)
    shown = text(report(persons(AGE, ILL), measured, legal_basis=nine))
    assert "| ill | fjernes; datasettet frigis aldri |" in shown
    assert "minst 2 ulike verdier i en gruppe" in shown
    assert "| Vurdering som er gjort | 2026/1 |" in shown


def test_without_a_dataset_of_persons_the_text_says_so() -> None:
    assert dpia_text([]).endswith("Ingen datasett med opplysninger om personer.\n")
