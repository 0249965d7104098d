from __future__ import annotations

import re
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import pytest

from pipelines.sketch import sketch
from pipelines.steps.shape import Shape
from tests.builders import contract, field, key
from tests.builders import event as happened

# what the UI still shows in place
SHOWN = 1000
NAMED = contract(key("a"), happened(), field("x" * 63, "number", unit="m")).field("x" * 63)


def drawn(shape: Shape) -> ET.Element:
    found = re.fullmatch(r"!\[.*\]\(<data:image/svg\+xml,(.*)>\)", sketch(shape))
    assert found
    return ET.fromstring(unquote(found[1]))  # noqa: S314 - the picture that was drawn just now


def texts(picture: ET.Element) -> list[str]:
    return [element.text or "" for element in picture.iter() if element.tag.endswith("text")]


def paths(picture: ET.Element) -> list[str]:
    return [element.attrib["d"] for element in picture.iter() if element.tag.endswith("path")]


def test_a_day_is_one_line_under_its_least_and_greatest_value() -> None:
    picture = drawn(Shape(NAMED, range(24), [float(hour) for hour in range(24)]))
    assert texts(picture)[0].endswith("per hour: 0 to 23")
    [line] = paths(picture)
    assert line.count("L") == 23


def test_an_hour_without_rows_leaves_a_hole_and_a_lone_hour_a_dot() -> None:
    line, dot = paths(drawn(Shape(None, [0, 1, 5], [3.0, 4.0, 5.0])))
    assert line.count("M") == 1
    assert line.count("L") == 1
    assert dot.endswith("h0")


def test_rows_are_counted_where_no_field_is_plotted() -> None:
    assert texts(drawn(Shape(None, [0, 1], [3.0, 4.0])))[0] == "rows per hour: 3 to 4"


@pytest.mark.parametrize("value", [0.0, -123456.789])
def test_a_value_that_never_changes_is_a_line_all_the_same(value: float) -> None:
    [line] = paths(drawn(Shape(NAMED, range(24), [value] * 24)))
    assert line


def test_the_longest_day_of_the_longest_name_is_shown_in_place() -> None:
    values = [-123456.789 * (hour % 5) for hour in range(25)]
    assert len(sketch(Shape(NAMED, range(25), values))) < SHOWN
