"""How far a release hides a person from a reader who joins it with what else is released."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from gdpr.disclosure.anonymity import Anonymity, anonymity
from schemas.errors import PolicyBreach

_ROW = "row of the release"


@dataclass(frozen=True, slots=True)
class Released:
    """The rows of a release, and which columns tell who somebody is and what is sensitive."""

    frame: pl.DataFrame
    quasi: tuple[str, ...]
    sensitive: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Beside:
    """Another release, and the columns that it shares with the first: their keys."""

    frame: pl.DataFrame
    on: tuple[str, ...]
    quasi: tuple[str, ...]


def joined_anonymity(release: Released, others: Sequence[Beside]) -> Anonymity:
    """The anonymity of the release's rows under the quasi-identifiers of all releases together.

    Whether a row has a match in another release tells it apart too. A row that matches several
    counts once in each group that it may belong to.

    Raises:
        PolicyBreach: a release lacks a column, or has no key or one of another type.
    """
    keys = [name for other in others for name in other.on]
    own = list(dict.fromkeys([*release.quasi, *release.sensitive, *keys]))
    _require_columns(release.frame, own)
    whole = release.frame.select(*own, pl.int_range(pl.len()).alias(_ROW))
    quasi = dict.fromkeys(release.quasi)
    for number, other in enumerate(others, start=1):
        named = {name: f"{name} of {number}" for name in other.quasi if name not in other.on}
        matched = pl.lit(True).alias(f"in {number}")
        whole = _joined(whole, other, named, matched)
        shared = [name for name in other.quasi if name in other.on]
        quasi |= dict.fromkeys([*shared, *named.values(), f"in {number}"])
    return anonymity(whole.unique([_ROW, *quasi]), list(quasi), release.sensitive)


def _joined(
    whole: pl.DataFrame, other: Beside, named: dict[str, str], matched: pl.Expr
) -> pl.DataFrame:
    _require_columns(other.frame, [*other.on, *named])
    beside = other.frame.select(*other.on, *named).rename(named).unique().with_columns(matched)
    if not other.on or whole.select(other.on).schema != beside.select(other.on).schema:
        raise PolicyBreach("releases are joined on columns that both have, of one type")
    return whole.join(beside, on=other.on, how="left", nulls_equal=True)


def _require_columns(frame: pl.DataFrame, names: Sequence[str]) -> None:
    if missing := [name for name in names if name not in frame.columns]:
        raise PolicyBreach(f"releases cannot be joined: no column {', '.join(missing)}")
