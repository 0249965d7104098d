"""Names of persons in free text, taken out where a list, a set word or a capital letter tells them.

A name in the lists is taken wherever it stands; one in no list, where it follows a word such as
`hilsen`, `ring` or `naboen`, or where two capitalised words stand together that are known as
nothing else. When in doubt, it is a name.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, partial

import polars as pl

from gdpr.identifiers.names import given_names, surnames
from gdpr.text.ordinary_words import words
from gdpr.text.rewriting import EDGE, END, GAP, KNOWN, Rule, any_of, put_aside, rewritten, where

NAME = "[navn]"

_WORD = r"(?:\p{Lu}['\x{2019}])?\p{Lu}\p{Ll}[\p{L}'\x{2019}]*(?:-\p{Lu}\p{L}+)*"
_INITIALS = rf"\p{{Lu}}\.(?:{GAP}?\p{{Lu}}\.)*"
_PARTICLE = "(?:von|van|de|der|den|af|la|el|al|bin|dos|da|di)"
_AFTER = rf"(?:{GAP}(?:{_PARTICLE}{GAP}){{0,2}}(?:{_WORD}|{_INITIALS}))"
_OWNED = r"(?:'s|\x{2019}s|s)?"
_TELLING_LENGTH = 4


def without_names(texts: pl.Series) -> pl.Series:
    """The texts with [navn] for each name of a person; null stays null.

    Private characters are left where no name is: whoever asks takes them out.
    """
    listed = partial(rewritten, rules=_listed())
    texts = where(listed(texts), rf"\[navn\]{END}\p{{L}}", listed)
    texts = where(texts, _small_names(), partial(rewritten, rules=_listed_small()))
    texts = rewritten(texts, _put_aside())
    return where(texts, rf"{EDGE}\p{{Lu}}|\[navn\]", partial(rewritten, rules=_guessed()))


def name_rules() -> tuple[Rule, ...]:
    """What takes names out: those of the lists, then what looks like one."""
    return (*_listed(), *_listed_small(), *_put_aside(), *_guessed())


@cache
def _listed() -> tuple[Rule, ...]:
    """Given names that are nothing else, with all that follows, and whoever signs."""
    name = rf"{any_of(_sure())}(?:-\p{{Lu}}\p{{L}}+)?{_OWNED}"
    signed = r"((?:^|[^\p{L}])(?i:hilsen|helsing|mvh)[\s.,:]+)\p{L}+(?: \p{L}+)?(\.?\s*$)"
    return (_between(rf"{EDGE}{name}(?:{_AFTER}+|{END})"), _between(signed))


@cache
def _listed_small() -> tuple[Rule, ...]:
    """Names in small letters or all capitals, alone where they are nothing else."""
    sure = any_of(_plain(name for name in _sure() if len(name) >= _TELLING_LENGTH))
    long = any_of(_plain(name for name in surnames() if len(name) >= _TELLING_LENGTH))
    alone = _between(rf"{EDGE}{sure}{_OWNED}(?:{GAP}{any_of(_plain(surnames()))})?{END}")
    both = _between(rf"{EDGE}{any_of(_plain(given_names()))}{GAP}{long}{END}")
    # a name that begins where another ends is found the second time
    return (both, alone, alone)


@cache
def _small_names() -> tuple[str, ...]:
    """What a text holds in which there may be a name in small letters or all capitals."""
    short = {f"{name} " for name in _plain(given_names())}
    return (*(name for name in _plain(_sure()) if len(name) >= _TELLING_LENGTH), *sorted(short))


@cache
def _sure() -> tuple[str, ...]:
    common = words("common_names")
    return tuple(name for name in given_names() if name not in common)


@cache
def _put_aside() -> tuple[Rule, ...]:
    said = {word.capitalize() for word in words("said_before")}
    plain = words("starters", "places", "bodies", "numbered") | said
    known = any_of(plain - words("common_names") | words("times"))
    noun = r"\p{Lu}\p{Ll}+(?:et|ene|ane|ing|inga|else|het|sjon)[^\p{L}]"
    thing = rf"\p{{Lu}}\p{{Ll}}+{any_of(words('things'))}[^\p{{L}}]"
    aside = Rule(rf"{EDGE}({known}){END}", f"${{1}}{KNOWN}${{2}}${{3}}")
    return (aside, aside, put_aside((r"(?:^|[.!?:\n]) *", noun)), put_aside((r"[^\p{L}]", thing)))


@cache
def _guessed() -> tuple[Rule, ...]:
    """Names that are words too, and names in no list: by what is beside them or by a capital."""
    here = rf"(?:^|[^\p{{L}}])(?:[Ii]|[Pp]å|[Ii]n|[Ll]angs|[Gg]jennom){GAP}"
    one = rf"(?:{_WORD}|{_INITIALS}){_AFTER}*"
    noble = rf"{EDGE}(?:de la|van der|van den|van|von|bin|ibn|del|della){GAP}{_WORD}"
    patronym = any_of(name for name in surnames() if name.endswith(("sen", "son")))
    alone = _between(rf"([\p{{Ll}},;:(]{GAP}){_WORD}{END}")
    return (
        *_of_two_minds(),
        put_aside((here, r"\p{Lu}")),
        Rule(rf"((?:^|[^\p{{L}}]){_said_before()}[.:,]?[\s/]*){one}", f"${{1}}{NAME}"),
        Rule(noble, f"${{1}}{NAME}"),
        Rule(rf"{EDGE}{one}{_AFTER}", f"${{1}}{NAME}"),
        Rule(rf"{EDGE}{any_of(surnames())},?{GAP}\[navn\]", f"${{1}}{NAME}"),
        _between(rf"{EDGE}{patronym}{_OWNED}{END}"),
        _between(rf"{EDGE}{_WORD}({GAP}{any_of(words('saying'))}[^\p{{L}}])"),
        alone,
        alone,
        Rule(rf"\[navn\](?:{GAP}\[navn\])+", NAME),
    )


def _of_two_minds() -> tuple[Rule, ...]:
    name = rf"{any_of(words('common_names'))}{_OWNED}"
    alone = _between(rf"([\p{{Ll}},;]{GAP}){name}{END}")
    return (Rule(rf"{EDGE}{KNOWN}?{name}{_AFTER}+", f"${{1}}{NAME}"), alone, alone)


def _said_before() -> str:
    known = words("said_before")
    return any_of(form for word in known for form in (word, word.capitalize(), word.upper()))


def _between(pattern: str) -> Rule:
    return Rule(pattern, f"${{1}}{NAME}${{2}}")


def _plain(names: Iterable[str]) -> Iterable[str]:
    return [form for name in names for form in (name.lower(), name.upper())]
