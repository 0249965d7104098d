from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.steps.rights.erasures import include
from pipelines.steps.rights.listed import LIST
from schemas.errors import RecordBroken
from tests.pipelines.steps.rights.visits import KARI, OLA, Hall, row


def _without_list(folder: Path) -> tuple[Hall, object]:
    hall = Hall.at(folder)
    hall.drops("1.csv", [row(1, KARI), row(2, OLA)])
    hall.run()
    hall.erase(KARI)
    listed: object = hall.site.store.read_json(hall.listed)
    hall.site.store.remove(LIST)
    hall.drops("2.csv", [row(3, KARI)])
    return hall, listed


def test_nothing_is_refined_or_erased_where_the_list_is_gone(tmp_path: Path) -> None:
    hall, _ = _without_list(tmp_path)
    said = "1103: the list of erasures is missing; bring back a kept copy of it"
    with pytest.raises(RecordBroken, match=said):
        hall.run()
    with pytest.raises(RecordBroken, match=said):
        hall.erase(OLA)
    assert hall.halls() == {"2": "A"}


def test_a_kept_copy_takes_the_place_of_a_list_that_is_gone(tmp_path: Path) -> None:
    hall, listed = _without_list(tmp_path)
    include(hall.site, listed)
    hall.run()
    assert hall.halls() == {"2": "A"}
