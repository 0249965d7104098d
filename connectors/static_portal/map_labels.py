"""Names beside the marks of a map, where there is room for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from connectors.portal import Mark
from connectors.static_portal.map import Dot, Map

_MOST_NAMES = 60
_LETTER, _LINE, _GAP = 7.8, 15.0, 4.0
Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class Label:
    """A name on the map: where its text begins, ends or has its middle, and its baseline."""

    x: float
    y: float
    anchor: Anchor
    text: str


@dataclass(frozen=True, slots=True)
class _Box:
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: _Box) -> bool:
        beside = self.right <= other.left or other.right <= self.left
        return not (beside or self.bottom <= other.top or other.bottom <= self.top)

    def within(self, other: _Box) -> bool:
        across = self.left >= other.left and self.right <= other.right
        return across and self.top >= other.top and self.bottom <= other.bottom


def labels(drawn: Map, texts: Mapping[Mark, str]) -> tuple[Label, ...]:
    """The marks' texts, each once, where they cover no mark and no other text.

    None at all where there are too many to be read.
    """
    if len(set(texts.values())) > _MOST_NAMES:
        return ()
    sheet = drawn.sheet
    frame = _Box(sheet.left, sheet.top, sheet.width - sheet.right, drawn.floor)
    taken = [_around(dot) for dot in drawn.dots]
    placed: dict[str, Label] = {}
    for dot in drawn.dots:
        text = texts.get(dot.mark, "")
        if not text or text in placed:
            continue
        for box, label in _candidates(dot, text):
            if box.within(frame) and not any(box.meets(other) for other in taken):
                placed[text] = label
                taken.append(box)
                break
    return tuple(placed.values())


def _around(dot: Dot) -> _Box:
    return _Box(dot.x - dot.radius, dot.y - dot.radius, dot.x + dot.radius, dot.y + dot.radius)


def _candidates(dot: Dot, text: str) -> Iterator[tuple[_Box, Label]]:
    width, away = len(text) * _LETTER, dot.radius + _GAP
    beside = dot.y - _LINE / 2
    places: tuple[tuple[float, float, Anchor], ...] = (
        (dot.x + away, beside, "start"),
        (dot.x - away, beside, "end"),
        (dot.x, dot.y - away - _LINE, "middle"),
        (dot.x, dot.y + away, "middle"),
    )
    shares = {"start": 0.0, "middle": 0.5, "end": 1.0}
    for x, top, anchor in places:
        left = x - shares[anchor] * width
        box = _Box(left, top, left + width, top + _LINE)
        yield box, Label(round(x, 1), round(top + 11.5, 1), anchor, text)
