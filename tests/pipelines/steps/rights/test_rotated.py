from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

from pipelines.steps.key_life import begin_rotation, wrap
from pipelines.steps.keys import key_place
from pipelines.steps.renew import renew
from schemas.contract import Contract
from tests.builders import contract, event, field, key
from tests.pipelines.steps.rights.visits import KARI, NUMBER, OLA, Hall, row


def _reversible() -> Contract:
    told = {"classification": "identifier", "purpose": "opening hours", "subject": "visitor"}
    mask = {"use": "reversible", "domain": "person"}
    person = field("person_id", "string", mask=mask, category=NUMBER, **told)
    others = (field(name, "string", mask={"use": "drop"}, **told) for name in ("phone", "email"))
    return contract(key("visit_id"), event("at"), person, *others, field("hall", "string"))


def _wrapped(folder: Path) -> Hall:
    hall = Hall.at(folder, _reversible())
    (folder / "network.key").write_text("ab" * 32, encoding="ascii")
    bound = dataclasses.replace(hall.site, root_key=f"{folder}/network.key")
    wrap(key_place(bound.municipality, bound.root_key))
    return dataclasses.replace(hall, site=bound)


def test_a_rotation_after_a_restore_brings_nobody_back(tmp_path: Path) -> None:
    hall = _wrapped(tmp_path)
    hall.drops("1.csv", [row(1, KARI), row(2, OLA)])
    hall.run()
    lake, copy = tmp_path / "root" / "lake", tmp_path / "copy"
    shutil.copytree(lake, copy)
    hall.erase(KARI)
    shutil.rmtree(lake)
    copy.rename(lake)
    assert hall.halls() == {"1": "A", "2": "A"}
    begin_rotation(key_place(hall.site.municipality, hall.site.root_key))
    renewed = renew(hall.site)
    assert [column.way for column in renewed.columns] == ["re-encrypted"]
    assert hall.halls() == {"2": "A"}
