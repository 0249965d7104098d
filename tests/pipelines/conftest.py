from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from tests.pipelines.waterworks import Waterworks, waterworks


@pytest.fixture
def works(tmp_path: Path) -> Waterworks:
    return waterworks(tmp_path)


@pytest.fixture
def record() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance
