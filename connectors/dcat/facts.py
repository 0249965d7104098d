"""What a portal tells the catalogue of itself: addresses, and what it offers beside files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from connectors.portal import Page
from schemas.model import Bilingual


@dataclass(frozen=True, slots=True)
class Api:
    """An API that gives the rows of a dataset.

    `name` is one word, unlike those of the dataset's other APIs. `description` is the address of
    what programs can read of it, `documentation` of what people can; `standard` is the address and
    name of what it conforms to.
    """

    name: str
    title: Bilingual
    endpoint: str
    description: str
    documentation: str
    standard: tuple[str, Bilingual] | None = None


def no_apis(_page: Page) -> tuple[Api, ...]:
    """None, for a portal of files alone."""
    return ()


@dataclass(frozen=True, slots=True)
class Shown:
    """Where a portal shows a dataset; all addresses are absolute.

    `address` never changes, and what belongs to the dataset is named under it; `files` gives the
    stable address of each of the newest version's files by its name.
    """

    address: str
    page: str
    files: Mapping[str, str]
    apis: tuple[Api, ...] = ()


@dataclass(frozen=True, slots=True)
class Catalogue:
    """A portal as a catalogue: where it stands, who answers for it and how to reach them."""

    address: str
    page: str
    title: Bilingual
    description: Bilingual
    publisher: Bilingual
    contact: str
    organisation_number: str | None = None
