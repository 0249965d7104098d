from __future__ import annotations

from typing import Any, get_args

import pytest

from schemas.errors import ConfigurationError, Problem
from schemas.mask import MaskWord
from schemas.mask_rules import CELLS
from schemas.types import KINDS
from tests.builders import contract, event, field, key

PERSONAL: dict[str, Any] = {"classification": "personal", "purpose": "a test"}
NORTH = field("north_m", "integer", mask={"use": "drop"}, **PERSONAL)
STANDING: list[tuple[str, dict[str, Any]]] = [
    ("string", {"use": "generalise", "groups": {"Stavanger": ["4006", "4021"]}}),
    ("date", {"use": "generalise", "to": "quarter"}),
    ("timestamp", {"use": "bucket", "to": "week"}),
    ("integer", {"use": "round", "width": 10}),
    ("number", {"use": "round", "width": 0.5}),
    ("integer", {"use": "top_code", "top": 90}),
    ("number", {"use": "top_code", "top": 90.5, "bottom": 0}),
    ("integer", {"use": "grid", "beside": "north_m", "width": 1000}),
    ("number", {"use": "grid", "beside": "north_m", "width": 250}),
    ("string", {"use": "redact"}),
    ("string", {"use": "format_preserving", "domain": "person"}),
    ("integer", {"use": "reversible"}),
]
FAULTS: list[tuple[str, dict[str, Any], str]] = [
    ("string", {"use": "generalise"}, "groups: are missing"),
    ("string", {"use": "generalise", "bands": [1]}, "groups: are missing"),
    ("string", {"use": "generalise", "groups": {"a": ["1"], "b": ["1"]}}, "groups: every group"),
    ("string", {"use": "generalise", "groups": {"a": ["1"], "b": []}}, "groups: every group"),
    ("integer", {"use": "generalise", "groups": {"a": ["1"]}}, "bands: bands in rising"),
    ("date", {"use": "bucket", "to": "day"}, "to: day does not coarsen a date"),
    ("boolean", {"use": "generalise", "to": "year"}, "use: does not suit a boolean"),
    ("integer", {"use": "round"}, "width: is missing"),
    ("integer", {"use": "round", "width": 1}, "width: is a whole number of 2 or more"),
    ("string", {"use": "round", "width": 10}, "use: does not suit a string"),
    ("integer", {"use": "top_code"}, "top: is missing: a top, a bottom or both"),
    ("integer", {"use": "top_code", "top": 0, "bottom": 0}, "top: is not above bottom"),
    ("integer", {"use": "top_code", "top": 9.5}, "top: top and bottom are whole numbers"),
    ("integer", {"use": "grid", "width": 1000}, "beside: is missing"),
    ("integer", {"use": "grid", "beside": "north_m"}, "width: is none of 100, 250"),
    ("integer", {"use": "grid", "beside": "north_m", "width": 1234}, "width: is none of"),
    ("integer", {"use": "grid", "beside": "south_m", "width": 1000}, "beside: names no other"),
    ("integer", {"use": "grid", "beside": "a", "width": 1000}, "beside: names no other number"),
    ("integer", {"use": "grid", "beside": "sensor_id", "width": 1000}, "beside: names no other"),
    ("integer", {"use": "redact"}, "use: does not suit a integer"),
    ("string", {"use": "drop", "length": 2}, "length: says nothing to drop of a string"),
    ("string", {"use": "redact", "domain": "person"}, "domain: says nothing to redact"),
    ("integer", {"use": "round", "width": 10, "to": "day"}, "to: says nothing to round"),
    ("timestamp", {"use": "generalise", "to": "day", "bands": [1]}, "bands: says nothing"),
    ("integer", {"use": "bucket", "width": 10, "top": 9}, "top: says nothing to bucket"),
]


def read(kind: str, mask: dict[str, Any]) -> None:
    contract(key("sensor_id"), event(), NORTH, field("a", kind, mask=mask, **PERSONAL))


@pytest.mark.parametrize(("kind", "mask"), STANDING)
def test_a_mask_that_says_what_it_needs_stands(kind: str, mask: dict[str, Any]) -> None:
    read(kind, mask)


@pytest.mark.parametrize(("kind", "mask", "line"), FAULTS)
def test_a_mask_that_lacks_or_contradicts_itself_is_refused_in_one_line(
    kind: str, mask: dict[str, Any], line: str
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read(kind, mask)
    [problem] = caught.value.problems
    assert isinstance(problem, Problem)
    assert f"{problem.field}: {problem.what}".startswith(f"a.mask.{line}")
    assert problem.example


def refusals(kind: str, mask: dict[str, object]) -> list[str]:
    try:
        read(kind, mask)
    except ConfigurationError as refusal:
        return [problem.field for problem in refusal.problems]
    return []


@pytest.mark.parametrize("use", get_args(MaskWord))
def test_every_mask_word_is_judged_for_every_type(use: str) -> None:
    for kind in KINDS:
        refused = refusals(kind, {"use": use})
        assert all(place.startswith("a.mask.") for place in refused)


def test_the_cells_are_those_that_are_counted_in() -> None:
    assert {250, 1000, 5000} <= set(CELLS)
