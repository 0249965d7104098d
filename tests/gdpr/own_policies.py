"""Policies that tests write over the baseline."""

from __future__ import annotations

from typing import Any

import pytest

from gdpr.policy import Effective, effective
from schemas.documents import parse
from schemas.errors import ConfigurationError
from schemas.policy import Policy
from tests.builders import policies

BASELINE = policies()["datasjo_baseline"]
BASELINE_VERSION = f"datasjo_baseline@{BASELINE.version}"
RULES: dict[str, Any] = BASELINE.model_dump(mode="json")["classes"]


def policy(name: str = "own", **changes: object) -> Policy:
    """A policy that extends the baseline and repeats its limits."""
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
    """The first of them over the baseline and the others."""
    return effective(own[0].policy, {p.policy: p for p in (BASELINE, *own)})


def refused(*own: Policy) -> list[str]:
    """Why it cannot hold, each with its place."""
    with pytest.raises(ConfigurationError) as caught:
        over_baseline(*own)
    assert all(problem.example for problem in caught.value.problems)
    return [f"{p.field}: {p.what}" for p in caught.value.problems]


def of_class(word: str, **rule: object) -> dict[str, Any]:
    """The baseline's rule for a class, changed."""
    return {word: RULES[word] | rule}
