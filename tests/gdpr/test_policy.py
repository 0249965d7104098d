from __future__ import annotations

from typing import Any

import pytest

from gdpr.policy import contract_problems, effective, require_permitted
from schemas.contract import Contract
from schemas.documents import parse
from schemas.errors import ConfigurationError, PolicyBreach, Problem
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
from tests.gdpr.own_policies import (
    BASELINE,
    BASELINE_VERSION,
    RULES,
    of_class,
    over_baseline,
    policy,
    refused,
)

PERSONAL = {
    "classification": "personal",
    "purpose": "a test",
    "category": "user.name",
    "subject": "inhabitant",
}
BASIS = {"article_6": "e", "purpose": "a test"}
UNIT = key("unit", classification="internal")


def with_field(**words: Any) -> Contract:  # noqa: ANN401 - any words of YAML
    return contract(key("sensor_id"), event(), field("a", "string", **words))


def found(bound: Contract, **changes: object) -> list[Problem]:
    written = binding_document("readings", {"engine": "files", "url": "x"}, **changes)
    owner = parse(Municipality, owner_document(bindings=[written]), "1103.yaml")
    return contract_problems(bound, owner.binding("readings"), over_baseline(policy()))


def problems(bound: Contract, **changes: object) -> list[str]:
    return [f"{problem.field}: {problem.what}" for problem in found(bound, **changes)]


def test_a_policy_alone_holds_as_it_stands() -> None:
    alone = effective("datasjo_baseline", {"datasjo_baseline": BASELINE})
    assert alone.classes == BASELINE.classes
    assert alone.version == f"datasjo_baseline@{BASELINE.version}"


def test_a_tightened_policy_names_both_versions_and_keeps_what_it_does_not_say() -> None:
    own = over_baseline(policy(version="2.1.0", classes=of_class("personal", lake=["drop"])))
    assert own.version == f"own@2.1.0+datasjo_baseline@{BASELINE.version}"
    assert own.classes["personal"].lake == ("drop",)
    assert own.classes["identifier"] == BASELINE.classes["identifier"]


def test_the_projects_own_tightened_policy_holds() -> None:
    assert effective("gjesdal_tightened", policies()).minimum_group == 10


def test_the_greater_of_the_least_groups_holds() -> None:
    larger = policy(release={"minimum_group": 12, "suppress_below": 5})
    assert over_baseline(larger).minimum_group == 12


def test_a_policy_that_extends_itself_in_a_circle_is_refused() -> None:
    assert refused(policy(extends="other"), policy("other", extends="own")) == [
        "own: extends itself: own → other → own"
    ]


def test_a_policy_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(ConfigurationError, match=r"is not a known policy.*datasjo_baseline"):
        over_baseline(policy(extends="none"))


def test_a_contract_of_open_fields_needs_nothing_more() -> None:
    assert problems(contract()) == []


def test_a_class_that_the_policy_does_not_know_is_refused() -> None:
    bound = with_field(classification="hobby")
    what = "is not a class of the policy: an unclassified field is refused"
    assert problems(bound) == [f"a.classification: {what}"]
    with pytest.raises(PolicyBreach, match="unclassified field is refused"):
        require_permitted(bound, over_baseline(policy()))


@pytest.mark.parametrize(
    ("words", "treatment"),
    [
        (PERSONAL, "keep"),
        ({**PERSONAL, "classification": "identifier"}, "keep"),
        (
            {**PERSONAL, "classification": "identifier", "mask": {"use": "truncate", "length": 2}},
            "truncate",
        ),
        ({"classification": "special", "purpose": "a", "mask": {"use": "pseudonym"}}, "pseudonym"),
        ({"purpose": "a test", "mask": {"use": "pseudonym"}}, "pseudonym"),
    ],
)
def test_a_treatment_that_the_class_does_not_permit_is_refused(
    words: dict[str, Any], treatment: str
) -> None:
    bound = with_field(**words)
    word = words.get("classification", "open")
    with pytest.raises(PolicyBreach, match=f"class {word} does not permit {treatment} in the lake"):
        require_permitted(bound, over_baseline(policy()))


def test_a_permitted_treatment_passes() -> None:
    require_permitted(with_field(mask={"use": "pseudonym"}, **PERSONAL), over_baseline(policy()))


def test_a_personal_field_needs_a_legal_basis_in_the_binding() -> None:
    bound = with_field(mask={"use": "drop"}, **PERSONAL)
    assert problems(bound, legal_basis=BASIS) == []
    assert problems(bound) == ["a: the policy needs legal_basis, which is missing"]


def test_a_special_category_needs_article_nine_and_an_assessment() -> None:
    health = {"classification": "special", "category": "user.health_and_medical"}
    words = {"mask": {"use": "drop"}, **PERSONAL, **health}
    assert problems(with_field(**words), legal_basis=BASIS) == [
        "a: the policy needs legal_basis_9, which is missing",
        "a: the policy needs dpia, which is missing",
    ]
    whole = {**BASIS, "article_9": "h", "dpia": "2026/1"}
    assert problems(with_field(**words), legal_basis=whole) == []


def test_a_personal_field_needs_an_end() -> None:
    levels = [
        {"property": "frequency", "value": 1, "unit": "days"},
        {"property": "latency", "value": 1, "unit": "days"},
    ]
    masked = field("a", "string", mask={"use": "drop"}, **PERSONAL)
    bound = contract(key("sensor_id"), event(), masked, slaProperties=levels)
    assert problems(bound, legal_basis=BASIS) == ["a: the policy needs retention, which is missing"]


@pytest.mark.parametrize("domain", BASELINE.refused_domains)
def test_a_refused_domain_is_never_registered(domain: str) -> None:
    bound = contract(domain=domain)
    what = f"{domain} is refused by refused_domains of own@1.0.0+{BASELINE_VERSION}"
    assert problems(bound) == [f"domain: {what}"]
    with pytest.raises(PolicyBreach, match=f"domain: {domain} is refused by refused_domains"):
        require_permitted(bound, over_baseline(policy()))


@pytest.mark.parametrize("domain", BASELINE.aggregate_only_domains)
def test_some_domains_are_registered_as_counts_only(domain: str) -> None:
    assert "may only leave as counts" in problems(contract(domain=domain))[0]
    counted = contract(UNIT, event(), domain=domain, aggregate={"by": ["unit"], "every": "month"})
    assert problems(counted) == []


def test_a_category_holds_a_field_to_its_classes() -> None:
    open_name = with_field(category="user.name.first")
    assert problems(open_name) == [
        f"a.classification: user.name.first may not be open under own@1.0.0+{BASELINE_VERSION}"
    ]
    with pytest.raises(PolicyBreach, match=r"user\.name\.first may not be open"):
        require_permitted(open_name, over_baseline(policy()))


def test_an_unknown_category_is_refused_with_the_nearest_known() -> None:
    bound = with_field(mask={"use": "drop"}, **{**PERSONAL, "category": "user.contact.mail"})
    [problem] = found(bound, legal_basis=BASIS)
    assert str(problem).endswith(
        "a.category: is not a known category (example: user.contact.email)"
    )


def test_only_open_fields_that_are_stored_and_not_omitted_are_released() -> None:
    bound = contract(
        key("sensor_id"),
        event(),
        field("internal", "string", classification="internal"),
        field("omitted", "string", release="omit"),
        field("dropped", "string", mask={"use": "drop"}, **PERSONAL),
        field("masked", "string", mask={"use": "pseudonym"}, **PERSONAL),
    )
    released = over_baseline(policy()).released(bound)
    assert [field.name for field in released] == ["sensor_id", "observed_at"]


def test_what_is_only_counted_is_neither_released_nor_shared_as_it_is() -> None:
    pay = field("pay", "integer", mask={"use": "aggregate"}, **PERSONAL)
    masked = field("masked", "string", mask={"use": "pseudonym"}, **PERSONAL)
    wanted = {"by": ["unit"], "every": "month"}
    own = over_baseline(policy())
    bound = contract(UNIT, event(), pay, masked, aggregate=wanted)
    assert [f.name for f in own.released(bound)] == ["observed_at"]
    assert [f.name for f in own.shared(bound)] == ["unit", "observed_at", "masked"]


def test_only_what_no_treatment_opens_is_refused() -> None:
    own = over_baseline(policy())
    bound = contract(
        key("sensor_id"),
        event(),
        field("ill", "string", mask={"use": "drop"}, purpose="a", classification="special"),
        field("who", "string", mask={"use": "drop"}, **PERSONAL),
        field("odd", "string", classification="hobby"),
    )
    assert [f.name for f in bound.fields if own.refuses(f, "open")] == ["ill", "odd"]


def test_what_is_released_of_persons_may_together_single_one_out() -> None:
    opening = of_class("personal", open=["truncate", "drop"])
    region = policy("region", extends=None, classes={**RULES, **opening})
    own = effective("region", {"region": region})
    cut = field("postcode", "string", mask={"use": "truncate", "length": 2}, **PERSONAL)
    bound = contract(key("sensor_id"), event(), cut)
    assert [f.name for f in own.released(bound)] == ["sensor_id", "observed_at", "postcode"]
    assert [f.name for f in own.quasi_identifiers(bound)] == ["postcode"]
