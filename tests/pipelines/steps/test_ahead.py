import threading
from collections.abc import Iterator

import pytest

from pipelines.steps.ahead import ahead


def test_the_items_come_in_their_order() -> None:
    assert list(ahead(iter(range(100)))) == list(range(100))
    assert list(ahead(iter([]))) == []


def test_the_next_item_is_made_while_the_consumer_has_this_one() -> None:
    second = threading.Event()

    def items() -> Iterator[int]:
        yield 1
        second.set()
        yield 2

    found = ahead(items())
    assert next(found) == 1
    assert second.wait(timeout=60)
    assert list(found) == [2]


def test_an_error_of_the_source_reaches_the_consumer_after_the_items_before_it() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise KeyError("gone")

    found = ahead(items())
    assert next(found) == 1
    with pytest.raises(KeyError, match="gone"):
        next(found)


def test_no_more_than_one_item_is_made_ahead() -> None:
    made: list[int] = []

    def items() -> Iterator[int]:
        for number in range(10):
            made.append(number)
            yield number

    found = ahead(items())
    next(found)
    found.close()  # type: ignore[attr-defined]  # a generator behind its protocol
    assert len(made) <= 2
