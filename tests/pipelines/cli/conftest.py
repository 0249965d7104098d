from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipelines.cli.region import Region, region


@pytest.fixture
def here(tmp_path: Path) -> Region:
    return region(tmp_path)
