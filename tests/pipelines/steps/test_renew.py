from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from connectors.lake import DataFile, LakeTable
from gdpr.pseudonyms.concealing import Concealing
from gdpr.wrapping import KeyFile
from pipelines.steps.key_life import begin_rotation, end_rotation, wrap
from pipelines.steps.key_place import KeyPlace
from pipelines.steps.keys import key_place, keyring_of
from pipelines.steps.refine import refine
from pipelines.steps.renew import RenewedColumn, renew
from pipelines.steps.site import Site
from schemas.contract import Contract
from schemas.errors import KeyUnavailable
from tests.builders import LEVEL, OBSERVED, SENSOR, contract, field, landed, site

PERSONS = {"a": "11854898347", "b": "10915596784", "c": "01810050057"}
PLAIN = ("sensor_id", "observed_at", "level_m")


def person(name: str, use: str) -> dict[str, Any]:
    told = {"classification": "identifier", "purpose": "a test"}
    return field(name, "string", mask={"use": use, "domain": "person"}, **told)


REVERSIBLE = (person("undone", "reversible"), person("formed", "format_preserving"))
BOUND = contract(SENSOR, OBSERVED, LEVEL, *REVERSIBLE)
MIXED = contract(SENSOR, OBSERVED, LEVEL, person("one_way", "pseudonym"), *REVERSIBLE)


def row(sensor: str, day: int, level: int = 1) -> tuple[str, ...]:
    return sensor, f"2026-11-{day:02d}T12:00:00Z", str(level)


def land_rows(where: Site, name: str, *given: tuple[str, ...]) -> None:
    """Rows in which every other field of the contract holds the sensor's person."""
    others = [f.name for f in where.contract.stored if f.name not in PLAIN]
    lines = [
        (*PLAIN, *others),
        *((*values, *[PERSONS[values[0]]] * len(others)) for values in given),
    ]
    for before in Path(where.binding.source.url).parent.iterdir():
        before.unlink()
    landed(where, "".join(f"{','.join(line)}\n" for line in lines), name)


def place(where: Site) -> KeyPlace:
    return key_place(where.municipality, where.root_key)


def brought(folder: Path, bound: Contract = BOUND) -> Site:
    """Two batches in the lake, under a wrapped key."""
    (folder / "network.key").write_text("ab" * 32, encoding="ascii")
    where = dataclasses.replace(site(folder, bound), root_key=f"{folder}/network.key")
    wrap(place(where))
    land_rows(where, "1.csv", row("a", 2), row("b", 2), row("c", 3))
    assert refine(where)
    land_rows(where, "2.csv", row("a", 3), row("b", 2, level=2))
    assert refine(where)
    return where


def rows(where: Site) -> pl.DataFrame:
    return where.lake.scan().collect().sort("sensor_id", "observed_at")


def revealed(where: Site, name: str) -> list[str]:
    version = where.lake.snapshot().pseudonyms[name].version
    made = Concealing.of(where.contract.field(name), keyring_of(where), version)
    assert made is not None
    return list(made.reveal(rows(where)[name]))


def files(where: Site) -> set[str]:
    return {path for path in where.store.find("lake") if path.endswith(".parquet")}


def test_what_the_key_undoes_is_made_anew_without_the_source(tmp_path: Path) -> None:
    where = brought(tmp_path)
    shutil.rmtree(f"{where.store.url}/landing")
    before, version = rows(where), where.lake.snapshot().version
    persons = revealed(where, "undone")
    begin_rotation(place(where))
    renewed = renew(where)
    assert [(c.field, c.before, c.after, c.way) for c in renewed.columns] == [
        ("undone", 1, 2, "re-encrypted"),
        ("formed", 1, 2, "re-encrypted"),
    ]
    assert renewed.table_version == where.lake.snapshot().version == version + 1
    assert (renewed.days, renewed.rows) == (2, before.height)
    after = rows(where)
    changed = ["undone", "formed"]
    assert after.drop(changed).equals(before.drop(changed))
    for name in changed:
        assert not set(after[name]) & set(before[name])
        assert revealed(where, name) == persons
    assert {made.version for made in where.lake.snapshot().pseudonyms.values()} == {2}


def test_later_rows_join_the_renewed_ones(tmp_path: Path) -> None:
    where = brought(tmp_path)
    begin_rotation(place(where))
    renew(where)
    land_rows(where, "3.csv", row("a", 4))
    receipt = refine(where)
    assert receipt
    assert {made.version for made in receipt.pseudonyms.values()} == {2}
    assert rows(where).filter(sensor_id="a")["undone"].n_unique() == 1


def test_a_second_time_there_is_nothing_to_do(tmp_path: Path) -> None:
    where = brought(tmp_path)
    begin_rotation(place(where))
    renew(where)
    before = where.lake.snapshot()
    assert renew(where).columns == ()
    assert where.lake.snapshot() == before


def test_one_way_columns_are_made_again_from_landing_where_it_holds_every_batch(
    tmp_path: Path,
) -> None:
    where = brought(tmp_path, MIXED)
    before = rows(where)
    begin_rotation(place(where))
    renewed = renew(where)
    assert {(c.way, c.after) for c in renewed.columns} == {("made again from landing", 2)}
    after = rows(where)
    names = ["one_way", "undone", "formed"]
    assert after.drop(names).equals(before.drop(names))
    assert not set(after["one_way"]) & set(before["one_way"])
    assert revealed(where, "undone") == [PERSONS[sensor] for sensor in after["sensor_id"]]
    assert {made.version for made in where.lake.snapshot().pseudonyms.values()} == {2}


def test_one_way_columns_stay_where_landing_lacks_a_batch(tmp_path: Path) -> None:
    where = brought(tmp_path, MIXED)
    first = min(path for path in where.store.find("landing") if path.endswith(".csv"))
    for path in where.store.find("landing"):
        if path.startswith(first.removesuffix(".csv")):
            where.store.remove(path)
    before = rows(where)
    begin_rotation(place(where))
    renewed = renew(where)
    assert {c.field: c.way for c in renewed.columns} == {
        "one_way": "stays",
        "undone": "re-encrypted",
        "formed": "re-encrypted",
    }
    assert renewed.columns[0] == RenewedColumn(
        "one_way",
        "AES-CMAC",
        1,
        1,
        "stays",
        "the algorithm is one-way, and landing does not hold every batch",
    )
    assert rows(where)["one_way"].equals(before["one_way"])
    land_rows(where, "3.csv", row("a", 4))
    assert refine(where)
    assert rows(where).filter(sensor_id="a")["one_way"].n_unique() == 1
    versions = {name: m.version for name, m in where.lake.snapshot().pseudonyms.items()}
    assert versions == {"one_way": 1, "undone": 2, "formed": 2}


def test_a_one_way_table_without_its_batches_is_left_as_it_was(tmp_path: Path) -> None:
    where = brought(tmp_path, contract(SENSOR, OBSERVED, LEVEL, person("one_way", "pseudonym")))
    shutil.rmtree(f"{where.store.url}/landing")
    begin_rotation(place(where))
    before = where.lake.snapshot()
    renewed = renew(where)
    assert [column.way for column in renewed.columns] == ["stays"]
    assert renewed.table_version is None
    assert where.lake.snapshot() == before


def test_a_one_way_key_field_leaves_no_row_of_the_old_key(tmp_path: Path) -> None:
    keyed = {"required": True, "primaryKey": True, "primaryKeyPosition": 3}
    who = person("one_way", "pseudonym") | keyed
    where = brought(tmp_path, contract(SENSOR, OBSERVED, LEVEL, who))
    before = rows(where)
    begin_rotation(place(where))
    renew(where)
    after = rows(where)
    assert after.height == before.height
    assert not set(after["one_way"]) & set(before["one_way"])


def test_a_day_whose_rows_landing_no_longer_gives_is_empty(tmp_path: Path) -> None:
    where = brought(tmp_path, MIXED)
    narrow = field("level_m", "number", logicalTypeOptions={"minimum": 2, "maximum": 10})
    strict = contract(
        SENSOR,
        OBSERVED,
        narrow,
        person("one_way", "pseudonym"),
        *REVERSIBLE,
        gate={"max_rejected_percent": 100},
    )
    begin_rotation(place(where))
    renew(dataclasses.replace(where, contract=strict))
    assert rows(where)["level_m"].to_list() == [2]
    assert [(f.day, f.rows) for f in where.lake.snapshot().files] == [
        ("2026-11-02", 1),
        ("2026-11-03", 0),
    ]


class Killed(BaseException):
    pass


@pytest.mark.parametrize("stop", [0, 1])
def test_a_killed_renewal_leaves_the_table_and_goes_on_to_the_same_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop: int
) -> None:
    where = brought(tmp_path)
    begin_rotation(place(where))
    before, stood = where.lake.snapshot(), files(where)
    staged = LakeTable.stage
    done = 0

    def stage(table: LakeTable, frame: pl.DataFrame, day: str) -> DataFile:
        nonlocal done
        if done == stop:
            raise Killed
        done += 1
        return staged(table, frame, day)

    with monkeypatch.context() as patched:
        patched.setattr(LakeTable, "stage", stage)
        with pytest.raises(Killed):
            renew(where)
    assert where.lake.snapshot() == before
    assert files(where) == stood
    generation = begin_rotation(place(where))
    assert (generation.generation, generation.changed) == (2, False)
    renew(where)
    assert revealed(where, "undone") == [PERSONS[s] for s in rows(where)["sensor_id"]]


def test_a_renewal_that_another_writer_overtakes_begins_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = brought(tmp_path)
    begin_rotation(place(where))
    land_rows(where, "3.csv", row("c", 5))
    staged = LakeTable.stage
    overtaken: list[str] = []

    def stage(table: LakeTable, frame: pl.DataFrame, day: str) -> DataFile:
        if not overtaken:
            overtaken.append(day)
            assert refine(where)
        return staged(table, frame, day)

    monkeypatch.setattr(LakeTable, "stage", stage)
    assert renew(where).rows == 5
    assert revealed(where, "undone") == [PERSONS[s] for s in rows(where)["sensor_id"]]
    snapshot = where.lake.snapshot()
    assert files(where) >= {f"lake/readings/{file.path}" for file in snapshot.files}


def test_pseudonyms_of_a_key_that_is_lost_are_left_alone(tmp_path: Path) -> None:
    where = brought(tmp_path)
    secret = Path(where.municipality.key)
    secret.unlink()
    wrap(place(where))
    begin_rotation(place(where))
    before = where.lake.snapshot()
    shutil.rmtree(f"{where.store.url}/landing")
    renewed = renew(where)
    assert {column.reason for column in renewed.columns} == {
        "the key is not the one behind its pseudonyms"
    }
    assert where.lake.snapshot() == before
    land_rows(where, "3.csv", row("a", 4))
    with pytest.raises(KeyUnavailable, match="the key is not the one behind the pseudonyms"):
        refine(where)


def test_the_rotation_ends_when_it_is_said_to(tmp_path: Path) -> None:
    where = brought(tmp_path)
    assert begin_rotation(place(where)).generation == 2
    kept = place(where).read()
    assert isinstance(kept, KeyFile)
    assert kept.rotating == 2
    end_rotation(place(where))
    end_rotation(place(where))
    assert begin_rotation(place(where)).generation == 3
    assert keyring_of(where).versions == (1, 2, 3)
