"""A release described as a Data Package 2.0, in Norwegian and English.

Source: https://datapackage.org/standard/data-package/
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from schemas.contract import Contract, Field, Publication
from schemas.instants import in_utc
from schemas.licences import LICENCES
from schemas.media import MEDIA
from schemas.model import Bilingual
from schemas.municipality import Municipality
from schemas.network import Organisation
from schemas.stages import GEOMETRY, FormatWord, Release, Resource
from schemas.types import KINDS

_PROFILES = "https://datapackage.org/profiles/2.0"
_TABLES = ("csv", "parquet", "xlsx", "json")
# validators count no bytes of these, and would hold that against a number told here
_UNCOUNTED = ("parquet", "json")
_TEXTS = ("csv", "json", "geojson")
_POINTS: Mapping[FormatWord, str] = {"geojson": "geojson", "geoparquet": "any"}
_POINT = Bilingual(
    nb="Punktet der raden hører til, i WGS 84.",
    en="The point that the row belongs to, in WGS 84.",
)

_Document = dict[str, object]


@dataclass(frozen=True, slots=True)
class Package:
    """Who releases which fields of which dataset, and how it is presented."""

    owner: Municipality
    publisher: Organisation
    contract: Contract
    publication: Publication
    fields: tuple[Field, ...]

    @property
    def name(self) -> str:
        """The package's name, the same for every version."""
        return f"{self.owner.number}-{self.contract.name}"

    def describe(self, release: Release) -> _Document:
        """The descriptor of the release's data files, which stand beside it."""
        texts = self.publication
        return {
            "$schema": f"{_PROFILES}/datapackage.json",
            "name": self.name,
            "title": texts.title.nb,
            "description": texts.description.nb,
            "titles": texts.title.model_dump(),
            "descriptions": texts.description.model_dump(),
            "version": release.version,
            "created": in_utc(release.released_at),
            "keywords": list(dict.fromkeys([*texts.keyword.nb, *texts.keyword.en])),
            "licenses": [self._licence()],
            "contributors": self._contributors(),
            "contract": {"name": self.contract.name, "version": release.contract_version},
            "resources": [self._resource(resource) for resource in release.resources],
        }

    def _licence(self) -> _Document:
        licence = LICENCES[self.publication.license]
        return {"name": licence.name, "path": licence.url.en, "title": licence.title.en}

    def _contributors(self) -> list[_Document]:
        publisher: _Document = {
            "title": self.publisher.name.nb,
            "email": self.publisher.contact,
            "roles": ["publisher"],
        }
        owner, partner = self.owner, self.publisher.organisation_number
        releases: _Document = {"title": owner.name.nb, "roles": ["distributor"]}
        own = [publisher] if partner == owner.organisation_number else [publisher, releases]
        channels = (c for c in self.contract.support if c.url.startswith("mailto:"))
        return own + [
            {"title": c.channel, "email": c.url.removeprefix("mailto:"), "roles": ["contact"]}
            for c in channels
        ]

    def _resource(self, resource: Resource) -> _Document:
        year = (resource.part,) if resource.part else ()
        document: _Document = {
            "name": "-".join([self.contract.name.replace("_", "-"), resource.format, *year]),
            "path": resource.name,
            "title": " ".join([self.publication.title.nb, *year]),
            "format": resource.format,
            "mediatype": MEDIA[resource.format],
            "hash": f"sha256:{resource.sha256}",
            "schema": _schema(self.contract, self.fields, resource.format),
        }
        table = {"type": "table", "rows": resource.rows} if resource.format in _TABLES else {}
        size = {} if resource.format in _UNCOUNTED else {"bytes": resource.size}
        text = {"encoding": "utf-8"} if resource.format in _TEXTS else {}
        return document | size | table | text


def _schema(contract: Contract, fields: Sequence[Field], form: FormatWord) -> _Document:
    names = {field.name for field in fields}
    point = [_point(_POINTS[form])] if form in _POINTS else []
    schema: _Document = {
        "$schema": f"{_PROFILES}/tableschema.json",
        "fields": [*map(_field, fields), *point],
        "missingValues": [""],
    }
    return schema | ({"primaryKey": list(contract.key)} if names.issuperset(contract.key) else {})


def _point(kind: str) -> _Document:
    return {
        "name": GEOMETRY,
        "type": kind,
        "description": _POINT.nb,
        "descriptions": _POINT.model_dump(),
    }


def _field(field: Field) -> _Document:
    document: _Document = {
        "name": field.name,
        "type": KINDS[field.stored_type].data_package,
        "title": field.name.replace("_", " ").capitalize(),
        "description": field.description.nb,
        "descriptions": field.description.model_dump(),
    }
    extras = {"unit": field.unit, "constraints": _constraints(field)}
    return document | {key: value for key, value in extras.items() if value}


def _constraints(field: Field) -> _Document:
    whole = field.type == "integer"
    bounds = {"minimum": field.minimum, "maximum": field.maximum}
    numbers = {k: int(v) if whole else v for k, v in bounds.items() if v is not None}
    texts = {
        "pattern": field.pattern,
        "minLength": field.min_length,
        "maxLength": field.max_length,
    }
    required: _Document = {"required": True} if field.required else {}
    return required | numbers | {k: v for k, v in texts.items() if v is not None}
