"""The policy that holds for a municipality, and what it says of a contract's fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gdpr.taxonomy import CATEGORIES, governing, nearest
from gdpr.tightening import loosened_categories, loosened_classes, loosened_limits, treatments
from schemas.contract import Contract, Field
from schemas.errors import ConfigurationError, PolicyBreach, Problem
from schemas.municipality import Binding
from schemas.policy import ClassRule, Policy, ReleaseRule, Zone


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
    aggregate_only_domains: tuple[str, ...]

    @property
    def minimum_group(self) -> int:
        """The least number of persons or rows that a group in the open, or a count, may have."""
        return self.release.minimum_group

    def permits(self, field: Field, zone: Zone, treatment: str) -> bool:
        """Whether the field may get that treatment in that zone; an unknown class permits none."""
        rule = self.classes.get(field.classification or "")
        return rule is not None and treatment in treatments(getattr(rule, zone))

    def refuses(self, field: Field, zone: Zone) -> bool:
        """Whether a dataset with such a field stays out of that zone, whatever is done to it."""
        rule = self.classes.get(field.classification or "")
        return rule is None or not treatments(getattr(rule, zone))

    def released(self, contract: Contract) -> tuple[Field, ...]:
        """The stored fields that may stand in the open as the lake holds them."""
        return tuple(f for f in self._as_stored(contract, "open") if not f.omitted)

    def shared(self, contract: Contract) -> tuple[Field, ...]:
        """The stored fields that a neighbour may be granted as the lake holds them."""
        return self._as_stored(contract, "share")

    def quasi_identifiers(self, contract: Contract) -> tuple[Field, ...]:
        """The released fields that are about a person, and together might single one out."""
        return tuple(f for f in self.released(contract) if self.is_personal(f))

    def is_personal(self, field: Field) -> bool:
        """Whether the field's class needs a basis; an unknown class counts as one that does."""
        rule = self.classes.get(field.classification or "")
        return rule is None or bool(rule.needs)

    def classes_of(self, category: str) -> tuple[str, ...]:
        """The classes that a field may have which tells that of a person."""
        held = governing(category, self.categories)
        return self.categories[held] if held else tuple(self.classes)

    def _as_stored(self, contract: Contract, zone: Zone) -> tuple[Field, ...]:
        return tuple(
            field
            for field in contract.stored
            if any(self.permits(field, zone, treatment) for treatment in _stored_as(field))
        )


def effective(name: str, policies: Mapping[str, Policy]) -> Effective:
    """The policy of that name over all that it extends.

    Raises:
        ConfigurationError: it is unknown, extends itself in a circle, or loosens what it extends.
    """
    chain = _chain(name, policies)
    classes: dict[str, ClassRule] = {}
    categories: dict[str, tuple[str, ...]] = {}
    problems: list[Problem] = []
    for own, below in zip(reversed(chain), [None, *reversed(chain)], strict=False):
        if below is not None:
            problems += [*loosened_classes(own, classes), *loosened_limits(own, below)]
            problems += loosened_categories(own, categories)
        classes |= own.classes
        categories |= own.categories
        problems += _unknown_words(own, classes)
    if problems:
        raise ConfigurationError(problems)
    return Effective(
        name=name,
        version="+".join(f"{policy.policy}@{policy.version}" for policy in chain),
        classes=classes,
        release=chain[0].release,
        landing_retention_days=chain[0].landing_retention_days,
        categories=categories,
        refused_domains=_all(policy.refused_domains for policy in chain),
        aggregate_only_domains=_all(policy.aggregate_only_domains for policy in chain),
    )


def contract_problems(contract: Contract, binding: Binding, policy: Effective) -> list[Problem]:
    """What the policy finds wrong with a contract as a municipality binds it."""
    return [
        *_domain(contract, policy),
        *(problem for field in contract.fields for problem in _field(field, contract, policy)),
        *(
            Problem(contract.file, field.name, f"the policy needs {need}, which is missing", said)
            for field in contract.fields
            for need, said in _missing_needs(field, contract, binding, policy)
        ),
    ]


def require_permitted(contract: Contract, policy: Effective) -> None:
    """Raise PolicyBreach, naming the rule, where the policy does not let the contract be stored."""
    for problem in _domain(contract, policy):
        raise PolicyBreach(str(problem))
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


def _all(words: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(sorted({word for some in words for word in some}))


def _unknown_words(own: Policy, classes: Mapping[str, ClassRule]) -> Iterable[Problem]:
    for category, words in own.categories.items():
        place = f"categories.{category}"
        if category not in CATEGORIES:
            known = nearest(category, CATEGORIES)
            yield Problem(own.policy, place, "is not a known category", known)
        for word in sorted(set(words) - set(classes)):
            yield Problem(own.policy, place, f"{word} is not a class", ", ".join(sorted(classes)))


def _stored_as(field: Field) -> tuple[str, ...]:
    if field.mask is None:
        return ("keep",)
    # what is only ever counted leaves as a count, never as the lake holds it
    return () if field.mask.use == "aggregate" else ("keep", field.mask.use)


def _domain(contract: Contract, policy: Effective) -> Iterable[Problem]:
    if contract.domain in policy.refused_domains:
        what = f"{contract.domain} is refused by refused_domains of {policy.version}"
        yield Problem(contract.file, "domain", what, "no binding of this dataset")
    elif contract.domain in policy.aggregate_only_domains and contract.aggregate is None:
        what = f"{contract.domain} may only leave as counts, by aggregate_only_domains of"
        example = "property: aggregate, value: {by: [unit_code], every: month}"
        yield Problem(contract.file, "domain", f"{what} {policy.version}", example)


def _field(field: Field, contract: Contract, policy: Effective) -> Iterable[Problem]:
    rule = policy.classes.get(field.classification or "")
    if rule is None:
        what = "is not a class of the policy: an unclassified field is refused"
        yield Problem(contract.file, f"{field.name}.classification", what, "open")
        return
    treatment = field.mask.use if field.mask else "keep"
    allowed = treatments(rule.lake)
    if treatment not in allowed:
        what = f"class {field.classification} does not permit {treatment} in the lake"
        yield Problem(contract.file, f"{field.name}.mask", what, ", ".join(sorted(allowed)))
    yield from _category(field, contract, policy)


def _category(field: Field, contract: Contract, policy: Effective) -> Iterable[Problem]:
    if field.category is None:
        return
    if field.category not in CATEGORIES:
        known = nearest(field.category, CATEGORIES)
        yield Problem(contract.file, f"{field.name}.category", "is not a known category", known)
    elif field.classification not in (allowed := policy.classes_of(field.category)):
        what = f"{field.category} may not be {field.classification} under {policy.version}"
        yield Problem(contract.file, f"{field.name}.classification", what, ", ".join(allowed))


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
