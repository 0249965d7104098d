from __future__ import annotations

from typing import Any, get_args

import polars as pl
import pytest

from schemas.types import KINDS, TypeWord
from tests.builders import contract, event, field, key


@pytest.mark.parametrize(
    ("word", "dtype", "data_package", "has_unit"),
    [
        ("string", pl.String(), "string", False),
        ("integer", pl.Int64(), "integer", True),
        ("number", pl.Float64(), "number", True),
        ("boolean", pl.Boolean(), "boolean", False),
        ("date", pl.Date(), "date", False),
        ("timestamp", pl.Datetime("us", "UTC"), "datetime", False),
    ],
)
def test_a_type_word_has_these_forms(
    word: TypeWord, dtype: pl.DataType, data_package: str, *, has_unit: bool
) -> None:
    kind = KINDS[word]
    assert (kind.dtype, kind.data_package, kind.has_unit) == (dtype, data_package, has_unit)


def test_every_type_word_has_a_form() -> None:
    assert list(KINDS) == list(get_args(TypeWord))


def test_the_lake_holds_labels_and_pseudonyms_as_text_and_leaves_out_what_is_dropped() -> None:
    masked: dict[str, Any] = {"classification": "personal", "purpose": "a test"}
    lake = contract(
        key("person", "integer", mask={"use": "pseudonym"}, **masked),
        event(),
        field("age", "integer", mask={"use": "generalise", "bands": [18]}, **masked),
        field("birth", "date", mask={"use": "bucket", "to": "month"}, **masked),
        field("note", "string", mask={"use": "drop"}, **masked),
    ).lake_schema
    assert lake == {
        "person": pl.String(),
        "observed_at": pl.Datetime("us", "UTC"),
        "age": pl.String(),
        "birth": pl.Date(),
    }
