from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from connectors.numbered import Numbered, State
from connectors.store import Store
from schemas.errors import StoreRejected


@pytest.fixture(params=["folder", "memory"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Numbered:
    url = str(tmp_path) if request.param == "folder" else f"memory://{tmp_path.name}"
    return Numbered(Store.at(url), "audit/told")


def files(kept: Numbered) -> list[str]:
    return [path.removeprefix("audit/") for path in kept.store.find("audit")]


def test_a_document_that_nobody_wrote_is_none_under_number_0(kept: Numbered) -> None:
    assert kept.newest() == State(0, None)


def test_each_state_follows_the_one_that_it_was_made_of(kept: Numbered) -> None:
    assert kept.follow(0, {"rows": 1})
    assert kept.follow(1, {"rows": 2})
    assert kept.newest() == State(2, {"rows": 2})
    assert files(kept) == ["told/00000001.json", "told/00000002.json"]


def test_whoever_comes_too_late_changes_nothing(kept: Numbered) -> None:
    kept.follow(0, {"by": "first"})
    assert not kept.follow(0, {"by": "second"})
    assert kept.newest() == State(1, {"by": "first"})


def test_a_document_from_before_there_were_numbers_is_read_until_one_follows_it(
    kept: Numbered,
) -> None:
    kept.store.write_json("audit/told.json", {"rows": 1})
    assert kept.newest() == State(0, {"rows": 1})
    for number in range(3):
        assert kept.follow(number, {"rows": number + 2})
        assert kept.newest() == State(number + 1, {"rows": number + 2})
    assert files(kept) == [f"told/0000000{number}.json" for number in (1, 2, 3)]


def test_states_of_long_before_are_pruned_and_their_numbers_are_not_given_again(
    kept: Numbered,
) -> None:
    for number in range(9):
        kept.follow(number, {"rows": number})
    assert files(kept) == [f"told/0000000{number}.json" for number in (7, 8, 9)]
    assert not kept.follow(2, {"rows": 99})
    assert kept.newest() == State(9, {"rows": 8})
    assert files(kept) == [f"told/0000000{number}.json" for number in (7, 8, 9)]


def test_what_is_no_state_is_left_alone(kept: Numbered) -> None:
    kept.follow(0, {"rows": 1})
    for name in ("00000009 (copy).json", "note.txt", "00000009"):
        kept.store.write_json(f"audit/told/{name}", {"rows": 99})
    assert kept.newest() == State(1, {"rows": 1})
    assert kept.follow(1, {"rows": 2})


def test_a_state_that_is_no_json_is_told_by_its_file(kept: Numbered) -> None:
    with kept.store.write("audit/told/00000001.json") as stream:
        stream.write(b"{")
    with pytest.raises(StoreRejected, match=r"audit/told/00000001\.json: it is not JSON"):
        kept.newest()


def test_threads_that_count_together_lose_no_count(tmp_path: Path) -> None:
    start = threading.Barrier(4)

    def count(_: int) -> None:
        kept = Numbered(Store.at(str(tmp_path)), "told")
        start.wait()
        for _ in range(10):
            while True:
                state = kept.newest()
                if kept.follow(state.number, {"rows": (state.document or {"rows": 0})["rows"] + 1}):
                    break

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(count, range(4)))
    assert Numbered(Store.at(str(tmp_path)), "told").newest() == State(40, {"rows": 40})
    kept = sorted(path.name for path in (tmp_path / "told").iterdir())
    assert kept == ["00000038.json", "00000039.json", "00000040.json"]
    assert json.loads((tmp_path / "told" / kept[-1]).read_text()) == {"rows": 40}
