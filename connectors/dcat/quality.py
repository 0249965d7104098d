"""How good a dataset's metadata are, by the points of data.europa.eu and of data.norge.no.

Nothing is fetched: whether an address answers is what the caller says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from rdflib import Graph, URIRef
from rdflib.namespace import DCAT, DCTERMS, RDF
from rdflib.term import Node

from connectors.dcat.points import MAXIMUM
from connectors.dcat.vocabulary import file_types

_AUTHORITY = "http://publications.europa.eu/resource/authority/"
_MEDIA = "https://www.iana.org/assignments/media-types/"
_MACHINE = {"non_proprietary": 20, "machine_readable": 20}
_UNMEASURED = ("format_match", "syntax_valid", *_MACHINE)

Reach = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Score:
    """Points by metric, and what the method can give at most."""

    points: Mapping[str, float]
    maximum: int

    @property
    def total(self) -> float:
        """All points together, to a tenth."""
        return round(sum(self.points.values()), 1)

    @property
    def lost(self) -> tuple[str, ...]:
        """The metrics that fell short of all their points."""
        return tuple(name for name, given in self.points.items() if given < WEIGHTS.get(name, 15))


WEIGHTS = {
    "keyword": 30,
    "theme": 30,
    "spatial": 20,
    "temporal": 20,
    "access_url_reachable": 50,
    "download_url": 20,
    "download_url_reachable": 30,
    "format": 20,
    "media_type": 10,
    "from_vocabulary": 10,
    **_MACHINE,
    "conforms": 30,
    "license": 20,
    "known_license": 10,
    "access_rights": 10,
    "access_rights_from_vocabulary": 5,
    "contact_point": 20,
    "publisher": 10,
    "rights": 5,
    "byte_size": 5,
    "issued": 5,
    "modified": 5,
}


def served(address: str) -> bool:
    """Whether it is an address on the web at all: what the portal names there it also serves."""
    return address.startswith(("http://", "https://"))


def score(graph: Graph, *, conforms: bool, reach: Reach = served) -> Score:
    """The European method on the graph, which `conforms` to the shapes or not.

    What is asked of distributions counts by the share of them that have it. Of several datasets,
    as those of a series, the points are those of the one that has least.
    """
    found = [_scored(graph, each, conforms=conforms, reach=reach) for each in _datasets(graph)]
    return min(found, key=lambda each: each.total)


def _datasets(graph: Graph) -> list[Node]:
    return sorted(graph.subjects(RDF.type, DCAT.Dataset), key=str)


def _scored(graph: Graph, dataset: Node, *, conforms: bool, reach: Reach) -> Score:
    files = list(graph.objects(dataset, DCAT.distribution))
    shares = _of_dataset(graph, dataset) | _of_files([_of_file(graph, f, reach) for f in files])
    shares["conforms"] = float(conforms)
    return Score(
        {name: weight * shares.get(name, 0.0) for name, weight in WEIGHTS.items()}, MAXIMUM
    )


def norwegian(graph: Graph, *, conforms: bool, reach: Reach = served) -> Score:
    """The method of data.norge.no: the best distribution counts, and four metrics always fail.

    `conforms` is about the shapes of DCAT-AP-NO 2.0, which are what it asks for.
    """
    found = [
        _scored_in_norway(graph, each, conforms=conforms, reach=reach) for each in _datasets(graph)
    ]
    return min(found, key=lambda each: each.total)


def _scored_in_norway(graph: Graph, dataset: Node, *, conforms: bool, reach: Reach) -> Score:
    files = list(graph.objects(dataset, DCAT.distribution))
    measured = {name: weight for name, weight in WEIGHTS.items() if name not in _UNMEASURED}
    own = _of_dataset(graph, dataset) | {"conforms": float(conforms)}
    own["keyword"] = max(own["keyword"], _has(graph, dataset, DCTERMS.subject))

    def points(shares: Mapping[str, float]) -> dict[str, float]:
        return {name: weight * shares.get(name, 0.0) for name, weight in measured.items()}

    found = [points(own | _of_file(graph, file, reach)) for file in files] or [points(own)]
    best = max(found, key=lambda given: sum(given.values()))
    return Score(best | dict.fromkeys(_UNMEASURED, 0.0), sum(measured.values()))


def _of_dataset(graph: Graph, dataset: Node) -> dict[str, float]:
    rights = _values(graph, dataset, DCTERMS.accessRights)
    return {
        "keyword": _has(graph, dataset, DCAT.keyword),
        "theme": _has(graph, dataset, DCAT.theme),
        "spatial": _has(graph, dataset, DCTERMS.spatial),
        "temporal": _has(graph, dataset, DCTERMS.temporal),
        "access_rights": float(bool(rights)),
        "access_rights_from_vocabulary": _all_under(rights, f"{_AUTHORITY}access-right/"),
        "contact_point": _has(graph, dataset, DCAT.contactPoint),
        "publisher": _has(graph, dataset, DCTERMS.publisher),
        "issued": _has(graph, dataset, DCTERMS.issued),
        "modified": _has(graph, dataset, DCTERMS.modified),
    }


def _of_file(graph: Graph, file: Node, reach: Reach) -> dict[str, float]:
    pages, downloads = (_values(graph, file, p) for p in (DCAT.accessURL, DCAT.downloadURL))
    formats, media = (_values(graph, file, p) for p in (DCTERMS.format, DCAT.mediaType))
    licences = _values(graph, file, DCTERMS.license)
    in_table = _all_under(formats, f"{_AUTHORITY}file-type/")
    return {
        "access_url_reachable": _all(pages, reach),
        "download_url": float(bool(downloads)),
        "download_url_reachable": _all(downloads, reach),
        "format": float(bool(formats)),
        "media_type": float(bool(media)),
        "from_vocabulary": min(in_table, _all_under(media, _MEDIA)),
        "non_proprietary": _all(formats, file_types("non_proprietary").__contains__),
        "machine_readable": _all(formats, file_types("machine_readable").__contains__),
        "license": float(bool(licences)),
        "known_license": _all_under(licences, f"{_AUTHORITY}licence/"),
        "rights": _has(graph, file, DCTERMS.rights),
        "byte_size": _has(graph, file, DCAT.byteSize),
    }


def _of_files(found: Sequence[Mapping[str, float]]) -> dict[str, float]:
    names = dict.fromkeys(chain.from_iterable(found))
    return {name: sum(each[name] for each in found) / len(found) for name in names}


def _values(graph: Graph, subject: Node, predicate: URIRef) -> list[str]:
    return [str(value) for value in graph.objects(subject, predicate)]


def _has(graph: Graph, subject: Node, predicate: URIRef) -> float:
    return float((subject, predicate, None) in graph)


def _all(values: Sequence[str], holds: Reach) -> float:
    return float(bool(values) and all(map(holds, values)))


def _all_under(values: Sequence[str], root: str) -> float:
    return _all(values, lambda value: value.startswith(root))
