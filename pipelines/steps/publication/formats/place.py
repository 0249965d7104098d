"""Where rows are: two columns as degrees in WGS 84, whatever system they were surveyed in."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from pipelines.steps.publication.formats.utm import degrees
from schemas.contract import Geometry

LONGITUDE, LATITUDE = ":longitude", ":latitude"
_METRES = {"UTM32": 32, "UTM33": 33, "UTM35": 35}
_DECIMALS = 8


@dataclass(frozen=True, slots=True)
class Place:
    """How the point of a row is found."""

    geometry: Geometry

    @property
    def columns(self) -> set[str]:
        """The two columns that say it."""
        return {self.geometry.north, self.geometry.east}

    def located(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The rows with LONGITUDE and LATITUDE, both null where either coordinate is.

        What was metres is given to the millimetre.
        """
        east, north = (
            frame[name].cast(pl.Float64) for name in (self.geometry.east, self.geometry.north)
        )
        zone = _METRES.get(self.geometry.system)
        if zone is not None:
            east, north = _from_metres(east, north, zone)
        points = frame.with_columns(east.alias(LONGITUDE), north.alias(LATITUDE))
        known = pl.col(LONGITUDE).is_not_null() & pl.col(LATITUDE).is_not_null()
        return points.with_columns(
            pl.when(known).then(name).alias(name) for name in (LONGITUDE, LATITUDE)
        )


def _from_metres(east: pl.Series, north: pl.Series, zone: int) -> tuple[pl.Series, pl.Series]:
    found = degrees(east.to_numpy(), north.to_numpy(), zone)
    longitude, latitude = (pl.Series(np.round(axis, _DECIMALS)).fill_nan(None) for axis in found)
    return longitude, latitude
