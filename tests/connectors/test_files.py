"""Files dropped in a local folder."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest

from connectors.files import FilesSource
from schemas import source as spec
from schemas.errors import SourceRejected, SourceUnavailable
from schemas.stages import Batch, Window
from tests.fakes import RememberedBatches

DAYS = Window(dt.date(2026, 11, 19), dt.date(2026, 11, 20))


def fetched(url: str, memory: RememberedBatches | None = None, **words: object) -> list[Batch]:
    binding = spec.FilesSource.model_validate({"engine": "files", "url": url, **words})
    return list(FilesSource(binding, memory or RememberedBatches()).fetch(DAYS))


def names(batches: list[Batch]) -> list[str]:
    return [Path(batch.source_url).name for batch in batches]


def written(folder: Path, *files: str, text: str = "a;b\n1;2\n") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in files:
        (folder / name).write_text(text)


def test_each_matching_file_is_a_batch_in_the_order_of_names(tmp_path: Path) -> None:
    written(tmp_path, "b.csv", "a.csv", "c.txt")
    (tmp_path / "d.csv").mkdir()
    batches = fetched(f"{tmp_path}/*.csv", profile={"format": "csv"})
    assert names(batches) == ["a.csv", "b.csv"]
    assert [batch.format for batch in batches] == ["csv", "csv"]
    assert batches[0].source_url == f"file://{tmp_path}/a.csv"


def test_a_batch_opens_at_its_beginning_any_number_of_times(tmp_path: Path) -> None:
    written(tmp_path, "a.csv")
    [batch] = fetched(f"file://{tmp_path}/*.csv")
    with batch.open() as first, batch.open() as second:
        assert first.read(3) == b"a;b"
        assert second.read() == b"a;b\n1;2\n"


def test_a_file_that_landed_unchanged_is_not_read_again(tmp_path: Path) -> None:
    written(tmp_path, "a.csv", "b.csv")
    memory = RememberedBatches()
    for batch in fetched(f"{tmp_path}/*.csv", memory):
        memory.land(batch)
    assert fetched(f"{tmp_path}/*.csv", memory) == []
    written(tmp_path, "a.csv", text="a;b\n1;3\n4;5\n")
    assert names(fetched(f"{tmp_path}/*.csv", memory)) == ["a.csv"]


def test_a_file_is_renamed_when_it_rests_in_landing_and_not_before(tmp_path: Path) -> None:
    written(tmp_path, "a.csv")
    memory = RememberedBatches()
    [batch] = fetched(f"{tmp_path}/*", memory, rename_when_done=".done")
    assert (tmp_path / "a.csv").exists()
    memory.land(batch)
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv.done"]
    assert fetched(f"{tmp_path}/*", memory, rename_when_done=".done") == []


def test_a_run_that_died_after_landing_is_finished_by_the_next(tmp_path: Path) -> None:
    written(tmp_path, "a.csv")
    memory = RememberedBatches()
    [batch] = fetched(f"{tmp_path}/*.csv", memory, rename_when_done=".done")
    memory.land(batch, acknowledge=False)
    assert fetched(f"{tmp_path}/*.csv", memory, rename_when_done=".done") == []
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv.done"]


def test_a_file_written_to_since_it_was_listed_keeps_its_name(tmp_path: Path) -> None:
    written(tmp_path, "a.csv")
    memory = RememberedBatches()
    [batch] = fetched(f"{tmp_path}/*.csv", memory, rename_when_done=".done")
    written(tmp_path, "a.csv", text="a;b\n1;2\n3;4\n")
    memory.land(batch)
    assert names(fetched(f"{tmp_path}/*.csv", memory, rename_when_done=".done")) == ["a.csv"]


def test_a_young_file_is_left_for_next_time(tmp_path: Path) -> None:
    written(tmp_path, "old.csv", "young.csv")
    os.utime(tmp_path / "old.csv", (1_700_000_000, 1_700_000_000))
    assert names(fetched(f"{tmp_path}/*.csv", settle_seconds=60)) == ["old.csv"]


@pytest.mark.parametrize(
    "name", ["a.csv-part", "a.csv.part", "a.filepart", ".a.csv", "~$a.xlsx", "a.tmp"]
)
def test_unfinished_uploads_are_not_read(tmp_path: Path, name: str) -> None:
    written(tmp_path, name)
    assert fetched(f"{tmp_path}/*") == []


def test_a_day_in_the_url_reads_the_window_alone(tmp_path: Path) -> None:
    for day in (18, 19, 20, 21):
        written(tmp_path / f"2026-11-{day}", f"p-2026-11-{day}.csv")
    assert names(fetched(f"{tmp_path}/{{day}}/p-{{day}}.csv")) == [
        "p-2026-11-19.csv",
        "p-2026-11-20.csv",
    ]


def test_a_day_without_a_file_is_no_error(tmp_path: Path) -> None:
    written(tmp_path, "p-2026-11-20.csv")
    assert names(fetched(f"{tmp_path}/p-{{day}}.csv")) == ["p-2026-11-20.csv"]


def test_an_empty_folder_gives_nothing(tmp_path: Path) -> None:
    assert fetched(f"{tmp_path}/*.csv") == []


def test_a_named_file_that_is_not_there_may_come_later(tmp_path: Path) -> None:
    with pytest.raises(SourceUnavailable, match=r"a\.csv does not exist"):
        fetched(f"{tmp_path}/a.csv")


def test_a_missing_folder_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(SourceRejected, match="drop is not a folder"):
        fetched(f"{tmp_path}/drop/*.csv")


def test_a_file_that_vanishes_before_it_is_read_may_come_back(tmp_path: Path) -> None:
    written(tmp_path, "a.csv")
    [batch] = fetched(f"{tmp_path}/*.csv")
    (tmp_path / "a.csv").unlink()
    with pytest.raises(SourceUnavailable, match=r"a\.csv does not exist"):
        batch.open()


@pytest.mark.parametrize("url", ["nope://x/*.csv", "s3://bucket/*.csv"])
def test_a_scheme_without_a_driver_is_rejected(url: str) -> None:
    with pytest.raises(SourceRejected, match="cannot be read with its options"):
        fetched(url)


def test_names_in_url_and_options_are_filled_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path, "a.csv")
    monkeypatch.setenv("DROP", str(tmp_path))
    assert names(fetched("${DROP}/*.csv")) == ["a.csv"]
    with pytest.raises(SourceRejected, match="the environment variable DROP_KEY is not set"):
        fetched("${DROP}/*.csv", options={"key": "${DROP_KEY}"})
