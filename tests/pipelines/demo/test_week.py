from __future__ import annotations

import datetime as dt

from pipelines.demo.week import DAYS, TWICE_DAY, arrivals, dice, instants, shown_twice, wall


def test_the_day_on_which_the_clock_goes_back_has_25_hours() -> None:
    hours = {day: len(instants(day, 60)) for day in DAYS}
    assert hours == {day: 25 if day == TWICE_DAY else 24 for day in DAYS}


def test_a_clock_shows_the_second_hour_twice() -> None:
    clocks = [wall(instant) for instant in instants(TWICE_DAY, 60)]
    assert [clock.hour for clock in clocks[:5]] == [0, 1, 2, 2, 3]
    assert [shown_twice(clock) for clock in clocks[:5]] == [False, False, True, True, False]


def test_no_other_hour_of_the_week_is_shown_twice() -> None:
    twice = {wall(i) for day in DAYS for i in instants(day, 15) if shown_twice(wall(i))}
    assert {(c.date(), c.hour) for c in twice} == {(dt.date(2026, 10, 25), 2)}


def test_the_waves_arrive_on_different_days() -> None:
    assert not set(arrivals(1)) & set(arrivals(2))


def test_chance_repeats_itself_by_name() -> None:
    assert dice("a").random() == dice("a").random() != dice("b").random()
