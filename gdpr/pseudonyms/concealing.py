"""A column of pseudonyms: which algorithm makes it, under which key, and what undoes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl

from gdpr.keys import FORMAT_PRESERVING, ONE_WAY, REVERSIBLE, Algorithm, Key, Keyring
from gdpr.pseudonyms.fpe import Ff1
from gdpr.pseudonyms.pseudonym import canonical, pseudonym
from gdpr.pseudonyms.siv import Daead
from schemas.contract import Field
from schemas.mask import MaskWord
from schemas.stages import Pseudonymised

ALGORITHMS: Mapping[MaskWord, Algorithm] = {
    "pseudonym": ONE_WAY,
    "reversible": REVERSIBLE,
    "format_preserving": FORMAT_PRESERVING,
}
_SAMPLE = 20_000
_NUMBER = 8


@dataclass(frozen=True, slots=True)
class Concealing:
    """How the values of one field become pseudonyms, and what a record says of it."""

    key: Key
    algorithm: Algorithm
    version: int

    @classmethod
    def of(cls, field: Field, ring: Keyring, version: int) -> Concealing | None:
        """What the field's mask asks for; None where it makes no pseudonyms.

        Raises:
            KeyUnavailable: the key has no such generation.
        """
        algorithm = ALGORITHMS.get(field.mask.use) if field.mask else None
        if field.mask is None or algorithm is None:
            return None
        domain = field.mask.domain or field.name
        return cls(ring.derive(field.purpose or "", domain, version, algorithm), algorithm, version)

    @property
    def record(self) -> Pseudonymised:
        """What a receipt and a table say of the column."""
        return Pseudonymised(self.algorithm.name, self.key.key_id, self.version)

    @property
    def reversible(self) -> bool:
        """Whether the key alone gives the values back."""
        return self.algorithm.name in _REVEALED

    def conceal(self, values: pl.Series) -> pl.Series:
        """The pseudonym of each value's canonical text; null stays null.

        Raises:
            PolicyBreach: the values are of a type or a form that the algorithm does not take.
        """
        make = _CONCEALED[self.algorithm.name]
        if values.head(_SAMPLE).n_unique() > _SAMPLE // 4:
            return make(values, self.key)
        known = values.unique()
        made = pl.DataFrame({"value": known, "made": make(known.alias(values.name), self.key)})
        found = values.to_frame("value").join(
            made, on="value", how="left", nulls_equal=True, maintain_order="left"
        )
        return found["made"].alias(values.name)

    def reveal(self, pseudonyms: pl.Series) -> pl.Series:
        """The canonical texts behind the pseudonyms; only where `reversible`.

        Raises:
            KeyUnavailable: some were not made with this key; names the column.
        """
        return _REVEALED[self.algorithm.name](pseudonyms, self.key)


def _sealed(values: pl.Series, key: Key) -> pl.Series:
    return _daead(key).encrypt(canonical(values))


def _unsealed(values: pl.Series, key: Key) -> pl.Series:
    return _daead(key).decrypt(values)


def _daead(key: Key) -> Daead:
    return Daead.of(key.material(), int(key.key_id[:_NUMBER], 16))


def _formatted(values: pl.Series, key: Key) -> pl.Series:
    return Ff1(key.material()).encrypt(canonical(values))


def _unformatted(values: pl.Series, key: Key) -> pl.Series:
    return Ff1(key.material()).decrypt(values)


_CONCEALED: Mapping[str, Callable[[pl.Series, Key], pl.Series]] = {
    ONE_WAY.name: pseudonym,
    REVERSIBLE.name: _sealed,
    FORMAT_PRESERVING.name: _formatted,
}
_REVEALED: Mapping[str, Callable[[pl.Series, Key], pl.Series]] = {
    REVERSIBLE.name: _unsealed,
    FORMAT_PRESERVING.name: _unformatted,
}
