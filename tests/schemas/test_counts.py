from __future__ import annotations

import datetime as dt

import polars as pl

from schemas.counts import counts_of, declared_values
from tests.builders import contract
from tests.schemas.test_aggregation_rules import ASKED, FIELDS


def test_counts_have_a_period_groups_measures_and_a_flag() -> None:
    made = counts_of(contract(*FIELDS, aggregate=ASKED), "internal")
    assert made.lake_schema == pl.Schema(
        {
            "period": pl.Date(),
            "unit_code": pl.String(),
            "persons": pl.Int64(),
            "rows": pl.Int64(),
            "absence_days": pl.Float64(),
            "suppressed": pl.Boolean(),
        }
    )
    assert made.key == ("period", "unit_code")
    assert made.event.name == "period"
    assert made.aggregate is None
    assert made.granularity == "one row per month and group"
    assert made.levels.freshness == dt.timedelta(days=62, minutes=5)
    assert {f.classification for f in made.fields} == {"internal"}


def test_persons_are_told_only_where_they_were_asked_for() -> None:
    asked = {**ASKED, "persons": None, "sums": []}
    made = counts_of(contract(*FIELDS, aggregate=asked), "internal")
    assert list(made.lake_schema) == ["period", "unit_code", "rows", "suppressed"]


def test_with_noise_no_count_of_persons_is_told() -> None:
    noise = {"epsilon": 0.5, "budget": 6, "contributes": 1}
    rule = {
        "name": "known",
        "metric": "invalidValues",
        "mustBe": 0,
        "arguments": {"properties": ["unit_code"], "validValues": ["north", 7]},
    }
    asked = {**ASKED, "sums": [], "noise": noise}
    bound = contract(*FIELDS, aggregate=asked, quality=[rule])
    assert list(counts_of(bound, "open").lake_schema) == [
        "period",
        "unit_code",
        "rows",
        "suppressed",
    ]
    assert declared_values(bound, "unit_code") == ("north", "7")
    assert declared_values(bound, "absence_id") == ()


def test_a_contract_without_an_aggregate_is_what_it_was() -> None:
    plain = contract()
    assert counts_of(plain, "open") is plain
