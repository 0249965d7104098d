"""Rewriting of texts by rules, in order: what is found, and what is written in its place.

Rules are Polars' regular expressions without Unicode's word boundaries, which are slow; what
stands before a match is captured and written again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import polars as pl

KNOWN = "\ue000"
"""A private character that rules put where later ones shall find nothing; taken out at the end."""

GAP = r"[ \x{a0}\x{2009}\x{202f}]"
"""What parts words and groups of digits on one line."""

EDGE = rf"(^|[^\p{{L}}{KNOWN}])"
"""Where a word begins that no rule has put aside; a group of its own."""

END = r"([^\p{L}]|$)"
"""Where a word ends; a group of its own."""


class Rule(NamedTuple):
    """A pattern, and what is written for each match, in which ${1} is the pattern's first group."""

    pattern: str
    instead: str


def rewritten(texts: pl.Series, rules: Iterable[Rule]) -> pl.Series:
    """The texts after all rules, one after the other."""
    for rule in rules:
        texts = texts.str.replace_all(rule.pattern, rule.instead)
    return texts


def where(
    texts: pl.Series, held: str | Sequence[str], change: Callable[[pl.Series], pl.Series]
) -> pl.Series:
    """The texts, changed where they hold a pattern, or any of many words: others cost little."""
    if isinstance(held, str):
        holds = texts.str.contains(held)
    else:
        holds = texts.str.contains_any(list(held))
    rows = holds.fill_null(value=False).arg_true()
    if rows.is_empty():
        return texts
    return texts.clone().scatter(rows, change(texts.gather(rows)))


def any_of(words: Iterable[str]) -> str:
    """One of the words, which may be patterns, the longest that fits."""
    return "(?:" + "|".join(sorted(set(words), key=lambda word: (-len(word), word))) + ")"


def put_aside(*parted: tuple[str, str]) -> Rule:
    """Part what stands before from what stands after, so that no later rule joins them."""
    found = "|".join(f"({before})({after})" for before, after in parted)
    before, after = ("".join(f"${{{2 * n + at}}}" for n in range(len(parted))) for at in (1, 2))
    return Rule(found, f"{before}{KNOWN}{after}")
