"""Who was erased, as keyed pseudonyms alone: what lands or is restored later is held against them.

A list names its municipality and its key, and carries a MAC over all that it says. It knows the
head of every list that it came from, so that an older one in its place is told from it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl
from pydantic import TypeAdapter, ValidationError

from gdpr.keys import Keyring
from gdpr.pseudonyms.concealing import Concealing
from gdpr.pseudonyms.pseudonym import pseudonym
from gdpr.subject import Identifier, Subject, comparable
from gdpr.taxonomy import IDENTITIES
from schemas.contract import Field
from schemas.errors import PolicyBreach, RecordBroken

_PURPOSE, _LIST = "erasure", "list"


@dataclass(frozen=True, slots=True)
class Tombstone:
    """One identifier of an erased person.

    `name` is its pseudonym under the erasure key of its kind; `masked` maps the key of each field
    that may hold it, by id, to its pseudonyms there.
    """

    kind: str
    name: str
    erased_on: dt.date
    masked: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Tombstones:
    """The identifiers of all whom a municipality has erased.

    `version` is the generation of the key behind the names and the MAC; `key_id` tells which key.
    `earlier` are the heads of the lists that this one came from.
    """

    municipality: str
    version: int
    key_id: str
    stones: tuple[Tombstone, ...] = ()
    earlier: tuple[str, ...] = ()

    @classmethod
    def none(cls, ring: Keyring, municipality: str) -> Tombstones:
        """An empty list under the newest generation of the municipality's key."""
        version = ring.current
        return cls(municipality, version, ring.derive(_PURPOSE, _LIST, version).key_id)

    def adding(self, stones: Iterable[Tombstone]) -> Tombstones:
        """The list with those that it lacks; what is known of one that it has is kept."""
        known = {(stone.kind, stone.name): stone for stone in self.stones}
        for stone in stones:
            held = known.get((stone.kind, stone.name), stone)
            masked = {**stone.masked, **held.masked}
            known[stone.kind, stone.name] = replace(held, masked=masked)
        grown = replace(self, stones=tuple(known[key] for key in sorted(known)))
        return _after(grown, self)

    def joined(self, other: Tombstones) -> Tombstones:
        """The list with those of the other, which it then holds."""
        return _after(self.adding(other.stones), other)

    @property
    def head(self) -> str:
        """The SHA-256 of all stones; empty where there is none."""
        if not self.stones:
            return ""
        told = TypeAdapter(tuple[Tombstone, ...]).dump_python(self.stones, mode="json")
        return hashlib.sha256(_canonical(told).encode()).hexdigest()

    def holds(self, head: str) -> bool:
        """Whether all are on it that were on the list with that head."""
        return head in ("", self.head, *self.earlier)

    def including(
        self, subject: Subject, fields: Sequence[Field], ring: Keyring, day: dt.date
    ) -> Tombstones:
        """The list with the person and their pseudonyms in those fields, of every generation."""
        return self.including_all((subject,), fields, ring, day)

    def including_all(
        self, subjects: Iterable[Subject], fields: Sequence[Field], ring: Keyring, day: dt.date
    ) -> Tombstones:
        """As `including`, for many persons at once."""
        return self.adding(
            Tombstone(
                kind=identifier.kind,
                name=self.name(identifier, ring),
                erased_on=day,
                masked=dict(_masked(identifier, fields, ring)),
            )
            for subject in subjects
            for identifier in subject.identifiers
        )

    def masked(self, key_id: str) -> pl.Series:
        """The pseudonyms of the erased under a field's key."""
        found = (name for stone in self.stones for name in stone.masked.get(key_id, ()))
        return pl.Series(sorted(set(found)), dtype=pl.String)

    def erased(self, kind: str, values: pl.Series, ring: Keyring) -> pl.Series:
        """Which of the values, as a source wrote them, identify somebody who was erased."""
        names = pl.Series([s.name for s in self.stones if s.kind == kind], dtype=pl.String)
        if names.is_empty():
            return pl.Series([False]).new_from_index(0, len(values))
        found = self.names(kind, values, ring)
        return found.is_in(names.implode()).fill_null(value=False)

    def name(self, identifier: Identifier, ring: Keyring) -> str:
        """The name under which a list, or a log, holds an identifier."""
        return str(self.names(identifier.kind, pl.Series([identifier.value]), ring).item())

    def names(self, kind: str, values: pl.Series, ring: Keyring) -> pl.Series:
        """The name under which a list holds each value, as a source wrote it; null stays null."""
        return pseudonym(comparable(kind, values), ring.derive(_PURPOSE, kind, self.version))


def kind_of(field: Field) -> str | None:
    """Which identifier the field's category says that it holds; None for no identifier."""
    return IDENTITIES.get(field.category or "")


def sealed(listed: Tombstones, ring: Keyring) -> dict[str, Any]:
    """The list as a JSON document with its MAC."""
    document: dict[str, Any] = TypeAdapter(Tombstones).dump_python(listed, mode="json")
    return {**document, "mac": _mac(document, ring, listed.version)}


def unsealed(document: object, ring: Keyring, municipality: str) -> Tombstones:
    """The list in a document.

    Raises:
        RecordBroken: it is no such list, another municipality's, another key's, or changed.
    """
    if not isinstance(document, dict):
        raise RecordBroken(f"{municipality}: the list of erasures is no list of erasures")
    body = {word: value for word, value in document.items() if word != "mac"}
    try:
        listed = TypeAdapter(Tombstones).validate_json(json.dumps(body))
    except ValidationError:
        raise RecordBroken(f"{municipality}: the list of erasures is incomplete") from None
    if listed.municipality != municipality:
        whose = f"is {listed.municipality}'s"
        raise RecordBroken(f"{municipality}: the list of erasures {whose}; bring back the own one")
    _require_key(listed, ring)
    if not hmac.compare_digest(_mac(body, ring, listed.version), str(document.get("mac"))):
        raise RecordBroken(f"{municipality}: the list of erasures was changed since it was written")
    return listed


def _require_key(listed: Tombstones, ring: Keyring) -> None:
    known = listed.version in ring.versions
    key_id = ring.derive(_PURPOSE, _LIST, listed.version).key_id if known else ""
    if key_id != listed.key_id:
        what = "was made with another key"
        raise RecordBroken(f"{listed.municipality}: the list of erasures {what}")


def _mac(document: Mapping[str, Any], ring: Keyring, version: int) -> str:
    text = _canonical(document)
    key = ring.derive(_PURPOSE, _LIST, version)
    return hmac.digest(key.material(), text.encode(), "sha256").hex()


def _after(listed: Tombstones, before: Tombstones) -> Tombstones:
    heads = dict.fromkeys((*listed.earlier, *before.earlier, before.head))
    known = tuple(head for head in heads if head not in ("", listed.head))
    return replace(listed, earlier=known)


def _canonical(document: object) -> str:
    return json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _masked(
    identifier: Identifier, fields: Sequence[Field], ring: Keyring
) -> Iterator[tuple[str, tuple[str, ...]]]:
    for field in fields:
        if kind_of(field) != identifier.kind:
            continue
        for version in ring.versions:
            concealing = Concealing.of(field, ring, version)
            if concealing is not None:
                found = _concealed(identifier, field, concealing)
                yield concealing.key.key_id, tuple(sorted(set(found)))


def _concealed(identifier: Identifier, field: Field, concealing: Concealing) -> Iterator[str]:
    for spelling in identifier.spellings:
        # a format-preserving key refuses what is not of its field's form: no row holds that either
        try:
            yield str(concealing.conceal(_typed(spelling, field)).item())
        except PolicyBreach:
            continue


def _typed(spelling: str, field: Field) -> pl.Series:
    values = pl.Series(field.name, [spelling])
    return values.cast(pl.Int64) if field.type == "integer" else values
