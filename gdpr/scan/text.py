"""Text scanned window by window, each match counted in the one window that it begins in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from gdpr.scan.findings import (
    ACCOUNT,
    CANARY,
    EMAIL,
    NAME,
    ORGANISATION,
    PERSON,
    PHONE,
    Sought,
    Tally,
)
from gdpr.scan.mail import addresses
from gdpr.scan.numbers import accounts, organisations, outside, persons, shortened
from gdpr.scan.phones import phones
from gdpr.scan.runs import Places, Runs
from gdpr.scan.views import plain

BLOCK = 1 << 18
MARGIN = 1 << 10
_SHORT, _TRIED = "short", "tried"

View = Callable[[bytes], bytes]
_Found = dict[str, Places]


@dataclass(frozen=True, slots=True)
class _Window:
    data: bytes
    start: int
    end: int


def scan_text(
    blocks: Iterable[bytes], sought: Sought, tally: Tally, views: Iterable[View] = (plain,)
) -> None:
    """Count in the tally what stands in the text: as it is, and as its views show it.

    The blocks are one text's bytes in order, of any length; memory holds a few hundred kilobytes.
    """
    known = tuple(views)
    for window in _windows(blocks):
        _scan_window(window, sought, tally, known)


def detect(data: bytes, sought: Sought) -> dict[str, Places]:
    """Where each kind begins in the bytes."""
    found: _Found = {}
    runs = Runs.of(data)
    if PERSON in sought.kinds:
        found[PERSON] = outside(persons(runs))
        found[_SHORT], found[_TRIED] = map(outside, shortened(runs))
    if ACCOUNT in sought.kinds:
        found[ACCOUNT] = outside(accounts(runs))
    if ORGANISATION in sought.kinds:
        places, digits = organisations(runs)
        numbered = zip(outside(places).tolist(), (row.tobytes() for row in digits), strict=True)
        found[ORGANISATION] = _unpermitted(numbered, sought)
    if PHONE in sought.kinds:
        found[PHONE] = np.unique(_unpermitted(phones(runs, data), sought))
    if EMAIL in sought.kinds:
        found[EMAIL] = _unpermitted(addresses(data), sought)
    found[CANARY] = sought.canaries.places(data)
    return found


def _scan_window(window: _Window, sought: Sought, tally: Tally, views: tuple[View, ...]) -> None:
    found = detect(window.data, sought)
    within = {kind: _within(places, window) for kind, places in found.items()}
    for view in views:
        seen = view(window.data)
        if seen != window.data:
            for kind, places in detect(seen, sought).items():
                within[kind] += max(0, len(places) - max(len(found[kind]), within[kind]))
    _count(within, tally)
    if sought.names is not None:
        text = window.data[window.start : window.end].decode(errors="replace")
        tally.add(NAME, sought.names(text))


def _count(within: dict[str, int], tally: Tally) -> None:
    tally.short(within.pop(_SHORT, 0), within.pop(_TRIED, 0))
    for kind, count in within.items():
        tally.add(kind, count)


def _within(places: Places, window: _Window) -> int:
    return int(((places >= window.start) & (places < window.end)).sum())


def _unpermitted(found: Iterable[tuple[int, bytes]], sought: Sought) -> Places:
    places = [
        place for place, text in found if text.decode(errors="replace") not in sought.permitted
    ]
    return np.array(places, np.int64)


def _windows(blocks: Iterable[bytes]) -> Iterator[_Window]:
    carried, start = b"", 0
    for block in _filled(blocks):
        data = carried + block
        end = max(start, len(data) - MARGIN)
        if end > start:
            yield _Window(data, start, end)
        kept = max(0, end - MARGIN)
        carried, start = data[kept:], end - kept
    yield _Window(carried, start, len(carried))


def _filled(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in blocks of no less than BLOCK, but for the last."""
    waiting: list[bytes] = []
    size = 0
    for block in blocks:
        waiting.append(block)
        size += len(block)
        if size >= BLOCK:
            yield b"".join(waiting)
            waiting, size = [], 0
    yield b"".join(waiting)
