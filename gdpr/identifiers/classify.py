"""The class that suits a column, by its values and its name: a suggestion, a person decides."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

import polars as pl

from gdpr.identifiers.signs import SIGNS, TEXTS, Sign
from gdpr.identifiers.written import written


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A class of the policy, and what kind and category of data make it suit.

    `share` is of the values that are of the kind, None where values do not tell; `mask` is as a
    contract has it, in YAML; `why` says all this in words. No value stands in any of it.
    """

    classification: str
    kind: str
    category: str
    mask: str
    share: float | None
    why: str


def suggest(values: pl.Series, name: str) -> Suggestion | None:
    """What suits a column of that name, in a contract's letters; None where nothing is personal.

    Values that are surely of a kind tell, or else the name does, or else what the text is like.
    """
    text = written(values).drop_nulls()
    text = text.filter(text != "")
    told = chain(_by_values(text, SIGNS), _by_name(text, name), _by_values(text, TEXTS))
    return next(told, None)


def _by_values(text: pl.Series, signs: Iterable[Sign]) -> Iterator[Suggestion]:
    for sign in signs:
        share = _share(sign.alone(text)) if sign.alone else 0.0
        if share > sign.enough:
            yield _suggestion(sign, share, _percent(sign, share))


def _by_name(text: pl.Series, name: str) -> Iterator[Suggestion]:
    for sign in SIGNS:
        if sign.named and re.search(sign.named, name):
            share = _share(sign.fits(text)) if sign.fits else None
            told = f", and {_percent(sign, share)}" if share else ""
            yield _suggestion(sign, share, f"by its name{told}")


def _suggestion(sign: Sign, share: float | None, why: str) -> Suggestion:
    return Suggestion(sign.classification, sign.kind, sign.category, sign.mask, share, why)


def _percent(sign: Sign, share: float) -> str:
    return f"{max(1, int(share * 100))} % of its values are {sign.called}"


def _share(fits: pl.Series) -> float:
    return int(fits.sum()) / len(fits) if len(fits) else 0.0
