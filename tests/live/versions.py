"""Versions of a town's dataset as pages, and what a CKAN tells of it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from connectors.ckan.client import Ckan
from connectors.portal import Page
from pipelines.steps.publication.page import page_of
from pipelines.steps.publication.permission import permission
from pipelines.steps.release import release
from tests.live.fragile import Nowhere
from tests.pipelines.steps.released_site import (
    NOW,
    Town,
    contract_of,
    parking_document,
    readings,
    without_field,
)

NAME = "1103-parking_occupancy"
LATER = NOW + dt.timedelta(days=1)


def page_at(town: Town, at: dt.datetime) -> Page:
    release(town.site, Nowhere(), at)
    return page_of(town.site, permission(town.site))


def next_page(town: Town) -> Page:
    town.commit(readings(days=[dt.date(2026, 11, 21)]))
    town.judge(LATER)
    return page_at(town, LATER)


def narrower_page(town: Town, folder: Path, at: dt.datetime) -> Page:
    """The page after a field went, which began a generation."""
    document = parking_document()
    without_field(document, "is_full")
    narrower = town.holding(contract_of(document, folder))
    narrower.judge(at)
    return page_at(narrower, at)


def shown_on(ckan: Ckan) -> dict[str, Any]:
    found: dict[str, Any] = ckan.ask("package_show", {"id": NAME})
    return found


def told_of(shown: dict[str, Any]) -> dict[str, Any]:
    """What a reader is told, without the times that CKAN itself notes."""
    times = ("metadata_modified", "last_modified", "datastore_active")
    files = [{k: v for k, v in each.items() if k not in times} for each in shown["resources"]]
    return {k: v for k, v in shown.items() if k not in times} | {"resources": files}
