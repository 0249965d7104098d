"""Plots as shapes on a canvas, ready for an inline SVG; no library, no script."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from statistics import median
from typing import Self

from connectors.portal import Bin, Distribution, Line, OverTime, Plot
from connectors.static_portal.scales import Scale, Tick, number_ticks, round_bounds, time_ticks
from connectors.static_portal.words import Lang

_GAP: dict[Bin, float] = {"hour": 1.5, "day": 1.6 * 24, "week": 1.5 * 168, "month": 1.5 * 744}
_HOUR = dt.timedelta(hours=1)
_Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Canvas:
    """A drawing's size in pixels, its margins, and how many ticks there is room for."""

    name: str
    width: int
    height: int
    left: int
    x_ticks: int
    y_ticks: int
    right: int = 14
    top: int = 12
    bottom: int = 28


BROAD = Canvas("broad", 760, 300, left=56, x_ticks=11, y_ticks=5)
SLIM = Canvas("slim", 360, 250, left=48, x_ticks=5, y_ticks=4)


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line, the shade around it where it stands alone, and its place among the colours.

    `dots` are the points that no line leads to.
    """

    name: str
    path: str
    dots: str
    band: str
    colour: int


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a distribution."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything that an SVG of a plot draws."""

    canvas: Canvas
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    strokes: tuple[Stroke, ...] = ()
    bars: tuple[Bar, ...] = ()


def draw(plot: Plot, canvas: Canvas, lang: Lang) -> Chart:
    """The plot on a canvas of that size."""
    if isinstance(plot, Distribution):
        return _bars(plot, canvas, lang)
    return _lines(plot, canvas, lang)


def is_drawn(plot: Plot | None) -> bool:
    """Whether there is anything to see: a distribution, or a line of more points than one."""
    if isinstance(plot, OverTime):
        return any(len(line.at) > 1 for line in plot.lines)
    return plot is not None


def extremes(plot: OverTime) -> tuple[float, float]:
    """The least and the greatest value that the plot shows."""
    spread = len(plot.lines) == 1 and plot.field is not None
    return (
        min(chain.from_iterable(line.low if spread else line.mean for line in plot.lines)),
        max(chain.from_iterable(line.high if spread else line.mean for line in plot.lines)),
    )


def _lines(plot: OverTime, canvas: Canvas, lang: Lang) -> Chart:
    low, high = extremes(plot)
    bottom, top, step = round_bounds(low, high, canvas.y_ticks)
    times = [at.timestamp() for line in plot.lines for at in (line.at[0], line.at[-1])]
    x = Scale(min(times), max(times), canvas.left, canvas.width - canvas.right)
    y = _upright(canvas, bottom, top)
    alone = len(plot.lines) == 1 and plot.field is not None
    zone = plot.lines[0].at[0].tzinfo or dt.UTC
    return Chart(
        canvas=canvas,
        x_ticks=time_ticks(x, zone, canvas.x_ticks, lang),
        y_ticks=number_ticks(y, step, lang),
        strokes=tuple(
            _stroke(_Trace.of(line, plot.bin, x, y), place + 1, shaded=alone)
            for place, line in enumerate(plot.lines)
        ),
    )


def _upright(canvas: Canvas, bottom: float, top: float) -> Scale:
    return Scale(bottom, top, canvas.height - canvas.bottom, canvas.top)


@dataclass(frozen=True, slots=True)
class _Trace:
    """A line's places from left to right, and the runs of them that hang together."""

    line: Line
    across: Sequence[float]
    runs: Sequence[slice]
    y: Scale

    @classmethod
    def of(cls, line: Line, word: Bin, x: Scale, y: Scale) -> Self:
        across = [x(at.timestamp()) for at in line.at]
        return cls(line, across, tuple(_runs(line.at, word)), y)

    def points(self, values: Sequence[float]) -> Iterator[list[_Point]]:
        for run in self.runs:
            yield list(zip(self.across[run], map(self.y, values[run]), strict=True))


def _stroke(trace: _Trace, colour: int, *, shaded: bool) -> Stroke:
    line, runs = trace.line, list(trace.points(trace.line.mean))
    return Stroke(
        name=line.name,
        path="".join(f"M{_joined(run)}" for run in runs if len(run) > 1),
        dots="".join(f"M{_joined(run)}h0" for run in runs if len(run) == 1),
        band=_band(trace) if shaded else "",
        colour=colour,
    )


def _band(trace: _Trace) -> str:
    over, under = (trace.points(values) for values in (trace.line.high, trace.line.low))
    pairs = zip(over, under, strict=True)
    return "".join(f"M{_joined(chain(above, reversed(below)))}Z" for above, below in pairs)


def _runs(at: Sequence[dt.datetime], word: Bin) -> Iterator[slice]:
    # a bin without values leaves a hole rather than a straight line through it
    start, widest = 0, _widest(at, word)
    for place in range(1, len(at) + 1):
        if place == len(at) or at[place] - at[place - 1] > widest:
            yield slice(start, place)
            start = place


def _widest(at: Sequence[dt.datetime], word: Bin) -> dt.timedelta:
    # what is read more seldom than its bins has no holes where it was read as often as it is
    apart = [(after - before) / _HOUR for before, after in pairwise(at)]
    return _HOUR * max(_GAP[word], 1.5 * median(apart) if apart else 0)


def _joined(points: Iterable[_Point]) -> str:
    return " ".join(f"{x:g} {y:g}" for x, y in points)


def _bars(plot: Distribution, canvas: Canvas, lang: Lang) -> Chart:
    _, top, step = round_bounds(0, max(plot.counts), canvas.y_ticks)
    low, high, between = round_bounds(plot.edges[0], plot.edges[-1], canvas.x_ticks)
    x = Scale(low, high, canvas.left, canvas.width - canvas.right)
    y = _upright(canvas, 0, top)
    edges = [x(edge) for edge in plot.edges]
    floor = canvas.height - canvas.bottom
    return Chart(
        canvas=canvas,
        x_ticks=number_ticks(x, between, lang),
        y_ticks=number_ticks(y, step, lang),
        bars=tuple(
            Bar(left, y(count), round(max(right - left - 1, 0.5), 1), round(floor - y(count), 1))
            for left, right, count in zip(edges, edges[1:], plot.counts, strict=False)
        ),
    )


def sparkline(plot: Plot | None, points: int = 72) -> tuple[float, ...]:
    """The newest bins of the plot's first line, from 0 to 1; empty where there is no plot."""
    if plot is None:
        return ()
    values = plot.counts if isinstance(plot, Distribution) else plot.lines[0].mean[-points:]
    low, spread = min(values), (max(values) - min(values)) or 1.0
    return tuple(round((value - low) / spread, 3) for value in values)
