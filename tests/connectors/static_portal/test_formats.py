from __future__ import annotations

import datetime as dt

import pytest

from connectors.static_portal import formats
from connectors.static_portal.words import Lang


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("value", "lang", "text"),
    [
        (18_180, "nb", "18 180"),
        (18_180, "en", "18,180"),
        (57.5, "nb", "57,5"),
        (-2.25, "en", "\u22122.25"),
        (1234.56789, "nb", "1 234,5679"),
        (0.0, "nb", "0"),
        (1_000_000, "en", "1,000,000"),
        (0.00002, "en", "2e\u221205"),
    ],
)
def test_numbers(value: float, lang: Lang, text: str) -> None:
    assert plain(formats.number(value, lang)) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 B"), (999, "999 B"), (6_601, "6.6 kB"), (33_000, "33 kB"), (1_234_567_890, "1.2 GB")],
)
def test_sizes(count: int, text: str) -> None:
    assert plain(formats.size(count, "en")) == text


@pytest.mark.parametrize(
    ("span", "lang", "text"),
    [
        (dt.timedelta(seconds=20), "nb", "under ett minutt"),
        (dt.timedelta(minutes=1), "nb", "1 minutt"),
        (dt.timedelta(hours=1, minutes=10), "nb", "1 time 10 minutter"),
        (dt.timedelta(days=2), "en", "2 days"),
        (dt.timedelta(days=2, minutes=5), "en", "2 days"),
        (dt.timedelta(days=366), "nb", "1 år 1 døgn"),
    ],
)
def test_spans_take_two_units_at_most(span: dt.timedelta, lang: Lang, text: str) -> None:
    assert plain(formats.span(span, lang)) == text


def test_moments_and_days() -> None:
    at = dt.datetime(2026, 5, 1, 7, 3, tzinfo=dt.UTC)
    assert plain(formats.moment(at, "nb")) == "1. mai 2026 kl. 07.03"
    assert plain(formats.moment(at, "en")) == "1 May 2026, 07:03"


def test_neighbouring_days_are_drawn_together() -> None:
    days = [dt.date(2026, 11, n) for n in (12, 13, 14, 20)] + [dt.date(2026, 12, 31)]
    days += [dt.date(2027, 1, 1)]
    assert [plain(part) for part in formats.days(days, "nb")] == [
        "12.\u201314. november 2026",
        "20. november 2026",
        "31. desember 2026 \u2013 1. januar 2027",
    ]
    assert formats.days([], "en") == []


def test_days_across_months_say_the_year_once() -> None:
    days = [dt.date(2026, 10, 31), dt.date(2026, 11, 1)]
    (told,) = formats.days(days, "en")
    assert plain(told) == "31 October \u2013 1 November 2026"
