"""JSON lines, however nested, read by DuckDB: dotted paths become text columns."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import polars as pl

from connectors.readers.layout import CHUNK_ROWS, Layout
from connectors.readers.records import Records
from schemas.errors import ContractBroken
from schemas.stages import BROKEN, LINE

_SAMPLE = 20_480
_MEMORY = "1GB"
_LONGEST_LINE = 64 << 20


@dataclass(slots=True)
class _Tree:
    """The wanted paths as a tree of names; a leaf has no branches."""

    branches: dict[str, _Tree] = field(default_factory=dict)

    @classmethod
    def of(cls, paths: Iterable[str]) -> _Tree:
        root = cls()
        for path in paths:
            node = root
            for step in path.split("."):
                node = node.branches.setdefault(step, cls())
        return root

    def type(self) -> str:
        """The tree as a DuckDB type: text at the leaves."""
        if not self.branches:
            return "VARCHAR"
        inner = ", ".join(f"{_quoted(name)} {tree.type()}" for name, tree in self.branches.items())
        return f"STRUCT({inner})"


def read_ndjson(path: Path, layout: Layout) -> Iterator[pl.DataFrame]:
    """The wanted paths as text, with LINE, the record's number, and BROKEN, a bad line's text.

    The first 20,480 records decide whether the source has fields that its contract does not know.

    Raises:
        ContractBroken: there are unknown fields and the contract freezes them out.
    """
    with duckdb.connect(config={"memory_limit": _MEMORY}) as connection:
        connection.execute("SET produce_arrow_string_view = true")
        _refuse_surprises(connection, path, layout)
        try:
            with path.open("rb") as stream:
                yield from _frames(connection, _query(path, layout.columns), Records(stream))
        except duckdb.Error as error:
            raise ContractBroken(f"is not readable JSON lines: {type(error).__name__}") from None


def _query(path: Path, columns: tuple[str, ...]) -> str:
    tree = _Tree.of(columns)
    types = ", ".join(
        f"{_text(name)}: {_text(node.type())}" for name, node in tree.branches.items()
    )
    leaves = ", ".join(f"{_access(column)} AS {_quoted(column)}" for column in columns)
    return (
        f"SELECT {leaves} FROM read_json({_text(str(path))}, format='newline_delimited', "  # noqa: S608 - names are quoted
        f"columns={{{types}}}, ignore_errors=true, maximum_object_size={_LONGEST_LINE})"
    )


def _refuse_surprises(connection: duckdb.DuckDBPyConnection, path: Path, layout: Layout) -> None:
    if layout.surprises != "freeze":
        return
    query = (
        f"SELECT json_group_structure(json) FROM (SELECT json FROM read_ndjson_objects("  # noqa: S608 - the path is quoted
        f"{_text(str(path))}, ignore_errors=true, maximum_object_size={_LONGEST_LINE}) "
        f"LIMIT {_SAMPLE})"
    )
    [(structure,)] = connection.execute(query).fetchall()
    if structure:
        layout.refuse(p for p in _paths(json.loads(structure)) if not _wanted(p, layout.columns))


def _paths(structure: object, parent: str = "") -> Iterator[str]:
    if isinstance(structure, dict):
        for name, inner in structure.items():
            yield from _paths(inner, f"{parent}.{name}" if parent else name)
    elif parent:
        yield parent


def _wanted(path: str, columns: tuple[str, ...]) -> bool:
    return any(path == c or path.startswith(f"{c}.") or c.startswith(f"{path}.") for c in columns)


def _frames(
    connection: duckdb.DuckDBPyConnection, query: str, records: Records
) -> Iterator[pl.DataFrame]:
    first = 1
    for batch in connection.sql(query).to_arrow_reader(CHUNK_ROWS):
        frame = pl.DataFrame(pl.from_arrow(batch))
        yield _with_lines(frame, first, records)
        first += frame.height


def _with_lines(frame: pl.DataFrame, first: int, records: Records) -> pl.DataFrame:
    numbered = frame.with_row_index(LINE, first).with_columns(pl.col(LINE).cast(pl.UInt64))
    empty = numbered.filter(pl.all_horizontal(pl.all().exclude(LINE).is_null()))[LINE]
    if empty.is_empty():
        return numbered.with_columns(pl.lit(None, pl.String).alias(BROKEN))
    texts = pl.DataFrame({LINE: empty, BROKEN: records.texts(empty.to_list())})
    return numbered.join(texts, on=LINE, how="left", maintain_order="left")


def _access(column: str) -> str:
    return ".".join(map(_quoted, column.split(".")))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
