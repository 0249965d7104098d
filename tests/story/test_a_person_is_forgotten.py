"""A person of the demo asks what is held, is erased, and stays so when a backup comes back."""

from __future__ import annotations

import gzip
import io
import json
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pyarrow as pa
import pytest
from typer.testing import CliRunner, Result

from pipelines.cli import app
from pipelines.demo import bookings, work_orders
from pipelines.demo.persons import Person, people

HOUSE = Path(__file__).parents[2]
OWNER = "1108"
WEEK = ("--from", "2026-10-20", "--to", "2026-10-31")


@dataclass(frozen=True)
class Town:
    """Sandnes of the demo network: its root and the portal."""

    var: Path

    @property
    def root(self) -> Path:
        return self.var / "roots" / OWNER

    def __call__(self, *words: str, told: str | None = None) -> Result:
        done = CliRunner().invoke(app, [*words, "-m", OWNER], input=told)
        assert done.exit_code == 0, done.output
        return done

    def held(self, person: Person) -> dict[tuple[str, str], int]:
        told = json.loads(self("gdpr", "access", "--json", told=request(person)).stdout)
        return {(held["dataset"], held["place"]): held["rows"] for held in told["held"]}

    def telling(self, persons: list[Person]) -> list[str]:
        """The files of the root and the portal that hold a number, a telephone or an address."""
        traces = [t.encode() for p in persons for t in (p.national_id, p.phone, p.email)]
        return [
            str(path.relative_to(self.var))
            for folder in (self.root, self.var / "portal")
            for path in folder.rglob("*")
            if path.is_file() and any(t in b for b in readings(path) for t in traces)
        ]


def _lines(rows: pl.DataFrame) -> bytes:
    binary = pl.selectors.binary()
    return rows.with_columns(binary.bin.encode("hex")).write_ndjson().encode()


def readings(path: Path) -> Iterator[bytes]:
    """The file's bytes, and what they say when they are decoded."""
    content = path.read_bytes()
    yield content
    if content.startswith(b"PAR1"):
        yield _lines(pl.read_parquet(io.BytesIO(content)))
    elif path.suffix == ".arrow":
        with pa.ipc.open_stream(content) as reader:
            yield str(reader.read_all().to_pylist()).encode()
    elif content.startswith(b"\x1f\x8b"):
        yield gzip.decompress(content)


def request(*persons: Person) -> str:
    lines = (f"national_id: {p.national_id}\nphone: {p.phone}\nemail: {p.email}" for p in persons)
    return "\n---\n".join(lines)


def chosen() -> list[Person]:
    """Who booked and reported, who booked without a number, and who only reported."""
    shown = [b.record for b in bookings.bookings(OWNER, 2) if b.seed.person]
    without = Counter(str(r["contact_phone"]) for r in shown if not r["customer_ssn"])
    booked = Counter(str(r["contact_phone"]) for r in shown)
    orders = Counter(str(order.row["melder_telefon"]) for order in work_orders.orders(OWNER, 2))
    everybody = people(OWNER, bookings.POSTCODES[OWNER], 240)
    both = max(everybody, key=lambda p: min(booked[p.phone], orders[p.phone]))
    nameless = next(p for p in everybody if without[p.phone] == booked[p.phone] > 0)
    reporter = next(p for p in everybody if orders[p.phone] and not booked[p.phone])
    return [both, nameless, reporter]


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Town:
    monkeypatch.chdir(HOUSE)
    monkeypatch.setenv("DATASJO_VAR", str(tmp_path))
    made = Town(tmp_path)
    made("run", *WEEK)
    made("release")
    return made


@pytest.mark.slow
def test_a_person_is_found_everywhere_erased_everywhere_and_never_comes_back(town: Town) -> None:
    both, nameless, reporter = persons = chosen()
    found = town.held(both)
    assert found["facility_bookings", "landing"] > 0
    assert found["facility_bookings", "lake"] > 0
    assert found["work_orders", "lake"] > 0
    assert town.held(nameless).keys() >= {("facility_bookings", "lake")}
    assert town.held(reporter).keys() >= {("work_orders", "lake"), ("welfare_alarms", "restricted")}
    assert town.telling(persons) != []
    backup = town.var / "backup"
    shutil.copytree(town.root, backup)

    town("gdpr", "erase", "--yes", told=request(*persons))
    assert [town.held(person) for person in persons] == [{}, {}, {}]
    assert town.telling(persons) == []

    kept = town.var / "kept.json"
    shutil.copy(max((town.root / "erasure" / "tombstones").iterdir()), kept)
    shutil.rmtree(town.root)
    backup.rename(town.root)
    assert town.telling(persons) != []
    town("gdpr", "retention", "--tombstones", str(kept))
    assert [town.held(person) for person in persons] == [{}, {}, {}]
    assert town.telling(persons) == []

    # the sources still show them: what lands anew is held against the list
    shutil.rmtree(town.root / "landing")
    town("run", *WEEK)
    assert [town.held(person) for person in persons] == [{}, {}, {}]
    assert town.telling(persons) == []
