"""What must hold for each mask of a contract, judged on the contract alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from schemas.contract import Field
from schemas.mask import Mask, MaskWord
from schemas.types import KINDS, TypeWord

Fault = tuple[str, str, str]


def mask_faults(field: Field) -> Iterable[Fault]:
    """Place, fault and example for everything wrong in how the field is masked."""
    if field.mask is None:
        return
    if field.purpose is None:
        yield "purpose", "is missing: a masked field says what it is for", "facility management"
    if field.type not in _TYPES[field.mask.use]:
        suits = ", ".join(_TYPES[field.mask.use])
        yield "mask.use", f"does not suit a {field.type}", f"a field of type {suits}"
    elif field.mask.use in _NEEDS and (fault := _NEEDS[field.mask.use](field.mask, field.type)):
        yield fault


def _generalised(mask: Mask, kind: TypeWord) -> Fault | None:
    if not KINDS[kind].has_unit:
        return _grained(mask, kind)
    if not mask.bands or list(mask.bands) != sorted(set(mask.bands)):
        return "mask.bands", "bands in rising order are missing", "[18, 67]"
    return None


def _bucketed(mask: Mask, kind: TypeWord) -> Fault | None:
    if not KINDS[kind].has_unit:
        return _grained(mask, kind)
    if mask.width is None:
        return "mask.width", "is missing", "10"
    if kind == "integer" and (mask.width != int(mask.width) or mask.width == 1):
        return "mask.width", "is a whole number of 2 or more for integers", "10"
    return None


def _grained(mask: Mask, kind: TypeWord) -> Fault | None:
    if mask.to is None:
        return "mask.to", "is missing", "month"
    if kind == "date" and mask.to not in ("year", "month"):
        return "mask.to", f"{mask.to} does not coarsen a date", "month"
    return None


def _cut(mask: Mask, _: TypeWord) -> Fault | None:
    return None if mask.length else ("mask.length", "is missing", "2")


_COARSE: tuple[TypeWord, ...] = ("integer", "number", "date", "timestamp")
_TYPES: dict[MaskWord, tuple[TypeWord, ...]] = {
    "drop": tuple(KINDS),
    "pseudonym": ("string", "integer"),
    "generalise": _COARSE,
    "truncate": ("string",),
    "bucket": _COARSE,
}
_NEEDS: dict[MaskWord, Callable[[Mask, TypeWord], Fault | None]] = {
    "generalise": _generalised,
    "truncate": _cut,
    "bucket": _bucketed,
}
