"""The portal's words in two languages, and the human forms of codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import TypeAdapter

from schemas.model import Bilingual

Lang = Literal["nb", "en"]
LANGS: tuple[Lang, Lang] = ("nb", "en")

_Texts = Mapping[str, Bilingual]


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """Everything that the portal says of itself."""

    words: _Texts
    themes: _Texts
    frequencies: _Texts
    units: Mapping[str, str]

    def says(self, lang: Lang) -> Mapping[str, str]:
        """The portal's sentences in one language."""
        return _said(self, lang)

    def theme(self, code: str, lang: Lang) -> str:
        """An EU data theme's name; the code itself where it is unknown."""
        return in_language(self.themes[code], lang) if code in self.themes else code

    def frequency(self, code: str, lang: Lang) -> str:
        """An EU frequency's name; the code itself where it is unknown."""
        return in_language(self.frequencies[code], lang) if code in self.frequencies else code

    def unit(self, code: str | None) -> str:
        """A UCUM code as people write it; nothing for a plain number."""
        return self.units.get(code, code) if code else ""


def in_language(text: Bilingual, lang: Lang) -> str:
    """The text in that language."""
    return text.nb if lang == "nb" else text.en


def other(lang: Lang) -> Lang:
    """The portal's other language."""
    return "en" if lang == "nb" else "nb"


@cache
def _said(words: Words, lang: Lang) -> Mapping[str, str]:
    return {key: in_language(text, lang) for key, text in words.words.items()}


@cache
def portal_words() -> Words:
    """The words that stand in words.yaml beside this module."""
    text = Path(__file__).with_name("words.yaml").read_text(encoding="utf-8")
    return TypeAdapter(Words).validate_python(yaml.safe_load(text))
