from __future__ import annotations

import datetime as dt
import io

import pytest
from rich.console import Console

from pipelines.cli import show
from pipelines.cli.watch import watching


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (None, "-"),
        (dt.timedelta(seconds=5), "5 s"),
        (dt.timedelta(minutes=17), "17 min"),
        (dt.timedelta(hours=3), "3 h"),
        (dt.timedelta(days=23, hours=7), "23 d"),
    ],
)
def test_a_span_is_told_in_its_greatest_unit(span: dt.timedelta | None, said: str) -> None:
    assert show.age(span) == said


def test_counts_are_grouped() -> None:
    assert show.number(141552) == "141\N{NARROW NO-BREAK SPACE}552"


def test_the_rule_that_held_back_the_most_comes_first() -> None:
    assert show.rules({"a:type": 1, "b:range": 20}.items()) == "b:range (20), a:type (1)"


def shown_on(screen: Console) -> str:
    with watching(screen=screen) as watch, watch.over("datasets", 2) as done:
        with watch.part("1103 readings") as count:
            count(5_000)
            watch.progress.refresh()
        done()
    assert isinstance(screen.file, io.StringIO)
    return screen.file.getvalue()


def test_work_on_a_terminal_shows_rows_and_how_fast_they_pass() -> None:
    shown = shown_on(Console(file=io.StringIO(), force_terminal=True, width=100))
    assert "1103 readings" in shown
    assert "5\N{NARROW NO-BREAK SPACE}000 rows, " in shown
    assert "a second" in shown


def test_work_where_there_is_no_terminal_shows_nothing() -> None:
    assert shown_on(Console(file=io.StringIO(), force_terminal=False)) == ""


def test_quiet_work_shows_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with watching(quiet=True) as watch, watch.over("datasets", 1) as done:
        done()
    assert capsys.readouterr().out == ""
