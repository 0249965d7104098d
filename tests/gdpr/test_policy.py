from __future__ import annotations

from typing import Any

import pytest

from gdpr.policy import Effective, contract_problems, effective, require_permitted
from schemas.contract import Contract
from schemas.documents import parse
from schemas.errors import ConfigurationError, PolicyBreach
from schemas.municipality import Municipality
from schemas.policy import Policy
from tests.builders import (
    binding_document,
    contract,
    event,
    field,
    key,
    owner_document,
    policies,
)

BASELINE = policies()["datasjo_baseline"]
RULES = BASELINE.model_dump(mode="json")["classes"]
PERSONAL = {"classification": "personal", "purpose": "a test"}
BASIS = {"article_6": "e", "purpose": "a test"}


def policy(name: str = "own", **changes: object) -> Policy:
    written = {
        "policy": name,
        "version": "1.0.0",
        "extends": "datasjo_baseline",
        "classes": {},
        "release": {"minimum_group": 5, "suppress_below": 5},
        "landing_retention_days": 30,
        **changes,
    }
    return parse(Policy, written, "own.yaml")


def over_baseline(*own: Policy) -> Effective:
    return effective(own[0].policy, {p.policy: p for p in (BASELINE, *own)})


def refused(*own: Policy) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        over_baseline(*own)
    assert all(problem.example for problem in caught.value.problems)
    return [f"{p.field}: {p.what}" for p in caught.value.problems]


def of_class(word: str, **rule: object) -> dict[str, Any]:
    return {word: RULES[word] | rule}


def with_field(**words: Any) -> Contract:  # noqa: ANN401 - any words of YAML
    return contract(key("sensor_id"), event(), field("a", "string", **words))


def problems(bound: Contract, **changes: object) -> list[str]:
    written = binding_document("readings", {"engine": "files", "url": "x"}, **changes)
    owner = parse(Municipality, owner_document(bindings=[written]), "1103.yaml")
    found = contract_problems(bound, owner.binding("readings"), over_baseline(policy()))
    return [f"{problem.field}: {problem.what}" for problem in found]


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


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        (
            {"classes": of_class("identifier", lake=["keep", "drop"])},
            "classes.identifier.lake: loosens datasjo_baseline, which does not permit keep",
        ),
        (
            {"classes": of_class("personal", open=["aggregate", "bucket"])},
            "classes.personal.open: loosens datasjo_baseline, which does not permit bucket",
        ),
        (
            {"classes": of_class("special", share=["aggregate"])},
            "classes.special.share: loosens datasjo_baseline, which does not permit aggregate",
        ),
        (
            {"classes": of_class("personal", needs=["purpose"])},
            "classes.personal.needs: loosens datasjo_baseline, which needs legal_basis, retention",
        ),
        (
            {"classes": {"hobby": RULES["open"]}},
            "classes.hobby: is not a class of datasjo_baseline",
        ),
        (
            {"release": {"minimum_group": 4, "suppress_below": 5}},
            "release.minimum_group: loosens datasjo_baseline, where it is at least 5",
        ),
        (
            {"release": {"minimum_group": 5, "suppress_below": 4}},
            "release.suppress_below: loosens datasjo_baseline, where it is at least 5",
        ),
        (
            {"landing_retention_days": 31},
            "landing_retention_days: loosens datasjo_baseline, where it is at most 30",
        ),
    ],
)
def test_loosening_is_refused_with_the_rule_that_it_breaks(
    changes: dict[str, Any], line: str
) -> None:
    assert refused(policy(**changes)) == [line]


@pytest.mark.parametrize(
    "rule",
    [
        of_class("open", lake=["generalise", "drop"]),
        of_class("open", open="refuse"),
        of_class("personal", lake=["drop"], open="refuse"),
        of_class("special", lake="refuse"),
        of_class("open", needs=["dpia"]),
    ],
)
def test_whatever_permits_less_is_a_tightening(rule: dict[str, Any]) -> None:
    assert over_baseline(policy(classes=rule)).classes


def test_every_loosening_is_said_at_once() -> None:
    loose = policy(classes=of_class("personal", lake="keep"), landing_retention_days=99)
    assert len(refused(loose)) == 2


def test_a_third_policy_is_held_against_all_below_it() -> None:
    middle = policy("middle", classes=of_class("personal", lake=["drop"]))
    loose = policy(extends="middle", classes=of_class("personal", lake=["bucket", "drop"]))
    assert refused(loose, middle) == [
        "classes.personal.lake: loosens middle, which does not permit bucket"
    ]
    other = policy(extends="middle", classes=of_class("identifier", lake=["drop"]))
    assert over_baseline(other, middle).classes["personal"].lake == ("drop",)


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
        ({**PERSONAL, "classification": "special", "mask": {"use": "pseudonym"}}, "pseudonym"),
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
    words = {"mask": {"use": "drop"}, "classification": "special", "purpose": "a test"}
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
