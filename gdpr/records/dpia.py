"""The risks that a dataset holds for persons, GDPR article 35: what is declared, what is measured.

No value of a row stands in a report: groups are told by how many they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gdpr.policy import Effective
from gdpr.records.criteria import Criterion, always_listed, criteria
from gdpr.records.ropa import Datum, Held, basis_of, datum_of, tells_of_persons
from schemas.contract import Contract, Field
from schemas.mask import PSEUDONYMS


@dataclass(frozen=True, slots=True)
class Measured:
    """Groups of rows alike in every quasi-identifier, over the table as it stands.

    `k` is the size of the smallest; `small_groups` are below the policy's least group, and
    `small_rows` in them; `diversity` the fewest different sensitive values in a group, if any
    are stored.
    """

    rows: int
    groups: int
    k: int
    small_groups: int
    small_rows: int
    diversity: int | None = None


@dataclass(frozen=True, slots=True)
class Zones:
    """What the policy does with a field: in the lake as the contract says, and beyond it."""

    datum: Datum
    shared: bool
    released: bool
    refused: bool


@dataclass(frozen=True, slots=True)
class Dpia:
    """The risk report of one dataset."""

    municipality: str
    dataset: str
    policy: str
    minimum_group: int
    personal: bool
    reference: str | None
    legal_basis: str | None
    special: tuple[Zones, ...]
    fields: tuple[Zones, ...]
    quasi_identifiers: tuple[str, ...]
    measured: Measured | None
    pseudonyms: tuple[str, ...]
    joined_with: tuple[str, ...]
    criteria: tuple[Criterion, ...]
    always: tuple[Criterion, ...]

    @property
    def required(self) -> bool | None:
        """Whether an assessment must be made; None where what is declared does not decide it."""
        if any(c.met for c in self.always) or sum(c.met is True for c in self.criteria) > 1:
            return True
        return None if self.personal else False


def dpia(held: Held, beside: Sequence[Held], policy: Effective, measured: Measured | None) -> Dpia:
    """The report of a dataset among the others of its municipality.

    `measured` is None where nothing has been committed yet, or no quasi-identifier is stored.
    """
    contract, basis = held.contract, held.binding.legal_basis
    about = [field for field in contract.fields if policy.is_personal(field)]
    zones = tuple(_zones(field, contract, policy) for field in about)
    joined = _joined(contract, beside)
    met = criteria(held, linked=bool(joined))
    return Dpia(
        municipality=held.municipality,
        dataset=contract.name,
        policy=policy.version,
        minimum_group=policy.minimum_group,
        personal=tells_of_persons(held, policy),
        reference=basis.dpia if basis else None,
        legal_basis=basis_of(basis),
        special=tuple(zone for zone in zones if zone.datum.classification == "special"),
        fields=zones,
        quasi_identifiers=tuple(field.name for field in quasi_identifiers(contract, policy)),
        measured=measured,
        pseudonyms=tuple(field.name for field in contract.fields if _is_pseudonym(field)),
        joined_with=joined,
        criteria=met,
        always=always_listed(held, met),
    )


def quasi_identifiers(contract: Contract, policy: Effective) -> tuple[Field, ...]:
    """The stored fields about a person that are no pseudonym, nor special, nor free text."""
    kinds = {"special", "free_text", "identifier"}
    return tuple(
        field
        for field in contract.stored
        if policy.is_personal(field)
        and field.classification not in kinds
        and not _is_pseudonym(field)
    )


def sensitive(contract: Contract) -> tuple[Field, ...]:
    """The stored fields of special categories."""
    return tuple(field for field in contract.stored if field.classification == "special")


def _zones(field: Field, contract: Contract, policy: Effective) -> Zones:
    rows_leave = contract.aggregate is None
    return Zones(
        datum=datum_of(field),
        shared=rows_leave and field in policy.shared(contract),
        released=rows_leave and field in policy.released(contract),
        refused=policy.refuses(field, "open"),
    )


def _is_pseudonym(field: Field) -> bool:
    return field.mask is not None and field.mask.use in PSEUDONYMS


def _domains(contract: Contract) -> set[tuple[str | None, str | None]]:
    return {(f.purpose, f.mask.domain) for f in contract.fields if f.mask and _is_pseudonym(f)}


def _joined(contract: Contract, beside: Sequence[Held]) -> tuple[str, ...]:
    """The datasets whose pseudonyms are of the same purpose and domain, so that rows meet."""
    own = _domains(contract)
    others = [held.contract for held in beside if held.contract.name != contract.name]
    return tuple(other.name for other in others if own & _domains(other))
