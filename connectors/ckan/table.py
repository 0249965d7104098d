"""A dataset's table in CKAN's DataStore: its name, its columns, and which version it is to hold."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from connectors.ckan.ids import resource_id
from connectors.portal import Page
from schemas.contract import Field
from schemas.errors import PortalRejected
from schemas.released import rows_file
from schemas.stages import Release
from schemas.types import KINDS, TypeWord

PLACE = "_id"
POSTGRES: Mapping[TypeWord, str] = {
    "string": "text",
    "integer": "int8",
    "number": "float8",
    "boolean": "bool",
    "date": "date",
    "timestamp": "timestamptz",
}
_DIGEST = re.compile(r"^sha256:[0-9a-f]{64}$")
_LONGEST = 63
# every table of PostgreSQL has columns of these names already
_SYSTEM = frozenset({"tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"})


@dataclass(frozen=True, slots=True)
class Table:
    """The table of a page's newest CSV file: what it is to hold and how it is described.

    `digest` is the file's, `rows` their number; `key` is empty where rows have none that is
    released: they are then known by their place, which is CKAN's `_id`.
    """

    name: str
    label: str
    digest: str
    rows: int
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    event: str | None

    @classmethod
    def of(cls, page: Page) -> Table:
        """The page's table; PortalRejected where a column's name is one that CKAN refuses."""
        owner, contract = page.municipality.number, page.contract
        csv = rows_file(page.newest, "csv")
        released = {each.name for each in page.fields}
        table = cls(
            name=resource_id(owner, contract.name, csv.name),
            label=f"{owner} {contract.name}",
            digest=digest_of(page.newest),
            rows=csv.rows,
            fields=page.fields,
            key=contract.key if released.issuperset(contract.key) else (),
            event=contract.event.name if contract.event.name in released else None,
        )
        table.require_names()
        return table

    @property
    def names(self) -> list[str]:
        """The columns, in order."""
        return [each.name for each in self.fields]

    @property
    def types(self) -> list[str]:
        """Their types in PostgreSQL."""
        return [POSTGRES[each.stored_type] for each in self.fields]

    @property
    def identity(self) -> list[str]:
        """The columns that tell one row from another."""
        return list(self.key) or [PLACE]

    @property
    def schema(self) -> pl.Schema:
        """The columns as Polars has them, with the place where that identifies a row."""
        place = {} if self.key else {PLACE: pl.Int64()}
        return pl.Schema(place | {each.name: KINDS[each.stored_type].dtype for each in self.fields})

    @property
    def indexes(self) -> list[list[str]]:
        """The columns of each index beside the key's."""
        event = self.event
        return [] if event is None or self.key[:1] == (event,) else [[event]]

    def framed(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows in the table's columns; one that they lack is empty."""
        lacking = [pl.lit(None).alias(n) for n in self.names if n not in rows.columns]
        placed = rows.with_columns(
            *lacking, pl.int_range(1, rows.height + 1, dtype=pl.Int64).alias(PLACE)
        )
        return placed.select(pl.col(name).cast(dtype) for name, dtype in self.schema.items())

    def require_texts(self, rows: pl.DataFrame) -> None:
        """Raise PortalRejected where a text has the one character that PostgreSQL cannot hold."""
        texts = [name for name, dtype in rows.schema.items() if dtype == pl.String()]
        for name in texts:
            if rows.get_column(name).str.contains("\0", literal=True).any():
                what = f"a text of {name} has the character NUL, which the DataStore cannot hold"
                raise PortalRejected(f"{self.label}: {what}")

    def columns(self, digest: str = "") -> list[dict[str, Any]]:
        """The fields as CKAN's data dictionary has them; the first tells which bytes they hold."""
        described = [_column(each) for each in self.fields]
        described[0]["info"]["source"] = digest
        return described

    def index_name(self, *columns: str) -> str:
        """The name that CKAN itself gives the index on those columns."""
        listed = ", ".join(map(quoted, columns))
        return hashlib.sha1(f"{self.name}{listed}".encode(), usedforsecurity=False).hexdigest()

    def require_names(self) -> None:
        """Raise PortalRejected where a column has a name that CKAN or PostgreSQL refuses."""
        for name in self.names:
            if not _is_column(name):
                what = f"the DataStore takes no column of the name {name!r}"
                raise PortalRejected(f"{self.label}: {what}; give the field another")


def digest_of(release: Release) -> str:
    """Which bytes a table that holds the version is noted to hold."""
    return f"sha256:{rows_file(release, 'csv').sha256}"


def held_by(page: Page, digest: str | None) -> Release | None:
    """The page's version of which a table that has the digest holds the rows."""
    standing = (release for release in page.releases if release.retired_on is None)
    return next(
        (
            release
            for release in standing
            if digest in {f"sha256:{each.sha256}" for each in release.resources}
        ),
        None,
    )


def noted_in(infos: Sequence[Mapping[str, Any]]) -> str | None:
    """The digest among the columns' descriptions."""
    told = (str(info.get("source", "")) for info in infos)
    return next((text for text in told if _DIGEST.match(text)), None)


def quoted(name: str) -> str:
    """A table's or a column's name in SQL."""
    return '"' + name.replace('"', '""') + '"'


def _is_column(name: str) -> bool:
    return (
        0 < len(name.encode()) <= _LONGEST
        and name == name.strip()
        and name.isprintable()
        and '"' not in name
        and not name.startswith("_")
        and name not in _SYSTEM
    )


def _column(declared: Field) -> dict[str, Any]:
    unit = f" [{declared.unit}]" if declared.unit else ""
    info = {"label": declared.name, "notes": f"{declared.description.nb}{unit}"}
    return {"id": declared.name, "type": POSTGRES[declared.stored_type], "info": info}
