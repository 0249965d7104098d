from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import polars as pl
import pytest
import yaml

from gdpr.identifiers.classify import suggest
from gdpr.identifiers.signs import SIGNS, TEXTS, Sign
from gdpr.policy import Effective, effective
from gdpr.taxonomy import CATEGORIES, governing
from pipelines.demo.persons import people
from schemas.documents import parse, read_yaml
from schemas.mask import Mask
from schemas.policy import Policy
from tests.gdpr.identifiers.vectors import ACCOUNTS, ORGANISATIONS

PEOPLE = people("1103", ("4006", "0150"), 60)
BASELINE = Path(__file__).parents[3] / "gdpr" / "policies" / "datasjo_baseline.yaml"
EVERY = pytest.mark.parametrize("sign", [*SIGNS, *TEXTS], ids=lambda sign: sign.kind)
PLATES = ("EL 10001", "EV 10002", "DP 10003", "EL 10004")
SENTENCE = (
    "Lyset utenfor inngangen har vært borte siden i går, og det er glatt i trappen her, sak {}"
)


def column(*values: object) -> pl.Series:
    return pl.Series("field", values, strict=False)


def kind(values: pl.Series, name: str = "kolonne") -> str | None:
    found = suggest(values, name)
    return found.kind if found else None


@pytest.fixture(scope="module")
def baseline() -> Effective:
    policy = parse(Policy, read_yaml(BASELINE), BASELINE.name)
    return effective(policy.policy, {policy.policy: policy})


KINDS: dict[str, tuple[str, list[object]]] = {
    "eleven digits": ("national_id", [p.national_id for p in PEOPLE]),
    "whole numbers": ("national_id", [int(p.national_id) for p in PEOPLE]),
    "a workbook's cells": ("national_id", [float(p.national_id) for p in PEOPLE]),
    "groups": ("national_id", [f"{p.national_id[:6]} {p.national_id[6:]}" for p in PEOPLE]),
    "email": ("email", [p.email for p in PEOPLE]),
    "phone": ("phone", [f"{p.phone[:3]} {p.phone[3:5]} {p.phone[5:]}" for p in PEOPLE]),
    "names": ("person_name", [p.name for p in PEOPLE]),
    "streets": ("street", [p.address for p in PEOPLE]),
    "places": ("postcode", [f"{p.postcode} Prøvested" for p in PEOPLE]),
    "accounts": ("account_number", [*ACCOUNTS]),
    "organisations": ("organisation_number", [*ORGANISATIONS]),
    "plates": ("vehicle_plate", [*PLATES]),
    "machines": ("ip_address", ["192.0.2.1", "192.0.2.17"]),
    "sentences": ("free_text", [SENTENCE.format(at) for at in range(4)]),
    "mentions": ("free_text", [f"Sal {at}: spør Kari Havglimt" for at in range(4)]),
}


@pytest.mark.parametrize(("expected", "values"), KINDS.values(), ids=KINDS.keys())
def test_values_tell_without_a_name(expected: str, values: list[object]) -> None:
    assert kind(column(*values)) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("melder_fnr", "national_id"),
        ("epost", "email"),
        ("kontonr", "account_number"),
        ("orgnr", "organisation_number"),
        ("tlf", "phone"),
        ("regnr", "vehicle_plate"),
        ("ip_adresse", "ip_address"),
        ("fornavn", "given_name"),
        ("etternavn", "surname"),
        ("kontakt_navn", "person_name"),
        ("ansattnr", "person_id"),
        ("elev_id", "person_id"),
        ("diagnose", "health"),
        ("livssyn", "belief"),
        ("etnisitet", "ethnicity"),
        ("fagforening", "trade_union"),
        ("straffesak", "criminal_history"),
        ("barnevernstiltak", "child_welfare"),
        ("postnr", "postcode"),
        ("adresse", "street"),
        ("fodt", "birth_date"),
        ("alder", "age"),
        ("kjonn", "gender"),
        ("manedslonn", "pay"),
        ("lonn", "pay"),
        ("merknad", "free_text"),
        ("fritekst", "free_text"),
        ("navn", None),
        ("elevation_nr", None),
        ("id_number", None),
        ("kolonne", None),
    ],
)
def test_names_tell_where_values_do_not(name: str, expected: str | None) -> None:
    assert kind(column("a1", "b2"), name) == expected
    assert kind(column(None), name) == expected


def test_every_kind_is_told_by_something() -> None:
    assert [sign.kind for sign in (*SIGNS, *TEXTS) if not (sign.named or sign.alone)] == []


def test_a_persons_number_goes_before_the_account_number_that_it_is_too() -> None:
    found = suggest(column(*[p.national_id for p in PEOPLE]), "kontonummer")
    assert found is not None
    assert found.kind == "national_id"


def test_a_few_persons_numbers_among_others_tell() -> None:
    mixed = [PEOPLE[0].national_id, *(f"ref-{at}" for at in range(9))]
    found = suggest(column(*mixed), "referanse")
    assert found is not None
    assert (found.classification, found.share) == ("identifier", 0.1)
    assert found.why == "10 % of its values are fødselsnummer"


def test_the_share_is_of_values_that_are_there() -> None:
    known = [p.national_id for p in PEOPLE[:49]]
    found = suggest(column(*known, "ukjent", None, "", " "), "fnr")
    assert found is not None
    assert found.why == "98 % of its values are fødselsnummer"
    assert found.mask == "{use: pseudonym, domain: person}"


def test_a_name_is_said_to_tell_beside_values_that_fit() -> None:
    found = suggest(column(*[p.phone for p in PEOPLE], "ukjent"), "tlf")
    assert found is not None
    assert found.why == "by its name, and 98 % of its values are telephone numbers"
    by_name = suggest(column("ukjent"), "tlf")
    assert by_name is not None
    assert (by_name.why, by_name.share) == ("by its name", 0.0)
    assert dataclasses.replace(by_name, why=found.why, share=found.share) == found


LOOKALIKES: dict[str, list[object]] = {
    "positions": [f"{58 + at / 1e6:.6f}" for at in range(50)],
    "days": [f"2026{month:02d}{day:02d}" for month in range(1, 13) for day in range(1, 28)],
    "meters": [str(50_000_000 + at) for at in range(50)],
    "weather stations": ["SN44640", "SN44641", "SN44642", "SN44643"],
    "radio frequencies": ["868100000", "868300000"] * 20,
    "one owner": ["974760673"] * 20,
    "halls": ["Prøvehallen", "Øvelsesbanen", "Sal 2"],
    "measurements": [1.5, 2.25, float("nan")],
    "flags": [True, False],
    "nothing": [],
}


@pytest.mark.parametrize("values", LOOKALIKES.values(), ids=LOOKALIKES.keys())
def test_what_only_looks_like_a_number_of_somebody_tells_nothing(values: list[object]) -> None:
    assert kind(column(*values)) is None


@EVERY
def test_every_suggestion_is_one_that_the_baseline_policy_permits(
    sign: Sign, baseline: Effective
) -> None:
    rule = baseline.classes[sign.classification]
    mask = Mask.model_validate_json(json.dumps(yaml.safe_load(sign.mask)))
    assert mask.use in rule.lake
    categories = parse(Policy, read_yaml(BASELINE), BASELINE.name).categories
    governed = governing(sign.category, categories)
    assert sign.category in CATEGORIES
    assert governed is not None
    assert sign.classification in categories[governed]


@EVERY
def test_no_suggestion_holds_a_value(sign: Sign) -> None:
    values = [p.national_id for p in PEOPLE[:5]] + [p.email for p in PEOPLE[:5]]
    found = suggest(column(*values), sign.kind)
    assert found is not None
    assert not any(value in str(found) for value in values)
