"""The change log of a dataset beside its page: changes.json, and a feed in each language."""

from __future__ import annotations

import json

from connectors.portal import Page
from connectors.static_portal.atom import dataset_feed
from connectors.static_portal.change_log import Replaced, Told, change_log, replaced
from connectors.static_portal.change_words import notice
from connectors.static_portal.entry import Entry
from connectors.static_portal.render import feed_of
from connectors.static_portal.words import LANGS
from schemas.instants import in_utc
from schemas.network import PortalSite
from schemas.records import dump
from schemas.released import Withdrawal

CHANGES = "changes.json"
_Document = dict[str, object]


def change_files(site: PortalSite, page: Page, entry: Entry) -> dict[str, bytes]:
    """The files that tell of the dataset's versions, by name."""
    notices = tuple(map(notice, change_log(page)))
    feeds = {feed_of(lang): dataset_feed(site, entry, notices, lang) for lang in LANGS}
    return {CHANGES: changes_document(page)} | feeds


def changes_document(page: Page) -> bytes:
    """Every version, newest first, with rows, days, fields and hashes; what is no longer shown.

    Addresses are relative to the file.
    """
    document: _Document = {
        "dataset": page.slug,
        "versions": [_version(told) for told in change_log(page)],
        "replaced": [_replaced(each) for each in replaced(page)],
        "withdrawn": [_withdrawn(each) for each in page.withdrawals],
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def _withdrawn(hidden: Withdrawal) -> _Document:
    told = dump(hidden)
    return {"since": told["since"], "until": told["until"]}


def _version(told: Told) -> _Document:
    release = told.release
    document: _Document = {
        "version": release.version,
        "released_at": in_utc(release.released_at),
        "generation": release.generation,
        "kind": told.kind,
    }
    if told.kind == "retired":
        gone = release.retired_on.isoformat() if release.retired_on else None
        return document | {"retired_on": gone}
    return document | {"rows": release.rows} | _change(told) | {"files": _files(told)}


def _change(told: Told) -> _Document:
    change = told.release.changes[-1]
    fields: _Document = {"fields": dump(change.fields)}
    if told.kind == "reissued":
        return fields
    counts = {"added": change.added, "changed": change.changed, "removed": change.removed}
    return counts | {"days": list(change.days)} | fields


def _files(told: Told) -> list[_Document]:
    return [
        {
            "name": file.name,
            "path": f"versions/{told.release.version}/{file.name}",
            "bytes": file.size,
            "sha256": file.sha256,
            "sha256_before": file.before,
        }
        for file in told.files
    ]


def _replaced(file: Replaced) -> _Document:
    by = file.by and f"latest/{file.by}"
    return {"path": f"latest/{file.name}", "by": by, "since": in_utc(file.since)}
