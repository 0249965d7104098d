"""The policy that holds for a municipality, and what it says of a contract's fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from schemas.contract import Contract, Field
from schemas.errors import ConfigurationError, PolicyBreach, Problem
from schemas.municipality import Binding
from schemas.policy import ClassRule, Permitted, Policy, Zone

_ZONES: tuple[Zone, ...] = ("lake", "share", "open")


@dataclass(frozen=True, slots=True)
class Effective:
    """A policy with all that it extends: the rules that hold, and the versions behind them."""

    name: str
    version: str
    classes: Mapping[str, ClassRule]
    minimum_group: int

    def permits(self, field: Field, zone: Zone, treatment: str) -> bool:
        """Whether the field may get that treatment in that zone; an unknown class permits none."""
        rule = self.classes.get(field.classification or "")
        return rule is not None and treatment in _treatments(getattr(rule, zone))

    def released(self, contract: Contract) -> tuple[Field, ...]:
        """The stored fields that may stand in the open as they are."""
        return tuple(
            field
            for field in contract.stored
            if not field.omitted and self.permits(field, "open", "keep")
        )


def effective(name: str, policies: Mapping[str, Policy]) -> Effective:
    """The policy of that name over all that it extends.

    Raises:
        ConfigurationError: it is unknown, extends itself in a circle, or loosens what it extends.
    """
    chain = _chain(name, policies)
    problems = [p for own, below in pairwise(chain) for p in _loosened(own, below)]
    if problems:
        raise ConfigurationError(problems)
    classes = {word: rule for policy in reversed(chain) for word, rule in policy.classes.items()}
    version = "+".join(f"{policy.policy}@{policy.version}" for policy in chain)
    return Effective(name, version, classes, max(p.release.minimum_group for p in chain))


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
    chain: list[Policy] = []
    current: str | None = name
    while current is not None:
        if current not in policies:
            known = ", ".join(sorted(policies))
            raise ConfigurationError([Problem("policies", current, "is not a known policy", known)])
        if any(policy.policy == current for policy in chain):
            circle = " → ".join([*(policy.policy for policy in chain), current])
            raise ConfigurationError([Problem("policies", name, f"extends itself: {circle}")])
        chain.append(policies[current])
        current = policies[current].extends
    return chain


def _treatments(permitted: Permitted) -> frozenset[str]:
    if permitted == "refuse":
        return frozenset()
    return frozenset([permitted]) if isinstance(permitted, str) else frozenset(permitted)


def _loosened(own: Policy, baseline: Policy) -> Iterable[Problem]:
    for word, rule in own.classes.items():
        below = baseline.classes.get(word)
        if below is None:
            yield Problem(own.policy, word, f"is not a class of {baseline.policy}", "personal")
            continue
        yield from _loosened_class(own, word, rule, below)
    if own.release.minimum_group < baseline.release.minimum_group:
        what = f"loosens {baseline.policy}: the least group is {baseline.release.minimum_group}"
        yield Problem(own.policy, "release.minimum_group", what)
    if own.landing_retention_days > baseline.landing_retention_days:
        what = f"loosens {baseline.policy}: at most {baseline.landing_retention_days} days"
        yield Problem(own.policy, "landing_retention_days", what)


def _loosened_class(own: Policy, word: str, rule: ClassRule, below: ClassRule) -> Iterable[Problem]:
    for zone in _ZONES:
        added = _treatments(getattr(rule, zone)) - _treatments(getattr(below, zone)) - {"drop"}
        if added:
            what = f"loosens {own.extends}, which does not permit {', '.join(sorted(added))}"
            yield Problem(own.policy, f"classes.{word}.{zone}", what)
    if missing := set(below.needs) - set(rule.needs):
        what = f"loosens {own.extends}, which needs {', '.join(sorted(missing))}"
        yield Problem(own.policy, f"classes.{word}.needs", what)


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
}
