"""The corpus of sentences: how much of what tells of a person goes, and how much else with it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import yaml

FILE = Path(__file__).with_suffix(".yaml")
_MARKED = re.compile(r"\{(\w+)\|([^}]*)\}")
_WORD = re.compile(r"[\w@.+-]*\w")
_LABEL = re.compile(r"\[[\w-]+\]")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, what stands in it that tells of a person, by kind, and all else."""

    text: str
    telling: tuple[tuple[str, str], ...]
    rest: str


def sentences() -> list[Sentence]:
    """All sentences of the corpus."""
    marked = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return [_sentence(line) for lines in marked.values() for line in lines]


def _sentence(line: str) -> Sentence:
    return Sentence(
        text=_MARKED.sub(lambda found: found[2], line),
        telling=tuple((found[1], found[2]) for found in _MARKED.finditer(line)),
        rest=_MARKED.sub(" ", line),
    )


def words(text: str) -> Counter[str]:
    return Counter(_WORD.findall(_LABEL.sub(" ", text)))


def survives(words_of: str, output: str) -> bool:
    """Whether any word of two characters or more of what tells still stands."""
    left = words(output)
    return any(left[word] for word in words(words_of) if len(word) > 1)


def missed(redacted: pl.Series) -> list[tuple[str, str]]:
    """Kind and words of everything telling that still stands, wholly or in part."""
    return [
        (kind, told)
        for sentence, output in zip(sentences(), redacted, strict=True)
        for kind, told in sentence.telling
        if survives(told, output)
    ]


def lost(redacted: pl.Series) -> list[str]:
    """The words that tell of nobody and are gone."""
    return [
        word
        for sentence, output in zip(sentences(), redacted, strict=True)
        for word in (words(sentence.rest) - words(output)).elements()
    ]
