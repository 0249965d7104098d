from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from pipelines.steps.release import release
from tests.pipelines.steps.released_site import NOW, OPEN, town_with_readings

ACCEPT = Path(__file__).parents[2] / ".venv-accept" / "bin"

pytestmark = pytest.mark.portal


@pytest.fixture(scope="module")
def latest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    town = town_with_readings(tmp_path_factory.mktemp("accepted"))
    release(town.site, town.portal, NOW)
    return Path(town.site.store.uri("open/parking_occupancy/latest"))


def asked(folder: Path, command: str, *words: str) -> str:
    done = subprocess.run(
        [str(ACCEPT / command), *words],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
        env=os.environ | {"PATH": f"{ACCEPT}:{os.environ['PATH']}"},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_frictionless_accepts_every_file_of_the_package(latest: Path) -> None:
    report = asked(latest, "frictionless", "validate", "datapackage.json", "--json")
    told = json.loads(report[report.index("{") :])
    assert told["valid"]
    assert [task["valid"] for task in told["tasks"]] == [True] * 6
    assert [task["type"] for task in told["tasks"]].count("table") == 4


def test_frictionless_finds_a_row_that_was_changed(latest: Path, tmp_path: Path) -> None:
    changed = tmp_path / "changed"
    shutil.copytree(latest, changed)
    file = changed / "parking_occupancy.csv"
    file.write_bytes(file.read_bytes().replace(b"Posten", b"Pasten", 1))
    with pytest.raises(AssertionError, match="hash"):
        asked(changed, "frictionless", "validate", "datapackage.json", "--json")


def test_mlcroissant_accepts_the_description_and_reads_the_rows(latest: Path) -> None:
    said = asked(latest, "mlcroissant", "validate", "--jsonld", "croissant.json")
    assert "Done." in said
    rows = asked(
        latest,
        *("mlcroissant", "load", "--jsonld", "croissant.json"),
        *("--record_set", "rows", "--num_records", "3"),
    )
    assert rows.count("'rows/car_park_name': b'Posten'") == 3
    assert all(f"'rows/{name}'" in rows for name in OPEN)


def test_workbooks_open_in_another_reader_with_real_dates(latest: Path) -> None:
    code = (
        "import openpyxl; sheet = openpyxl.load_workbook('parking_occupancy.xlsx').active;"
        "print(sheet['A2'].value, sheet['B2'].value, sheet['B2'].is_date, sheet.max_row)"
    )
    said = asked(latest, "python", "-c", code)
    assert said == "Posten 2026-11-19 00:00:00 True 25\n"
