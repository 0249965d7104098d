from __future__ import annotations

from typing import Any, get_args

from hypothesis import assume, given
from hypothesis import strategies as st

from gdpr.policy import Effective, effective
from gdpr.taxonomy import CATEGORIES
from gdpr.tightening import ZONES, treatments
from schemas.documents import parse
from schemas.errors import ConfigurationError
from schemas.mask import MaskWord
from schemas.policy import Need, Policy

CLASSES = ("open", "personal", "special")
SOME = st.sampled_from(sorted(CATEGORIES)[:12])
PERMITTED = st.sampled_from(["keep", "refuse"]) | st.lists(
    st.sampled_from(["keep", *get_args(MaskWord)][:5]), unique=True
)
RULE = st.fixed_dictionaries(
    dict.fromkeys(ZONES, PERMITTED)
    | {"needs": st.lists(st.sampled_from(get_args(Need)[:3]), unique=True)}
)
LIMITS = st.fixed_dictionaries(
    {
        "minimum_group": st.integers(4, 6),
        "suppress_below": st.integers(4, 6),
        "minimum_diversity": st.integers(1, 2),
        "maximum_distance": st.sampled_from([0.2, 0.5, 1.0]),
    }
)


@st.composite
def documents(draw: st.DrawFn, name: str, below: str | None = None) -> dict[str, Any]:
    words = st.lists(st.sampled_from(CLASSES), unique=True)
    some = st.dictionaries(st.sampled_from(CLASSES), RULE)
    return {
        "policy": name,
        "version": "1.0.0",
        "extends": below,
        "classes": draw(some) if below else {word: draw(RULE) for word in CLASSES},
        "categories": draw(st.dictionaries(SOME, words, max_size=3)),
        "refused_domains": draw(st.lists(st.sampled_from(["a", "b"]), unique=True)),
        "aggregate_only_domains": draw(st.lists(st.sampled_from(["a", "b"]), unique=True)),
        "release": draw(LIMITS),
        "landing_retention_days": draw(st.integers(29, 31)),
    }


def nudged(document: dict[str, Any], name: str) -> dict[str, Any]:
    return {**document, "policy": name, "extends": "base"}


@given(documents("base"), documents("own", "base"), st.sets(st.sampled_from(CLASSES)))
def test_a_tightened_policy_never_permits_what_its_base_forbids(
    base: dict[str, Any], own: dict[str, Any], copied: set[str]
) -> None:
    own["classes"] |= {word: base["classes"][word] for word in copied}
    known = {"base": parse(Policy, base, "base"), "own": parse(Policy, own, "own")}
    below = effective("base", known)
    try:
        above = effective("own", known)
    except ConfigurationError:
        assume(condition=False)
    assert not looser(above, below)


@given(documents("base"))
def test_a_policy_that_repeats_its_base_is_no_loosening(base: dict[str, Any]) -> None:
    known = {
        "base": parse(Policy, base, "base"),
        "own": parse(Policy, nudged(base, "own"), "own"),
    }
    above, below = effective("own", known), effective("base", known)
    assert not looser(above, below)
    assert not looser(below, above)


def looser(above: Effective, below: Effective) -> list[str]:
    found = [
        f"{word} {zone}" for word in CLASSES for zone in ZONES if freer(above, below, word, zone)
    ]
    found += [
        word for word in CLASSES if set(below.classes[word].needs) - set(above.classes[word].needs)
    ]
    found += [
        word for word in CATEGORIES if set(above.classes_of(word)) - set(below.classes_of(word))
    ]
    found += set(below.refused_domains) - set(above.refused_domains)
    found += set(below.aggregate_only_domains) - set(above.aggregate_only_domains)
    pairs = zip(limits(above), limits(below), strict=True)
    return found + ["limits" for one, other in pairs if one < other]


def freer(above: Effective, below: Effective, word: str, zone: str) -> bool:
    wanted = treatments(getattr(above.classes[word], zone))
    permitted = treatments(getattr(below.classes[word], zone))
    if not permitted:
        return bool(wanted)
    return "keep" not in permitted and not wanted <= permitted | {"drop"}


def limits(policy: Effective) -> tuple[float, ...]:
    rule = policy.release
    least = (rule.minimum_group, rule.suppress_below, rule.minimum_diversity)
    return (*least, -rule.maximum_distance, -policy.landing_retention_days)
