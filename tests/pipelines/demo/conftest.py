from __future__ import annotations

import pytest

from pipelines.demo.sources import make_sources
from tests.pipelines.demo.counting import Made


@pytest.fixture(scope="session")
def first(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("first")
    return Made(folder, make_sources(folder, 1))


@pytest.fixture(scope="session")
def both(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("both")
    return Made(folder, make_sources(folder, 2))
