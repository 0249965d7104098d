"""The versions of a dataset as its page shows them."""

from __future__ import annotations

from dataclasses import dataclass

from connectors.portal import Page
from connectors.static_portal.change_log import Told, change_log
from connectors.static_portal.change_words import in_words
from connectors.static_portal.words import Lang

_AT_ONCE, _MOST = 8, 100


@dataclass(frozen=True, slots=True)
class Version:
    """A version and what it changed, in words."""

    told: Told
    words: str


@dataclass(frozen=True, slots=True)
class Versions:
    """The newest versions, those that a click shows, and how many more there are."""

    newest: tuple[Version, ...]
    older: tuple[Version, ...]
    more: int


def versions(page: Page, lang: Lang) -> Versions:
    """The page's versions in one language, newest first."""
    told = change_log(page)
    shown = tuple(Version(each, in_words(each, lang)) for each in told[:_MOST])
    return Versions(shown[:_AT_ONCE], shown[_AT_ONCE:], len(told) - len(shown))
