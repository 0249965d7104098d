"""A release described by Croissant 1.1, for those who train models on it.

Source: https://docs.mlcommons.org/croissant/docs/croissant-spec-1.1.html
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from schemas.contract import Contract, Field, Publication
from schemas.licences import LICENCES
from schemas.media import MEDIA
from schemas.municipality import Municipality
from schemas.network import Organisation
from schemas.stages import Release, Resource
from schemas.types import TypeWord

_VERSION = "http://mlcommons.org/croissant/1.1"
_REGISTER = "https://data.brreg.no/enhetsregisteret/api/enheter"
_ROWS = "rows"
_TYPES: Mapping[TypeWord, str] = {
    "string": "sc:Text",
    "integer": "cr:Int64",
    "number": "cr:Float64",
    "boolean": "sc:Boolean",
    "date": "sc:Date",
    "timestamp": "sc:DateTime",
}

_Document = dict[str, object]


@dataclass(frozen=True, slots=True)
class Croissant:
    """Who releases which fields of which dataset, and how it is presented."""

    owner: Municipality
    publisher: Organisation
    contract: Contract
    publication: Publication
    fields: tuple[Field, ...]

    def describe(self, release: Release) -> _Document:
        """The description of the release's data files, which stand beside it."""
        texts, day = self.publication, release.released_at.date().isoformat()
        name = f"{self.owner.number}-{self.contract.name}"
        licence, publisher = LICENCES[texts.license], self.publisher.name.nb
        files = [each for each in release.resources if each.holds_all_rows]
        return {
            "@context": json.loads(_context()),
            "@type": "sc:Dataset",
            "conformsTo": _VERSION,
            "name": name,
            "alternateName": [texts.title.nb, texts.title.en],
            "description": {"nb": texts.description.nb, "en": texts.description.en},
            "license": licence.url.en,
            "keywords": list(dict.fromkeys([*texts.keyword.nb, *texts.keyword.en])),
            "version": release.version,
            "datePublished": day,
            "creator": self._publisher(),
            "publisher": self._publisher(),
            "citeAs": f"{publisher}: {texts.title.nb}, {release.version}. {licence.name}.",
            "distribution": [_file(resource) for resource in files],
            "recordSet": [self._rows(files)],
        }

    def _publisher(self) -> _Document:
        return {
            "@type": "sc:Organization",
            "name": self.publisher.name.nb,
            "url": f"{_REGISTER}/{self.publisher.organisation_number}",
            "email": self.publisher.contact,
        }

    def _rows(self, files: Sequence[Resource]) -> _Document:
        names = {field.name for field in self.fields}
        key = [{"@id": f"{_ROWS}/{name}"} for name in self.contract.key]
        told: _Document = {"key": key} if names.issuperset(self.contract.key) else {}
        source = next(file.name for file in files if file.format == "csv")
        return {
            "@type": "cr:RecordSet",
            "@id": _ROWS,
            "name": _ROWS,
            **told,
            "field": [_field(field, source) for field in self.fields],
        }


def _context() -> str:
    return Path(__file__).with_name("croissant_context.json").read_text(encoding="utf-8")


def _file(resource: Resource) -> _Document:
    return {
        "@type": "cr:FileObject",
        "@id": resource.name,
        "name": resource.name,
        "contentUrl": resource.name,
        "contentSize": f"{resource.size} B",
        "encodingFormat": MEDIA[resource.format],
        "sha256": resource.sha256,
    }


def _field(field: Field, source: str) -> _Document:
    return {
        "@type": "cr:Field",
        "@id": f"{_ROWS}/{field.name}",
        "name": field.name,
        "description": {"nb": field.description.nb, "en": field.description.en},
        "dataType": _TYPES[field.stored_type],
        "source": {"fileObject": {"@id": source}, "extract": {"column": field.name}},
    }
