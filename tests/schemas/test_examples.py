from __future__ import annotations

from collections.abc import Iterator

import pytest

import schemas.contract
import schemas.municipality
import schemas.network
import schemas.policy
from schemas.examples import example_at, known_keys
from schemas.model import Strict
from schemas.municipality import Municipality

ROOMS = (schemas.contract, schemas.municipality, schemas.network, schemas.policy)


def models(kind: type[Strict]) -> Iterator[type[Strict]]:
    for child in kind.__subclasses__():
        yield child
        yield from models(child)


PLACES = [
    (model, field.alias or name)
    for model in models(Strict)
    for name, field in model.model_fields.items()
]


@pytest.mark.parametrize(("model", "place"), PLACES, ids=[f"{m.__name__}.{p}" for m, p in PLACES])
def test_every_place_has_an_example_that_fits_on_a_line(model: type[Strict], place: str) -> None:
    example = example_at(model, (place,))
    assert 0 < len(example) < 250
    assert "\n" not in example


def test_an_example_is_found_inside_the_engine_that_a_source_names() -> None:
    assert example_at(Municipality, ("bindings", 3, "source", "sql", "key")) == '["order_id"]'


def test_a_key_like_no_other_is_answered_with_all_that_may_stand_there() -> None:
    shown = known_keys(Municipality, ("bindings", 0, "system", "zzz"))
    assert shown == "name, owner, responsible, personal_data"
