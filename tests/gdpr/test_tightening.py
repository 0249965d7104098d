from __future__ import annotations

from typing import Any

import pytest

from tests.gdpr.own_policies import BASELINE, RULES, of_class, over_baseline, policy, refused

STRICT = {
    "minimum_group": 5,
    "suppress_below": 5,
    "minimum_diversity": 3,
    "maximum_distance": 0.2,
}


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
            (
                "classes.personal.needs: loosens datasjo_baseline, which needs "
                "category, legal_basis, retention, subject"
            ),
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
        (
            {"classes": of_class("special", open=["drop"])},
            "classes.special.open: loosens datasjo_baseline, which does not permit drop",
        ),
        (
            {"categories": {"user.health_and_medical": ["special", "personal"]}},
            (
                "categories.user.health_and_medical: loosens datasjo_baseline, "
                "where user.health_and_medical may not be personal"
            ),
        ),
        (
            {"categories": {"user.contact.email": ["open"]}},
            (
                "categories.user.contact.email: loosens datasjo_baseline, "
                "where user.contact may not be open"
            ),
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
        of_class("special", needs=[*RULES["special"]["needs"]], lake=["drop"]),
    ],
)
def test_whatever_permits_less_is_a_tightening(rule: dict[str, Any]) -> None:
    assert over_baseline(policy(classes=rule)).classes


def test_a_stricter_release_is_a_tightening() -> None:
    own = over_baseline(policy(release=STRICT))
    assert own.release.minimum_diversity == 3
    looser = {**STRICT, "minimum_diversity": 2, "maximum_distance": 0.3}
    assert refused(policy(extends="middle", release=looser), policy("middle", release=STRICT)) == [
        "release.maximum_distance: loosens middle, where it is at most 0.2",
        "release.minimum_diversity: loosens middle, where it is at least 3",
    ]


def test_a_category_that_the_baseline_says_nothing_of_may_be_held_to_a_class() -> None:
    own = over_baseline(policy(categories={"system.operations": ["internal"]}))
    assert own.classes_of("system.operations") == ("internal",)
    assert set(own.classes_of("system")) == set(BASELINE.classes)


@pytest.mark.parametrize(
    ("categories", "line"),
    [
        ({"user.contact.mail": ["personal"]}, "user.contact.mail: is not a known category"),
        ({"system": ["hobby"]}, "system: hobby is not a class"),
    ],
)
def test_a_policy_speaks_of_known_words_only(categories: dict[str, list[str]], line: str) -> None:
    assert f"categories.{line}" in refused(policy(categories=categories))


def test_a_municipality_adds_refused_domains_and_removes_none() -> None:
    own = over_baseline(policy(refused_domains=["water"]))
    assert own.refused_domains == ("child_welfare", "patient_journal", "water")
    assert own.aggregate_only_domains == BASELINE.aggregate_only_domains


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
