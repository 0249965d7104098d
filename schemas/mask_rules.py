"""What must hold for each mask of a contract, judged on the contract alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from schemas.contract import Contract, Field
from schemas.errors import Problem
from schemas.mask import Mask, MaskWord
from schemas.types import KINDS, TypeWord

Fault = tuple[str, str, str]

CELLS = (100, 250, 500, 1000, 2000, 5000, 10_000, 25_000, 50_000, 100_000)
"""The widths of a grid's cells, in metres: those in which Statistics Norway counts."""


def mask_faults(field: Field) -> Iterable[Fault]:
    """Place, fault and example for everything wrong in how the field is masked."""
    if field.mask is None:
        return
    if field.purpose is None:
        yield "purpose", "is missing: a masked field says what it is for", "facility management"
    use = field.mask.use
    if field.type not in _TYPES[use]:
        suits = ", ".join(_TYPES[use])
        yield "mask.use", f"does not suit a {field.type}", f"a field of type {suits}"
    elif use in _NEEDS and (fault := _NEEDS[use](field.mask, field.type)):
        yield fault
    else:
        yield from _beside_the_point(field.mask, field.type)


def beside_problems(contract: Contract) -> list[Problem]:
    """A Problem for each grid whose other coordinate is no number of the contract."""
    numbers = {field.name for field in contract.fields if field.kind.has_unit}
    return [
        Problem(contract.file, f"{field.name}.mask.beside", "names no other number", "northing_m")
        for field in contract.fields
        if field.mask and field.mask.beside and field.mask.beside not in numbers - {field.name}
    ]


def _generalised(mask: Mask, kind: TypeWord) -> Fault | None:
    if kind == "string":
        return _grouped(mask)
    if not KINDS[kind].has_unit:
        return _grained(mask, kind)
    if not mask.bands or list(mask.bands) != sorted(set(mask.bands)):
        return "mask.bands", "bands in rising order are missing", "[18, 67]"
    return None


def _grouped(mask: Mask) -> Fault | None:
    if not mask.groups:
        return "mask.groups", "are missing", "{Stavanger: ['4006', '4021']}"
    members = Counter(value for values in mask.groups.values() for value in values)
    if not all(mask.groups.values()) or max(members.values()) > 1:
        what = "every group has members, and no member stands in two places"
        return "mask.groups", what, "{Stavanger: ['4006', '4021']}"
    return None


def _bucketed(mask: Mask, kind: TypeWord) -> Fault | None:
    return _stepped(mask, kind) if KINDS[kind].has_unit else _grained(mask, kind)


def _stepped(mask: Mask, kind: TypeWord) -> Fault | None:
    if mask.width is None:
        return "mask.width", "is missing", "10"
    if kind == "integer" and (mask.width != int(mask.width) or mask.width == 1):
        return "mask.width", "is a whole number of 2 or more for integers", "10"
    return None


def _grained(mask: Mask, kind: TypeWord) -> Fault | None:
    if mask.to is None:
        return "mask.to", "is missing", "month"
    if kind == "date" and mask.to in ("day", "hour"):
        return "mask.to", f"{mask.to} does not coarsen a date", "month"
    return None


def _cut(mask: Mask, _: TypeWord) -> Fault | None:
    return None if mask.length else ("mask.length", "is missing", "2")


def _coded(mask: Mask, kind: TypeWord) -> Fault | None:
    ends = [end for end in (mask.bottom, mask.top) if end is not None]
    if not ends:
        return "mask.top", "is missing: a top, a bottom or both", "90"
    if ends != sorted(set(ends)):
        return "mask.top", "is not above bottom", "bottom: 0, top: 90"
    if kind == "integer" and any(end != int(end) for end in ends):
        return "mask.top", "top and bottom are whole numbers for integers", "90"
    return None


def _gridded(mask: Mask, _: TypeWord) -> Fault | None:
    if mask.beside is None:
        return "mask.beside", "is missing: the field of the northing", "northing_m"
    if mask.width not in CELLS:
        return "mask.width", f"is none of {', '.join(map(str, CELLS))} metres", "1000"
    return None


def _beside_the_point(mask: Mask, kind: TypeWord) -> Iterable[Fault]:
    """What the mask is told and does not heed: the writer meant something else."""
    told = mask.model_fields_set - {"use"}
    for option in sorted(told - _heeded(mask.use, kind)):
        yield f"mask.{option}", f"says nothing to {mask.use} of a {kind}", f"use: {_MEANT[option]}"


def _heeded(use: MaskWord, kind: TypeWord) -> set[str]:
    numbers = KINDS[kind].has_unit
    coarse = {"generalise": "bands", "bucket": "width"} if numbers else {"bucket": "to"}
    by_type = {"generalise": "groups" if kind == "string" else "to"} | coarse
    return {by_type[use]} if use in by_type else _HEEDED.get(use, set())


_TIMES: tuple[TypeWord, ...] = ("date", "timestamp")
_NUMBERS: tuple[TypeWord, ...] = ("integer", "number")
_TYPES: dict[MaskWord, tuple[TypeWord, ...]] = {
    "drop": tuple(KINDS),
    "pseudonym": ("string", "integer"),
    "reversible": ("string", "integer"),
    "format_preserving": ("string", "integer"),
    "generalise": ("string", *_NUMBERS, *_TIMES),
    "truncate": ("string",),
    "bucket": (*_NUMBERS, *_TIMES),
    "round": _NUMBERS,
    "top_code": _NUMBERS,
    "grid": _NUMBERS,
    "redact": ("string",),
    "aggregate": tuple(KINDS),
}
_NEEDS: dict[MaskWord, Callable[[Mask, TypeWord], Fault | None]] = {
    "generalise": _generalised,
    "truncate": _cut,
    "bucket": _bucketed,
    "round": _stepped,
    "top_code": _coded,
    "grid": _gridded,
}
_HEEDED: dict[MaskWord, set[str]] = {
    "pseudonym": {"domain"},
    "reversible": {"domain"},
    "format_preserving": {"domain"},
    "truncate": {"length"},
    "round": {"width"},
    "top_code": {"top", "bottom"},
    "grid": {"beside", "width"},
}
_MEANT = {
    "domain": "pseudonym",
    "bands": "generalise",
    "groups": "generalise",
    "to": "generalise",
    "length": "truncate",
    "width": "bucket",
    "top": "top_code",
    "bottom": "top_code",
    "beside": "grid",
}
