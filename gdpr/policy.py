"""The policy that holds for a municipality, and what it says of a contract's fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from schemas.contract import Contract, Field
from schemas.errors import ConfigurationError, PolicyBreach, Problem
from schemas.municipality import Binding
from schemas.policy import ClassRule, Permitted, Policy, ReleaseRule, Zone

_ZONES: tuple[Zone, ...] = ("lake", "share", "open")


@dataclass(frozen=True, slots=True)
class Effective:
    """A policy with all that it extends: the rules that hold, and the versions behind them."""

    name: str
    version: str
    classes: Mapping[str, ClassRule]
    release: ReleaseRule
    landing_retention_days: int
    categories: Mapping[str, tuple[str, ...]]
    refused_domains: tuple[str, ...]

    @property
    def minimum_group(self) -> int:
        """The least number of persons or rows that a group in the open, or a count, may have."""
        return self.release.minimum_group

    def permits(self, field: Field, zone: Zone, treatment: str) -> bool:
        """Whether the field may get that treatment in that zone; an unknown class permits none."""
        rule = self.classes.get(field.classification or "")
        return rule is not None and treatment in _treatments(getattr(rule, zone))

    def released(self, contract: Contract) -> tuple[Field, ...]:
        """The stored fields that may stand in the open as the lake holds them."""
        return tuple(
            field
            for field in contract.stored
            if not field.omitted and any(self.permits(field, "open", t) for t in _as_stored(field))
        )

    def quasi_identifiers(self, contract: Contract) -> tuple[Field, ...]:
        """The released fields that are about a person, and together might single one out."""
        return tuple(f for f in self.released(contract) if self.is_personal(f))

    def is_personal(self, field: Field) -> bool:
        """Whether the field's class needs a basis; an unknown class counts as one that does."""
        rule = self.classes.get(field.classification or "")
        return rule is None or bool(rule.needs)


def effective(name: str, policies: Mapping[str, Policy]) -> Effective:
    """The policy of that name over all that it extends.

    Raises:
        ConfigurationError: it is unknown, extends itself in a circle, or loosens what it extends.
    """
    chain = _chain(name, policies)
    classes: dict[str, ClassRule] = {}
    problems: list[Problem] = []
    for own, below in zip(reversed(chain), [None, *reversed(chain)], strict=False):
        if below is not None:
            problems += [*_loosened(own, classes), *_loosened_limits(own, below)]
        classes |= own.classes
    if problems:
        raise ConfigurationError(problems)
    version = "+".join(f"{policy.policy}@{policy.version}" for policy in chain)
    return Effective(
        name=name,
        version=version,
        classes=classes,
        release=chain[0].release,
        landing_retention_days=chain[0].landing_retention_days,
        categories={key: words for p in reversed(chain) for key, words in p.categories.items()},
        refused_domains=tuple(sorted({domain for p in chain for domain in p.refused_domains})),
    )


def contract_problems(contract: Contract, binding: Binding, policy: Effective) -> list[Problem]:
    """What the policy finds wrong with a contract as a municipality binds it."""
    return [problem for field in contract.fields for problem in _field(field, contract, policy)] + [
        Problem(contract.file, field.name, f"the policy needs {need}, which is missing", example)
        for field in contract.fields
        for need, example in _missing_needs(field, contract, binding, policy)
    ]


def require_permitted(contract: Contract, policy: Effective) -> None:
    """Raise PolicyBreach, naming the field, where a field has no treatment the lake permits."""
    for field in contract.fields:
        for problem in _field(field, contract, policy):
            raise PolicyBreach(str(problem))


def _chain(name: str, policies: Mapping[str, Policy]) -> list[Policy]:
    known = ", ".join(sorted(policies))
    chain: list[Policy] = []
    current: str | None = name
    while current is not None:
        if current not in policies:
            raise ConfigurationError([Problem("policies", current, "is not a known policy", known)])
        if any(policy.policy == current for policy in chain):
            circle = " → ".join([*(policy.policy for policy in chain), current])
            what = f"extends itself: {circle}"
            raise ConfigurationError([Problem("policies", name, what, f"extends: {known}")])
        chain.append(policies[current])
        current = policies[current].extends
    return chain


def _as_stored(field: Field) -> tuple[str, ...]:
    return ("keep", field.mask.use) if field.mask else ("keep",)


def _treatments(permitted: Permitted) -> frozenset[str]:
    if permitted == "refuse":
        return frozenset()
    return frozenset([permitted]) if isinstance(permitted, str) else frozenset(permitted)


def _loosened(own: Policy, baseline: Mapping[str, ClassRule]) -> Iterable[Problem]:
    for word, rule in own.classes.items():
        below = baseline.get(word)
        if below is None:
            known = ", ".join(sorted(baseline))
            what = f"is not a class of {own.extends}"
            yield Problem(own.policy, f"classes.{word}", what, known)
            continue
        for zone in _ZONES:
            yield from _loosened_zone(own, f"classes.{word}.{zone}", (rule, below), zone)
        if missing := set(below.needs) - set(rule.needs):
            what = f"loosens {own.extends}, which needs {', '.join(sorted(missing))}"
            yield Problem(own.policy, f"classes.{word}.needs", what, ", ".join(below.needs))


def _loosened_zone(
    own: Policy, place: str, rules: tuple[ClassRule, ClassRule], zone: Zone
) -> Iterable[Problem]:
    wanted, permitted = (_treatments(getattr(rule, zone)) for rule in rules)
    added = wanted - permitted - {"drop"}
    if added and "keep" not in permitted:
        what = f"loosens {own.extends}, which does not permit {', '.join(sorted(added))}"
        yield Problem(own.policy, place, what, ", ".join(sorted(permitted)) or "refuse")


def _loosened_limits(own: Policy, below: Policy) -> Iterable[Problem]:
    least = {
        "release.minimum_group": (own.release.minimum_group, below.release.minimum_group),
        "release.suppress_below": (own.release.suppress_below, below.release.suppress_below),
    }
    for place, (wanted, limit) in least.items():
        if wanted < limit:
            what = f"loosens {own.extends}, where it is at least {limit}"
            yield Problem(own.policy, place, what, str(limit))
    if own.landing_retention_days > below.landing_retention_days:
        limit = below.landing_retention_days
        what = f"loosens {own.extends}, where it is at most {limit}"
        yield Problem(own.policy, "landing_retention_days", what, str(limit))


def _field(field: Field, contract: Contract, policy: Effective) -> Iterable[Problem]:
    rule = policy.classes.get(field.classification or "")
    if rule is None:
        what = "is not a class of the policy: an unclassified field is refused"
        yield Problem(contract.file, f"{field.name}.classification", what, "open")
        return
    treatment = field.mask.use if field.mask else "keep"
    allowed = _treatments(rule.lake)
    if treatment not in allowed:
        what = f"class {field.classification} does not permit {treatment} in the lake"
        yield Problem(contract.file, f"{field.name}.mask", what, ", ".join(sorted(allowed)))


def _missing_needs(
    field: Field, contract: Contract, binding: Binding, policy: Effective
) -> Iterable[tuple[str, str]]:
    rule = policy.classes.get(field.classification or "")
    basis = binding.legal_basis
    met = {
        "legal_basis": basis is not None,
        "legal_basis_9": basis is not None and basis.article_9 is not None,
        "dpia": basis is not None and basis.dpia is not None,
        "purpose": field.purpose is not None,
        "retention": contract.levels.retention is not None,
        "category": field.category is not None,
        "subject": field.subject is not None,
    }
    for need in rule.needs if rule else ():
        if not met[need]:
            yield need, _EXAMPLES[need]


_EXAMPLES = {
    "legal_basis": "legal_basis: {article_6: e, purpose: ...} in the binding",
    "legal_basis_9": "legal_basis: {article_9: h, ...} in the binding",
    "dpia": "legal_basis: {dpia: 2026/123, ...} in the binding",
    "purpose": "property: purpose, value: facility management",
    "retention": "{property: retention, value: 5, unit: years}",
    "category": "property: category, value: user.contact.email",
    "subject": "property: subject, value: inhabitant",
}
