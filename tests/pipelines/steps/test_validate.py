import datetime as dt
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.steps.quarantine import quarantined
from pipelines.steps.refine import refine
from pipelines.steps.validate import Plan, Validator
from schemas.contract import Contract
from schemas.errors import GateClosed
from schemas.stages import BATCH, BROKEN, DAY, DELETED, EXCESS, LINE, RULES, Rejected, Valid
from tests.builders import LEVEL, OBSERVED, SENSOR, contract, event, field, key, landed, site

NOON = "2026-11-20T12:00:00Z"
ROW: dict[str, Any] = {"sensor_id": "a", "observed_at": NOON, "level_m": "1.5"}


def validator(folder: Path, bound: Contract | None = None, **source: object) -> Validator:
    return Validator(Plan.of(site(folder, bound, **source)), "20261120")


def chunk(*rows: dict[str, Any], first: int = 1, **flags: Any) -> pl.DataFrame:  # noqa: ANN401 - a column's values
    frame = pl.DataFrame(rows, schema=dict.fromkeys(ROW, pl.String()))
    lines = pl.int_range(first, first + len(rows), dtype=pl.UInt64(), eager=True)
    return frame.with_columns(lines.alias(LINE), *(pl.Series(n, v) for n, v in flags.items()))


def validated(folder: Path, *rows: dict[str, Any], **flags: Any) -> tuple[Valid, Rejected]:  # noqa: ANN401 - a column's values
    return validator(folder).validate(chunk(*rows, **flags))


def rules(rejected: Rejected) -> list[list[str]]:
    return rejected.frame.sort(LINE)[RULES].to_list()


def test_a_good_row_is_valid_in_the_contracts_types_with_its_day(tmp_path: Path) -> None:
    valid, rejected = validated(tmp_path, ROW)
    assert valid.frame.rows(named=True) == [
        {
            "sensor_id": "a",
            "observed_at": dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC),
            "level_m": 1.5,
            DAY: dt.date(2026, 11, 20),
        }
    ]
    assert rejected.frame.is_empty()
    assert rejected.counts() == {}


def test_the_day_is_the_municipalitys_own(tmp_path: Path) -> None:
    late = ROW | {"observed_at": "2026-11-20T23:30:00Z"}
    valid, _ = validated(tmp_path, late)
    assert valid.frame[DAY].to_list() == [dt.date(2026, 11, 21)]


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"level_m": "1,5"}, "level_m:type"),
        ({"level_m": "99"}, "level_m:range"),
        ({"observed_at": "yesterday"}, "observed_at:type"),
        ({"observed_at": None}, "observed_at:required"),
        ({"sensor_id": None}, "sensor_id:required"),
    ],
)
def test_a_bad_row_is_rejected_as_written_with_its_rule_batch_and_line(
    tmp_path: Path, change: dict[str, Any], rule: str
) -> None:
    valid, rejected = validated(tmp_path, ROW, ROW | change, ROW)
    assert valid.frame.height == 2
    [row] = rejected.frame.rows(named=True)
    assert row == ROW | change | {LINE: 2, BATCH: "20261120", RULES: [rule]}
    assert rejected.counts() == {rule: 1}


def test_a_field_that_is_not_required_may_be_missing(tmp_path: Path) -> None:
    valid, rejected = validated(tmp_path, ROW | {"level_m": None})
    assert valid.frame["level_m"].to_list() == [None]
    assert rejected.frame.is_empty()


def test_a_row_that_breaks_two_rules_is_counted_under_both_and_rejected_once(
    tmp_path: Path,
) -> None:
    _, rejected = validated(tmp_path, ROW | {"level_m": "-1", "observed_at": "x"})
    assert rejected.frame.height == 1
    assert rejected.counts() == {"level_m:range": 1, "observed_at:type": 1}


def test_a_row_that_is_broken_as_a_whole_has_that_rule_alone(tmp_path: Path) -> None:
    broken = dict.fromkeys(ROW)
    _, rejected = validated(
        tmp_path, ROW, broken, ROW | {"level_m": "x"}, **{BROKEN: [None, "{bad", None]}
    )
    assert rules(rejected) == [["row:broken"], ["level_m:type"]]


def test_a_row_with_excess_cells_is_rejected(tmp_path: Path) -> None:
    _, rejected = validated(tmp_path, ROW, ROW, **{EXCESS: [False, True]})
    assert rules(rejected) == [["row:excess_cells"]]


def test_valid_and_rejected_are_the_chunk(tmp_path: Path) -> None:
    rows = [ROW | {"level_m": str(n)} for n in range(20)]
    valid, rejected = validated(tmp_path, *rows)
    assert (valid.frame.height, rejected.frame.height) == (11, 9)
    assert rejected.frame[LINE].to_list() == list(range(12, 21))


def test_an_empty_chunk_is_neither_valid_nor_rejected(tmp_path: Path) -> None:
    valid, rejected = validated(tmp_path)
    assert valid.frame.is_empty()
    assert rejected.frame.is_empty()


def test_a_key_that_the_source_no_longer_has_is_deleted_and_not_checked_further(
    tmp_path: Path,
) -> None:
    gone = {"sensor_id": "b", "observed_at": NOON, "level_m": None}
    valid, rejected = validated(tmp_path, ROW, gone, **{DELETED: [None, True]})
    assert valid.frame["sensor_id"].to_list() == ["a"]
    assert valid.deleted["sensor_id"].to_list() == ["b"]
    assert valid.deleted.columns == ["sensor_id", "observed_at"]
    assert rejected.frame.is_empty()


def test_a_deletion_needs_its_key_but_no_other_field(tmp_path: Path) -> None:
    bound = contract(
        key("order_id"),
        event(),
        field("level_m", "number", required=True),
    )
    at = validator(tmp_path, bound)
    rows = pl.DataFrame(
        {
            "order_id": ["1", None, "3"],
            "observed_at": [None, None, NOON],
            "level_m": pl.Series([None, None, None], dtype=pl.String),
            LINE: pl.Series([1, 2, 3], dtype=pl.UInt64),
            DELETED: [True, True, False],
        }
    )
    valid, rejected = at.validate(rows)
    assert valid.deleted["order_id"].to_list() == ["1"]
    assert rules(rejected) == [["order_id:required"], ["level_m:required"]]


def local(folder: Path, fold: str) -> Validator:
    written = {"zone": "Europe/Oslo", "fold": fold, "format": ["%d.%m.%Y %H:%M"]}
    observed = event(primaryKey=True, primaryKeyPosition=2, source=written)
    return validator(folder, contract(SENSOR, observed, LEVEL))


def at_times(*times: str, first: int = 1) -> pl.DataFrame:
    return chunk(*(ROW | {"observed_at": time} for time in times), first=first)


def test_an_hour_that_never_was_is_told_from_one_that_was_twice(tmp_path: Path) -> None:
    rows = at_times("29.03.2026 02:30", "25.10.2026 02:30", "25.10.2026 03:30")
    valid, rejected = local(tmp_path, "reject").validate(rows)
    assert valid.frame.height == 1
    assert rules(rejected) == [["observed_at:time"], ["observed_at:fold"]]


def test_the_second_pass_is_found_across_the_chunks_of_a_batch(tmp_path: Path) -> None:
    at = local(tmp_path, "order_in_file")
    first, _ = at.validate(at_times("25.10.2026 02:50"))
    second, _ = at.validate(at_times("25.10.2026 02:10", first=2))
    assert first.frame["observed_at"].dt.hour().to_list() == [0]
    assert second.frame["observed_at"].dt.hour().to_list() == [1]


def test_a_second_time_field_follows_its_own_series_and_not_the_events(tmp_path: Path) -> None:
    written = {"zone": "Europe/Oslo", "fold": "order_in_file", "format": ["%d.%m.%Y %H:%M"]}
    bound = contract(
        SENSOR,
        event(primaryKey=True, primaryKeyPosition=2, source={"zone": "Europe/Oslo"} | written),
        field("level_m", "timestamp", source=written),
    )
    rows = [
        ROW | {"observed_at": f"25.10.2026 0{hour}:00", "level_m": f"25.10.2026 {end}"}
        for hour, end in ((0, "02:50"), (1, "02:10"))
    ]
    valid, _ = validator(tmp_path, bound).validate(chunk(*rows))
    assert valid.frame["level_m"].dt.strftime("%H:%M").to_list() == ["00:50", "01:10"]


def test_a_year_beyond_the_calendar_is_rejected_and_stops_nothing(tmp_path: Path) -> None:
    valid, rejected = validated(tmp_path, ROW, ROW | {"observed_at": "+12026-11-20T10:00:00Z"})
    assert valid.frame.height == 1
    assert rules(rejected) == [["observed_at:type"]]


def test_a_plan_names_each_source_column_once(tmp_path: Path) -> None:
    bound = contract(
        key("a", physicalName="Sted"),
        event(source={"columns": ["Dato", "Tid"], "format": ["%d.%m.%Y %H:%M"]}),
        field("b", "integer", physicalName="Antall"),
        field("c", "boolean", physicalName="Antall", source={"equals": "Fullt"}),
    )
    plan = Plan.of(site(tmp_path, bound, fields={"b": {"columns": ["Ledig"]}}))
    assert plan.columns == ("Sted", "Dato", "Tid", "Ledig", "Antall")


def test_a_number_that_json_quotes_is_a_number_all_the_same(tmp_path: Path) -> None:
    where = site(tmp_path, contract(SENSOR, OBSERVED, LEVEL, source={"format": "ndjson"}))
    texts = ["1.50", '"2.5"', '"x"', "true", None]
    lines = [
        f'{{"sensor_id": "{n}", "observed_at": "{NOON}", "level_m": {text or "null"}}}'
        for n, text in enumerate(texts)
    ]
    landed(where, "\n".join(lines))
    with pytest.raises(GateClosed):
        refine(where)
    [frame] = quarantined(where)
    assert frame[LINE].to_list() == [3, 4]
