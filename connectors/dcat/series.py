"""Time-sliced data in a dataset's graph: a series, and a dataset of its own for each year."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise

from rdflib import Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS

from connectors.dcat.facts import Shown
from connectors.dcat.files import tell_part
from connectors.dcat.forms import Form, parts
from connectors.dcat.statements import ADMS, VERSION, Statements, day
from connectors.portal import Page
from schemas.model import Bilingual
from schemas.stages import Resource

# the library's own list of terms is that of DCAT 2
SERIES, _IN_SERIES = URIRef(f"{DCAT}DatasetSeries"), URIRef(f"{DCAT}inSeries")
_FIRST, _LAST, _BEFORE = (URIRef(f"{DCAT}{word}") for word in ("first", "last", "prev"))
_OF_ALL = (
    DCTERMS.publisher,
    DCAT.contactPoint,
    DCAT.theme,
    DCTERMS.spatial,
    DCTERMS.issued,
    DCTERMS.modified,
    DCTERMS.accrualPeriodicity,
)
_OF_EACH = (
    *_OF_ALL,
    DCTERMS.description,
    DCTERMS.accessRights,
    DCTERMS.language,
    DCAT.keyword,
    DCAT.landingPage,
    VERSION,
    ADMS.versionNotes,
)


def tell_series(told: Statements, dataset: URIRef, page: Page, shown: Shown) -> None:
    """Say which years the dataset can be had by, one dataset each; nothing where it has no parts.

    The dataset itself, with all its rows, stands as it is and belongs to no series.
    """
    years = _Years(told, dataset, page, shown)
    members = [years.member(*part) for part in parts(page.newest)]
    if not members:
        return
    series = years.series()
    told.say(series, _FIRST, members[0])
    told.say(series, _LAST, members[-1])
    for member in members:
        told.say(member, _IN_SERIES, series)
    for before, after in pairwise(members):
        told.say(after, _BEFORE, before)


@dataclass(frozen=True, slots=True)
class _Years:
    told: Statements
    dataset: URIRef
    page: Page
    shown: Shown

    def series(self) -> URIRef:
        series = self.told.kind(URIRef(f"{self.shown.address}#series"), SERIES)
        title = self.page.publication.title
        years = Bilingual(nb=f"{title.nb}, år for år", en=f"{title.en}, year by year")
        self.told.text(series, DCTERMS.title, years)
        self.told.text(series, DCTERMS.description, self.page.publication.description)
        self._as_all(series, (*_OF_ALL, DCTERMS.temporal))
        return series

    def member(self, file: Resource, form: Form) -> URIRef:
        year, title = file.part or "", self.page.publication.title
        member = self.told.kind(URIRef(f"{self.shown.address}#{year}"), DCAT.Dataset)
        named = Bilingual(nb=f"{title.nb} {year}", en=f"{title.en} {year}")
        self.told.text(member, DCTERMS.title, named)
        self.told.say(member, DCTERMS.identifier, Literal(str(member)))
        self._as_all(member, _OF_EACH)
        self._tell_period(member, int(year))
        known = tell_part(self.told, (file, form), self.page, self.shown)
        self.told.say(member, DCAT.distribution, known)
        return member

    def _as_all(self, subject: URIRef, predicates: tuple[URIRef, ...]) -> None:
        for predicate in predicates:
            self.told.say(subject, predicate, *self.told.graph.objects(self.dataset, predicate))

    def _tell_period(self, member: URIRef, year: int) -> None:
        period = self.told.kind(URIRef(f"{member}-period"), DCTERMS.PeriodOfTime)
        self.told.say(member, DCTERMS.temporal, period)
        self.told.say(period, DCAT.startDate, day(dt.date(year, 1, 1)))
        self.told.say(period, DCAT.endDate, day(dt.date(year, 12, 31)))
