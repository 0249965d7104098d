"""An aggregate-only dataset for tests: absences of employees, by unit and month."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.steps.counts import counted, counts_site
from pipelines.steps.site import Site
from schemas.contract import Contract
from tests.builders import contract, event, field, key, site

ABOUT: dict[str, Any] = {
    "purpose": "a test",
    "category": "user.health_and_medical",
    "subject": "employee",
}
FIELDS = (
    key("absence_id", classification="internal"),
    event("absent_on", "date", classification="internal"),
    field(
        "employee_id",
        "string",
        classification="identifier",
        mask={"use": "pseudonym", "domain": "person"},
        purpose="a test",
        category="user.government_id",
        subject="employee",
    ),
    field("unit_code", "string", classification="internal"),
    field("absence_days", "number", classification="special", mask={"use": "aggregate"}, **ABOUT),
)
ASKED: dict[str, Any] = {
    "by": ["unit_code"],
    "every": "month",
    "persons": "employee_id",
    "sums": ["absence_days"],
}
HEADER = "absence_id,absent_on,employee_id,unit_code,absence_days\n"
Row = tuple[str, str, int, str, float]


def absences(**changes: object) -> Contract:
    """The contract; `changes` are those of its aggregate."""
    return contract(*FIELDS, name="absences", aggregate={**ASKED, **changes})


def absence_site(folder: Path, bound: Contract | None = None) -> Site:
    """The contract bound to a folder of drops, under the baseline policy, with a basis."""
    made = site(folder, bound or absences())
    basis = made.binding.legal_basis
    assert basis is not None
    basis = basis.model_copy(update={"article_9": "b", "dpia": "2026/1"})
    binding = made.binding.model_copy(update={"legal_basis": basis})
    return dataclasses.replace(made, binding=binding)


def written(rows: Iterable[Row]) -> str:
    """The rows as a file holds them."""
    lines = (f"{row[0]},{row[1]},{row[2]:011d},{row[3]},{row[4]}\n" for row in rows)
    return HEADER + "".join(lines)


def counts(at: Site) -> pl.DataFrame:
    """The counts in the lake, in order."""
    table = counted(at)
    schema = counts_site(at).contract.lake_schema
    found = table.read(table.snapshot().files, schema).collect()
    return found.sort("period", *at.contract.aggregate.by) if at.contract.aggregate else found
