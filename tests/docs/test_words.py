"""What the contract's words do is done here, and compared with what the document says of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import get_args

import polars as pl
import pyarrow as pa
import pytest
import xlsxwriter
import yaml

from connectors.readers.layout import Layout
from connectors.readers.registry import READERS
from gdpr.apply import Keys, Masking
from gdpr.keys import Keyring
from gdpr.policy import effective
from pipelines.steps.quarantine import quarantined
from pipelines.steps.refine import refine
from pipelines.steps.rules import row_rules
from schemas.errors import ContractBroken
from schemas.source import Fold, Format, Profile, Surprises
from schemas.stages import DAY, EXCESS, RULES, Valid
from tests.builders import OBSERVED, SENSOR, contract, event, field, landed, policies, site
from tests.docs.documents import code, table

CONTRACTS = "docs/contracts.md"
ROW = {"level_m": "1", "new": "2"}


def file_of(form: str, folder: Path) -> Path:
    """A file of that format whose one row has a column `new` that no field reads."""
    path = folder / f"a.{form}"
    if form in ("csv", "tsv"):
        between = "\t" if form == "tsv" else ","
        path.write_text(f"level_m{between}new\n1{between}2\n", encoding="utf-8")
    elif form == "xlsx":
        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet()
            for at, row in enumerate((list(ROW), list(ROW.values()))):
                sheet.write_row(at, 0, row)
    elif form == "arrow":
        rows = pa.Table.from_pylist([ROW])
        with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_stream(sink, rows.schema) as stream:
            stream.write_table(rows)
    else:
        path.write_text(json.dumps([ROW] if form == "json" else ROW), encoding="utf-8")
    return path


def done_with_a_surprise(path: Path, layout: Layout) -> str:
    try:
        [chunk] = READERS[layout.profile.format](path, layout)
    except ContractBroken as error:
        return "stops" if "'new'" in str(error) else str(error)
    assert chunk["level_m"].to_list() == ["1"]
    assert "new" not in chunk.columns
    excess = EXCESS in chunk.columns and chunk[EXCESS].item()
    return "row:excess_cells" if excess else "left out"


@pytest.mark.parametrize("form", get_args(Format))
def test_each_word_does_with_a_surprise_what_is_written(form: Format, tmp_path: Path) -> None:
    rows = {code(row[0]): row[1:] for row in table(CONTRACTS, "Surprises")}
    assert set(rows) == set(get_args(Surprises))
    at = 0 if form in ("csv", "tsv") else 1
    path = file_of(form, tmp_path)
    for word in get_args(Surprises):
        layout = Layout(Profile(format=form), ("level_m",), word)
        assert done_with_a_surprise(path, layout) == rows[word][at]


@pytest.mark.parametrize("word", get_args(Fold))
def test_each_fold_rule_resolves_the_hours_that_are_written(word: str, tmp_path: Path) -> None:
    [written] = [row[1:] for row in table(CONTRACTS, "Time") if code(row[0]) == word]
    wall = event(
        primaryKey=True,
        primaryKeyPosition=2,
        source={"format": ["%Y-%m-%d %H:%M"], "zone": "Europe/Oslo", "fold": word},
    )
    found = [
        *_became(
            tmp_path / "autumn", wall, "2026-10-25 02:30", "2026-10-25 02:10", "2026-10-25 02:30"
        ),
        *_became(tmp_path / "spring", wall, "2026-03-29 02:30"),
    ]
    assert [found[0], found[2], found[3]] == [code(cell) for cell in written]


def _became(folder: Path, wall: dict[str, object], *times: str) -> list[str]:
    """For each time of one series, in the order of the file: its hour in UTC, or its rule."""
    number = field("n", "integer")
    where = site(folder, contract(SENSOR, wall, number, gate={"max_rejected_percent": 100}))
    rows = "".join(f"a,{time},{n}\n" for n, time in enumerate(times))
    landed(where, f"sensor_id,observed_at,n\n{rows}")
    refine(where)
    found = dict.fromkeys(range(len(times)), "")
    for frame in quarantined(where):
        for n, rules in frame.select(pl.col("n").cast(pl.Int64), RULES).iter_rows():
            found[n] = ", ".join(rules)
    kept = where.lake.read(where.lake.snapshot().files, where.contract.lake_schema).collect()
    for n, at in kept.select("n", "observed_at").iter_rows():
        found[n] = f"{at:%H:%M} UTC"
    # of two rows with one key the later takes the place of the earlier
    return [found[n] or found[len(times) - 1] for n in range(len(times))]


@pytest.mark.parametrize("row", table(CONTRACTS, "Masks", 1), ids=lambda row: str(row[0]))
def test_each_mask_makes_what_is_written(row: list[str]) -> None:
    mask, kind, value, made = yaml.safe_load(code(row[0])), row[1], row[2], row[3]
    person = field("person", kind, classification="personal", mask=mask, purpose="a test")
    bound = contract(SENSOR, OBSERVED, person)
    policy = effective("datasjo_baseline", policies())
    masking = Masking.of(bound, policy, Keys(lambda: Keyring(b"s" * 32, "1103")), "Europe/Oslo")
    written = value if kind == "string" else yaml.safe_load(value)
    frame = pl.DataFrame({"sensor_id": "a", "observed_at": None, "person": written, DAY: None})
    masked = masking.apply(Valid(frame, frame.clear().select(bound.key)))
    assert str(masked.frame["person"].item()) == made


def test_the_row_rules_are_those_that_are_made() -> None:
    written = {code(row[0]) for row in table(CONTRACTS, "A row's")}
    bounded = field("name", "string", logicalTypeOptions={"pattern": "a", "maxLength": 2})
    level = field("level_m", "number", logicalTypeOptions={"minimum": 0})
    own = {"name": "level is even", "type": "custom", "engine": "polars_sql"}
    quality = [{**own, "implementation": "level_m > 0"}]
    made = set(row_rules(contract(SENSOR, OBSERVED, bounded, level, quality=quality)))
    general = {f"<field>:{name.partition(':')[2]}" for name in made if ":" in name}
    before = {f"<field>:{word}" for word in ("required", "type", "time", "fold")}
    rows = {"row:excess_cells", "row:broken"}
    assert written == general | before | rows | {"a name of your own"}


def test_the_faults_that_come_before_the_rules_are_found_under_their_names(tmp_path: Path) -> None:
    wall = event(source={"format": ["%Y-%m-%d %H:%M"], "zone": "Europe/Oslo"})
    lenient = {"max_rejected_percent": 100}
    where = site(tmp_path, contract(SENSOR, wall, field("n", "integer"), gate=lenient))
    lines = (
        ",2026-11-01 10:00,1",
        "a,2026-11-01 10:00,x",
        "b,2026-03-29 02:30,1",
        "c,2026-10-25 02:30,1",
    )
    landed(where, "\n".join(["sensor_id,observed_at,n", *lines, "d,2026-11-01 10:00,1,2"]) + "\n")
    refine(where)
    found = {rule for frame in quarantined(where) for rules in frame[RULES] for rule in rules}
    assert found == {
        *("sensor_id:required", "n:type", "observed_at:time", "observed_at:fold"),
        "row:excess_cells",
    }
