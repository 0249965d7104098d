from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import Result

from tests.pipelines.cli.region import CANARY, invoke, one_line

HOUSE = Path(__file__).parents[3]
SAMPLES = HOUSE / "tests" / "contracts"
PARKING = "Dato,Klokkeslett,Sted,Latitude,Longitude,Antall_ledige_plasser\n"
PLACES = {
    "weather_observation": ("frost-skien-10min", "1999-01.csv"),
    "weather_hourly": ("seklima", "eksport.csv"),
}


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Real data's folders with other days and names than the ones that are known."""
    monkeypatch.chdir(HOUSE)
    monkeypatch.setenv("DATASJO_VAR", str(tmp_path / "var"))
    folder = tmp_path / "data"
    for dataset, (place, name) in PLACES.items():
        target = folder / place / name
        target.parent.mkdir(parents=True)
        shutil.copyfile(SAMPLES / dataset / "sample.csv", target)
    (folder / "frost-skien-10min" / "NO-sources.json").write_text("{}")
    parking(folder, "2019-03-30.csv", "30.03.2019,12:00,Havnen,58.97,5.73,10")
    return folder


def parking(folder: Path, name: str, *rows: str) -> None:
    file = folder / "stavanger-parking-2020" / "parking" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(PARKING + "".join(f"{row}\n" for row in rows))


def real(data: Path) -> Result:
    return invoke("real", str(data))


def test_each_dataset_is_told_of_in_figures(data: Path) -> None:
    parking(
        data,
        "2019-03-31.csv",
        "31.03.2019,00:10,Havnen,58.97,5.73,Fullt",
        "31.03.2019,00:10,Havnen,58.97,5.73,Fullt",
        "31.03.2019,23:50,Havnen,58.97,5.73,7",
    )
    shutil.rmtree(data / "frost-skien-10min")
    shutil.rmtree(data / "seklima")
    told = json.loads(real(data).stdout)
    assert told == {
        "parking_occupancy": {
            "municipality": "1103",
            "dataset": "parking_occupancy",
            "rows_landed": 4,
            "rows_in_lake": 3,
            "rejected_by_rule": {},
            "duplicates": 1,
            "first_event": "2019-03-30T11:00:00Z",
            "last_event": "2019-03-31T21:50:00Z",
            "rows_per_local_day": {"2019-03-30": 1, "2019-03-31": 2},
            "full": 1,
            "error": None,
        }
    }


def test_each_run_starts_from_an_empty_lake(data: Path) -> None:
    shutil.rmtree(data / "frost-skien-10min")
    shutil.rmtree(data / "seklima")
    once = real(data).stdout
    assert real(data).stdout == once
    assert json.loads(once)["parking_occupancy"]["rows_landed"] == 1


def test_a_dataset_that_fails_is_told_of_beside_the_others(data: Path) -> None:
    parking(data, "2019-04-01.csv", f"1.4.,{CANARY},Havnen,58.97,5.73,1")
    result = real(data)
    told = json.loads(result.stdout)
    assert result.exit_code == 1
    assert set(told) == {"parking_occupancy", "weather_observation", "weather_hourly"}
    assert "the gate is closed" in told["parking_occupancy"]["error"]
    assert CANARY not in result.output


def test_a_folder_without_any_of_them_is_one_line(data: Path, tmp_path: Path) -> None:
    result = real(tmp_path / "nothing")
    assert "holds none of the folders that are known here" in one_line(result)
    assert result.stdout == ""
    assert data.is_dir()


def test_files_of_others_are_never_removed(data: Path, tmp_path: Path) -> None:
    kept = tmp_path / "var" / "roots" / "precious"
    kept.mkdir(parents=True)
    assert "holds files that were not made here" in one_line(real(data))
    assert kept.is_dir()
