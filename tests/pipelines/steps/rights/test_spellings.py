from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from schemas.contract import Contract
from tests.builders import contract, event, field, key
from tests.pipelines.steps.rights.visits import KARI, NUMBER, OLA, Hall, Visitor, row

_TOLD = {"classification": "identifier", "purpose": "opening hours", "subject": "visitor"}


def _known(name: str, category: str) -> dict[str, Any]:
    mask = {"use": "pseudonym", "domain": name}
    return field(name, "string", mask=mask, category=category, **_TOLD)


def _named() -> Contract:
    return contract(
        key("visit_id"),
        event("at"),
        _known("person_id", NUMBER),
        _known("phone", "user.contact.phone_number"),
        _known("email", "user.contact.email"),
        field("hall", "string"),
    )


@pytest.mark.parametrize(
    "written",
    [
        Visitor(KARI.number, "", ""),
        Visitor(f"{KARI.number[:6]} {KARI.number[6:]}", "", ""),
        Visitor(f"{KARI.number[:6]}-{KARI.number[6:]}", "", ""),
        Visitor("", "+47 49 01 00 01", ""),
        Visitor("", "(0047) 4901-0001", ""),
        Visitor("", "", "Gjest1@Example.NO"),
        Visitor("", "", "Gjest En <gjest1@example.no>"),
    ],
)
def test_a_person_goes_from_the_lake_however_the_source_wrote_them(
    written: Visitor, tmp_path: Path
) -> None:
    hall = Hall.at(tmp_path, _named())
    hall.drops("1.csv", [row(1, written), row(2, OLA)])
    hall.run()
    assert hall.halls() == {"1": "A", "2": "A"}
    receipt = hall.erase(KARI)
    assert receipt.complete
    assert hall.halls() == {"2": "A"}


def test_a_person_has_one_pseudonym_however_the_source_writes_them(tmp_path: Path) -> None:
    hall = Hall.at(tmp_path, _named())
    other = Visitor(f"{KARI.number[:6]} {KARI.number[6:]}", "+4749010001", "GJEST1@example.no")
    hall.drops("1.csv", [row(1, KARI), row(2, other)])
    hall.run()
    names = hall.site.lake.scan().select("person_id", "phone", "email").collect()
    assert names.n_unique() == 1
