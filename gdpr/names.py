"""Names of persons in free text, taken out where a list, a set word or a capital letter tells them.

A name in the lists is taken wherever it stands; one in no list, where it follows a word such as
`hilsen`, `ring` or `naboen`, or where two capitalised words stand together that are known as
nothing else. When in doubt, it is a name.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from gdpr.identifiers.names import given_names, surnames
from gdpr.ordinary_words import words
from gdpr.rewriting import EDGE, END, GAP, KNOWN, Rule, any_of, put_aside

NAME = "[navn]"

_WORD = r"(?:\p{Lu}['\x{2019}])?\p{Lu}\p{Ll}[\p{L}'\x{2019}]*(?:-\p{Lu}\p{L}+)*"
_INITIALS = rf"\p{{Lu}}\.(?:{GAP}?\p{{Lu}}\.)*"
_PARTICLE = "(?:von|van|de|der|den|af|la|el|al|bin|dos|da|di)"
_AFTER = rf"(?:{GAP}(?:{_PARTICLE}{GAP})?(?:{_WORD}|{_INITIALS}))"
_OWNED = r"(?:'s|\x{2019}s|s)?"
_TELLING_LENGTH = 4


@cache
def name_rules() -> tuple[Rule, ...]:
    """What takes names out: those of the lists, those of two minds, then what looks like one."""
    return (*_listed(), *_put_aside(), *_of_two_minds(), *_guessed())


def _listed() -> tuple[Rule, ...]:
    """Given names that are nothing else, with all that follows; small or all capitals too."""
    common = words("common_names")
    sure = [name for name in given_names() if name not in common]
    small = any_of(_plain(name for name in sure if len(name) >= _TELLING_LENGTH))
    family = any_of(_plain(surnames()))
    long = any_of(_plain(name for name in surnames() if len(name) >= _TELLING_LENGTH))
    title = rf"{EDGE}{any_of(sure)}(?:-\p{{Lu}}\p{{L}}+)?{_OWNED}(?:{_AFTER}{{1,3}}|{END})"
    plain = rf"{EDGE}{small}{_OWNED}(?:{GAP}{family})?{END}"
    both = rf"{EDGE}{any_of(_plain(given_names()))}{GAP}{long}{END}"
    # a name that begins where another ends is found the second time
    return tuple(_between(pattern) for pattern in (title, title, both, plain, plain))


def _put_aside() -> tuple[Rule, ...]:
    said = {word.capitalize() for word in words("said_before")}
    plain = words("starters", "places", "bodies", "numbered") | said
    known = any_of(plain - words("common_names") | words("times"))
    noun = r"\p{Lu}\p{Ll}+(?:et|ene|ane|ing|inga|else|het|sjon)[^\p{L}]"
    thing = rf"\p{{Lu}}\p{{Ll}}+{any_of(words('things'))}[^\p{{L}}]"
    aside = Rule(rf"{EDGE}({known}){END}", f"${{1}}{KNOWN}${{2}}${{3}}")
    return (aside, aside, put_aside(r"(?:^|[.!?:\n]) *", noun), put_aside(r"[^\p{L}]", thing))


def _of_two_minds() -> tuple[Rule, ...]:
    name = rf"{any_of(words('common_names'))}{_OWNED}"
    alone = _between(rf"([\p{{Ll}},;]{GAP}){name}{END}")
    where = rf"(?:^|[^\p{{L}}])(?:[Ii]|[Pp]å|[Ii]n|[Ll]angs|[Gg]jennom){GAP}"
    return (
        Rule(rf"{EDGE}{name}{_AFTER}{{1,3}}", f"${{1}}{NAME}"),
        alone,
        alone,
        put_aside(where, r"\p{Lu}"),
    )


def _guessed() -> tuple[Rule, ...]:
    """Names in no list: by the words beside them, or by a capital that has no other reason."""
    said = rf"(?:^|[^\p{{L}}])(?i:{any_of(words('said_before'))})(?:\.|:|,)?[\s/]*"
    one = rf"(?:{_WORD}|{_INITIALS}){_AFTER}{{0,3}}"
    signed = r"((?:^|[^\p{L}])(?i:hilsen|helsing|mvh)[\s.,:]+)\p{L}+(?: \p{L}+)?(\.?\s*$)"
    noble = rf"{EDGE}(?:de la|van der|van den|van|von|bin|ibn|del|della){GAP}{_WORD}"
    patronym = any_of(name for name in surnames() if name.endswith(("sen", "son")))
    alone = _between(rf"([\p{{Ll}},;:(]{GAP}){_WORD}{END}")
    return (
        Rule(f"({said}){one}", f"${{1}}{NAME}"),
        _between(signed),
        Rule(noble, f"${{1}}{NAME}"),
        Rule(rf"{EDGE}{one}{_AFTER}", f"${{1}}{NAME}"),
        Rule(rf"{EDGE}{any_of(surnames())},?{GAP}\[navn\]", f"${{1}}{NAME}"),
        _between(rf"{EDGE}{patronym}{_OWNED}{END}"),
        _between(rf"{EDGE}{_WORD}({GAP}{any_of(words('saying'))}[^\p{{L}}])"),
        alone,
        alone,
        Rule(rf"\[navn\](?:{GAP}\[navn\])+", NAME),
    )


def _between(pattern: str) -> Rule:
    return Rule(pattern, f"${{1}}{NAME}${{2}}")


def _plain(names: Iterable[str]) -> Iterable[str]:
    return [form for name in names for form in (name.lower(), name.upper())]
