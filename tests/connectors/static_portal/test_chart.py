from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.portal import Distribution, Line, OverTime
from connectors.static_portal.chart import BROAD, SLIM, Canvas, draw, sparkline
from connectors.static_portal.plot_words import plot_words
from connectors.static_portal.scales import Scale, number_ticks, round_bounds, time_ticks
from tests.connectors.static_portal.shown import parking

OSLO = ZoneInfo("Europe/Oslo")
FIELD = parking().field("free_spaces")


def hours(start: dt.datetime, count: int) -> list[dt.datetime]:
    return [(start + dt.timedelta(hours=n)).astimezone(OSLO) for n in range(count)]


def line(name: str, at: list[dt.datetime], value: float = 5.0) -> Line:
    flat = [value] * len(at)
    return Line(name, at, flat, [value - 1] * len(at), [value + 1] * len(at))


def plot(*lines: Line) -> OverTime:
    return OverTime(FIELD, "hour", None, lines)


MORNING = dt.datetime(2026, 11, 20, 6, tzinfo=dt.UTC)


@pytest.mark.parametrize("canvas", [BROAD, SLIM])
def test_a_plot_stays_on_its_canvas(canvas: Canvas) -> None:
    drawn = draw(plot(line("", hours(MORNING, 48))), canvas, "nb")
    (stroke,) = drawn.strokes
    places = [float(n) for n in re.findall(r"-?[\d.]+", stroke.path + stroke.band)]
    assert all(canvas.left <= x <= canvas.width - canvas.right for x in places[::2])
    assert all(canvas.top <= y <= canvas.height - canvas.bottom for y in places[1::2])
    assert 2 <= len(drawn.x_ticks) <= canvas.x_ticks


def test_a_hole_in_the_data_is_a_hole_in_the_line() -> None:
    at = [*hours(MORNING, 5), *hours(MORNING + dt.timedelta(hours=30), 5)]
    (stroke,) = draw(plot(line("", at)), BROAD, "nb").strokes
    assert stroke.path.count("M") == 2
    assert stroke.band.count("Z") == 2


def test_the_hour_that_the_clock_repeats_is_no_hole() -> None:
    at = hours(dt.datetime(2026, 10, 24, 22, tzinfo=dt.UTC), 10)
    (stroke,) = draw(plot(line("", at)), BROAD, "nb").strokes
    assert stroke.path.count("M") == 1


def test_a_lone_value_is_a_dot() -> None:
    (stroke,) = draw(plot(line("", hours(MORNING, 1))), BROAD, "nb").strokes
    assert stroke.dots.endswith("h0")
    assert not stroke.path


def test_several_lines_have_colours_and_no_shade() -> None:
    drawn = draw(plot(line("a", hours(MORNING, 3)), line("b", hours(MORNING, 3))), BROAD, "nb")
    assert [(s.name, s.colour, s.band) for s in drawn.strokes] == [("a", 1, ""), ("b", 2, "")]


def test_a_distribution_has_a_bar_for_every_count() -> None:
    drawn = draw(Distribution(FIELD, [0, 10, 20, 30], [4, 0, 8]), BROAD, "en")
    assert [round(bar.height) for bar in drawn.bars] == [130, 0, 260]


def test_ticks_of_days_stand_at_local_midnight() -> None:
    start = dt.datetime(2026, 10, 20, 22, tzinfo=dt.UTC)
    scale = Scale(start.timestamp(), (start + dt.timedelta(days=8)).timestamp(), 0, 800)
    ticks = time_ticks(scale, OSLO, 10, "nb")
    assert [tick.label for tick in ticks][:3] == ["21. okt", "22. okt", "23. okt"]
    # the day on which the clock is set back is an hour longer
    gaps = [round(b.at - a.at, 1) for a, b in pairwise(ticks)]
    assert max(gaps) == pytest.approx(104.2)


@pytest.mark.parametrize(
    ("days", "first"),
    [(0.5, "08:00"), (2, "12:00"), (60, "23. nov"), (400, "jan 2027"), (4000, "2027")],
)
def test_the_ticks_fit_the_span(days: float, first: str) -> None:
    scale = Scale(MORNING.timestamp(), MORNING.timestamp() + days * 86_400, 0, 700)
    ticks = time_ticks(scale, OSLO, 11, "nb")
    assert ticks[0].label == first
    assert 2 <= len(ticks) <= 11


@given(low=st.floats(min_value=-1e6, max_value=1e6), width=st.floats(min_value=0, max_value=1e6))
def test_round_bounds_hold_every_value(low: float, width: float) -> None:
    bottom, top, step = round_bounds(low, low + width, 5)
    slack = step * 1e-6
    assert bottom <= low + slack
    assert top >= low + width - slack
    assert top > bottom
    assert 1 <= len(number_ticks(Scale(bottom, top, 0, 100), step, "en")) <= 12


def test_the_sparkline_lies_between_nought_and_one() -> None:
    spark = sparkline(plot(Line("", hours(MORNING, 3), [5, 9, 7], [5, 9, 7], [5, 9, 7])))
    assert spark == (0, 1, 0.5)
    assert sparkline(None) == ()


def test_a_plot_is_told_in_words_in_both_languages() -> None:
    told = plot_words(plot(line("", hours(MORNING, 30))), "nb")
    assert told.title == "Ledige plasser; 0 når det er fullt"
    assert "gjennomsnitt per time" in told.caption
    assert told.summary.replace("\u00a0", " ") == (
        "20. november 2026 til 21. november 2026; laveste 4, høyeste 6"
    )
    counted = OverTime(None, "day", None, (line("", hours(MORNING, 3)),))
    assert plot_words(counted, "en").caption == "Number of rows per day, local time."
    spread = plot_words(Distribution(FIELD, [0, 10], [4]), "en")
    assert spread.caption == "free_spaces. Number of rows by value."


def test_what_is_read_every_week_is_one_line() -> None:
    weeks = [MORNING + dt.timedelta(weeks=n) for n in range(4)]
    told = replace(plot(line("", weeks)), bin="day")
    (stroke,) = draw(told, BROAD, "nb").strokes
    assert stroke.path.count("M") == 1
    assert not stroke.dots
