"""A municipality's record of processing activities, GDPR article 30, from what its files declare.

What nobody declared is None, and is said to be missing; nothing is made up.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from gdpr.policy import Effective
from gdpr.taxonomy import CATEGORIES, SUBJECTS, USES, Label
from schemas.contract import Contract, Field
from schemas.municipality import Binding, Grant, LegalBasis, Municipality
from schemas.stages import Pseudonymised

PUBLIC = "Allmennheten, som åpne data"


@dataclass(frozen=True, slots=True)
class Datum:
    """A field about persons: what it tells, its class, and what becomes of it in the lake."""

    field: str
    category: str | None
    classification: str
    treatment: str


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who gets what, for which purpose and on which basis, and until when."""

    name: str
    fields: tuple[str, ...]
    purpose: str | None
    legal_basis: str | None
    until: dt.date | None


@dataclass(frozen=True, slots=True)
class Processing:
    """One dataset that tells of persons, as article 30(1) wants it described."""

    dataset: str
    description: str
    purposes: tuple[str, ...]
    use: str | None
    legal_basis: str | None
    dpia: str | None
    system: str
    subjects: tuple[str, ...]
    data: tuple[Datum, ...]
    recipients: tuple[Recipient, ...]
    transfers: str | None
    retention_days: int | None
    landing_days: int
    measures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ropa:
    """The whole record: who answers for it, and each processing."""

    controller: str
    number: str
    organisation_number: str
    contact: str
    data_protection_officer: str
    policy: str
    processings: tuple[Processing, ...]
    without_persons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """One dataset of a municipality; what its table records of pseudonyms; the newest release."""

    municipality: str
    contract: Contract
    binding: Binding
    pseudonyms: Mapping[str, Pseudonymised] = field(default_factory=dict)
    released: str | None = None


def ropa(
    owner: Municipality, policy: Effective, held: Sequence[Held], names: Mapping[str, str]
) -> Ropa:
    """The municipality's record. `names` has the municipalities' names by their numbers."""
    personal = [one for one in held if tells_of_persons(one, policy)]
    return Ropa(
        controller=owner.name.nb,
        number=owner.number,
        organisation_number=owner.organisation_number,
        contact=owner.contact,
        data_protection_officer=owner.data_protection_officer,
        policy=policy.version,
        processings=tuple(_processing(one, owner, policy, names) for one in personal),
        without_persons=tuple(one.contract.name for one in held if one not in personal),
    )


def tells_of_persons(one: Held, policy: Effective) -> bool:
    """Whether the dataset, or the system that it comes from, holds anything about persons."""
    declared = one.binding.system.personal_data != "none"
    return declared or any(policy.is_personal(f) for f in one.contract.fields)


def basis_of(basis: LegalBasis | None) -> str | None:
    """The legal basis as a line: articles and law; None where there is none."""
    if basis is None:
        return None
    articles = [f"artikkel 6 nr. 1 {basis.article_6}"]
    articles += [f"artikkel 9 nr. 2 {basis.article_9}"] if basis.article_9 else []
    return ", ".join([*articles, *([basis.law] if basis.law else [])])


def named(word: str | None, labels: Mapping[str, Label]) -> str | None:
    """What the word is called in Norwegian; the word itself where it has no label."""
    return labels[word].nb if word is not None and word in labels else word


def datum_of(told: Field) -> Datum:
    """What the record says of one field."""
    return Datum(
        field=told.name,
        category=named(told.category, CATEGORIES),
        classification=told.classification or "",
        treatment=told.mask.use if told.mask else "keep",
    )


def _processing(
    one: Held, owner: Municipality, policy: Effective, names: Mapping[str, str]
) -> Processing:
    contract, binding, basis = one.contract, one.binding, one.binding.legal_basis
    about = [f for f in contract.fields if policy.is_personal(f)]
    system, retention = binding.system, contract.levels.retention
    told = {f.purpose for f in about if f.purpose} | ({basis.purpose} if basis else set())
    return Processing(
        dataset=contract.name,
        description=contract.purpose,
        purposes=tuple(sorted(told)),
        use=named(basis.use if basis else None, USES),
        legal_basis=basis_of(basis),
        dpia=basis.dpia if basis else None,
        system=f"{system.name}, eies av {system.owner}, ansvarlig {system.responsible}",
        subjects=tuple(sorted({SUBJECTS[f.subject].nb for f in about if f.subject})),
        data=tuple(datum_of(f) for f in about),
        recipients=tuple(_recipients(one, owner, policy, names)),
        transfers=None,
        retention_days=retention.days if retention else None,
        landing_days=policy.landing_retention_days,
        measures=tuple(_measures(one, policy)),
    )


def _recipients(
    one: Held, owner: Municipality, policy: Effective, names: Mapping[str, str]
) -> Iterator[Recipient]:
    for grant in owner.grants:
        if grant.dataset == one.contract.name:
            yield _neighbour(grant, names)
    if one.released is not None:
        fields = tuple(f.name for f in policy.released(one.contract))
        yield Recipient(f"{PUBLIC} ({one.released})", fields, None, None, None)


def _neighbour(grant: Grant, names: Mapping[str, str]) -> Recipient:
    name = names.get(grant.recipient, grant.recipient)
    basis = basis_of(grant.legal_basis)
    return Recipient(name, grant.columns, grant.purpose, basis, grant.expires)


def _measures(one: Held, policy: Effective) -> Iterator[str]:
    yield "Råfiler og karantene ligger i en avgrenset sone"
    if one.contract.aggregate:
        yield f"Bare antall forlater sonen, i grupper på minst {policy.minimum_group}"
    dropped = sum(1 for f in one.contract.fields if f.mask and f.mask.use == "drop")
    if dropped:
        yield f"{dropped} felt fjernes før lagring i sjøen"
    for name, made in sorted(one.pseudonyms.items()):
        yield f"{name} er et pseudonym: {made.algorithm}, nøkkel {made.key_id} v{made.version}"
    yield "Lesing krever et tillatt formål, og føres i en logg som ikke kan endres uten spor"
