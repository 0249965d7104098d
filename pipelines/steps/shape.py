"""The shape of a day, for a person's eye: open fields only, one value an hour."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from pipelines.steps.publication.opened import Opened
from pipelines.steps.site import Site
from schemas.contract import Field

_DAY, _HOUR, _VALUE = ":day", ":hour", ":value"


@dataclass(frozen=True, slots=True)
class Shape:
    """One value an hour: the mean of a field, or the number of rows where `field` is None.

    `hours` count from local midnight; a day that has 25 of them reaches 24.
    """

    field: Field | None
    hours: Sequence[int]
    values: Sequence[float]


def shapes(site: Site, days: Collection[str]) -> Mapping[str, Shape]:
    """The shapes of those local days that the lake holds; none where events have no open time."""
    opened = Opened.of(site)
    files = [file for file in site.lake.snapshot().files if file.day in days]
    if not files or not opened.has_event or site.contract.event.type != "timestamp":
        return {}
    field = _plotted(opened)
    hours = _hourly(opened, field, site.lake.read(files, site.contract.lake_schema))
    parts = hours.partition_by(_DAY, as_dict=True, maintain_order=True)
    return {
        day.isoformat(): Shape(field, part[_HOUR].to_list(), part[_VALUE].to_list())
        for (day,), part in parts.items()
    }


def _plotted(opened: Opened) -> Field | None:
    publication = opened.contract.publication
    named = publication.plot if publication else None
    return next((f for f in opened.fields if f.name == named and f.kind.has_unit), None)


def _hourly(opened: Opened, field: Field | None, rows: pl.LazyFrame) -> pl.DataFrame:
    at = pl.col(opened.contract.event.name)
    midnight = (
        opened.day.cast(pl.Datetime("us"))
        .dt.replace_time_zone(opened.zone, ambiguous="earliest", non_existent="null")
        .dt.convert_time_zone("UTC")
    )
    value = pl.col(field.name).mean() if field else pl.len()
    values = rows.group_by(
        opened.day.alias(_DAY), (at - midnight).dt.total_hours().alias(_HOUR)
    ).agg(value.cast(pl.Float64).alias(_VALUE))
    return values.drop_nulls().sort(_DAY, _HOUR).collect(engine="streaming")
