"""What CKAN has no field of its own for: tags as it allows them, and words for programs.

The names of the extras are those that ckanext-dcat reads, where it knows the thing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from connectors.dcat.vocabulary import Kind, check_words, concept, place
from connectors.portal import Page
from schemas.licences import LICENCES

_NOT_IN_TAGS = re.compile(r"[^\w \-.]")
_SHORTEST, _LONGEST = 2, 100


def tags(page: Page) -> list[str]:
    """The keywords in both languages as CKAN allows them, sorted."""
    words = (*page.publication.keyword.nb, *page.publication.keyword.en)
    made = {" ".join(_NOT_IN_TAGS.sub(" ", word).split())[:_LONGEST].strip() for word in words}
    return sorted(tag for tag in made if len(tag) >= _SHORTEST)


def extras(page: Page) -> dict[str, str]:
    """All that a reader of the API is told besides, by name.

    Raises:
        ConfigurationError: the contract's publication says a word that no vocabulary knows.
    """
    check_words(page.contract)
    told = {**_texts(page), **dict(_concepts(page)), **_times(page), **_people(page)}
    return {key: value for key, value in told.items() if value}


def _texts(page: Page) -> dict[str, str]:
    texts, licence = page.publication, LICENCES[page.publication.license]
    return {
        "title_en": texts.title.en,
        "notes_en": texts.description.en,
        "license": licence.title.nb,
        "license_link": licence.url.nb,
        "municipality": page.municipality.number,
        "contract_version": page.newest.contract_version,
        "rows": str(page.newest.rows),
    }


def _concepts(page: Page) -> Iterator[tuple[str, str]]:
    texts = page.publication
    themes = [concept("theme", word) for word in texts.theme]
    themes += [concept("los", word) for word in texts.los]
    yield "theme", json.dumps([theme.iri for theme in themes])
    yield "theme_names", ", ".join(theme.label.nb for theme in themes)
    yield "frequency", concept("frequency", texts.frequency).iri
    yield "access_rights", concept("access", "PUBLIC").iri
    yield "language", json.dumps([concept("language", "NOB").iri])
    yield "spatial_uri", place(page.municipality.name.nb) or ""
    high: Kind = "high_value"
    yield "hvd_category", concept(high, texts.high_value).iri if texts.high_value else ""


def _times(page: Page) -> dict[str, str]:
    newest, zone = page.newest, ZoneInfo(page.municipality.time_zone)
    first, last = newest.oldest_event, newest.newest_event
    return {
        "issued": page.releases[0].released_at.isoformat(),
        "modified": newest.released_at.isoformat(),
        "newest_event": last.isoformat() if last else "",
        "temporal_start": first.astimezone(zone).date().isoformat() if first else "",
        "temporal_end": last.astimezone(zone).date().isoformat() if last else "",
    }


def _people(page: Page) -> dict[str, str]:
    publisher = page.publisher
    return {
        "publisher_name": publisher.name.nb,
        "publisher_identifier": publisher.organisation_number,
        "contact_email": publisher.contact,
    }
