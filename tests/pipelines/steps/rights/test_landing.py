from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest
import xlsxwriter

from pipelines.steps.land import land, landed
from pipelines.steps.refine import refine
from pipelines.steps.rights.erasures import recognition_of, remember
from pipelines.steps.rights.landing import find_in_landing
from pipelines.steps.site import Site
from tests.builders import NOVEMBER
from tests.pipelines.steps.rights.visits import (
    HEADER,
    KARI,
    NOW,
    OLA,
    Hall,
    Visitor,
    holding,
    row,
    visits,
    without_number,
)

NAMES = HEADER.split(",")


def record(at: int, who: Visitor, hall: str = "A") -> dict[str, str]:
    return dict(zip(NAMES, row(at, who, hall).split(","), strict=True))


def dropped(hall: Hall, name: str, content: bytes) -> None:
    (hall.folder / "drop" / name).write_bytes(content)
    hall.run()


def kept(hall: Hall) -> bytes:
    [item] = landed(hall.site)
    return hall.site.store.read(item.url)


def test_a_page_keeps_its_other_records(tmp_path: Path) -> None:
    hall = Hall.at(tmp_path, visits(source={"format": "json", "records": "results"}))
    page = {"total": 2, "results": [record(1, KARI), record(2, OLA)]}
    dropped(hall, "1.json", json.dumps(page, indent=2).encode())
    assert hall.erase(KARI).complete
    assert json.loads(kept(hall)) == {"total": 2, "results": [record(2, OLA)]}
    assert hall.halls() == {"2": "A"}


def test_a_page_without_any_person_is_untouched(tmp_path: Path) -> None:
    hall = Hall.at(tmp_path, visits(source={"format": "json", "records": "results"}))
    nobody = {"visit_id": "7", "at": "2026-11-20T10:00:00Z", "hall": "A"}
    content = json.dumps({"results": [nobody]}).encode()
    dropped(hall, "1.json", content)
    assert hall.erase(KARI).complete
    assert kept(hall) == content


def test_a_broken_line_is_known_by_what_it_says(tmp_path: Path) -> None:
    hall = Hall.at(tmp_path, visits(source={"format": "ndjson"}))
    lines = [json.dumps(record(1, OLA)), f'{{"visit_id": "2", "phone": "+47 {KARI.phone}"', "{"]
    dropped(hall, "1.ndjson", "\n".join(lines).encode())
    assert len(hall.rejected()) == 2
    assert hall.erase(KARI).complete
    assert len(hall.rejected()) == 1
    assert kept(hall).decode().splitlines() == [lines[0], lines[2]]


def test_a_row_with_too_many_cells_is_known_by_any_of_them(tmp_path: Path) -> None:
    hall = Hall.at(tmp_path)
    shifted = f"3,x,{row(3, KARI).split(',', 1)[1]}"
    hall.drops("1.csv", [row(1, OLA), shifted])
    hall.run()
    assert len(hall.rejected()) == 1
    receipt = hall.erase(KARI)
    assert receipt.outcome.left == ()
    assert hall.rejected() == []


def test_a_workbook_in_landing_loses_the_persons_row(tmp_path: Path) -> None:
    hall = Hall.at(tmp_path, visits(source={"format": "xlsx"}))
    path = tmp_path / "drop" / "1.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for at, line in enumerate([HEADER, row(1, KARI), row(2, OLA)]):
            sheet.write_row(at, 0, line.split(","))
    hall.run()
    assert hall.erase(KARI).complete
    assert hall.halls() == {"2": "A"}
    [receipt] = [hall.erase(OLA)]
    assert receipt.complete
    assert hall.halls() == {}


def test_bytes_in_another_encoding_keep_it(tmp_path: Path) -> None:
    hall = Hall.at(tmp_path, visits(source={"format": "csv", "encoding": "cp1252"}))
    text = "\n".join([HEADER, row(1, KARI, "Å"), row(2, OLA, "Ø"), ""])
    dropped(hall, "1.csv", text.encode("cp1252"))
    assert hall.erase(KARI).complete
    assert kept(hall) == "\n".join([HEADER, row(2, OLA, "Ø"), ""]).encode("cp1252")


def test_a_batch_of_before_a_field_came_is_searched_by_what_tells_of_persons(
    tmp_path: Path,
) -> None:
    hall = Hall.at(tmp_path)
    hall.drops("1.csv", [row(1, KARI), row(2, OLA), row(3, without_number(KARI))])
    hall.run()
    grown = Hall(hall.folder, _with_field(hall))
    receipt = grown.erase(KARI)
    assert receipt.complete, receipt.outcome.left
    assert kept(grown).decode().splitlines() == [HEADER, row(2, OLA)]


def _with_field(hall: Hall) -> Site:
    made = visits()
    extra = dataclasses.replace(made.field("hall"), name="guests", source_columns=("guests",))
    contract = dataclasses.replace(made, fields=(*made.fields, extra))
    return dataclasses.replace(hall.site, contract=contract)


def test_what_landed_before_an_erasure_is_refined_without_the_person(tmp_path: Path) -> None:
    hall = Hall.at(tmp_path)
    hall.drops("1.csv", [row(1, KARI)])
    land(hall.site, NOVEMBER, "run")
    assert recognition_of(hall.site) is None
    known = remember([hall.site], [KARI.subject], NOW.date())
    assert find_in_landing(hall.site, landed(hall.site), known).rows == 1
    read = recognition_of(hall.site)
    assert read is not None
    assert read.listed == known.listed
    receipt = refine(hall.site)
    assert receipt is not None
    assert receipt.counts.erased == 1
    assert list(holding(hall.files(), KARI.traces)) == []


@pytest.mark.parametrize("lines", [[], [row(1, OLA)]])
def test_batches_without_the_person_keep_their_bytes(lines: list[str], tmp_path: Path) -> None:
    hall = Hall.at(tmp_path)
    hall.drops("1.csv", lines)
    hall.run()
    before = kept(hall)
    hall.erase(KARI)
    assert kept(hall) == before
    assert landed(hall.site)[0].sidecar.rewritten is None


def nameless(hall: Hall) -> Hall:
    made = visits()
    dropped = dataclasses.replace(made.field("person_id"), mask=made.field("phone").mask)
    fields = tuple(dropped if f.name == "person_id" else f for f in made.fields)
    contract = dataclasses.replace(made, fields=fields)
    return Hall(hall.folder, dataclasses.replace(hall.site, contract=contract))


def test_where_no_column_tells_whose_a_row_is_the_last_who_had_its_key_keeps_it(
    tmp_path: Path,
) -> None:
    hall = nameless(Hall.at(tmp_path))
    hall.drops("1.csv", [row(1, KARI), row(2, KARI), row(3, OLA)])
    hall.run()
    hall.drops("2.csv", [row(1, OLA, "B")])
    hall.run()
    assert hall.erase(KARI).complete
    assert hall.halls() == {"1": "B", "3": "A"}


def test_an_erasure_that_was_killed_counts_its_rows_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    hall = Hall.at(tmp_path)
    hall.drops("1.csv", [row(1, KARI), row(2, OLA)])
    hall.run()
    with monkeypatch.context() as patch:
        patch.setattr(type(hall.site.store), "rename", killed)
        with pytest.raises(KeyboardInterrupt):
            hall.erase(KARI)
    assert hall.erase(KARI).complete
    rewritten = landed(hall.site)[0].sidecar.rewritten
    assert rewritten is not None
    assert (rewritten.erased, rewritten.size) == (1, len(kept(hall)))
