"""Degrees as metres on flat paper, and back: transverse Mercator on a sphere.

Source: J. P. Snyder, Map Projections: A Working Manual, 1987, equations 8-1 to 8-7. Lengths are
true to half a percent within a county, which no drawing of a few hundred pixels can show.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

_RADIUS = 6_378_137.0


@dataclass(frozen=True, slots=True)
class Projection:
    """Paper whose upright is the meridian in its middle, so that north is up and shapes are true.

    `meridian` is in degrees.
    """

    meridian: float

    def metres(self, longitude: float, latitude: float) -> tuple[float, float]:
        """How far east of the meridian, and north of the equator, a point in degrees lies."""
        across, upright = math.radians(longitude - self.meridian), math.radians(latitude)
        east = math.atanh(math.cos(upright) * math.sin(across))
        north = math.atan2(math.tan(upright), math.cos(across))
        return _RADIUS * east, _RADIUS * north

    def degrees(self, east: float, north: float) -> tuple[float, float]:
        """The longitude and the latitude of a point in metres."""
        across, upright = east / _RADIUS, north / _RADIUS
        latitude = math.asin(math.sin(upright) / math.cosh(across))
        longitude = math.atan2(math.sinh(across), math.cos(upright))
        return self.meridian + math.degrees(longitude), math.degrees(latitude)
