"""A released dataset as a graph: what it is, whose, and how it changes."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDFS, SKOS

from connectors.dcat.facts import Shown
from connectors.dcat.files import tell_files
from connectors.dcat.people import tell_people
from connectors.dcat.series import SERIES, tell_series
from connectors.dcat.statements import (
    ADMS,
    DCATAP,
    ELI,
    VERSION,
    Statements,
    day,
    instant,
    tags,
)
from connectors.dcat.vocabulary import check_words, concept, place
from connectors.portal import Page
from schemas.model import Bilingual

_REGULATION = URIRef("http://data.europa.eu/eli/reg_impl/2023/138/oj")
_REGULATION_TITLE = Bilingual(
    nb="Gjennomføringsforordning (EU) 2023/138 om datasett med høy verdi",
    en="Implementing Regulation (EU) 2023/138 on high-value datasets",
)
_SHARED = (
    DCTERMS.publisher,
    DCAT.contactPoint,
    DCTERMS.accessRights,
    DCAT.theme,
    DCAT.keyword,
)
_DATA_PACKAGE = "https://datapackage.org/standard/data-package/"


def dataset_of(shown: Shown) -> URIRef:
    """The dataset's own name."""
    return URIRef(f"{shown.address}#dataset")


def dataset_graph(page: Page, shown: Shown) -> Graph:
    """All that a catalogue says of the dataset, its files and its APIs, with the words it uses.

    Raises:
        ConfigurationError: the contract's publication says a word that no vocabulary knows.
    """
    check_words(page.contract)
    told = Statements()
    dataset = told.kind(dataset_of(shown), DCAT.Dataset)
    _tell_texts(told, dataset, page)
    tell_people(told, dataset, page, shown)
    _tell_themes(told, dataset, page)
    _tell_extent(told, dataset, page, shown)
    _tell_version(told, dataset, page)
    tell_files(told, dataset, page, shown)
    tell_series(told, dataset, page, shown)
    _tell_apis(told, dataset, page, shown)
    # without an API it may not be called a dataset of high value
    if page.publication.high_value and shown.apis:
        _tell_high_value(told, page.publication.high_value)
    return told.graph


def _tell_texts(told: Statements, dataset: URIRef, page: Page) -> None:
    texts = page.publication
    told.text(dataset, DCTERMS.title, texts.title)
    told.text(dataset, DCTERMS.description, texts.description)
    told.say(dataset, DCAT.keyword, *tags(texts.keyword.nb, "nb"), *tags(texts.keyword.en, "en"))
    told.say(dataset, DCTERMS.identifier, Literal(str(dataset)))
    told.say(dataset, DCTERMS.language, told.word("language", "NOB", DCTERMS.LinguisticSystem))


def _tell_themes(told: Statements, dataset: URIRef, page: Page) -> None:
    publication = page.publication
    themes = [concept("theme", word) for word in publication.theme]
    themes += [concept("los", word) for word in publication.los]
    told.say(dataset, DCAT.theme, *map(told.concept, themes))
    frequency = told.word("frequency", publication.frequency, DCTERMS.Frequency)
    told.say(dataset, DCTERMS.accrualPeriodicity, frequency)
    access = told.word("access", "PUBLIC", DCTERMS.RightsStatement)
    told.say(dataset, DCTERMS.accessRights, access)


def _tell_extent(told: Statements, dataset: URIRef, page: Page, shown: Shown) -> None:
    owner = page.municipality
    area = told.kind(URIRef(place(owner.name.nb) or f"{shown.address}#area"), DCTERMS.Location)
    told.text(area, SKOS.prefLabel, Bilingual(nb=owner.name.nb, en=owner.name.en or owner.name.nb))
    told.say(dataset, DCTERMS.spatial, told.word("country", "NOR", DCTERMS.Location), area)
    _tell_period(told, dataset, page, shown)


def _tell_period(told: Statements, dataset: URIRef, page: Page, shown: Shown) -> None:
    newest, zone = page.newest, ZoneInfo(page.municipality.time_zone)
    period = told.kind(URIRef(f"{shown.address}#period"), DCTERMS.PeriodOfTime)
    told.say(dataset, DCTERMS.temporal, period)
    # rows whose events are not released are what was known on that day
    last = newest.newest_event or newest.released_at
    told.say(period, DCAT.endDate, day(last.astimezone(zone).date()))
    if newest.oldest_event is not None:
        told.say(period, DCAT.startDate, day(newest.oldest_event.astimezone(zone).date()))


def _tell_version(told: Statements, dataset: URIRef, page: Page) -> None:
    newest = page.newest
    told.say(dataset, DCTERMS.issued, instant(page.releases[0].released_at))
    told.say(dataset, DCTERMS.modified, instant(newest.released_at))
    told.say(dataset, VERSION, Literal(newest.version))
    told.text(dataset, ADMS.versionNotes, _notes(page))
    title = Bilingual(nb="Data Package 2.0", en="Data Package 2.0")
    told.say(dataset, DCTERMS.conformsTo, told.standard(_DATA_PACKAGE, title))


def _notes(page: Page) -> Bilingual:
    newest = page.newest
    change, rows = newest.changes[-1], newest.rows
    if newest is page.releases[0]:
        return Bilingual(nb=f"Første versjon: {rows} rader.", en=f"First version: {rows} rows.")
    return Bilingual(
        nb=f"{rows} rader; siden forrige versjon {change.added} lagt til, {change.changed} endret "
        f"og {change.removed} fjernet.",
        en=f"{rows} rows; since the version before {change.added} added, {change.changed} changed "
        f"and {change.removed} removed.",
    )


def _tell_apis(told: Statements, dataset: URIRef, page: Page, shown: Shown) -> None:
    files = list(told.subjects(DCAT.Distribution))
    for api in shown.apis:
        service = told.kind(URIRef(f"{shown.address}#{api.name}"), DCAT.DataService)
        told.text(service, DCTERMS.title, api.title)
        told.say(service, DCAT.endpointURL, told.kind(URIRef(api.endpoint), RDFS.Resource))
        about = told.kind(URIRef(api.description), RDFS.Resource)
        told.say(service, DCAT.endpointDescription, about)
        told.say(service, FOAF.page, told.document(api.documentation, api.title))
        told.say(service, DCAT.servesDataset, *told.subjects(DCAT.Dataset))
        told.say(service, DCTERMS.identifier, Literal(str(service)))
        if api.standard is not None:
            told.say(service, DCTERMS.conformsTo, told.standard(*api.standard))
        told.say(service, DCTERMS.license, told.licence(page.publication.license))
        told.say(service, DCATAP.availability, told.word("availability", "STABLE"))
        for shared in _SHARED:
            told.say(service, shared, *told.graph.objects(dataset, shared))
        for file in files:
            told.say(file, DCAT.accessService, service)


def _tell_high_value(told: Statements, word: str) -> None:
    category = told.word("high_value", word)
    law = told.kind(_REGULATION, ELI.LegalResource)
    told.text(law, DCTERMS.title, _REGULATION_TITLE)
    for kind in (DCAT.Dataset, SERIES, DCAT.Distribution, DCAT.DataService):
        for subject in list(told.subjects(kind)):
            told.say(subject, DCATAP.applicableLegislation, law)
            if kind != DCAT.Distribution:
                told.say(subject, DCATAP.hvdCategory, category)
