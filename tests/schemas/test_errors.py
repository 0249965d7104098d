from __future__ import annotations

import re

import pytest

from schemas import errors
from schemas.errors import ConfigurationError, DatasjoError, Problem


def tree(kind: type[DatasjoError], depth: int = 0) -> list[tuple[int, str]]:
    below = [line for child in kind.__subclasses__() for line in tree(child, depth + 1)]
    return [(depth, kind.__name__), *below]


def own(drawn: list[tuple[int, str]]) -> list[tuple[int, str]]:
    return [(depth, name) for depth, name in drawn if hasattr(errors, name)]


def test_the_drawing_shows_the_classes_as_they_are() -> None:
    drawing = re.findall(
        r"^((?:[│ ]   )*(?:[├└]── )?)([A-Z]\w+)(?:  |$)", errors.__doc__ or "", re.MULTILINE
    )
    assert [(len(lead) // 4, name) for lead, name in drawing] == own(tree(DatasjoError))


def test_only_what_time_may_mend_is_retryable() -> None:
    kinds = {name for _, name in own(tree(DatasjoError)) if getattr(errors, name).retryable}
    assert kinds == {"SourceUnavailable", "StoreUnavailable", "PortalUnavailable"}


def test_a_problem_is_one_line_with_file_field_fault_and_example() -> None:
    problem = Problem("1103.yaml", "contact", "is missing", "a@example.no")
    assert str(problem) == "1103.yaml: contact: is missing (example: a@example.no)"


def test_every_problem_has_its_own_line_once_and_in_order() -> None:
    second, first = Problem("b", "x", "is missing"), Problem("a", "x", "is missing")
    error = ConfigurationError([second, first, second])
    assert str(error) == "a: x: is missing\nb: x: is missing"


@pytest.mark.parametrize("name", [name for _, name in own(tree(DatasjoError))])
def test_every_error_says_what_it_means(name: str) -> None:
    assert getattr(errors, name).__doc__
