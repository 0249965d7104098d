"""Metres in a UTM zone as degrees, by Krüger's series to the fourth order.

Source: C. F. F. Karney, Transverse Mercator with an accuracy of a few nanometers, 2011, and
NIMA TM8358.2 for the zones' constants. EUREF89 and WGS 84 are taken as one, as is usual: they are
less than a metre apart.
"""

import numpy as np
from numpy.typing import NDArray

Axis = NDArray[np.float64]

_RADIUS, _FLATTENING = 6_378_137.0, 1 / 298.257_222_101
_SCALE, _FALSE_EASTING = 0.9996, 500_000.0
_N = _FLATTENING / (2 - _FLATTENING)
_MERIDIAN = _RADIUS / (1 + _N) * (1 + _N**2 / 4 + _N**4 / 64)
_BETA = (
    _N / 2 - 2 * _N**2 / 3 + 37 * _N**3 / 96 - _N**4 / 360,
    _N**2 / 48 + _N**3 / 15 - 437 * _N**4 / 1440,
    17 * _N**3 / 480 - 37 * _N**4 / 840,
    4397 * _N**4 / 161_280,
)
_DELTA = (
    2 * _N - 2 * _N**2 / 3 - 2 * _N**3 + 116 * _N**4 / 45,
    7 * _N**2 / 3 - 8 * _N**3 / 5 - 227 * _N**4 / 45,
    56 * _N**3 / 15 - 136 * _N**4 / 35,
    4279 * _N**4 / 630,
)


def degrees(east: Axis, north: Axis, zone: int) -> tuple[Axis, Axis]:
    """Longitudes and latitudes of points in metres of the zone's northern half; NaN for NaN."""
    xi = north / (_SCALE * _MERIDIAN)
    eta = (east - _FALSE_EASTING) / (_SCALE * _MERIDIAN)
    terms = list(enumerate(_BETA, start=1))
    upright = xi - sum(b * np.sin(2 * j * xi) * np.cosh(2 * j * eta) for j, b in terms)
    across = eta - sum(b * np.cos(2 * j * xi) * np.sinh(2 * j * eta) for j, b in terms)
    conformal = np.arcsin(np.sin(upright) / np.cosh(across))
    latitude = conformal + sum(d * np.sin(2 * j * conformal) for j, d in enumerate(_DELTA, start=1))
    longitude = np.arctan2(np.sinh(across), np.cos(upright))
    return np.degrees(longitude) + 6 * zone - 183, np.degrees(latitude)
