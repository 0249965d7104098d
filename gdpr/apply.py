"""The only constructor of Masked: every field as its policy permits it in the lake."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import polars as pl

from gdpr.keys import Keyring
from gdpr.masking.coarsening import COARSENERS
from gdpr.policy import Effective, require_permitted
from gdpr.pseudonyms.concealing import ALGORITHMS, Concealing
from gdpr.subject import one_form
from gdpr.tombstones import kind_of
from schemas.contract import Contract, Field
from schemas.stages import DAY, Masked, Pseudonymised, Valid


@dataclass(frozen=True, slots=True)
class Keys:
    """Where a table's keys come from: the ring, and what the table records of its columns."""

    ring: Callable[[], Keyring]
    recorded: Mapping[str, Pseudonymised] = field(default_factory=dict)

    def version(self, name: str, ring: Keyring) -> int:
        """The generation that a field takes: the one that is recorded, or else the newest."""
        return self.recorded[name].version if name in self.recorded else ring.current


@dataclass(frozen=True, slots=True)
class Masking:
    """What becomes of each stored field, decided once for many chunks."""

    contract: Contract
    concealed: Mapping[str, Concealing]
    zone: str

    @classmethod
    def of(cls, contract: Contract, policy: Effective, keys: Keys, zone: str) -> Masking:
        """The masking that the policy permits; the ring is asked only where there are pseudonyms.

        Raises:
            PolicyBreach: names the field for which the policy permits no such treatment.
            KeyUnavailable: the ring lacks a generation that the table records.
        """
        require_permitted(contract, policy)
        return cls(contract, _concealed(contract, keys), zone)

    @property
    def pseudonyms(self) -> dict[str, Pseudonymised]:
        """Field → what lies behind its pseudonyms."""
        return {name: made.record for name, made in self.concealed.items()}

    def apply(self, valid: Valid) -> Masked:
        """The rows with every personal field masked or gone."""
        columns = [self._masked(valid.frame, field) for field in self.contract.stored]
        keys = [self._masked(valid.deleted, self.contract.field(n)) for n in self.contract.key]
        return Masked(pl.DataFrame([*columns, valid.frame[DAY]]), pl.DataFrame(keys))

    def _masked(self, frame: pl.DataFrame, field: Field) -> pl.Series:
        values = frame[field.name]
        if field.mask is None:
            return values
        if field.name in self.concealed:
            kind = kind_of(field)
            written = one_form(kind, values) if kind else values
            return self.concealed[field.name].conceal(written)
        if field.mask.beside:
            values = frame.select(field.name, field.mask.beside).to_struct(field.name)
        return COARSENERS[field.mask.use](values, field.mask, self.zone)


def _concealed(contract: Contract, keys: Keys) -> dict[str, Concealing]:
    fields = [f for f in contract.stored if f.mask is not None and f.mask.use in ALGORITHMS]
    if not fields:
        return {}
    ring = keys.ring()
    made = {f.name: Concealing.of(f, ring, keys.version(f.name, ring)) for f in fields}
    return {name: concealing for name, concealing in made.items() if concealing}
