"""The only constructor of Masked: every field as its policy permits it in the lake."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl

from gdpr.coarsening import COARSENERS
from gdpr.keys import Key, Keyring
from gdpr.masks import pseudonym
from gdpr.policy import Effective, require_permitted
from schemas.contract import Contract, Field
from schemas.stages import DAY, Masked, Pseudonymised, Valid

KEY_VERSION = 1
_SAMPLE = 20_000


@dataclass(frozen=True, slots=True)
class Masking:
    """What becomes of each stored field, decided once for many chunks."""

    contract: Contract
    keys: Mapping[str, Key]
    zone: str

    @classmethod
    def of(
        cls, contract: Contract, policy: Effective, keyring: Callable[[], Keyring], zone: str
    ) -> Masking:
        """The masking that the policy permits; `keyring` is asked only where there are pseudonyms.

        Raises:
            PolicyBreach: names the field for which the policy permits no such treatment.
        """
        require_permitted(contract, policy)
        fields = [f for f in contract.stored if f.mask is not None and f.mask.use == "pseudonym"]
        ring = keyring() if fields else None
        keys = {
            f.name: ring.derive(f.purpose or "", _domain(f), KEY_VERSION) for f in fields if ring
        }
        return cls(contract, keys, zone)

    @property
    def pseudonyms(self) -> dict[str, Pseudonymised]:
        """Field → what lies behind its pseudonyms."""
        return {
            name: Pseudonymised("AES-CMAC", key.key_id, KEY_VERSION)
            for name, key in self.keys.items()
        }

    def apply(self, valid: Valid) -> Masked:
        """The rows with every personal field masked or gone."""
        columns = [self._masked(valid.frame, field) for field in self.contract.stored]
        keys = [self._masked(valid.deleted, self.contract.field(n)) for n in self.contract.key]
        return Masked(pl.DataFrame([*columns, valid.frame[DAY]]), pl.DataFrame(keys))

    def _masked(self, frame: pl.DataFrame, field: Field) -> pl.Series:
        values = frame[field.name]
        if field.mask is None:
            return values
        if field.name in self.keys:
            return _pseudonyms(values, self.keys[field.name])
        if field.mask.beside:
            values = frame.select(field.name, field.mask.beside).to_struct(field.name)
        return COARSENERS[field.mask.use](values, field.mask, self.zone)


def _pseudonyms(values: pl.Series, key: Key) -> pl.Series:
    if values.head(_SAMPLE).n_unique() > _SAMPLE // 4:
        return pseudonym(values, key)
    known = values.unique()
    made = pl.DataFrame({"value": known, "pseudonym": pseudonym(known, key)})
    found = values.to_frame("value").join(
        made, on="value", how="left", nulls_equal=True, maintain_order="left"
    )
    return found["pseudonym"].alias(values.name)


def _domain(field: Field) -> str:
    return (field.mask.domain if field.mask else None) or field.name
