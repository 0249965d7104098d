"""Numbers, sizes, times and spans as people write them in Norwegian and English."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from connectors.static_portal.words import Lang

_MONTHS: dict[Lang, str] = {
    "nb": "januar februar mars april mai juni juli august september oktober november desember",
    "en": "January February March April May June July August September October November December",
}
_SPANS: tuple[tuple[int, dict[Lang, tuple[str, str]]], ...] = (
    (365 * 86_400, {"nb": ("år", "år"), "en": ("year", "years")}),
    (86_400, {"nb": ("døgn", "døgn"), "en": ("day", "days")}),
    (3_600, {"nb": ("time", "timer"), "en": ("hour", "hours")}),
    (60, {"nb": ("minutt", "minutter"), "en": ("minute", "minutes")}),
)
_SPACE = "\u00a0"
_KILO, _TWO_DIGITS, _SMALL = 1000, 10, 0.001


def number(value: float, lang: Lang) -> str:
    """A number with its thousands apart; decimals only where it has some, four at most."""
    small = 0 < abs(value) < _SMALL
    text = f"{value:.1g}" if small else f"{value:,.4f}".rstrip("0").rstrip(".")
    text = text.replace("-", "\u2212")
    if lang == "en":
        return text
    return text.replace(",", _SPACE).replace(".", ",")


def size(count: int, lang: Lang) -> str:
    """A file's size in decimal units, two digits of it."""
    value, unit = float(count), "B"
    for larger in ("kB", "MB", "GB", "TB"):
        if value < _KILO:
            break
        value, unit = value / _KILO, larger
    digits = 0 if unit == "B" or value >= _TWO_DIGITS else 1
    return f"{number(round(value, digits), lang)}{_SPACE}{unit}"


def span(value: dt.timedelta, lang: Lang) -> str:
    """A length of time in its largest unit, and the next one where that is not nought."""
    seconds = int(value.total_seconds())
    for place, (length, words) in enumerate(_SPANS):
        if seconds >= length:
            parts = [_counted(seconds // length, words[lang])]
            if place + 1 < len(_SPANS):
                smaller, names = _SPANS[place + 1]
                rest = seconds % length // smaller
                parts += [_counted(rest, names[lang])] if rest else []
            return " ".join(parts)
    return "under ett minutt" if lang == "nb" else "under a minute"


def day(date: dt.date, lang: Lang) -> str:
    """A date with the month's name."""
    dot = "." if lang == "nb" else ""
    return f"{date.day}{dot}{_SPACE}{month(date, lang)} {date.year}"


def month(date: dt.date, lang: Lang) -> str:
    """The month's name."""
    return _MONTHS[lang].split()[date.month - 1]


def short_month(date: dt.date, lang: Lang) -> str:
    """The month's name in three letters."""
    return month(date, lang)[:3]


def moment(local: dt.datetime, lang: Lang) -> str:
    """A date and a time of day, in the zone that the value is in."""
    clock = f"kl.{_SPACE}{local:%H.%M}" if lang == "nb" else f"{local:%H:%M}"
    return f"{day(local.date(), lang)}{' ' if lang == 'nb' else ', '}{clock}"


def days(dates: Sequence[dt.date], lang: Lang) -> list[str]:
    """Rising dates with neighbours drawn together: 12.-14. November, 20. November."""
    return [_range(first, last, lang) for first, last in _runs(dates)]


def _counted(count: int, words: tuple[str, str]) -> str:
    return f"{count}{_SPACE}{words[0] if count == 1 else words[1]}"


def _runs(dates: Sequence[dt.date]) -> Iterator[tuple[dt.date, dt.date]]:
    start: dt.date | None = None
    for place, date in enumerate(dates):
        start = start or date
        if place + 1 == len(dates) or dates[place + 1] - date > dt.timedelta(days=1):
            yield start, date
            start = None


def _range(first: dt.date, last: dt.date, lang: Lang) -> str:
    if first == last:
        return day(first, lang)
    if (first.year, first.month) != (last.year, last.month):
        start = day(first, lang)
        if first.year == last.year:
            start = start.removesuffix(f" {first.year}")
        return f"{start} \u2013 {day(last, lang)}"
    dot = "." if lang == "nb" else ""
    return f"{first.day}{dot}\u2013{day(last, lang)}"
