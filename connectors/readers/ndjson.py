"""JSON lines, however nested, read by DuckDB: dotted paths become text columns."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import polars as pl

from connectors.readers.layout import CHUNK_ROWS, Layout
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
            reader = connection.sql(_query(path, layout.columns)).to_arrow_reader(CHUNK_ROWS)
            first = 1
            for batch in reader:
                frame = pl.DataFrame(pl.from_arrow(batch))
                yield _with_lines(frame, first, path)
                first += frame.height
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


def _with_lines(frame: pl.DataFrame, first: int, path: Path) -> pl.DataFrame:
    numbered = frame.with_row_index(LINE, first).with_columns(pl.col(LINE).cast(pl.UInt64))
    empty = numbered.filter(pl.all_horizontal(pl.all().exclude(LINE).is_null()))
    if empty.is_empty():
        return numbered.with_columns(pl.lit(None, pl.String()).alias(BROKEN))
    broken = _lines(path, empty[LINE].to_list())
    texts = pl.DataFrame({LINE: empty[LINE], BROKEN: broken})
    return numbered.join(texts, on=LINE, how="left", maintain_order="left")


def _lines(path: Path, numbers: list[int]) -> list[str]:
    wanted = set(numbers)
    with path.open(encoding="utf-8", errors="replace") as stream:
        filled = (line for line in stream if line.strip())
        return [
            line.rstrip("\n")
            for number, line in enumerate(itertools.islice(filled, numbers[-1]), 1)
            if number in wanted
        ]


def _access(column: str) -> str:
    return ".".join(map(_quoted, column.split(".")))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
