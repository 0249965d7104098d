"""A binding's word opens its engine."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter

from connectors.files import FilesSource
from connectors.http_json import HttpJsonSource
from connectors.registry import open_source
from connectors.sql import SqlSource
from schemas import source as spec
from tests.fakes import RememberedBatches


@pytest.mark.parametrize(
    ("words", "engine"),
    [
        ({"engine": "files", "url": "${NOT_SET_DROP}/*.csv"}, FilesSource),
        ({"engine": "http_json", "url": "${NOT_SET_API}"}, HttpJsonSource),
        ({"engine": "sql", "url": "${NOT_SET_DB}", "query": "select 1"}, SqlSource),
    ],
)
def test_nothing_is_asked_before_the_fetch(words: dict[str, str], engine: type) -> None:
    source: spec.Source = TypeAdapter(spec.Source).validate_python(words)
    assert isinstance(open_source(source, RememberedBatches()), engine)
