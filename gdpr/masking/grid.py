"""The square of a grid that a place lies in, named as Statistics Norway names its squares.

The name is 2 000 000 added to the square's western edge and then its southern edge, both in
metres and of seven digits. It is a square of Statistics Norway's own grid only where coordinates
are in EUREF89 / UTM zone 33; squares of zone 32 or 35 are named alike, and are other squares.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from schemas.errors import PolicyBreach

_FALSE_EASTING = 2_000_000
_DIGITS = 7
_MOST = 10**_DIGITS


@dataclass(frozen=True, slots=True)
class Places:
    """Where something is: metres east and north of the zone's origin, row by row."""

    easting: pl.Series
    northing: pl.Series


def grid_cell(places: Places, width: int) -> pl.Series:
    """The name of the square, of that width in metres, in which each place lies.

    A place without one of its coordinates, or beyond what seven digits can name, is in none: null.

    Raises:
        PolicyBreach: a coordinate is no number, or the width is no whole number of 2 m or more.
    """
    for values in (places.easting, places.northing):
        if not values.dtype.is_numeric():
            raise PolicyBreach(f"{values.name}: a grid is of metres, not {values.dtype}")
    if width <= 1 or width != int(width):
        raise PolicyBreach(f"{places.easting.name}: a grid needs a whole width of 2 m or more")
    west = _edge(places.easting, width) + _FALSE_EASTING
    south = _edge(places.northing, width)
    name = pl.concat_str(_seven_digits(west), _seven_digits(south))
    return pl.select(name.alias(places.easting.name)).to_series()


def _edge(metres: pl.Series, width: int) -> pl.Series:
    # whole metres are divided as whole numbers: a quotient with decimals may lie on the wrong side
    whole = metres.cast(pl.Float64).floor().clip(-_MOST, _MOST).cast(pl.Int64, strict=False)
    return whole // int(width) * int(width)


def _seven_digits(metres: pl.Series) -> pl.Expr:
    named = (metres >= 0) & (metres < _MOST)
    return pl.when(named).then(metres.cast(pl.String).str.zfill(_DIGITS))
