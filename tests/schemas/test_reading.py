from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import yaml

from schemas.errors import ConfigurationError, Problem
from schemas.reading import read_contract
from tests.builders import LEVEL, OBSERVED, SENSOR, contract, document, event, field, key

PERSONAL: dict[str, Any] = {"classification": "personal", "purpose": "a test"}


def problems(tmp_path: Path, written: dict[str, Any]) -> list[Problem]:
    path = tmp_path / "readings.odcs.yaml"
    path.write_text(yaml.safe_dump(written), encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        read_contract(path)
    assert all(p.file == str(path) and p.what and p.example for p in caught.value.problems)
    return caught.value.problems


def places(tmp_path: Path, *fields: dict[str, Any], **words: Any) -> list[str]:  # noqa: ANN401 - any words of YAML
    return [f"{p.field}: {p.what}" for p in problems(tmp_path, document(*fields, **words))]


def test_a_contract_reads_as_what_it_says() -> None:
    read = contract()
    assert read.key == ("sensor_id", "observed_at")
    assert read.event.name == "observed_at"
    assert read.levels.freshness == dt.timedelta(minutes=15)
    assert read.field("level_m").maximum == 10
    assert read.field("level_m").source_columns == ("level_m",)


def test_the_key_keeps_its_declared_order() -> None:
    assert contract(key("b", at=2), key("a", at=1), event()).key == ("a", "b")


def test_the_hash_is_of_the_meaning_not_of_the_layout(tmp_path: Path) -> None:
    path = tmp_path / "a.odcs.yaml"
    hashes = set()
    for flow in (True, False):
        path.write_text(yaml.safe_dump(document(), default_flow_style=flow), encoding="utf-8")
        hashes.add(read_contract(path).sha256)
    assert len(hashes) == 1
    assert contract(version="1.0.1").sha256 not in hashes


def test_the_physical_name_is_the_source_column_until_columns_say_otherwise() -> None:
    read = contract(
        key("a", physicalName="Sted"),
        event(physicalName="x", source={"columns": ["Dato", "Tid"]}),
    )
    assert read.field("a").source_columns == ("Sted",)
    assert read.field("observed_at").source_columns == ("Dato", "Tid")


@pytest.mark.parametrize(
    ("wrong", "line"),
    [
        (
            field("a", "string", classification=None),
            "a.classification: is missing: an unclassified field is refused",
        ),
        (
            field("a", "number", unit=None),
            "a.unit: is missing: a number has a unit, 1 where it is a plain count",
        ),
        (field("a", "string", mask={"use": "hash"}), "a.mask.use: input should be"),
        (field("a", "string", mask={"use": "drop"}), "a.purpose: is missing"),
        (
            field("a", "string", mask={"use": "bucket", "width": 10}, **PERSONAL),
            "a.mask.use: does not suit a string",
        ),
        (field("a", "string", mask={"use": "truncate"}, **PERSONAL), "a.mask.length: is missing"),
        (
            field("a", "integer", mask={"use": "generalise", "bands": [9, 1]}, **PERSONAL),
            "a.mask.bands: bands in rising order are missing",
        ),
        (
            field("a", "integer", mask={"use": "bucket"}, **PERSONAL),
            "a.mask.width: is missing",
        ),
        (
            field("a", "integer", mask={"use": "bucket", "width": 2.5}, **PERSONAL),
            "a.mask.width: is a whole number of 2 or more for integers",
        ),
        (
            field("a", "timestamp", mask={"use": "generalise", "bands": [1]}, **PERSONAL),
            "a.mask.to: is missing",
        ),
        (
            field("a", "date", mask={"use": "bucket", "to": "hour"}, **PERSONAL),
            "a.mask.to: hour does not coarsen a date",
        ),
        (field("a", "string", description_nb=None), "a.description_nb: is missing"),
        (field("a", "timestamp", source={"zone": "Oslo"}), "a.source.zone: is not a known"),
        (field("a", "integer", source={"words": {"x": 1.5}}), "a.source.words: a word means no"),
        (field("a", "boolean", source={"words": {"x": 1}}), "a.source.words: a word means no"),
        (
            field("a", "timestamp", source={"format": ["%+", "%d.%m.%Y"]}),
            "a.source.format: formats with a zone and without one stand together",
        ),
        (
            field("a", "string", logicalTypeOptions={"minimum": 1}),
            "a.logicalTypeOptions: a string has no minimum or maximum",
        ),
        (
            field("a", "number", logicalTypeOptions={"minimum": 2, "maximum": 1}),
            "a.logicalTypeOptions: minimum is above maximum",
        ),
        (
            field("a", "date", logicalTypeOptions={"pattern": "x"}),
            "a.logicalTypeOptions: a date has no pattern or length",
        ),
        (
            field("a", "string", logicalTypeOptions={"pattern": "[0-9"}),
            "a.logicalTypeOptions.pattern: is not a regular expression",
        ),
    ],
)
def test_a_field_that_lacks_or_contradicts_itself_is_refused(
    tmp_path: Path, wrong: dict[str, Any], line: str
) -> None:
    wrong = {word: value for word, value in wrong.items() if value is not None}
    [said] = places(tmp_path, SENSOR, OBSERVED, wrong)
    assert said.startswith(line)


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ([field("a", "string"), event()], "schema: no field is a primaryKey"),
        ([key("a")], "schema: exactly one field is partitioned"),
        ([key("a"), event("b"), event("c")], "schema: exactly one field is partitioned"),
        ([key("a"), event(), field("a", "string")], "schema.a: stands twice"),
        ([key("a") | {"required": False}, event()], "a.required: a key field is required"),
        ([key("a"), event() | {"required": False}], "observed_at.required: a partitioned field"),
        ([key("a"), event(kind="string")], "observed_at.logicalType: a partitioned field is a"),
        (
            [key("a"), event(mask={"use": "bucket", "to": "day"}, **PERSONAL)],
            "observed_at.mask: a partitioned field is not masked",
        ),
        (
            [key("a", mask={"use": "truncate", "length": 1}, **PERSONAL), event()],
            "a.mask.use: a key field keeps its identity",
        ),
    ],
)
def test_a_table_without_identity_or_day_is_refused(
    tmp_path: Path, fields: list[dict[str, Any]], line: str
) -> None:
    assert any(said.startswith(line) for said in places(tmp_path, *fields))


RULE = {"name": "r", "metric": "nullValues", "arguments": {"properties": ["level_m"]}}


@pytest.mark.parametrize(
    ("rule", "line"),
    [
        ({"name": "r"}, "quality.r.metric: is missing"),
        ({"name": "r", "type": "custom"}, "quality.r.implementation: engine and implementation"),
        ({**RULE}, "quality.r.mustBe: is bounded by mustBe: 0, or by a percentage"),
        ({**RULE, "mustBeLessThan": 3}, "quality.r.mustBe: is bounded by mustBe: 0, or by a"),
        ({**RULE, "mustBe": 0, "arguments": {}}, "quality.r.arguments.properties: names no"),
        (
            {**RULE, "mustBe": 0, "arguments": {"properties": ["sensor_id", "level_m"]}},
            "quality.r.arguments.properties: names one field",
        ),
        ({**RULE, "mustBe": 1, "metric": "duplicateValues"}, "quality.r.mustBe: is 0 for"),
        ({**RULE, "mustBe": 0, "metric": "invalidValues"}, "quality.r.arguments.validValues: is"),
        ({"name": "r", "metric": "rowCount"}, "quality.r.mustBe: a bound is missing"),
    ],
)
def test_a_quality_rule_that_cannot_be_judged_is_refused(
    tmp_path: Path, rule: dict[str, Any], line: str
) -> None:
    [said] = places(tmp_path, quality=[rule])
    assert said.startswith(line)


@pytest.mark.parametrize(
    ("expression", "line"),
    [
        ("level_m >", "is not an expression over the contract's fields"),
        ("depth > 1", "is not an expression over the contract's fields"),
        ("sensor_id > 1", "is not an expression over the contract's fields"),
        ("level_m + 1", "is neither true nor false"),
    ],
)
def test_an_expression_that_no_row_can_answer_is_refused(
    tmp_path: Path, expression: str, line: str
) -> None:
    rule = {"name": "r", "type": "custom", "engine": "polars_sql", "implementation": expression}
    assert places(tmp_path, quality=[rule]) == [f"quality.r.implementation: {line}"]


def test_an_expression_over_the_fields_is_taken() -> None:
    rule = {"name": "r", "type": "custom", "engine": "polars_sql"}
    assert contract(quality=[{**rule, "implementation": "level_m < 5 OR sensor_id = 'a'"}])


def test_a_promise_without_frequency_or_latency_is_refused(tmp_path: Path) -> None:
    levels = [{"property": "retention", "value": 5, "unit": "years"}]
    assert places(tmp_path, slaProperties=levels) == [
        "slaProperties.frequency: is missing",
        "slaProperties.latency: is missing",
    ]


@pytest.mark.parametrize("missing", ["owner", "alarm_recipient", "runbook"])
def test_a_dataset_that_nobody_runs_is_refused(tmp_path: Path, missing: str) -> None:
    whole = {"owner": "vann", "alarm_recipient": "vakt@example.no", "runbook": "docs/a"}
    operation = {word: value for word, value in whole.items() if word != missing}
    assert places(tmp_path, operation=operation) == [f"operation.{missing}: is missing"]


def test_a_plot_of_a_field_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    words = {"nb": "a", "en": "a"}
    release = {
        "title": words,
        "description": words,
        "theme": ["ENVI"],
        "keyword": {"nb": ["a"], "en": ["a"]},
        "license": "CC0_1_0",
        "frequency": "CONT",
        "plot": "depth",
    }
    assert places(tmp_path, release=release) == ["release.plot: names a field that does not exist"]


def test_an_unknown_zone_of_the_whole_source_is_refused(tmp_path: Path) -> None:
    assert places(tmp_path, source={"zone": "UTC+1"}) == ["source.zone: is not a known time zone"]


def test_a_property_that_stands_twice_is_refused(tmp_path: Path) -> None:
    written = document()
    written["customProperties"].append({"property": "surprises", "value": "evolve"})
    [problem] = problems(tmp_path, written)
    assert (problem.field, problem.what) == ("customProperties.surprises", "stands twice")


def test_everything_wrong_is_said_at_once(tmp_path: Path) -> None:
    wrong = document(
        SENSOR,
        OBSERVED,
        field("a", "number", description_nb=None),
        field("b", "string", mask={"use": "hash"}),
        slaProperties=[{"property": "latency", "value": 5, "unit": "minutes"}],
        operation={"owner": "vann"},
    )
    assert [problem.field for problem in problems(tmp_path, wrong)] == [
        "a.description_nb",
        "b.mask.use",
        "operation.alarm_recipient",
        "operation.runbook",
        "slaProperties.frequency",
    ]


def test_everything_that_contradicts_itself_is_said_at_once(tmp_path: Path) -> None:
    lines = places(
        tmp_path,
        key("a", mask={"use": "truncate"}),
        LEVEL,
        field("b", "number", unit=None),
        quality=[{"name": "r"}],
    )
    assert len(lines) == 6


def test_a_rule_that_stands_with_a_field_is_about_that_field() -> None:
    filled = {
        "name": "mostly filled",
        "metric": "nullValues",
        "mustBeLessThan": 5,
        "unit": "percent",
    }
    level = {**field("level_m", "number"), "quality": [filled]}
    [rule] = contract(key("sensor_id"), event(primaryKey=True, primaryKeyPosition=2), level).quality
    assert (rule.name, rule.fields) == ("mostly filled", ("level_m",))
