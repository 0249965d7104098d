"""A JSON document without some of its records. What stands between the others is as it was."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from json.decoder import JSONDecodeError
from pathlib import Path
from typing import BinaryIO, NamedTuple

from connectors.rewriting.gone import Gone
from schemas.errors import ContractBroken

_DECODER = json.JSONDecoder(strict=False)
_SPACE = re.compile(r"[ \t\r\n]*")
_BOM = "\ufeff"


class Span(NamedTuple):
    """Where a value stands in the text."""

    start: int
    end: int


def without_records(source: Path, target: BinaryIO, gone: Gone) -> None:
    """The document without those of its records; where it is itself the record, null.

    Raises:
        ContractBroken: it is no JSON, or its records are not where the profile says.
    """
    encoding = "cp1252" if gone.profile.encoding == "cp1252" else "utf-8"
    try:
        text = source.read_bytes().decode(encoding)
        target.write(_without(text, gone).encode(encoding))
    except (ValueError, IndexError, RecursionError) as error:
        raise ContractBroken(f"is not readable JSON: {type(error).__name__}") from None


def _without(text: str, gone: Gone) -> str:
    whole = _value(text, _after_space(text, len(_BOM) if text.startswith(_BOM) else 0))
    place = _find(text, whole, gone.profile.records) if gone.profile.records else whole
    if place is None:
        raise ContractBroken(f"has no records at '{gone.profile.records}'")
    if text[place.start] != "[":
        return f"{text[: place.start]}null{text[place.end :]}"
    elements = list(_elements(text, place))
    kept = [span for number, span in enumerate(elements, 1) if number not in gone.lines]
    inner = _joined(text, elements, kept)
    return f"{text[: place.start]}[{inner}]{text[place.end :]}"


def _joined(text: str, elements: list[Span], kept: list[Span]) -> str:
    """The kept records, each with the space before it, and the space before the bracket."""
    befores = {span: text[_opening(text, span) : span.start] for span in elements}
    tail = text[elements[-1].end : _after_space(text, elements[-1].end)] if elements else ""
    return ",".join(befores[span] + text[span.start : span.end] for span in kept) + tail


def _opening(text: str, span: Span) -> int:
    start = span.start
    while text[start - 1] in " \t\r\n":
        start -= 1
    return start


def _find(text: str, place: Span, path: str) -> Span | None:
    if text[place.start] != "{":
        return None
    members = dict(_members(text, place))
    if path in members:
        return members[path]
    head, dot, rest = path.partition(".")
    return _find(text, members[head], rest) if dot and head in members else None


def _members(text: str, place: Span) -> Iterator[tuple[str, Span]]:
    at = _after_space(text, place.start + 1)
    while text[at] != "}":
        name, at = _DECODER.raw_decode(text, at)
        value = _value(text, _after_space(text, _past(text, at, ":")))
        yield str(name), value
        at = _next(text, value.end)


def _elements(text: str, place: Span) -> Iterator[Span]:
    at = _after_space(text, place.start + 1)
    while text[at] != "]":
        value = _value(text, at)
        yield value
        at = _next(text, value.end)


def _value(text: str, at: int) -> Span:
    _, end = _DECODER.raw_decode(text, at)
    return Span(at, end)


def _next(text: str, at: int) -> int:
    at = _after_space(text, at)
    return _after_space(text, at + 1) if text[at] == "," else at


def _past(text: str, at: int, sign: str) -> int:
    at = _after_space(text, at)
    if text[at] != sign:
        raise JSONDecodeError(f"no {sign}", "", at)
    return at + 1


def _after_space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at
