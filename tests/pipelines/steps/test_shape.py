from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.steps.refine import refine
from pipelines.steps.shape import Shape, shapes
from tests.builders import contract, event, field, key, landed, site

_RELEASE = {
    "title": {"nb": "A", "en": "A"},
    "description": {"nb": "A", "en": "A"},
    "theme": ["ENVI"],
    "keyword": {"nb": ["a"], "en": ["a"]},
    "license": "CC0_1_0",
    "frequency": "DAILY",
    "plot": "level_m",
}
_AT = event(primaryKey=True, primaryKeyPosition=2)
_LEVEL = field("level_m", "number", unit="m")
HEADER = "sensor_id,observed_at,level_m\n"
LONG_DAY = "2026-10-25"


def shapes_of(
    folder: Path, rows: str, *fields: dict[str, object], **words: object
) -> dict[str, Shape]:
    at = site(folder, contract(key("sensor_id"), *fields, **words))
    landed(at, HEADER + rows)
    refine(at)
    return dict(shapes(at, ["2026-10-24", LONG_DAY]))


def test_a_day_of_twenty_five_hours_has_that_many(tmp_path: Path) -> None:
    rows = "".join(
        f"s1,2026-10-{24 + (h + 22) // 24}T{(h + 22) % 24:02}:30:00Z,{h}\n" for h in range(25)
    )
    [(day, shape)] = shapes_of(tmp_path, rows, _AT, _LEVEL, release=_RELEASE).items()
    assert day == LONG_DAY
    assert list(shape.hours) == list(range(25))
    assert list(shape.values) == [float(hour) for hour in range(25)]


def test_an_hour_tells_the_mean_of_its_rows(tmp_path: Path) -> None:
    rows = "s1,2026-10-25T10:10:00Z,1\ns1,2026-10-25T10:50:00Z,2\n"
    shape = shapes_of(tmp_path, rows, _AT, _LEVEL, release=_RELEASE)[LONG_DAY]
    assert (list(shape.hours), list(shape.values)) == ([12], [1.5])


@pytest.mark.parametrize(
    "level",
    [
        pytest.param(field("level_m", "number", classification="internal"), id="not open"),
        pytest.param(field("level_m", "number", release="omit"), id="held back"),
    ],
)
def test_a_field_that_is_not_open_is_never_drawn(tmp_path: Path, level: dict[str, object]) -> None:
    rows = "s1,2026-10-25T10:10:00Z,1\ns1,2026-10-25T10:50:00Z,2\n"
    shape = shapes_of(tmp_path, rows, _AT, level, release=_RELEASE)[LONG_DAY]
    assert shape.field is None
    assert list(shape.values) == [2.0]


def test_days_without_hours_have_no_shape(tmp_path: Path) -> None:
    day = event(kind="date", primaryKey=True, primaryKeyPosition=2)
    assert shapes_of(tmp_path, "s1,2026-10-25,1\n", day, _LEVEL) == {}


def test_times_that_are_not_open_have_no_shape(tmp_path: Path) -> None:
    hidden = {**_AT, "classification": "internal"}
    assert shapes_of(tmp_path, "s1,2026-10-25T10:10:00Z,1\n", hidden, _LEVEL) == {}


def test_only_the_days_that_were_asked_for_are_drawn(tmp_path: Path) -> None:
    rows = "s1,2026-10-24T10:10:00Z,1\ns1,2026-10-27T10:50:00Z,2\n"
    assert set(shapes_of(tmp_path, rows, _AT, _LEVEL)) == {"2026-10-24"}
