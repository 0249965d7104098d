"""Maps as shapes on a sheet, ready for an inline SVG: no tiles, no library, no script."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from connectors.portal import Mark, Places
from connectors.static_portal.formats import number
from connectors.static_portal.projection import Projection
from connectors.static_portal.scales import Tick, round_bounds
from connectors.static_portal.words import Lang

_LEAST_METRES = 600.0
_ROOM = 1.16
_MANY = 60
_BAR_SHARE = 0.28
_KILOMETRE = 1000


@dataclass(frozen=True, slots=True)
class Sheet:
    """A map's width in pixels, how high it may be, its margins and how many lines cross it."""

    name: str
    width: int
    lowest: int
    highest: int
    left: int
    lines: int
    largest: float
    right: int = 12
    top: int = 12
    bottom: int = 58

    @property
    def inner(self) -> int:
        """The frame's width."""
        return self.width - self.left - self.right


BROAD_SHEET = Sheet("broad", 760, 240, 470, left=76, lines=6, largest=14.0)
SLIM_SHEET = Sheet("slim", 360, 190, 380, left=74, lines=4, largest=8.0, right=6)


@dataclass(frozen=True, slots=True)
class Dot:
    """A mark in pixels."""

    x: float
    y: float
    radius: float
    mark: Mark


@dataclass(frozen=True, slots=True)
class Crossing:
    """A line of equal longitude or latitude, and its label at the frame."""

    tick: Tick
    path: str


@dataclass(frozen=True, slots=True)
class Map:
    """Everything that an SVG of places draws, greatest marks first; `bar` is the scale's."""

    sheet: Sheet
    height: int
    dots: tuple[Dot, ...]
    meridians: tuple[Crossing, ...]
    parallels: tuple[Crossing, ...]
    bar: Tick
    middle: tuple[float, float]
    metres: float

    @property
    def floor(self) -> int:
        """Where the frame ends below."""
        return self.height - self.sheet.bottom


def draw_map(places: Places, sheet: Sheet, lang: Lang) -> Map:
    """The places on a sheet, north up; `middle` is in degrees, `metres` is a pixel's length."""
    view = _view(places.marks, sheet)
    return Map(
        sheet=sheet,
        height=round(view.height) + sheet.top + sheet.bottom,
        dots=tuple(_dots(places.marks, view)),
        meridians=tuple(_meridians(view, lang)),
        parallels=tuple(_parallels(view, lang)),
        bar=_bar(view, lang),
        middle=view.projection.degrees(view.east, view.north),
        metres=view.metres,
    )


@dataclass(frozen=True, slots=True)
class _View:
    """What of the world is within the frame: its middle, its height in pixels, a pixel's metres."""

    sheet: Sheet
    projection: Projection
    east: float
    north: float
    height: float
    metres: float

    def pixels(self, longitude: float, latitude: float) -> tuple[float, float]:
        east, north = self.projection.metres(longitude, latitude)
        x = self.sheet.left + self.sheet.inner / 2 + (east - self.east) / self.metres
        y = self.sheet.top + self.height / 2 - (north - self.north) / self.metres
        return round(x, 1), round(y, 1)

    def degrees(self, across: float, down: float) -> tuple[float, float]:
        """The point at those shares of the frame, from its upper left corner."""
        east = self.east + (across - 0.5) * self.sheet.inner * self.metres
        north = self.north - (down - 0.5) * self.height * self.metres
        return self.projection.degrees(east, north)


def _view(marks: Sequence[Mark], sheet: Sheet) -> _View:
    middle = (min(m.longitude for m in marks) + max(m.longitude for m in marks)) / 2
    projection = Projection(middle)
    points = [projection.metres(mark.longitude, mark.latitude) for mark in marks]
    (west, east), (south, north) = ((min(axis), max(axis)) for axis in zip(*points, strict=True))
    across, upright = (
        max((b - a) * _ROOM, _LEAST_METRES) for a, b in ((west, east), (south, north))
    )
    height = min(max(sheet.inner * upright / across, sheet.lowest), sheet.highest)
    metres = max(across / sheet.inner, upright / height)
    return _View(sheet, projection, (west + east) / 2, (south + north) / 2, round(height), metres)


def _dots(marks: Sequence[Mark], view: _View) -> Iterator[Dot]:
    most = max(mark.count for mark in marks)
    least = 3.5 if len(marks) > _MANY else 5.5
    for mark in sorted(marks, key=lambda mark: -mark.count):
        x, y = view.pixels(mark.longitude, mark.latitude)
        more = math.sqrt((mark.count - 1) / (most - 1)) if most > 1 else 0.0
        yield Dot(x, y, round(least + (view.sheet.largest - least) * more, 1), mark)


def _meridians(view: _View, lang: Lang) -> Iterator[Crossing]:
    (west, south), (east, _) = view.degrees(0, 1), view.degrees(1, 1)
    _, north = view.degrees(0.5, 0)
    floor = view.sheet.top + view.height
    for degrees in _round(west, east, view.sheet.lines - 1):
        (low, _), (high, _) = view.pixels(degrees, south), view.pixels(degrees, north)
        label = f"{number(degrees, lang)}° {'Ø' if lang == 'nb' else 'E'}"
        yield Crossing(Tick(low, label), f"M{low:g} {floor:g}L{high:g} {view.sheet.top}")


def _parallels(view: _View, lang: Lang) -> Iterator[Crossing]:
    (_, south), (_, north) = view.degrees(0.5, 1), view.degrees(0.5, 0)
    ends = (view.degrees(0, 0.5)[0], view.projection.meridian, view.degrees(1, 0.5)[0])
    left, middle = view.sheet.left, view.sheet.left + view.sheet.inner / 2
    for degrees in _round(south, north, view.sheet.lines):
        start, bend, end = (view.pixels(longitude, degrees)[1] for longitude in ends)
        curve = f"Q{middle:g} {2 * bend - (start + end) / 2:g} {left + view.sheet.inner} {end:g}"
        yield Crossing(Tick(start, f"{number(degrees, lang)}° N"), f"M{left} {start:g}{curve}")


def _round(low: float, high: float, most: int) -> list[float]:
    _, _, step = round_bounds(low, high, most)
    first, last = math.ceil(low / step), math.floor(high / step)
    return [round(n * step, 6) for n in range(first, last + 1)]


def _bar(view: _View, lang: Lang) -> Tick:
    most = view.sheet.inner * view.metres * _BAR_SHARE
    power = 10.0 ** math.floor(math.log10(most))
    length = next(n * power for n in (5, 2, 1) if n * power <= most)
    value, unit = (length / _KILOMETRE, "km") if length >= _KILOMETRE else (length, "m")
    return Tick(round(length / view.metres, 1), f"{number(value, lang)}\u00a0{unit}")
