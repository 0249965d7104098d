"""What the files of a release are to a catalogue: distributions, further formats, documents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from pydantic import TypeAdapter

from schemas.model import Bilingual
from schemas.stages import Release, Resource


@dataclass(frozen=True, slots=True)
class Form:
    """A file format: its media type, its names, and what it conforms to.

    One without a `file_type` is a further format of the rows, no distribution.
    """

    media: str
    title: Bilingual
    about: Bilingual
    file_type: str | None = None
    standard: tuple[str, Bilingual] | None = None


@dataclass(frozen=True, slots=True)
class Forms:
    """Every format that rows are released in, and every document beside them."""

    formats: Mapping[str, Form]
    documents: Mapping[str, Bilingual]


def distributions(release: Release) -> Iterator[tuple[Resource, Form]]:
    """The files that are distributions of the dataset."""
    return (pair for pair in _rows(release) if pair[1].file_type is not None)


def parts(release: Release) -> Iterator[tuple[Resource, Form]]:
    """The files that hold the rows of one period each, in order of time."""
    return iter(sorted(_parts(release), key=lambda pair: pair[0].part or ""))


def further(release: Release) -> Iterator[tuple[Resource, Form]]:
    """The files that hold the same rows in formats that no distribution may have."""
    return (pair for pair in _rows(release) if pair[1].file_type is None)


def documents(release: Release) -> Iterator[tuple[Resource, Bilingual]]:
    """The files that tell of the others, and what each is."""
    known = _forms().documents
    return ((file, known[file.name]) for file in release.resources if file.name in known)


def _rows(release: Release) -> Iterator[tuple[Resource, Form]]:
    forms = _forms()
    held = (file for file in release.resources if file.name not in forms.documents)
    return ((file, forms.formats[file.format]) for file in held if file.part is None)


def _parts(release: Release) -> Iterator[tuple[Resource, Form]]:
    formats = _forms().formats
    return ((file, formats[file.format]) for file in release.resources if file.part is not None)


@cache
def _forms() -> Forms:
    text = Path(__file__).with_name("forms.yaml").read_text(encoding="utf-8")
    return TypeAdapter(Forms).validate_python(yaml.safe_load(text))
