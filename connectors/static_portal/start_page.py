"""The portal's front: every dataset as a card in its group, with a search and facets over them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from connectors.static_portal.entry import OWN, Entry
from connectors.static_portal.render import LABELS, render
from connectors.static_portal.words import Lang, in_language, other, portal_words
from schemas.network import PortalSite


@dataclass(frozen=True, slots=True)
class Choice:
    """One box of a facet: what it filters by, what it says, and how many datasets have it."""

    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Facet:
    """One group of boxes."""

    name: str
    title: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Datasets under one heading, which its anchor leads to."""

    anchor: str
    title: str
    entries: tuple[Entry, ...]


def start_page(site: PortalSite, entries: Sequence[Entry], lang: Lang) -> bytes:
    """The start page in one language: cards by publisher, or by theme where there is one."""
    context = {
        "root": "",
        "site": site,
        "entries": entries,
        "groups": _groups(entries, lang),
        "labels": LABELS,
        "facets": _facets(entries, lang),
        "other_intro": portal_words().says(other(lang))["intro"],
    }
    return render("start.html.jinja", lang, context)


def _groups(entries: Sequence[Entry], lang: Lang) -> list[Group]:
    words = portal_words()
    several = len({_shelf(entry) for entry in entries}) > 1
    found: dict[tuple[str, str], list[Entry]] = {}
    for entry in sorted(entries, key=lambda e: (in_language(e.title, lang).lower(), e.slug)):
        if several:
            name = in_language(entry.publisher, lang), "-".join(_shelf(entry))
        else:
            name = words.theme(entry.themes[0], lang), f"theme-{entry.themes[0]}"
        found.setdefault(name, []).append(entry)
    return [Group(anchor, title, tuple(held)) for (title, anchor), held in sorted(found.items())]


def _shelf(entry: Entry) -> tuple[str, str]:
    """The facet and the value of it that single out the datasets of the entry's publisher."""
    if entry.partner:
        return "publisher", entry.partner.organisation
    return "municipality", entry.municipality


def _facets(entries: Sequence[Entry], lang: Lang) -> tuple[Facet, ...]:
    words = portal_words()
    says = words.says(lang)
    owners = {entry.municipality: in_language(entry.owner, lang) for entry in entries}
    themes = {code: words.theme(code, lang) for entry in entries for code in entry.themes}
    held = {form for entry in entries for form in entry.sizes}
    formats = {str(form): label for form, label in LABELS.items() if form in held}
    return (
        _facet("municipality", says["municipality"], owners, (e.municipality for e in entries)),
        *_publishers(entries, lang),
        _facet("theme", says["theme"], themes, (code for e in entries for code in e.themes)),
        _facet("format", says["format"], formats, (form for e in entries for form in e.sizes)),
    )


def _publishers(entries: Sequence[Entry], lang: Lang) -> Iterator[Facet]:
    """The publishers, where some are partners; municipalities are one choice, being told above."""
    if not any(entry.partner for entry in entries):
        return
    says = portal_words().says(lang)
    own = says["municipality_itself"]
    names = {e.published_as: in_language(e.publisher, lang) if e.partner else own for e in entries}
    yield _facet("publisher", says["publisher"], names, (e.published_as for e in entries))


def _facet(name: str, title: str, labels: Mapping[str, str], found: Iterable[str]) -> Facet:
    counts = Counter(found)
    ordered = sorted(labels.items(), key=lambda pair: (pair[0] != OWN, pair[1]))
    return Facet(name, title, tuple(Choice(v, label, counts[v]) for v, label in ordered))
