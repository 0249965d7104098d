"""By what an erased person is known again: in a source's own words, and among pseudonyms."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from connectors.lake import Snapshot
from gdpr.keys import Keyring
from gdpr.pseudonyms.concealing import Concealing
from gdpr.subject import Subject
from gdpr.tombstones import Tombstones, kind_of
from pipelines.steps.site import Site
from schemas.catalog import bound_source
from schemas.contract import Field

_MENTIONS = {
    "national_id": r"\b[0-9]{6} ?[0-9]{5}\b",
    "phone": r"(?:\+|\b)[0-9](?: ?[0-9]){4,14}\b",
    "email": r"[^\s<>;,:\"']+@[^\s<>;,\"']+",
}


@dataclass(frozen=True, slots=True)
class Written:
    """The source columns in which an identifier of one kind is written, joined by a space."""

    kind: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stored:
    """A column of a table that holds identifiers: as pseudonyms, or in clear where there are none.

    `is_known` is False where the pseudonyms were made with a key that no list of erasures knows.
    """

    column: str
    kind: str
    pseudonyms: pl.Series | None
    is_known: bool = True


@dataclass(frozen=True, slots=True)
class Recognition:
    """Everybody on a list of erasures, and the keys by which they are known again."""

    listed: Tombstones
    ring: Keyring

    def raw(self, frame: pl.DataFrame, written: Sequence[Written]) -> pl.Series:
        """Which rows are about somebody who was erased, by what a source wrote in those columns."""
        found = no_row(frame)
        for identity in written:
            found |= self.listed.erased(identity.kind, _joined(frame, identity), self.ring)
        return found

    def name(self, subject: Subject) -> str:
        """The name under which a log holds the person."""
        return self.listed.name(subject.identifiers[0], self.ring)

    def mentioned(self, texts: pl.Series) -> pl.Series:
        """Which of the texts hold, anywhere in them, an identifier of somebody who was erased."""
        found = pl.Series([False]).new_from_index(0, len(texts))
        for kind, form in _MENTIONS.items():
            said = pl.DataFrame({"text": texts.str.extract_all(form)}).with_row_index("at")
            said = said.explode("text").drop_nulls("text")
            hits = said.filter(self.listed.erased(kind, said["text"], self.ring))["at"]
            found |= pl.int_range(len(texts), dtype=pl.UInt32, eager=True).is_in(hits.implode())
        return found

    def stored(self, frame: pl.DataFrame, columns: Sequence[Stored]) -> pl.Series:
        """Which rows of a table are about somebody who was erased."""
        found = no_row(frame)
        for sought in columns:
            found |= self._held(frame[sought.column], sought)
        return found

    def columns_of(self, site: Site, snapshot: Snapshot) -> tuple[Stored, ...]:
        """The columns of a table of the site's dataset that may hold identifiers."""
        return tuple(
            self._column(field, kind, snapshot)
            for field in site.contract.stored
            if (kind := kind_of(field)) is not None and field.name in snapshot.schema
        )

    def _held(self, values: pl.Series, sought: Stored) -> pl.Series:
        if sought.pseudonyms is None:
            return self.listed.erased(sought.kind, values, self.ring)
        return values.is_in(sought.pseudonyms.implode()).fill_null(value=False)

    def _column(self, field: Field, kind: str, snapshot: Snapshot) -> Stored:
        made = (Concealing.of(field, self.ring, version) for version in self.ring.versions)
        own = {concealing.key.key_id for concealing in made if concealing is not None}
        if not own:
            return Stored(field.name, kind, None)
        recorded = snapshot.pseudonyms.get(field.name)
        key_ids = {recorded.key_id} if recorded else own
        pseudonyms = pl.concat([self.listed.masked(key_id) for key_id in sorted(key_ids)])
        return Stored(field.name, kind, pseudonyms, is_known=key_ids <= own)


def written_in(site: Site) -> tuple[Written, ...]:
    """Where the site's source writes identifiers of persons; nowhere, for most."""
    return tuple(
        Written(kind, bound_source(field, site.binding).columns)
        for field in site.contract.fields
        if (kind := kind_of(field)) is not None
    )


def no_row(frame: pl.DataFrame) -> pl.Series:
    """A mark on no row of the frame."""
    return pl.Series([False]).new_from_index(0, frame.height)


def _joined(frame: pl.DataFrame, identity: Written) -> pl.Series:
    if len(identity.columns) == 1:
        return frame[identity.columns[0]]
    return frame.select(pl.concat_str(identity.columns, separator=" ")).to_series()
