"""Ordinary words by what they are, which help to tell names of persons from all else in a text."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Literal

import yaml

WordKind = Literal[
    "starters",
    "times",
    "places",
    "bodies",
    "numbered",
    "common_names",
    "streets",
    "things",
    "said_before",
    "saying",
]


def words(*kinds: WordKind) -> frozenset[str]:
    """All words of these kinds, as ordinary_words.yaml lists and explains them."""
    return frozenset(word for kind in kinds for word in _listed()[kind].split())


@cache
def _listed() -> dict[WordKind, str]:
    text = resources.files("gdpr.text").joinpath("ordinary_words.yaml").read_text("utf-8")
    listed: dict[WordKind, str] = yaml.safe_load(text)
    return listed
