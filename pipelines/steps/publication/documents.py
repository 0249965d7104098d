"""What stands beside the files of a release and tells of them, for people and for programs."""

import hashlib
import json
from dataclasses import dataclass, replace
from pathlib import Path

from pipelines.steps.publication.croissant import Croissant
from pipelines.steps.publication.datapackage import Package
from pipelines.steps.publication.dictionary import dictionary
from pipelines.steps.publication.opened import Opened
from pipelines.steps.site import Site
from schemas.contract import Publication
from schemas.stages import CROISSANT, DICTIONARY, PACKAGE, FormatWord, Release, Resource


@dataclass(frozen=True, slots=True)
class Documents:
    """The documents of a dataset's releases; those of one release always have the same bytes."""

    site: Site
    publication: Publication

    def resources(self, release: Release) -> tuple[Resource, ...]:
        """What the release's documents are, as files of it."""
        return tuple(_resource(name, held) for name, held in self._of(release).items())

    def write(self, release: Release, folder: Path) -> tuple[Path, ...]:
        """Write the release's documents into the folder."""
        paths = []
        for name, held in self._of(release).items():
            paths.append(folder / name)
            paths[-1].write_bytes(held)
        return tuple(paths)

    def _of(self, release: Release) -> dict[str, bytes]:
        owner, contract = self.site.municipality, self.site.contract
        opened = Opened.of(self.site)
        files = tuple(resource for resource in release.resources if resource.holds_rows)
        told = replace(release, resources=files)
        said = (owner, self.site.publisher, contract, self.publication, opened.fields)
        return {
            DICTIONARY: dictionary(opened.fields),
            PACKAGE: _json(Package(*said).describe(told)),
            CROISSANT: _json(Croissant(*said).describe(told)),
        }


def _json(document: dict[str, object]) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def _resource(name: str, held: bytes) -> Resource:
    form: FormatWord = "csv" if name == DICTIONARY else "json"
    return Resource(name, form, hashlib.sha256(held).hexdigest(), len(held), 0)
