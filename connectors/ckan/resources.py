"""A dataset's files as CKAN's resources: the newest version's, then those of former generations."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo

from connectors.ckan.ids import resource_id
from connectors.dcat.forms import distributions, documents, further, parts
from connectors.portal import Page
from connectors.static_portal.entry import folder_address
from connectors.static_portal.formats import day
from connectors.static_portal.words import LANGS, Lang, in_language
from schemas.contract import Field
from schemas.errors import ConfigurationError, Problem
from schemas.media import MEDIA
from schemas.model import Bilingual
from schemas.stages import PACKAGE, Release, Resource
from schemas.types import KINDS

# CKAN writes the names of the formats that it knows in its own way
_KNOWN_AS = {"geojson": "GeoJSON"}
_REPLACES = Bilingual(nb="Erstatter {name} fra og med {day}.", en="Replaces {name} from {day} on.")
_REPLACED = Bilingual(
    nb="Oppdateres ikke lenger: erstattet av {name} fra og med {day}.",
    en="No longer updated: replaced by {name} from {day} on.",
)
_LARGEST_SCHEMA = 10_000

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Linking:
    """Where a CKAN answers, and which files it links to.

    Those above `largest` bytes stand under `home`, the static portal's public address.
    """

    ckan: str
    home: str | None = None
    largest: int | None = None

    def links(self, resource: Resource) -> bool:
        """Whether the file is too large for CKAN to hold."""
        return self.largest is not None and resource.size > self.largest


@dataclass(frozen=True, slots=True)
class File:
    """A file that the portal shows, and the release that it belongs to."""

    release: Release
    resource: Resource


def files_of(page: Page) -> tuple[File, ...]:
    """The newest version's files in order, then the rows of former generations, the last first."""
    newest = [File(page.newest, each) for each in page.newest.resources]
    former = [
        File(release, each)
        for release in reversed(page.former)
        for each in release.resources
        if each.holds_rows
    ]
    return tuple({file.resource.name: file for file in reversed((*newest, *former))}.values())[::-1]


def resource_of(page: Page, file: File, linking: Linking) -> Document:
    """The file as CKAN's resource, without its bytes.

    Raises:
        ConfigurationError: it is too large for CKAN, and the portal has no public address.
    """
    resource = file.resource
    known = {
        "id": resource_id(page.municipality.number, page.contract.name, resource.name),
        "name": resource.name,
        "description": "\n\n".join(_told(page, file)),
        "format": _KNOWN_AS.get(resource.format, resource.format.upper()),
        "mimetype": MEDIA[resource.format],
        "size": resource.size,
        "hash": f"sha256:{resource.sha256}",
        "version": file.release.version,
        "created": _instant(_first_of(page, resource, same_bytes=False)),
        "last_modified": _instant(_first_of(page, resource, same_bytes=True)),
        **_schema(page, file),
    }
    if not linking.links(resource):
        return {**known, "url": resource.name, "url_type": "upload"}
    return {**known, "url": _link(page, resource, linking), "url_type": ""}


def _link(page: Page, resource: Resource, linking: Linking) -> str:
    if linking.home is None:
        what = f"{page.slug} {resource.name}: {resource.size} bytes are more than CKAN takes"
        raise ConfigurationError(
            [
                Problem(
                    what,
                    "portal.url",
                    "is not set, so that it cannot be linked to",
                    "https://data.example.no",
                )
            ]
        )
    return f"{folder_address(linking.home, page.slug)}latest/{resource.name}"


def _told(page: Page, file: File) -> Iterator[str]:
    about = _about(file.release).get(file.resource.name)
    for lang in LANGS:
        said = in_language(about, lang) if about else file.resource.name
        yield " ".join([said if said.endswith(".") else f"{said}.", *_succession(page, file, lang)])


def _about(release: Release) -> Mapping[str, Bilingual]:
    formed = chain(distributions(release), parts(release), further(release))
    told = {resource.name: form.about for resource, form in formed}
    return told | {resource.name: title for resource, title in documents(release)}


def _succession(page: Page, file: File, lang: Lang) -> Iterator[str]:
    """Which file it replaces, or is replaced by, and since when."""
    own, newest = file.resource, page.newest
    if not own.holds_all_rows:
        return
    if file.release.generation < newest.generation:
        since = _began(page, file.release.generation + 1)
        yield _said(_REPLACED, _alike(own, newest.resources), (page, since, lang))
    elif page.former:
        since = _began(page, newest.generation)
        yield _said(_REPLACES, _alike(own, page.former[-1].resources), (page, since, lang))


def _said(text: Bilingual, other: Resource, when: tuple[Page, Release, Lang]) -> str:
    page, since, lang = when
    local = since.released_at.astimezone(ZoneInfo(page.municipality.time_zone)).date()
    date = day(local, lang).replace("\xa0", " ")
    return in_language(text, lang).format(name=other.name, day=date)


def _alike(own: Resource, others: Iterable[Resource]) -> Resource:
    """The other version's file in the same format; its CSV where it has none."""
    rows = {each.format: each for each in others if each.holds_all_rows}
    return rows.get(own.format, rows["csv"])


def _began(page: Page, generation: int) -> Release:
    return next(each for each in page.releases if each.generation >= generation)


def _first_of(page: Page, resource: Resource, *, same_bytes: bool) -> Release:
    """The version that first had a file of that name; or that gave it the bytes of today."""
    return next(
        release
        for release in page.releases
        for each in release.resources
        if each.name == resource.name and (each.sha256 == resource.sha256 or not same_bytes)
    )


def _instant(release: Release) -> str:
    return release.released_at.astimezone(dt.UTC).replace(tzinfo=None).isoformat()


def _schema(page: Page, file: File) -> dict[str, str]:
    """The table schema of the CSV file, or where it stands."""
    resource = file.resource
    if resource.format != "csv" or not resource.holds_rows or file.release != page.newest:
        return {}
    released = {field.name for field in page.fields}
    keyed = {"primaryKey": list(page.contract.key)} if released >= set(page.contract.key) else {}
    schema = {"fields": [*map(_field, page.fields)], "missingValues": [""], **keyed}
    text = json.dumps(schema, ensure_ascii=False)
    return {"schema": text if len(text) <= _LARGEST_SCHEMA else PACKAGE}


def _field(field: Field) -> dict[str, str]:
    told = {
        "name": field.name,
        "type": KINDS[field.stored_type].data_package,
        "description": field.description.nb,
        "unit": field.unit,
    }
    return {key: value for key, value in told.items() if value}
