"""The controlled words of the catalogue: what a contract may say, and the concept behind it.

No RDF here, so that a network's files are checked without it.
"""

from __future__ import annotations

import csv
import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from schemas.contract import Contract, Publication
from schemas.documents import read_yaml
from schemas.errors import ConfigurationError, Problem
from schemas.model import Bilingual

Kind = Literal[
    "theme",
    "los",
    "frequency",
    "licence",
    "licence_type",
    "access",
    "language",
    "status",
    "availability",
    "country",
    "publisher",
    "role",
    "high_value",
    "file_type",
]
Measure = Literal["non_proprietary", "machine_readable"]
_LOS = "https://psi.norge.no/los"
_LOS_TITLES = {
    "tema": Bilingual(nb="LOS-temaer", en="LOS themes"),
    "ord": Bilingual(nb="LOS-emneord", en="LOS subject words"),
}
_PLACES = "https://data.geonorge.no/administrativeEnheter/kommune/id"
_NAMES: dict[Kind, str] = {
    "theme": "EU data theme",
    "los": "LOS word",
    "frequency": "EU frequency",
    "licence": "licence",
    "high_value": "category of high-value datasets",
}


@dataclass(frozen=True, slots=True)
class Scheme:
    """A vocabulary: its IRI and its name."""

    iri: str
    title: Bilingual


@dataclass(frozen=True, slots=True)
class Concept:
    """One word of a vocabulary: its IRI, its name, and the vocabulary that it stands in."""

    iri: str
    label: Bilingual
    scheme: Scheme


def concept(kind: Kind, word: str) -> Concept:
    """The concept behind the word; KeyError where there is none."""
    return concepts(kind)[word]


@cache
def concepts(kind: Kind) -> Mapping[str, Concept]:
    """All words of that kind."""
    return dict(_los() if kind == "los" else _read(_document()[kind]))


@cache
def place(municipality: str) -> str | None:
    """The IRI of the municipality's area by its Norwegian name; None where it is not known."""
    name = municipality.removesuffix(" kommune")
    return next((f"{_PLACES}/{row['id']}" for row in _rows("places") if row["name"] == name), None)


def file_types(measure: Measure) -> frozenset[str]:
    """The IRIs of the file types that the European method counts so."""
    scheme = _document()["file_type"]["scheme"]
    return frozenset(f"{scheme}/{code}" for code in _document()[measure])


def check_words(contract: Contract) -> None:
    """ConfigurationError with a line for each word of the publication that is not known."""
    problems = unknown_words(contract)
    if problems:
        raise ConfigurationError(problems)


def unknown_words(contract: Contract) -> list[Problem]:
    """What the contract's publication says that no vocabulary knows, with the nearest word."""
    if contract.publication is None:
        return []
    return [
        Problem(contract.file, f"release.{field}", f'"{word}" is no {_NAMES[kind]}', nearest)
        for field, kind, words in _said(contract.publication)
        for word in words
        if word not in concepts(kind)
        for nearest in [_nearest(word, concepts(kind))]
    ]


def _said(publication: Publication) -> Iterator[tuple[str, Kind, tuple[str, ...]]]:
    yield "theme", "theme", publication.theme
    yield "los", "los", publication.los
    yield "frequency", "frequency", (publication.frequency,)
    yield "license", "licence", (publication.license,)
    yield "high_value", "high_value", (publication.high_value,) if publication.high_value else ()


def _nearest(word: str, known: Iterable[str]) -> str:
    longer = sorted(other for other in known if other.startswith(word))
    return longer[0] if longer else difflib.get_close_matches(word, known, 1, cutoff=0)[0]


def _los() -> Iterator[tuple[str, Concept]]:
    schemes = {
        kind: Scheme(f"{_LOS}/ontologi/{kind}", title) for kind, title in _LOS_TITLES.items()
    }
    for row in _rows("los"):
        word, kind, label = row["word"], row["kind"], Bilingual(nb=row["nb"], en=row["en"])
        yield word, Concept(f"{_LOS}/{kind}/{word}", label, schemes[kind])


def _read(section: Mapping[str, Any]) -> Iterator[tuple[str, Concept]]:
    scheme = Scheme(section["scheme"], Bilingual(**section["title"]))
    root = section.get("root", scheme.iri)
    for word, said in section["words"].items():
        label = Bilingual(nb=said["nb"], en=said["en"])
        yield word, Concept(f"{root}/{said.get('code', word)}", label, scheme)


@cache
def _document() -> Mapping[str, Any]:
    return read_yaml(Path(__file__).with_name("vocabulary.yaml"))


@cache
def _rows(name: str) -> tuple[dict[str, str], ...]:
    lines = _beside(f"{name}.tsv").splitlines()
    return tuple(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def _beside(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8")
