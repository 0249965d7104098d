"""A version's change in words, for its page and for feeds."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from connectors.portal import Page
from connectors.static_portal.change_log import Told, change_log
from connectors.static_portal.formats import number
from connectors.static_portal.words import Lang, portal_words
from schemas.model import Bilingual

_MOST = 10


@dataclass(frozen=True, slots=True)
class Notice:
    """What a feed tells of a version; `updated` is when that was last another."""

    version: str
    released_at: dt.datetime
    updated: dt.datetime
    summary: Bilingual
    is_retired: bool = False


def in_words(told: Told, lang: Lang) -> str:
    """The rows of a version, and what of them and of its fields is new."""
    says, release = portal_words().says(lang), told.release
    if told.kind == "retired":
        return says["retired"]
    rows = f"{number(release.rows, lang)} {says['rows']}"
    if told.kind == "first":
        return f"{says['first_version']}, {rows}"
    news = _counts(told, lang) if told.kind == "changed" else says[f"version_{told.kind}"]
    return ". ".join([f"{rows}: {news}" if news else rows, *_fields(told, lang)])


def notice(told: Told) -> Notice:
    """What a feed tells of the version."""
    release = told.release
    ends = [release.released_at]
    if release.retired_on is not None:
        ends.append(dt.datetime.combine(release.retired_on, dt.time(), dt.UTC))
    return Notice(
        version=release.version,
        released_at=release.released_at,
        updated=max(ends),
        summary=Bilingual(nb=in_words(told, "nb"), en=in_words(told, "en")),
        is_retired=told.kind == "retired",
    )


def newest_notices(page: Page) -> tuple[Notice, ...]:
    """Those of the ten newest versions, newest first."""
    return tuple(map(notice, change_log(page)[:_MOST]))


def _counts(told: Told, lang: Lang) -> str:
    change, says = told.release.changes[-1], portal_words().says(lang)
    counted = {"added": change.added, "changed": change.changed, "removed": change.removed}
    return ", ".join(f"{number(n, lang)} {says[word]}" for word, n in counted.items() if n)


def _fields(told: Told, lang: Lang) -> list[str]:
    fields, says = told.release.changes[-1].fields, portal_words().says(lang)
    named = {"added": fields.added, "removed": fields.removed, "retyped": fields.retyped}
    return [f"{says[f'fields_{w}']}: {', '.join(names)}" for w, names in named.items() if names]
