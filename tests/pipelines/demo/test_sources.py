from __future__ import annotations

import hashlib
import re
import stat
from pathlib import Path

from pipelines.demo.cases import entries
from pipelines.demo.planted import Planting
from tests.pipelines.demo.counting import Made, table

NUMBER = re.compile(r"\b[0-9]{11}\b")


def digests(folder: Path) -> dict[str, str]:
    files = (path for path in (folder / "sources").rglob("*.*") if path.is_file())
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }


def test_the_first_wave_is_the_same_every_time(first: Made, both: Made) -> None:
    once, again = digests(first.folder), digests(both.folder)
    files = {name for name in once if not name.endswith(".db")}
    assert len(files) == 80
    assert {name: again[name] for name in files} == {name: once[name] for name in files}


def test_the_second_wave_is_new_files_and_changed_databases(first: Made, both: Made) -> None:
    once, again = digests(first.folder), digests(both.folder)
    assert sum(name not in once for name in again) == 17
    assert all(again[name] != once[name] for name in once if name.endswith(".db"))


def test_keys_are_private_and_stay(both: Made) -> None:
    keys = sorted((both.folder / "keys").iterdir())
    assert [path.name for path in keys] == ["1103.key", "1108.key", "1122.key", "root.key"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in keys} == {0o600}
    assert {len(bytes.fromhex(path.read_text().strip())) for path in keys} == {32}
    assert len({path.read_text() for path in keys}) == 4


def test_every_planted_row_is_accounted_for(first: Made, both: Made) -> None:
    for planting in (*first.planted.plantings, *both.planted.plantings):
        assert planting.rows == accounted(planting), planting


def accounted(planting: Planting) -> int:
    lost = sum(planting.rejected.values()) + planting.duplicates
    return lost + planting.updates + planting.deletions + planting.in_lake


def test_no_number_of_eleven_digits_is_a_real_persons(both: Made) -> None:
    tables = " ".join(str(row) for number in ("1108", "1122") for row in table(both, number))
    files = [path.read_text(encoding="cp1252") for path in both.files("*/*/*.csv")]
    files += [path.read_text("utf-8") for path in both.files("*/svarut/*.ndjson")]
    files += [path.read_text("utf-8") for path in both.files("*/alarmer/*.ndjson")]
    cases = [str(entry.row) for entry in entries(2)]
    found = NUMBER.findall(" ".join([tables, *files, *cases]))
    assert len(found) > 1_200
    assert {int(number[2:4]) for number in found} <= set(range(81, 93))


def test_the_demo_is_small(both: Made) -> None:
    assert 30_000 < sum(planting.rows for planting in both.planted.plantings) < 60_000
