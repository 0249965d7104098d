"""What makes a policy looser than the one that it extends: a line for each rule that it breaks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from gdpr.taxonomy import governing
from schemas.errors import Problem
from schemas.policy import ClassRule, Permitted, Policy, Zone

Categories = Mapping[str, tuple[str, ...]]
ZONES: tuple[Zone, ...] = ("lake", "share", "open")


def treatments(permitted: Permitted) -> frozenset[str]:
    """What a zone permits, as a set; none where it refuses."""
    if permitted == "refuse":
        return frozenset()
    return frozenset([permitted]) if isinstance(permitted, str) else frozenset(permitted)


def loosened_classes(own: Policy, baseline: Mapping[str, ClassRule]) -> Iterable[Problem]:
    """A Problem for each class of which `own` permits more, or needs less, than `baseline`."""
    for word, rule in own.classes.items():
        below = baseline.get(word)
        if below is None:
            known = ", ".join(sorted(baseline))
            what = f"is not a class of {own.extends}"
            yield Problem(own.policy, f"classes.{word}", what, known)
            continue
        for zone in ZONES:
            yield from _loosened_zone(own, f"classes.{word}.{zone}", (rule, below), zone)
        if missing := set(below.needs) - set(rule.needs):
            what = f"loosens {own.extends}, which needs {', '.join(sorted(missing))}"
            yield Problem(own.policy, f"classes.{word}.needs", what, ", ".join(below.needs))


def loosened_categories(own: Policy, baseline: Categories) -> Iterable[Problem]:
    """A Problem for each category to which `own` allows a class that `baseline` does not."""
    for category, words in own.categories.items():
        held = governing(category, baseline)
        if held is None:
            continue
        if added := set(words) - set(baseline[held]):
            what = f"loosens {own.extends}, where {held} may not be {', '.join(sorted(added))}"
            allowed = ", ".join(baseline[held])
            yield Problem(own.policy, f"categories.{category}", what, allowed)


def loosened_limits(own: Policy, below: Policy) -> Iterable[Problem]:
    """A Problem for each number of `own` on the wrong side of the one in `below`."""
    for name in ("minimum_group", "suppress_below", "minimum_diversity"):
        limit = getattr(below.release, name)
        if getattr(own.release, name) < limit:
            yield _beyond(own, f"release.{name}", f"at least {limit}", limit)
    limit = below.release.maximum_distance
    if own.release.maximum_distance > limit:
        yield _beyond(own, "release.maximum_distance", f"at most {limit}", limit)
    days = below.landing_retention_days
    if own.landing_retention_days > days:
        yield _beyond(own, "landing_retention_days", f"at most {days}", days)


def _beyond(own: Policy, place: str, rule: str, limit: float) -> Problem:
    return Problem(own.policy, place, f"loosens {own.extends}, where it is {rule}", str(limit))


def _loosened_zone(
    own: Policy, place: str, rules: tuple[ClassRule, ClassRule], zone: Zone
) -> Iterable[Problem]:
    wanted, permitted = (treatments(getattr(rule, zone)) for rule in rules)
    # to drop a field is always less than to show it, but a refusal stops the whole dataset
    added = wanted - permitted - ({"drop"} if permitted else set())
    if added and "keep" not in permitted:
        what = f"loosens {own.extends}, which does not permit {', '.join(sorted(added))}"
        yield Problem(own.policy, place, what, ", ".join(sorted(permitted)) or "refuse")
