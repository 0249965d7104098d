from __future__ import annotations

import datetime as dt

from rdflib import Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, RDF

from connectors.dcat.conformance import shortfalls
from connectors.dcat.quality import norwegian, score
from tests.connectors.dcat.made import in_years

HOME = "https://data.example.no/datasets/1103-parking_occupancy/"


def test_each_year_is_a_dataset_of_its_own_in_a_series() -> None:
    graph = in_years("2026", "2024", "2025")
    [series] = graph.subjects(RDF.type, URIRef(f"{DCAT}DatasetSeries"))
    members = list(graph.subjects(URIRef(f"{DCAT}inSeries"), series))
    assert sorted(map(str, members)) == [f"{HOME}#{year}" for year in (2024, 2025, 2026)]
    assert graph.value(series, URIRef(f"{DCAT}last")) == URIRef(f"{HOME}#2026")
    assert graph.value(series, URIRef(f"{DCAT}first")) == URIRef(f"{HOME}#2024")
    before = graph.value(URIRef(f"{HOME}#2026"), URIRef(f"{DCAT}prev"))
    assert before == URIRef(f"{HOME}#2025")


def test_a_year_tells_of_its_own_file_and_its_own_time() -> None:
    graph = in_years("2025")
    member = URIRef(f"{HOME}#2025")
    [file] = graph.objects(member, DCAT.distribution)
    assert str(graph.value(file, DCAT.downloadURL)).endswith("/latest/readings-2025.csv")
    period = graph.value(member, DCTERMS.temporal)
    last = Literal(dt.date(2025, 12, 31))
    assert (period, DCAT.endDate, last) in graph
    assert {str(title) for title in graph.objects(member, DCTERMS.title)} == {
        "Ledige parkeringsplasser 2025",
        "Free parking spaces 2025",
    }


def test_the_whole_dataset_stands_as_it_did() -> None:
    dataset = URIRef(f"{HOME}#dataset")
    alone, graph = in_years(), in_years("2025", "2026")
    assert set(graph.predicate_objects(dataset)) == set(alone.predicate_objects(dataset))
    assert not list(alone.subjects(RDF.type, URIRef(f"{DCAT}DatasetSeries")))


def test_a_series_lacks_nothing_and_has_all_points() -> None:
    graph = in_years("2025", "2026", api=True, high_value="mobility")
    assert shortfalls(graph) == []
    assert score(graph, conforms=True).total == 405
    assert norwegian(graph, conforms=True).total == 365


def test_the_points_are_those_of_the_poorest_dataset() -> None:
    graph = in_years("2025")
    graph.remove((URIRef(f"{HOME}#2025"), DCTERMS.spatial, None))
    assert score(graph, conforms=True).total == 385
