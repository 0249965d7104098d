from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from schemas.errors import ConfigurationError
from schemas.reading import read_contract
from tests.builders import contract, document, event, field, key

PERSON = field(
    "employee_id",
    "string",
    classification="identifier",
    purpose="a test",
    mask={"use": "pseudonym", "domain": "person"},
)
UNIT = field("unit_code", "string", classification="internal")
DAYS = field(
    "absence_days",
    "number",
    classification="special",
    purpose="a test",
    mask={"use": "aggregate"},
)
WHO = field(
    "employee_name", "string", classification="personal", purpose="a test", mask={"use": "drop"}
)
TEXT = field("remark", "string", classification="free_text", purpose="a test", mask={"use": "drop"})
FIELDS = (key("absence_id", classification="internal"), event(), PERSON, UNIT, DAYS, WHO, TEXT)
ASKED: dict[str, Any] = {
    "by": ["unit_code"],
    "every": "month",
    "persons": "employee_id",
    "sums": ["absence_days"],
}


def lines(tmp_path: Path, *fields: dict[str, Any], **words: object) -> list[str]:
    path = tmp_path / "readings.odcs.yaml"
    path.write_text(yaml.safe_dump(document(*fields, **words)), encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        read_contract(path)
    assert all(p.file == str(path) and p.what and p.example for p in caught.value.problems)
    return [f"{p.field}: {p.what}" for p in caught.value.problems]


def test_an_aggregate_that_counts_persons_by_unit_is_read() -> None:
    read = contract(*FIELDS, aggregate=ASKED)
    assert read.aggregate is not None
    assert read.aggregate.by == ("unit_code",)


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ({"by": ["unit"]}, "aggregate.unit: is not a field of the contract"),
        ({"by": []}, "aggregate.by: "),
        ({"by": ["unit_code", "unit_code"]}, "aggregate.unit_code: stands twice"),
        ({"by": ["employee_id"], "persons": None}, "aggregate.by.employee_id: identifies a person"),
        ({"by": ["employee_name"]}, "aggregate.by.employee_name: is dropped"),
        ({"by": ["remark"]}, "aggregate.by.remark: is dropped"),
        ({"by": ["observed_at"]}, "aggregate.by.observed_at: is the event"),
        ({"persons": "absence_id"}, "aggregate.persons: is no pseudonym"),
        ({"persons": "employee"}, "aggregate.employee: is not a field of the contract"),
        ({"sums": ["employee_name"]}, "aggregate.sums.employee_name: is no number"),
        ({"sums": ["hours"]}, "aggregate.hours: is not a field of the contract"),
        (
            {"noise": {"epsilon": 0.5, "budget": 6, "contributes": 1}},
            "aggregate.sums: noise is for counts alone",
        ),
        (
            {"sums": [], "noise": {"epsilon": 0.5, "budget": 6, "contributes": 1}},
            "aggregate.by.unit_code: noise needs its values declared",
        ),
        (
            {"sums": [], "noise": {"epsilon": 0.5, "budget": 0.4, "contributes": 1}},
            "aggregate.noise.budget: one period costs more",
        ),
    ],
)
def test_an_aggregate_that_cannot_be_counted_is_refused(
    tmp_path: Path, change: dict[str, Any], line: str
) -> None:
    found = lines(tmp_path, *FIELDS, aggregate={**ASKED, **change})
    assert any(told.startswith(line) for told in found), found


def test_a_masked_number_that_has_become_text_is_not_summed(tmp_path: Path) -> None:
    banded = field(
        "pay_step",
        "integer",
        classification="personal",
        purpose="a test",
        mask={"use": "generalise", "bands": [10]},
    )
    found = lines(tmp_path, *FIELDS, banded, aggregate={**ASKED, "sums": ["pay_step"]})
    assert found == ["aggregate.sums.pay_step: is no number once it is masked"]


def test_free_text_names_no_group_even_when_redacted(tmp_path: Path) -> None:
    redacted = field(
        "title", "string", classification="free_text", purpose="a test", mask={"use": "redact"}
    )
    found = lines(tmp_path, *FIELDS, redacted, aggregate={**ASKED, "by": ["title"]})
    assert found == ["aggregate.by.title: is free text: a group of one"]


@pytest.mark.parametrize("name", ["period", "rows", "persons", "suppressed"])
def test_a_group_may_not_be_named_as_a_column_of_counts_is(tmp_path: Path, name: str) -> None:
    taken = field(name, "string", classification="internal")
    found = lines(tmp_path, *FIELDS, taken, aggregate={**ASKED, "by": [name]})
    assert found == [f"aggregate.{name}: is a column of every table of counts"]


def test_a_mask_that_keeps_values_for_counting_needs_an_aggregate(tmp_path: Path) -> None:
    found = lines(tmp_path, *FIELDS)
    assert found == [
        "absence_days.mask.use: keeps the value for counting, and the contract has no aggregate"
    ]


def test_a_plot_may_show_a_column_of_counts(tmp_path: Path) -> None:
    shown = {
        "title": {"nb": "Tall", "en": "Counts"},
        "description": {"nb": "Tall.", "en": "Counts."},
        "theme": ["GOVE"],
        "keyword": {"nb": ["tall"], "en": ["counts"]},
        "license": "NLOD_2_0",
        "frequency": "MONTHLY",
        "plot": "rows",
    }
    assert contract(*FIELDS, aggregate=ASKED, release=shown).publication is not None
    without = [f for f in FIELDS if f is not DAYS]
    assert lines(tmp_path, *without, release=shown) == [
        "release.plot: names a field that does not exist"
    ]


def test_rows_are_kept_until_their_period_has_been_counted(tmp_path: Path) -> None:
    levels = [
        {"property": "frequency", "value": 1, "unit": "days"},
        {"property": "latency", "value": 3, "unit": "days"},
        {"property": "retention", "value": 33, "unit": "days"},
    ]
    found = lines(tmp_path, *FIELDS, aggregate=ASKED, slaProperties=levels)
    assert found == [
        "slaProperties.retention: rows go before their month has ended and been counted"
    ]
