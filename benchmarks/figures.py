"""A figure as it is kept: its value, its unit, the bar that it must keep, and whether it does."""

from __future__ import annotations

from typing import TypedDict

_WHOLE = 1000


class Figure(TypedDict):
    """One measured figure; a figure that is only shown has no bar."""

    figure: str
    value: float
    unit: str
    bar: float | None
    holds: bool | None


def at_most(figure: str, value: float, unit: str, bar: float) -> Figure:
    """A figure that must not pass its bar."""
    return Figure(figure=figure, value=_brief(value), unit=unit, bar=bar, holds=value <= bar)


def at_least(figure: str, value: float, unit: str, bar: float) -> Figure:
    """A figure that must reach its bar."""
    return Figure(figure=figure, value=_brief(value), unit=unit, bar=bar, holds=value >= bar)


def seen(figure: str, value: float, unit: str) -> Figure:
    """A figure that is shown beside others."""
    return Figure(figure=figure, value=_brief(value), unit=unit, bar=None, holds=None)


def _brief(value: float) -> float:
    return round(value, 2) if value < _WHOLE else float(round(value))
