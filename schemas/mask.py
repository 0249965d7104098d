"""How a personal field is made safe: the words for it, and what each may be told."""

from __future__ import annotations

from typing import Literal

from pydantic import Field as Spec

from schemas.model import Filled, Strict, Word

MaskWord = Literal[
    "drop",
    "pseudonym",
    "reversible",
    "format_preserving",
    "generalise",
    "truncate",
    "bucket",
    "round",
    "top_code",
    "grid",
    "redact",
    "aggregate",
]
PSEUDONYMS: tuple[MaskWord, ...] = ("pseudonym", "reversible", "format_preserving")
TO_TEXT: tuple[MaskWord, ...] = (*PSEUDONYMS, "generalise", "truncate", "grid", "redact")


class Mask(Strict):
    """How a personal field is made safe for the lake, and for which purpose.

    `aggregate` keeps the value in the restricted zone, where groups are counted; only counts
    leave it.
    """

    use: MaskWord = Spec(examples=["pseudonym"])
    domain: Word | None = Spec(default=None, examples=["person"])
    bands: tuple[float, ...] = Spec(default=(), examples=[[18, 67]])
    groups: dict[Filled, tuple[Filled, ...]] = Spec(
        default_factory=dict, examples=[{"Stavanger": ["4006", "4021"]}]
    )
    to: Literal["year", "quarter", "month", "week", "day", "hour"] | None = None
    length: int | None = Spec(default=None, gt=0, examples=[2])
    width: float | None = Spec(default=None, gt=0, examples=[10])
    top: float | None = Spec(default=None, examples=[90])
    bottom: float | None = Spec(default=None, examples=[0])
    beside: Word | None = Spec(default=None, examples=["northing_m"])
