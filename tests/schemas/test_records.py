from __future__ import annotations

import datetime as dt
import json

import pytest

from schemas.errors import StoreRejected
from schemas.records import dump, load
from schemas.sidecar import Sidecar
from schemas.stages import Change, Counts, Window

SIDECAR = Sidecar(
    sha256="0" * 64,
    source_url="file:///drop/a.csv",
    fetched_at=dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC),
    size=3,
    format="csv",
    run_id="run",
    headers={"size": "3"},
)


@pytest.mark.parametrize(
    "record",
    [
        SIDECAR,
        Counts(landed=2, kept=2, rejected_by_rule={"a:type": 1}),
        Change("2026-11-20-a", SIDECAR.fetched_at, 1, 2, 3, ["2026-11-20"]),
    ],
    ids=["sidecar", "counts", "change"],
)
def test_a_record_comes_back_as_it_went(record: object) -> None:
    document = json.loads(json.dumps(dump(record)))
    assert load(type(record), document) == record


def test_instants_are_written_in_utc() -> None:
    assert dump(SIDECAR)["fetched_at"] == "2026-11-20T12:00:00Z"


@pytest.mark.parametrize("document", [{}, [], "x", None, dump(SIDECAR) | {"size": "secret"}])
def test_a_document_of_another_kind_is_refused_without_its_content(document: object) -> None:
    with pytest.raises(StoreRejected) as caught:
        load(Sidecar, document)
    assert str(caught.value) == "a stored sidecar cannot be read"


def test_a_window_holds_both_its_ends() -> None:
    window = Window(dt.date(2026, 11, 29), dt.date(2026, 12, 1))
    assert [day.isoformat() for day in window.days] == ["2026-11-29", "2026-11-30", "2026-12-01"]
