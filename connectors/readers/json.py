"""A JSON document that holds records: dotted paths into each of them become columns."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from connectors.json_path import NOWHERE, find, records
from connectors.readers.layout import CHUNK_ROWS, Layout
from schemas.errors import ContractBroken
from schemas.stages import LINE

_INTEGERS = range(-(2**63), 2**63)
_EXACT_IN_FLOAT = range(-(2**53), 2**53 + 1)


def read_json(path: Path, layout: Layout) -> Iterator[pl.DataFrame]:
    """The wanted paths, with LINE, the record's number.

    A column is Int64, Float64 or Boolean where all its values in the chunk are, else text; what is
    nested is text as JSON. A path that a record lacks is null: JSON leaves out what is empty.

    Raises:
        ContractBroken: it is no JSON, its records are not where the profile says or are no objects,
            none of them has any wanted path, or they have unknown names and the contract freezes
            them out.
    """
    rows = _records(path, layout)
    _check(rows, layout)
    for start in range(0, len(rows), CHUNK_ROWS):
        chunk = rows[start : start + CHUNK_ROWS]
        columns = [_column(chunk, name, layout.profile.null_marks) for name in layout.columns]
        lines = pl.int_range(start + 1, start + len(chunk) + 1, dtype=pl.UInt64, eager=True)
        yield pl.DataFrame([*columns, lines.alias(LINE)])


def _records(path: Path, layout: Layout) -> list[dict[str, Any]]:
    profile = layout.profile
    try:
        text = path.read_bytes()
        if profile.encoding == "cp1252":
            text = text.decode("cp1252").encode()
        # NaN and its kin are no JSON, and no number that anything here could keep
        document = json.loads(text, parse_constant=lambda _: None)
    except (ValueError, RecursionError) as error:
        raise ContractBroken(f"is not readable JSON: {type(error).__name__}") from None
    try:
        found = records(document, profile.records)
    except LookupError:
        raise ContractBroken(f"has no records at '{profile.records}'") from None
    if not all(isinstance(record, dict) for record in found):
        raise ContractBroken("has records that are no objects")
    return found


def _check(rows: Sequence[dict[str, Any]], layout: Layout) -> None:
    names = set().union(*rows)
    known = (*layout.columns, *layout.profile.ignored)
    wanted = {name for name in names if _leads_to(name, layout.columns)}
    if rows and not wanted:
        layout.require(())
    layout.refuse(name for name in names if not _leads_to(name, known))


def _leads_to(name: str, paths: Sequence[str]) -> bool:
    return any(path == name or path.startswith(f"{name}.") for path in paths)


def _column(rows: Sequence[dict[str, Any]], name: str, null_marks: tuple[str, ...]) -> pl.Series:
    values = [_value(row, name, null_marks) for row in rows]
    dtype = _dtype(values)
    if dtype == pl.String:
        values = [value if value is None else _text(value) for value in values]
    return pl.Series(name, values, dtype)


def _value(row: dict[str, Any], name: str, null_marks: tuple[str, ...]) -> Any:  # noqa: ANN401 - a JSON value
    value = find(row, name)
    return None if value is NOWHERE or (isinstance(value, str) and value in null_marks) else value


def _dtype(values: Sequence[Any]) -> type[pl.DataType]:
    kinds = {type(value) for value in values} - {type(None)}
    if kinds == {bool}:
        return pl.Boolean
    whole = [value for value in values if type(value) is int]
    if kinds == {int} and all(value in _INTEGERS for value in whole):
        return pl.Int64
    if float in kinds and kinds <= {int, float} and all(v in _EXACT_IN_FLOAT for v in whole):
        return pl.Float64
    return pl.String


def _text(value: Any) -> str:  # noqa: ANN401 - a JSON value
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
