"""What is said of a plot: its title, how it is drawn, and its summary for those who cannot see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from connectors.portal import Distribution, OverTime, Plot
from connectors.static_portal.chart import extremes
from connectors.static_portal.formats import day, number
from connectors.static_portal.words import Lang, in_language, portal_words
from schemas.contract import Field


@dataclass(frozen=True, slots=True)
class PlotWords:
    """A plot in words."""

    title: str
    caption: str
    summary: str


def plot_words(plot: Plot, lang: Lang) -> PlotWords:
    """The plot's title, caption and summary in one language."""
    says = portal_words().says(lang)
    if isinstance(plot, Distribution):
        low, high = plot.edges[0], plot.edges[-1]
        caption = f"{plot.field.name}. {says['spread']}."
        return PlotWords(_title(plot.field, lang), caption, _spread(low, high, says, lang))
    low, high = extremes(plot)
    title = _title(plot.field, lang) if plot.field else says["plot_rows"]
    period = f"{_first_day(plot, lang)} {says['from_to']} {_last_day(plot, lang)}"
    summary = f"{period}; {_spread(low, high, says, lang)}"
    return PlotWords(title, _caption(plot, says), summary)


def _title(field: Field, lang: Lang) -> str:
    unit = portal_words().unit(field.unit)
    text = in_language(field.description, lang).rstrip(".")
    return f"{text} ({unit})" if unit else text


def _caption(plot: OverTime, says: Mapping[str, str]) -> str:
    each = says[f"per_{plot.bin}"]
    if plot.field is None:
        return f"{says['plot_rows']} {each}, {says['local_time']}."
    name, local = plot.field.name, says["local_time"].capitalize()
    drawn = f"{says['by_category']} {plot.by.name}" if plot.by else says["with_band"]
    return f"{name}: {says['mean'].lower()} {each}, {drawn}. {local}."


def _spread(low: float, high: float, says: Mapping[str, str], lang: Lang) -> str:
    return f"{says['lowest']} {number(low, lang)}, {says['highest']} {number(high, lang)}"


def _first_day(plot: OverTime, lang: Lang) -> str:
    return day(min(line.at[0] for line in plot.lines).date(), lang)


def _last_day(plot: OverTime, lang: Lang) -> str:
    return day(max(line.at[-1] for line in plot.lines).date(), lang)
