from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.docs.documents import under
from tests.docs.terminal import Terminal, house_copy

pytestmark = pytest.mark.slow


@pytest.fixture
def house(tmp_path: Path) -> Path:
    return house_copy(tmp_path)


def test_a_dataset_is_added_as_it_is_written(house: Path) -> None:
    Terminal(house).follow(under("CONTRIBUTING.md", "Add a dataset"))
    root = house / "var/demo/roots/1103"
    [path] = root.glob("open/bathing_temperature/releases/*.json")
    record = json.loads(path.read_text("utf-8"))
    assert [release["rows"] for release in record["releases"]] == [5]
    assert list(root.glob("quarantine/bathing_temperature/**/*.parquet"))


def test_a_municipality_joins_as_it_is_written(house: Path) -> None:
    Terminal(house).follow(under("CONTRIBUTING.md", "Add a municipality"))
    released = house / "var/demo/roots/1120/open/parking_occupancy/latest/parking_occupancy.csv"
    assert released.read_text(encoding="utf-8").count("\n") == 4
    assert ",true," in released.read_text(encoding="utf-8")
    assert (house / "var/demo/keys/1120.key").stat().st_mode & 0o077 == 0


def test_a_reader_is_added_as_it_is_written(house: Path) -> None:
    terminal = Terminal(house, own_code=True)
    terminal.follow(under("CONTRIBUTING.md", "A reader, for a file format"))
    assert "parquet" in (house / "schemas/editor/dataset.schema.json").read_text("utf-8")
