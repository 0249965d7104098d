"""A workbook without some rows of a sheet: their cells, notes, links, and texts that only they had.

The emptied rows stay where they were, so that no other row changes its number.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from xml.sax.saxutils import unescape

from connectors.rewriting.gone import Gone
from schemas.errors import ContractBroken

_ROW = re.compile(rb"<((?:\w+:)?)row\b([^>]*?)(?:/>|>(.*?)</\1row>)", re.DOTALL)
_NUMBER = re.compile(rb'\br="(\d+)"')
_SHARED = re.compile(rb'<(?:\w+:)?c\b[^>]*?\bt="s"[^>]*>\s*<(?:\w+:)?v>(\d+)</')
_ITEM = re.compile(rb"<((?:\w+:)?)si\b[^>]*?(?:/>|>.*?</\1si>)", re.DOTALL)
_FILLED = re.compile(rb"<(?:\w+:)?(?:v|is)\b")
_SHEET = re.compile(rb"<(?:\w+:)?sheet\b[^>]*>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
_LINK = re.compile(rb"<(?:\w+:)?hyperlink\b[^>]*?/>")
_NOTE = re.compile(rb"<((?:\w+:)?)(comment|threadedComment)\b([^>]*)>.*?</\1\2>", re.DOTALL)
_REF = re.compile(rb'\bref="\$?[A-Z]+\$?(\d+)')
_STRINGS = "xl/sharedStrings.xml"
_WORKBOOK = "xl/workbook.xml"


def without_sheet_rows(source: Path, target: BinaryIO, gone: Gone) -> None:
    """The workbook with those rows of its sheet emptied.

    Raises:
        ContractBroken: it is no workbook, or lacks the sheet.
    """
    try:
        with zipfile.ZipFile(source) as book, zipfile.ZipFile(target, "w") as made:
            parts = {name: book.read(name) for name in book.namelist()}
            changed = _changed(parts, gone)
            for info in book.infolist():
                made.writestr(info, changed.get(info.filename, parts[info.filename]))
    except (zipfile.BadZipFile, KeyError) as error:
        raise ContractBroken(f"is not a readable XLSX: {type(error).__name__}") from None


def _changed(parts: Mapping[str, bytes], gone: Gone) -> dict[str, bytes]:
    name = _sheet_name(parts, gone.profile.sheet)
    sheet = _Sheet(parts[name], gone)
    emptied = _ROW.sub(sheet.emptied(), parts[name])
    after = {**parts, name: _LINK.sub(sheet.unlinked, emptied)}
    relations = _relations_of(name)
    if relations in parts:
        after[relations] = _RELATION.sub(sheet.unrelated, parts[relations])
        for note in _notes(name, after[relations]):
            after[note] = _NOTE.sub(sheet.unnoted, parts.get(note, b""))
    if _STRINGS in parts:
        after[_STRINGS] = _without_strings(parts[_STRINGS], sheet.texts - _texts(after))
    return {part: content for part, content in after.items() if content != parts.get(part)}


@dataclass(slots=True)
class _Sheet:
    content: bytes
    gone: Gone
    rows: frozenset[int] = frozenset()
    texts: frozenset[int] = frozenset()
    links: frozenset[bytes] = frozenset()

    def __post_init__(self) -> None:
        numbered = list(_rows(self.content))
        first = next((number for number, inner in numbered if _FILLED.search(inner)), 1)
        header = max(self.gone.profile.skip_rows + 1, first)
        self.rows = frozenset(header + line for line in self.gone.lines)
        emptied = [inner for number, inner in numbered if number in self.rows]
        self.texts = frozenset(int(found) for inner in emptied for found in _SHARED.findall(inner))
        found = (link for link in _LINK.findall(self.content) if self._is_gone(link))
        self.links = frozenset(_attribute(link, b"id") for link in found)

    def emptied(self) -> Callable[[re.Match[bytes]], bytes]:
        """What takes the place of each row, asked in their order."""
        numbers = (number for number, _ in _rows(self.content))

        def instead(row: re.Match[bytes]) -> bytes:
            number = next(numbers)
            return b'<%brow r="%d"/>' % (row[1], number) if number in self.rows else row[0]

        return instead

    def unlinked(self, link: re.Match[bytes]) -> bytes:
        """Nothing, for a link in a row that goes."""
        return b"" if self._is_gone(link[0]) else link[0]

    def unrelated(self, relation: re.Match[bytes]) -> bytes:
        """Nothing, for the address behind such a link."""
        return b"" if _attribute(relation[0], b"Id") in self.links else relation[0]

    def unnoted(self, note: re.Match[bytes]) -> bytes:
        """Nothing, for a note on a cell of such a row."""
        return b"" if self._is_gone(note[3]) else note[0]

    def _is_gone(self, element: bytes) -> bool:
        place = _REF.search(element)
        return place is not None and int(place[1]) in self.rows


def _rows(content: bytes) -> Iterator[tuple[int, bytes]]:
    number = 0
    for row in _ROW.finditer(content):
        given = _NUMBER.search(row[2])
        number = int(given[1]) if given else number + 1
        yield number, row[3] or b""


def _texts(parts: Mapping[str, bytes]) -> frozenset[int]:
    sheets = (content for name, content in parts.items() if name.startswith("xl/worksheets/"))
    return frozenset(int(found) for sheet in sheets for found in _SHARED.findall(sheet))


def _without_strings(content: bytes, gone: frozenset[int]) -> bytes:
    numbers = iter(range(len(content)))

    def instead(item: re.Match[bytes]) -> bytes:
        return b"<%bsi><%bt/></%bsi>" % ((item[1],) * 3) if next(numbers) in gone else item[0]

    return _ITEM.sub(instead, content)


def _sheet_name(parts: Mapping[str, bytes], wanted: str | None) -> str:
    sheets = _SHEET.findall(parts[_WORKBOOK])
    named = {unescape(_attribute(s, b"name").decode(), {"&quot;": '"'}): s for s in sheets}
    chosen = named[wanted] if wanted is not None else sheets[0]
    relations = _RELATION.findall(parts[_relations_of(_WORKBOOK)])
    targets = {_attribute(r, b"Id"): _attribute(r, b"Target").decode() for r in relations}
    return _resolved(_WORKBOOK, targets[_attribute(chosen, b"id")])


def _notes(sheet: str, relations: bytes) -> Iterator[str]:
    for relation in _RELATION.findall(relations):
        if b"omment" in _attribute(relation, b"Type"):
            yield _resolved(sheet, _attribute(relation, b"Target").decode())


def _relations_of(part: str) -> str:
    folder, _, name = part.rpartition("/")
    return f"{folder}/_rels/{name}.rels"


def _resolved(part: str, target: str) -> str:
    if target.startswith("/"):
        return target.removeprefix("/")
    folders = part.split("/")[:-1]
    for step in target.split("/"):
        folders = folders[:-1] if step == ".." else [*folders, step]
    return "/".join(folders)


def _attribute(element: bytes, name: bytes) -> bytes:
    found = re.search(rb'\b%b="([^"]*)"' % name, element)
    return found[1] if found else b""
