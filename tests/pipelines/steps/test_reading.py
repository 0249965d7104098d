from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.steps.audit import Logbook
from pipelines.steps.reading import Reader, read
from pipelines.steps.refine import refine
from pipelines.steps.site import Site
from schemas.contract import Contract
from schemas.documents import parse
from schemas.errors import AccessDenied, RecordBroken, StoreRejected
from schemas.municipality import Grant
from tests.builders import LEVEL, OBSERVED, SENSOR, contract, field, landed, site
from tests.pipelines.steps.absences import ASKED, absence_site, absences, written
from tests.pipelines.steps.absences import FIELDS as ABSENCE_FIELDS

NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
PERSON: dict[str, Any] = {"purpose": "a test", "category": "user.name", "subject": "inhabitant"}
SECRET = "Kari Nordmann"
FIELDS = (
    SENSOR,
    OBSERVED,
    LEVEL,
    field("serial", "string", classification="internal"),
    field("text", "string", classification="free_text", mask={"use": "redact"}, **PERSON),
)
DAYS = ("2026-11-19", "2026-11-20")


def granted(**changes: object) -> Grant:
    written = {
        "recipient": "1108",
        "dataset": "readings",
        "columns": ["sensor_id", "level_m"],
        "rows": "level_m > 1",
        "purpose": "flood warning",
        "legal_basis": {"article_6": "e", "purpose": "flood warning"},
        "expires": "2026-11-21",
        **changes,
    }
    return parse(Grant, written, "1103.yaml")


def shared(folder: Path, *grants: Grant, fields: tuple[dict[str, Any], ...] = FIELDS) -> Site:
    where = site(folder, contract(*fields))
    owner = where.municipality.model_copy(update={"grants": grants})
    return dataclasses.replace(where, municipality=owner)


def stocked(folder: Path, *grants: Grant, **changes: Any) -> Site:  # noqa: ANN401 - of `shared`
    where = shared(folder, *grants, **changes)
    files = [where.lake.stage(rows(where, day), day) for day in DAYS]
    where.lake.replace(where.lake.snapshot(), files, where.contract.lake_schema, {})
    return where


def rows(where: Site, day: str) -> pl.DataFrame:
    at = dt.datetime.fromisoformat(f"{day}T10:00:00+00:00")
    told = {
        "sensor_id": ["s-1", "s-2"],
        "observed_at": [at, at],
        "level_m": [1.0, 2.0],
        "serial": ["n-1", "n-2"],
        "text": [SECRET, None],
    }
    schema = where.contract.lake_schema
    return pl.DataFrame({name: told[name] for name in schema}, schema=schema)


def reader(number: str = "1108", purpose: str = "flood warning") -> Reader:
    return Reader(number, purpose)


def logged(where: Site) -> list[tuple[str, str, str | None, int | None]]:
    told = [entry.event for entry in Logbook.of(where).entries("access")]
    return [(event.who, event.action, event.days, event.rows) for event in told]


def test_a_neighbour_sees_the_rows_and_columns_of_its_grant_and_that_is_logged(
    tmp_path: Path,
) -> None:
    where = stocked(tmp_path, granted())
    seen = read(where, reader(), NOW).collect()
    assert seen.columns == ["sensor_id", "level_m"]
    assert seen.rows() == [("s-2", 2.0), ("s-2", 2.0)]
    assert logged(where) == [("1108", "read", "2026-11-19/2026-11-20", 2)]
    [entry] = Logbook.of(where).entries("access")
    assert (entry.event.at, entry.event.purpose) == (NOW, "flood warning")


def test_only_the_days_that_are_asked_for_are_read(tmp_path: Path) -> None:
    where = stocked(tmp_path, granted(rows=None))
    asked = Reader("1108", "flood warning", ["2026-11-20"])
    assert read(where, asked, NOW).collect().height == 2
    nothing = Reader("1108", "flood warning", ["2026-01-01"])
    assert read(where, nothing, NOW).collect().is_empty()
    assert logged(where)[0] == ("1108", "read", "2026-11-20/2026-11-20", 2)
    assert logged(where)[1] == ("1108", "read", None, 0)


def test_what_the_share_zone_drops_never_leaves_even_when_it_is_granted(tmp_path: Path) -> None:
    where = stocked(tmp_path, granted(columns=["sensor_id", "serial", "text"], rows=None))
    assert read(where, reader(), NOW).collect().columns == ["sensor_id", "serial"]


def test_the_owner_sees_the_lake_for_the_purpose_of_its_legal_basis(tmp_path: Path) -> None:
    where = stocked(tmp_path)
    seen = read(where, reader("1103", "a test"), NOW).collect()
    assert seen.columns == list(where.contract.lake_schema)
    assert seen.height == 4


def test_the_owner_reads_of_things_for_any_purpose(tmp_path: Path) -> None:
    where = stocked(tmp_path, fields=(SENSOR, OBSERVED, LEVEL))
    unbased = where.binding.model_copy(update={"legal_basis": None})
    things = dataclasses.replace(where, binding=unbased)
    assert read(things, reader("1103", "whatever"), NOW).collect().height == 4
    persons = dataclasses.replace(things, contract=contract(*FIELDS))
    with pytest.raises(AccessDenied, match="1103 may read it for its legal basis only: none"):
        read(persons, reader("1103", "whatever"), NOW)


@pytest.mark.parametrize(
    ("who", "why"),
    [
        (reader("1122"), "1122 has no grant of it"),
        (reader("1103"), "1103 may read it for its legal basis only: a test"),
        (
            reader(purpose="marketing"),
            "1108 has a grant of it for another purpose: flood warning, research",
        ),
        (reader(purpose="research"), "1108 had a grant of it, which expired on 2026-11-20"),
    ],
)
def test_everything_else_is_refused_in_one_line_and_logged(
    tmp_path: Path, who: Reader, why: str
) -> None:
    where = stocked(tmp_path, granted(), granted(purpose="research", expires="2026-11-20"))
    with pytest.raises(AccessDenied) as caught:
        read(where, who, NOW)
    assert str(caught.value) == f"1103 readings: {why}"
    assert logged(where) == [(who.number, "refused", None, None)]
    [entry] = Logbook.of(where).entries("access")
    assert (entry.event.purpose, entry.event.note) == (who.purpose, why)


def test_a_grant_of_another_dataset_gives_nothing(tmp_path: Path) -> None:
    where = stocked(tmp_path, granted(dataset="levels"))
    with pytest.raises(AccessDenied, match="has no grant of it"):
        read(where, reader(), NOW)


def test_a_grant_expires_with_the_municipalitys_own_day(tmp_path: Path) -> None:
    where = stocked(tmp_path, granted())
    late = dt.datetime(2026, 11, 21, 22, 59, tzinfo=dt.UTC)
    assert read(where, reader(), late).collect().height == 2
    with pytest.raises(AccessDenied, match="expired on 2026-11-21"):
        read(where, reader(), late + dt.timedelta(minutes=1))


def counted_site(folder: Path, bound: Contract, *columns: str) -> Site:
    where = absence_site(folder, bound)
    given = granted(dataset="absences", columns=list(columns), rows="NOT suppressed")
    owner = where.municipality.model_copy(update={"grants": (given,)})
    counting = dataclasses.replace(where, municipality=owner)
    people = [(f"n{n}", "2026-09-02", n, "north", 1.5) for n in range(7)]
    landed(counting, written(people))
    refine(counting)
    return counting


def test_of_a_dataset_that_is_only_counted_its_counts_are_read_and_never_its_rows(
    tmp_path: Path,
) -> None:
    told = {**PERSON, "classification": "personal", "mask": {"use": "aggregate"}}
    worked = field("absence_days", "number", **told)
    bound = contract(*ABSENCE_FIELDS[:-1], worked, name="absences", aggregate=ASKED)
    where = counted_site(tmp_path, bound, "unit_code")
    seen = read(where, reader(), NOW).collect()
    assert seen.columns == ["period", "unit_code", "persons", "rows", "suppressed"]
    assert seen["persons"].to_list() == [7, 7]
    own = read(where, reader("1103", "a test"), NOW).collect()
    assert own.columns == [*seen.columns[:4], "absence_days", "suppressed"]


def test_counts_of_what_the_share_zone_refuses_are_the_owners_alone(tmp_path: Path) -> None:
    where = counted_site(tmp_path, absences(), "unit_code")
    with pytest.raises(AccessDenied, match="1108 has a grant of nothing that datasjo_baseline@"):
        read(where, reader(), NOW)
    assert read(where, reader("1103", "a test"), NOW).collect().height == 2


def test_rows_that_cannot_be_judged_are_refused_without_a_value(tmp_path: Path) -> None:
    where = stocked(tmp_path, granted(rows="CAST(text AS INTEGER) > 1"))
    with pytest.raises(AccessDenied, match="rows cannot be judged") as caught:
        read(where, reader(), NOW)
    assert SECRET not in str(caught.value)
    assert caught.value.__cause__ is None
    assert logged(where) == [("1108", "refused", None, None)]


def test_no_log_holds_a_value_of_a_row(tmp_path: Path) -> None:
    where = stocked(tmp_path, granted(columns=["text"], rows=None))
    read(where, reader("1103", "a test"), NOW)
    kept = b"".join(where.store.read(path) for path in where.store.find("audit"))
    assert SECRET.encode() not in kept
    assert b"s-1" not in kept


def test_nothing_is_read_where_the_log_cannot_be_continued(tmp_path: Path) -> None:
    where = stocked(tmp_path, granted())
    read(where, reader(), NOW)
    where.store.remove("audit/access/head.json")
    with pytest.raises(RecordBroken, match="1103 audit/access: the head is missing"):
        read(where, reader(), NOW)


def test_a_dataset_without_a_commit_has_nothing_to_read(tmp_path: Path) -> None:
    with pytest.raises(StoreRejected, match="nothing has been committed yet"):
        read(shared(tmp_path, granted()), reader(), NOW)
