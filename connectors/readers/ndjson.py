"""JSON lines, however nested, read by DuckDB: dotted paths become text columns."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import polars as pl

from connectors.readers.layout import CHUNK_ROWS, Layout
from connectors.readers.records import Records
from connectors.readers.text import as_utf8
from schemas.errors import ContractBroken
from schemas.stages import BROKEN, LINE

_SAMPLE = 4_096
_MEMORY = "1GB"
_LONGEST_LINE = 64 << 20
# null in every record of the sample, or of a kind that differs from one record to another
_MAY_HOLD_FIELDS = ("NULL", "JSON")


@dataclass(slots=True)
class _Tree:
    """The wanted paths as a tree of names; a leaf has no branches, and a DuckDB type."""

    branches: dict[str, _Tree] = field(default_factory=dict)
    leaf: str = "VARCHAR"

    @classmethod
    def of(cls, layout: Layout) -> _Tree:
        root = cls()
        for path in layout.columns:
            node = root
            for step in path.split("."):
                node = node.branches.setdefault(step, cls())
            node.leaf = "JSON" if path in layout.numbers else "VARCHAR"
        return root

    def type(self) -> str:
        """The tree as a DuckDB type."""
        if not self.branches:
            return self.leaf
        inner = ", ".join(f"{_quoted(name)} {tree.type()}" for name, tree in self.branches.items())
        return f"STRUCT({inner})"


def read_ndjson(path: Path, layout: Layout) -> Iterator[pl.DataFrame]:
    """The wanted paths as text, with LINE, the record's number, and BROKEN, a bad line's text.

    The first 4,096 records decide whether the source has fields that its contract does not know.

    Raises:
        ContractBroken: there are unknown fields, or one that holds others no longer does, and the
            contract freezes such changes out.
    """
    with (
        as_utf8(path, layout.profile) as text,
        duckdb.connect(config={"memory_limit": _MEMORY}) as connection,
    ):
        connection.execute("SET produce_arrow_string_view = true")
        _refuse_surprises(connection, text, layout)
        try:
            with text.open("rb") as stream:
                yield from _frames(connection, _query(text, layout), Records(stream))
        except duckdb.Error as error:
            raise ContractBroken(f"is not readable JSON lines: {type(error).__name__}") from None


def _query(path: Path, layout: Layout) -> str:
    tree = _Tree.of(layout)
    types = ", ".join(
        f"{_text(name)}: {_text(node.type())}" for name, node in tree.branches.items()
    )
    leaves = ", ".join(_leaf(column, layout) for column in layout.columns)
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
        f"WHERE json_type(json) = 'OBJECT' LIMIT {_SAMPLE})"
    )
    [(structure,)] = connection.execute(query).fetchall()
    if structure:
        layout.refuse(
            path
            for path, kind in _leaves(json.loads(structure))
            if not _wanted(path, kind, layout.columns)
        )


def _leaves(structure: object, parent: str = "") -> Iterator[tuple[str, object]]:
    if isinstance(structure, dict):
        for name, inner in structure.items():
            yield from _leaves(inner, f"{parent}.{name}" if parent else name)
    elif parent:
        yield parent, structure


def _wanted(path: str, kind: object, columns: tuple[str, ...]) -> bool:
    if kind in _MAY_HOLD_FIELDS and any(c.startswith(f"{path}.") for c in columns):
        return True
    return any(path == c or path.startswith(f"{c}.") for c in columns)


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


def _leaf(column: str, layout: Layout) -> str:
    value, marks = _access(column), layout.profile.null_marks
    if column in layout.numbers:
        value, marks = f"{value}::VARCHAR", ("null", *(json.dumps(mark) for mark in marks))
    if marks:
        value = f"CASE WHEN {value} IN ({', '.join(map(_text, marks))}) THEN NULL ELSE {value} END"
    return f"{value} AS {_quoted(column)}"


def _access(column: str) -> str:
    return ".".join(map(_quoted, column.split(".")))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
