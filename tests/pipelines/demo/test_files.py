from __future__ import annotations

import json
from pathlib import Path

from pipelines.demo.files import Drop, Line
from pipelines.demo.planted import Seed
from pipelines.demo.week import DAYS, LATE_DAY

EARLY = Line("drops/a.csv", "Målt;1", Seed("a", DAYS[0], DAYS[0]))
LATE = Line("drops/b.csv", "Målt;2", Seed("b", DAYS[1], LATE_DAY))
DROP = Drop("1103", "any", (EARLY, LATE), "Navn;Tall", ("Sum",), "cp1252")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*.csv"))


def test_a_file_has_header_and_footer_in_its_own_encoding(tmp_path: Path) -> None:
    DROP.write(tmp_path, 1)
    expected = "Navn;Tall\r\nMålt;1\r\nSum\r\n".encode("cp1252")
    assert (tmp_path / "1103" / "drops" / "a.csv").read_bytes() == expected


def test_what_parts_the_lines_stands_between_them_alone(tmp_path: Path) -> None:
    lines = (Line("drops/a.json", "1", EARLY.seed), Line("drops/a.json", "2", EARLY.seed))
    Drop("1103", "any", lines, "[", ("]",), between=",").write(tmp_path, 1)
    assert json.loads((tmp_path / "1103" / "drops" / "a.json").read_bytes()) == [1, 2]


def test_the_second_wave_adds_files(tmp_path: Path) -> None:
    DROP.write(tmp_path, 1)
    assert names(tmp_path) == ["a.csv"]
    DROP.write(tmp_path, 2)
    assert names(tmp_path) == ["a.csv", "b.csv"]


def test_the_first_wave_takes_the_second_away_and_nothing_else(tmp_path: Path) -> None:
    stranger = tmp_path / "1103" / "drops" / "mine.csv"
    DROP.write(tmp_path, 1)
    DROP.write(tmp_path, 2)
    stranger.write_text("kept")
    DROP.write(tmp_path, 1)
    assert names(tmp_path) == ["a.csv", "mine.csv"]


def test_what_was_planted_grows_with_the_waves() -> None:
    first, both = DROP.planting(1), DROP.planting(2)
    assert (first.rows, first.late) == (1, 0)
    assert (both.rows, both.late) == (2, 1)
