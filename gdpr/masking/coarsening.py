"""The masks that need no key, as contracts ask for them: each takes its own words from the Mask."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import polars as pl

from gdpr.masking.masks import (
    Bands,
    Ends,
    Grain,
    Groups,
    Places,
    bucket,
    generalise,
    grid_cell,
    round_to,
    top_code,
    truncate,
)
from gdpr.text.redaction import redact
from schemas.errors import PolicyBreach
from schemas.mask import Mask, MaskWord

Coarsener = Callable[[pl.Series, Mask, str], pl.Series]


def _generalised(values: pl.Series, mask: Mask, zone: str) -> pl.Series:
    if mask.groups:
        return generalise(values, Groups(mask.groups))
    return generalise(values, Grain(mask.to, zone) if mask.to else Bands(mask.bands))


def _truncated(values: pl.Series, mask: Mask, _: str) -> pl.Series:
    if mask.length is None:
        raise PolicyBreach(f"{values.name}: truncate has no length")
    return truncate(values, mask.length)


def _bucketed(values: pl.Series, mask: Mask, zone: str) -> pl.Series:
    if mask.to is not None:
        return bucket(values, Grain(mask.to, zone))
    return bucket(values, _width(values, mask))


def _rounded(values: pl.Series, mask: Mask, _: str) -> pl.Series:
    return round_to(values, _width(values, mask))


def _top_coded(values: pl.Series, mask: Mask, _: str) -> pl.Series:
    return top_code(values, Ends(mask.bottom, mask.top))


def _gridded(values: pl.Series, mask: Mask, _: str) -> pl.Series:
    if mask.beside is None:
        raise PolicyBreach(f"{values.name}: grid has no northing beside it")
    both = values.struct.unnest()
    places = Places(both[values.name], both[mask.beside])
    return grid_cell(places, int(_width(values, mask)))


def _redacted(values: pl.Series, _: Mask, __: str) -> pl.Series:
    return redact(values)


def _width(values: pl.Series, mask: Mask) -> float:
    if mask.width is None:
        raise PolicyBreach(f"{values.name}: {mask.use} has no width")
    return mask.width


def _kept(values: pl.Series, _: Mask, __: str) -> pl.Series:
    return values


COARSENERS: Mapping[MaskWord, Coarsener] = {
    "generalise": _generalised,
    "truncate": _truncated,
    "bucket": _bucketed,
    "round": _rounded,
    "top_code": _top_coded,
    "grid": _gridded,
    "redact": _redacted,
    "aggregate": _kept,
}
"""Mask word → the values as that mask leaves them, in a municipality of that time zone.

A mask that looks at a field beside its own gets both in one struct, named as they are.
"""
