"""The same bytes as a reader sees them: without escapes, entities, tags and double-wide letters."""

from __future__ import annotations

import html
import re

_PERCENT = re.compile(rb"%([0-9A-Fa-f]{2})")
_ESCAPE = re.compile(rb"\\u([0-9A-Fa-f]{4})")
_ENTITY = re.compile(rb"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]{2,32});")
_SCIENTIFIC = re.compile(rb"(?<![\w.])([1-9])\.(\d{1,10})[eE]\+?10(?![\w.])")
_WIDE = re.compile(rb"(?:[\x20-\x7e]\x00){6}")
_INLINE = re.compile(
    rb"</?(?:wbr|b|i|em|strong|small|span|code|mark)(?:\s[^<>]*)?/?>|&shy;|\xc2\xad|\xe2\x80\x8b",
    re.IGNORECASE,
)
_CELL = re.compile(rb"</(?:si|is|c|comment|w:p|text:p)>")
_TAG = re.compile(rb"<[^<>]*>")


def plain(data: bytes) -> bytes:
    """The bytes without escapes of JSON, addresses and entities; numbers written in full."""
    if b"\0" in data and _WIDE.search(data):
        data = data.replace(b"\0", b"")
    if b"\\" in data:
        data = _ESCAPE.sub(_character, data).replace(b"\\n", b"\n").replace(b"\\t", b"\t")
    if b"%" in data:
        data = _PERCENT.sub(lambda match: bytes([int(match[1], 16)]), data)
    if b"&" in data:
        data = _ENTITY.sub(lambda match: html.unescape(match[0].decode()).encode(), data)
    if _has_exponent(data):
        data = _SCIENTIFIC.sub(lambda match: match[1] + match[2].ljust(10, b"0"), data)
    return data


def shown(data: bytes) -> bytes:
    """The text of a page: what tags divide stands on lines of its own."""
    return plain(_TAG.sub(b"\n", _INLINE.sub(b"", data)))


def cells(data: bytes) -> bytes:
    """The text of a workbook's or a document's XML: each cell and paragraph on a line of its own.

    A cell's text may be cut into runs of different looks; they are put together.
    """
    return plain(_TAG.sub(b"", _CELL.sub(b"\n", data)))


def _character(match: re.Match[bytes]) -> bytes:
    return chr(int(match[1], 16)).encode(errors="replace")


def _has_exponent(data: bytes) -> bool:
    # one byte is sought much faster than three, and most data have neither of these
    if b"+" in data and (b"e+10" in data or b"E+10" in data):
        return True
    return b"e10" in data or (b"E" in data and b"E10" in data)
