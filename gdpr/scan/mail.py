"""E-mail addresses in bytes."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

_AT = ord("@")
_LONGEST = 64
_LOCAL = re.compile(rb"[A-Za-z0-9_+%-][A-Za-z0-9._+%-]*")
_LABEL = rb"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])"
_DOMAIN = re.compile(rb"(?:" + _LABEL + rb"?\.)*" + _LABEL + rb"\.[A-Za-z]{2,24}(?![A-Za-z0-9-])")
# compressed bytes are full of what looks like an address, but not of text around it
_TEXT = rb"[\x00\t\n\r -~]"
_LETTER = rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}"
_BEFORE = re.compile(rb"(?:" + _TEXT + rb"|" + _LETTER + rb"|[A-Za-z ][\xc0-\xff]|^)\Z")
_AFTER = re.compile(_TEXT + rb"|" + _LETTER + rb"|\Z")


def addresses(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Where addresses begin, and the addresses in small letters.

    Of a name with letters beyond ASCII it is the part after the last of them.
    """
    if b"@" not in data:
        return
    for place in np.flatnonzero(np.frombuffer(data, np.uint8) == _AT).tolist():
        backwards = data[max(0, place - _LONGEST) : place][::-1]
        local, domain = _LOCAL.match(backwards), _DOMAIN.match(data, place + 1)
        if local and domain:
            start = place - local.end()
            if _BEFORE.search(data[max(0, start - 3) : start]) and _AFTER.match(data, domain.end()):
                yield start, data[start : domain.end()].lower()
