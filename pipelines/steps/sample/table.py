"""A sample's bytes as columns of text, and the conventions that its file seems to follow."""

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, takewhile
from pathlib import Path

import fastexcel
import polars as pl

from schemas.errors import ConfigurationError, Problem
from schemas.source import Format

MOST_ROWS = 100_000
_SEPARATORS = ";,\t|"
_HEAD = 20
_TAIL = 5
_FORMATS: Mapping[str, Format] = {
    ".csv": "csv",
    ".txt": "csv",
    ".tsv": "tsv",
    ".xlsx": "xlsx",
    ".json": "json",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
}
Record = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Table:
    """A sample's columns under their source's names, and what its file's profile says.

    A column is text, or for XLSX what its cells are. `lists` names what is nested too deep for one.
    """

    format: Format
    columns: pl.DataFrame
    profile: Mapping[str, object] = field(default_factory=dict)
    lists: tuple[str, ...] = ()


def read_sample(path: Path) -> Table:
    """The sample's first 100,000 rows.

    Raises:
        ConfigurationError: it cannot be read, its ending is not known, or it has no rows.
    """
    kind = _FORMATS.get(path.suffix.lower())
    if kind is None:
        raise refused(path, "ends in no known format", " ".join(_FORMATS))
    try:
        table = _READERS[kind](path.read_bytes(), kind)
    except OSError as error:
        raise refused(path, f"cannot be read: {type(error).__name__}") from None
    except (ValueError, csv.Error, RecursionError, fastexcel.FastExcelError) as error:
        raise refused(path, f"is no readable {kind}: {type(error).__name__}") from None
    if table.columns.is_empty():
        raise refused(path, "holds no rows")
    return table


def refused(path: Path, what: str, example: str = "sample.csv") -> ConfigurationError:
    """What is wrong with a sample, as a line."""
    return ConfigurationError([Problem(str(path), "--from", what, example)])


def _separated(content: bytes, kind: Format) -> Table:
    encoding = "utf-8" if _is_utf8(content) else "cp1252"
    text = content.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    head = text.splitlines()[:_HEAD]
    separator = "\t" if kind == "tsv" else max(_SEPARATORS, key="\n".join(head).count)
    lines = csv.reader(io.StringIO(text), delimiter=separator)
    numbered = [(lines.line_num, row) for row in islice(lines, MOST_ROWS) if any(row)]
    if not numbered:
        return Table(kind, pl.DataFrame())
    width = Counter(len(row) for _, row in numbered[:_HEAD]).most_common(1)[0][0]
    at = next(at for at, (_, row) in enumerate(numbered) if len(row) >= width)
    above = numbered[at][0] - 1
    header, *data = [(row + [""] * width)[:width] for _, row in numbered[at:]]
    footers = _footers(data)
    profile: dict[str, object] = {"separator": separator, "encoding": encoding}
    profile |= {"skip_rows": above} if above else {}
    profile |= {"footer_starts_with": footers} if footers else {}
    kept = [row for row in data if not (footers and row[0].startswith(tuple(footers)))]
    return Table(kind, _frame([name.strip() for name in header], kept), profile)


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _footers(rows: Sequence[Sequence[str]]) -> list[str]:
    """How the last rows start that have words in their first cell and little else."""
    first = Counter(row[0] for row in rows)
    last = takewhile(lambda row: first[row[0]] == 1 and _is_sparse(row), reversed(rows[-_TAIL:]))
    starts = ("".join(takewhile(_is_no_digit, row[0])).strip() for row in last)
    return [start for start in dict.fromkeys(starts) if start]


def _is_no_digit(letter: str) -> bool:
    return not letter.isdigit()


def _is_sparse(row: Sequence[str]) -> bool:
    return len(row) > _COLUMNS and sum(map(bool, row)) * 2 <= len(row)


def _frame(header: Sequence[str], rows: Sequence[Sequence[str]]) -> pl.DataFrame:
    # of columns with one name only the first can be told, and one without a name cannot
    at = {name: header.index(name) for name in header if name}
    columns = {name: [row[i] or None for row in rows] for name, i in at.items()}
    return pl.DataFrame(columns, dict.fromkeys(columns, pl.String()))


def _workbook(content: bytes, kind: Format) -> Table:
    sheet = fastexcel.read_excel(content).load_sheet(0, schema_sample_rows=None)
    frame = pl.DataFrame(sheet).head(MOST_ROWS)
    named = [name for name in frame.columns if not name.startswith("__UNNAMED__")]
    return Table(kind, frame.select(named))


def _document(content: bytes, kind: Format) -> Table:
    document = json.loads(content)
    where, found = _records(document)
    profile: dict[str, object] = {"encoding": "utf-8"}
    return _flattened(kind, found, profile | ({"records": where} if where else {}))


def _records(document: object) -> tuple[str, Sequence[object]]:
    """Where in the document its records are, and they."""
    if isinstance(document, list):
        return "", document
    inner = document.items() if isinstance(document, dict) else ()
    lists = ((name, value) for name, value in inner if isinstance(value, list))
    return next(lists, ("", [document]))


def _lines(content: bytes, kind: Format) -> Table:
    lines = islice((line for line in content.splitlines() if line.strip()), MOST_ROWS)
    return _flattened(kind, [_parsed(line) for line in lines], {"encoding": "utf-8"})


def _parsed(line: bytes) -> object:
    # a torn line is what quarantine is for
    try:
        return json.loads(line)
    except ValueError:
        return None


def _flattened(kind: Format, found: Sequence[object], profile: Mapping[str, object]) -> Table:
    records = [record for record in found[:MOST_ROWS] if isinstance(record, dict)]
    rows = [dict(_leaves(record)) for record in records]
    paths = dict.fromkeys(path for row in rows for path in row)
    nested = tuple(p for p in paths if any(isinstance(row.get(p), list) for row in rows))
    columns = {path: [_text(row.get(path)) for row in rows] for path in paths if path not in nested}
    frame = pl.DataFrame(columns, dict.fromkeys(columns, pl.String()))
    return Table(kind, frame, profile, nested)


def _leaves(record: Mapping[str, object], parent: str = "") -> Iterator[tuple[str, object]]:
    for name, value in record.items():
        path = f"{parent}.{name}" if parent else name
        if isinstance(value, dict):
            yield from _leaves(value, path)
        else:
            yield path, value


def _text(value: object) -> str | None:
    return value if value is None or isinstance(value, str) else json.dumps(value)


_COLUMNS = 2
_READERS: Mapping[Format, Callable[[bytes, Format], Table]] = {
    "csv": _separated,
    "tsv": _separated,
    "xlsx": _workbook,
    "json": _document,
    "ndjson": _lines,
}
