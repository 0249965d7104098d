from __future__ import annotations

from typing import Any

import pytest

from gdpr.policy import effective
from gdpr.registration import Registration
from schemas.contract import Contract
from schemas.documents import parse
from schemas.municipality import Municipality
from tests.builders import (
    binding_document,
    contract,
    event,
    field,
    key,
    owner_document,
    policies,
)

BASIS = {"article_6": "e", "purpose": "flood warning"}
APPROVAL = {"approved_by": "sjef", "approved_on": "2026-11-01", "organisation": "prove"}
PURPOSE = {"purpose": "a test", "category": "user.name", "subject": "inhabitant"}
PLAIN = (key("sensor_id"), event(), field("level_m", "number"))
NAME = field("name", "string", classification="personal", mask={"use": "drop"}, **PURPOSE)
AGE = field(
    "age", "integer", classification="personal", mask={"use": "round", "width": 5}, **PURPOSE
)
ILL = field("ill", "string", classification="special", mask={"use": "drop"}, **PURPOSE)
TEXT = field("text", "string", classification="free_text", mask={"use": "redact"}, **PURPOSE)


def lines(bound: Contract, *grants: dict[str, Any], **binding: object) -> list[str]:
    written = binding_document("readings", {"engine": "files", "url": "x"}, **binding)
    owner = parse(Municipality, owner_document(bindings=[written], grants=list(grants)), "a.yaml")
    policy = effective("datasjo_baseline", policies())
    found = list(Registration(owner, policy).problems({"readings": bound, "other": contract()}))
    assert all(problem.example for problem in found)
    return [f"{p.file}: {p.field}: {p.what}" for p in found]


def grant(*columns: str, **changes: object) -> dict[str, Any]:
    return {
        "recipient": "1108",
        "dataset": "readings",
        "columns": list(columns),
        "purpose": "flood warning",
        "legal_basis": BASIS,
        "expires": "2028-12-31",
        **changes,
    }


def test_an_approval_and_a_grant_of_open_fields_are_in_order() -> None:
    given = grant("sensor_id", "level_m", rows="level_m > 2 AND sensor_id LIKE 's-%'")
    assert lines(contract(*PLAIN), given, release=APPROVAL, legal_basis=BASIS) == []


@pytest.mark.parametrize("aggregate", [None, {"by": ["sensor_id"], "every": "month"}])
def test_a_dataset_with_a_special_field_is_never_approved_for_release(
    aggregate: dict[str, Any] | None,
) -> None:
    held = key("sensor_id", classification="internal")
    bound = contract(held, event(), ILL, **({"aggregate": aggregate} if aggregate else {}))
    [line] = lines(bound, release=APPROVAL)
    assert line.startswith(
        "1103.yaml: bindings.readings.release: class special may not be released, and ill has it: "
        "policy datasjo_baseline@"
    )
    assert lines(bound) == []


def test_an_unknown_use_is_refused_where_it_stands() -> None:
    odd = {**BASIS, "use": "municipal.plan"}
    found = lines(contract(*PLAIN), grant("level_m", legal_basis=odd), legal_basis=odd)
    assert found == [
        "1103.yaml: bindings.readings.legal_basis.use: is not a known use",
        "1103.yaml: grants.1108.readings.legal_basis.use: is not a known use",
    ]
    assert lines(contract(*PLAIN), legal_basis={**BASIS, "use": "municipal.planning"}) == []


def test_only_what_the_share_zone_permits_is_granted() -> None:
    bound = contract(*PLAIN, NAME, AGE, TEXT)
    assert lines(bound, grant("level_m", "age")) == []
    found = lines(bound, grant("level_m", "name", "text"))
    assert [line.split(": policy")[0] for line in found] == [
        "1103.yaml: grants.1108.readings.name: class personal may not be shared so",
        "1103.yaml: grants.1108.readings.text: class free_text may not be shared so",
    ]


def test_counts_are_granted_unless_a_field_behind_them_is_refused() -> None:
    asked = {"aggregate": {"by": ["unit"], "every": "month"}}
    unit = key("unit", classification="internal")
    bound = contract(unit, event(), AGE, **asked)
    assert lines(bound, grant("unit", rows="unit <> 'total' AND rows > 20")) == []
    assert lines(bound, grant("unit", rows="age > 20")) == [
        "1103.yaml: grants.1108.readings.rows: is no condition on stored fields"
    ]
    found = lines(contract(unit, event(), ILL, **asked), grant("unit"))
    assert [line.split(": policy")[0] for line in found] == [
        "1103.yaml: grants.1108.readings.ill: class special may not be shared"
    ]


def test_only_what_is_bound_is_granted() -> None:
    assert lines(contract(*PLAIN), grant("sensor_id", dataset="other")) == [
        "1103.yaml: grants.1108.other: grants what the municipality does not bind"
    ]


def test_one_purpose_has_one_grant() -> None:
    assert lines(contract(*PLAIN), grant("level_m"), grant("sensor_id")) == [
        "1103.yaml: grants.1108.readings: is granted twice for the same purpose"
    ]
    assert lines(contract(*PLAIN), grant("level_m"), grant("level_m", purpose="research")) == []


@pytest.mark.parametrize(
    "rows", ["level_m", "nothing = 1", "level_m >", "name = 'Kari'", "level_m > 'x' + 1"]
)
def test_a_grant_of_rows_is_a_condition_on_stored_fields(rows: str) -> None:
    assert lines(contract(*PLAIN, NAME), grant("level_m", rows=rows)) == [
        "1103.yaml: grants.1108.readings.rows: is no condition on stored fields"
    ]
