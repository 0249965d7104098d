"""E-mail addresses in bytes."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

_AT = ord("@")
_LONGEST = 64
# letters beyond ASCII would make addresses of any compressed bytes; what is beside them is found
_LOCAL = re.compile(rb"[A-Za-z0-9_+%-][A-Za-z0-9._+%-]*")
_LABEL = rb"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])"
_DOMAIN = re.compile(rb"(?:" + _LABEL + rb"?\.)*" + _LABEL + rb"\.[A-Za-z]{2,24}(?![A-Za-z0-9-])")


def addresses(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Where addresses begin, and the addresses in small letters."""
    if b"@" not in data:
        return
    for place in np.flatnonzero(np.frombuffer(data, np.uint8) == _AT).tolist():
        backwards = data[max(0, place - _LONGEST) : place][::-1]
        local, domain = _LOCAL.match(backwards), _DOMAIN.match(data, place + 1)
        if local and domain:
            start = place - local.end()
            yield start, data[start : domain.end()].lower()
