"""Where a dataset's rows are, few enough to be drawn: every place, or neighbours as one."""

import polars as pl

from connectors.portal import Mark, Places
from pipelines.steps.publication.formats.place import LATITUDE, LONGITUDE, Place
from pipelines.steps.publication.opened import Opened
from schemas.contract import Field

_MOST_MARKS = 500
_CELLS = 22
_NAMES = 3
_NAME, _VALUE, _COUNT = ":name", ":value", ":count"
_CELL = (":column", ":row")
_NAMING = ("name", "title")


def places_of(opened: Opened, rows: pl.LazyFrame) -> Places | None:
    """A mark for each place, with its name and the newest value of the plot field.

    At most 500 marks: of more places, neighbours in a square are drawn as one, without a name.
    None where rows have no place, or none of them tells it.
    """
    place = opened.place
    if place is None:
        return None
    field = _valued(opened, place)
    found = _found(opened, rows, place, field)
    if found.is_empty():
        return None
    if found.height > _MOST_MARKS:
        return Places(_marks(_together(found)), None)
    return Places(_marks(found), field)


def _found(opened: Opened, rows: pl.LazyFrame, place: Place, field: Field | None) -> pl.DataFrame:
    each = rows.group_by(*place.columns).agg(
        _named(opened).alias(_NAME), _newest(opened, field).alias(_VALUE)
    )
    located = place.located(each.collect(engine="streaming")).drop_nulls([LATITUDE, LONGITUDE])
    told = located.select(LONGITUDE, LATITUDE, _NAME, _VALUE, pl.lit(1).alias(_COUNT))
    return told.sort(_NAME, LATITUDE, LONGITUDE)


def _valued(opened: Opened, place: Place) -> Field | None:
    publication = opened.contract.publication
    named = publication.plot if publication else None
    fitting = (f for f in opened.fields if f.name == named and f.kind.has_unit)
    return next((f for f in fitting if f.name not in place.columns and opened.has_event), None)


def _named(opened: Opened) -> pl.Expr:
    texts = [field for field in opened.fields if field.type == "string"]
    names = [f.name for f in texts if f.name.rsplit("_", 1)[-1] in _NAMING]
    keys = [f.name for f in texts if f.key_position is not None]
    if not (told := [*names, *keys]):
        return pl.lit("").first()
    return pl.col(told[0]).drop_nulls().unique().sort().head(_NAMES).str.join(", ")


def _newest(opened: Opened, field: Field | None) -> pl.Expr:
    if field is None:
        return pl.lit(None, pl.Float64).first()
    event = pl.col(opened.contract.event.name)
    newest = pl.col(field.name).cast(pl.Float64).filter(event == event.max())
    # two rows of one instant, as of two directions, have no one value
    return pl.when(newest.len() == 1).then(newest.first())


def _together(found: pl.DataFrame) -> pl.DataFrame:
    middle = pl.col(LATITUDE).mean().radians().cos()
    across, upright = (pl.col(name) - pl.col(name).min() for name in (LONGITUDE, LATITUDE))
    span = pl.max_horizontal((across * middle).max(), upright.max())
    cells = [
        (part / span * _CELLS).floor().clip(0, _CELLS - 1).cast(pl.Int64).alias(name)
        for part, name in zip((across * middle, upright), _CELL, strict=True)
    ]
    points = pl.col(LONGITUDE, LATITUDE).mean().round(6)
    alone = pl.when(pl.len() == 1)
    joined = found.group_by(*cells).agg(
        points,
        alone.then(pl.col(_NAME).first()).otherwise(pl.lit("")).alias(_NAME),
        pl.len().alias(_COUNT),
    )
    return joined.sort(*_CELL).with_columns(pl.lit(None, pl.Float64).alias(_VALUE))


def _marks(found: pl.DataFrame) -> tuple[Mark, ...]:
    told = found.select(LONGITUDE, LATITUDE, _COUNT, _NAME, _VALUE)
    return tuple(Mark(*row) for row in told.iter_rows())
