"""The files of a release in a dataset's graph: distributions, further formats and documents."""

from __future__ import annotations

from dataclasses import dataclass

from rdflib import Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDFS, XSD

from connectors.dcat.facts import Shown
from connectors.dcat.forms import Form, distributions, documents, further
from connectors.dcat.statements import ADMS, DCATAP, ODRS, SPDX, Statements, instant, tagged
from connectors.portal import Page
from schemas.licences import LICENCES
from schemas.model import Bilingual
from schemas.stages import RECEIPT, Resource

_MEDIA = "https://www.iana.org/assignments/media-types"
# the official shapes ask for this spelling of the algorithm, and for the class in the other
_SHA256 = URIRef("https://spdx.org/rdf/terms#checksumAlgorithm_sha256")


def tell_files(told: Statements, dataset: URIRef, page: Page, shown: Shown) -> None:
    """Say which files the dataset has, where they are and what they hold."""
    _Files(told, dataset, page, shown).tell()


def tell_part(told: Statements, part: tuple[Resource, Form], page: Page, shown: Shown) -> URIRef:
    """Say of the file of one period where it is and what it holds; its name."""
    return _Files(told, URIRef(shown.address), page, shown).distribution(*part)


@dataclass(frozen=True, slots=True)
class _Files:
    told: Statements
    dataset: URIRef
    page: Page
    shown: Shown

    def tell(self) -> None:
        newest = self.page.newest
        known = [self.distribution(file, form) for file, form in distributions(newest)]
        self.told.say(self.dataset, DCAT.distribution, *known)
        for file, form in further(newest):
            other = self._further(file, form)
            self.told.say(self.dataset, DCTERMS.relation, other)
            for each in known:
                self.told.say(each, DCTERMS.hasFormat, other)
        for file, title in documents(newest):
            self._tell_document(file, title)

    def distribution(self, file: Resource, form: Form) -> URIRef:
        told = self.told
        known = told.kind(URIRef(f"{self.shown.address}#{file.name}"), DCAT.Distribution)
        self._tell_bytes(known, file)
        self._tell_terms(known)
        told.say(known, DCAT.accessURL, told.kind(URIRef(self.shown.page), RDFS.Resource))
        told.text(known, DCTERMS.title, form.title)
        told.text(known, DCTERMS.description, form.about)
        told.say(known, DCAT.mediaType, self._media(form))
        told.say(known, DCTERMS.language, told.word("language", "NOB", DCTERMS.LinguisticSystem))
        if form.file_type is not None:
            kind = told.word("file_type", form.file_type, DCTERMS.MediaTypeOrExtent)
            told.say(known, DCTERMS.format, kind)
        if form.standard is not None:
            told.say(known, DCTERMS.conformsTo, told.standard(*form.standard))
        return known

    def _tell_bytes(self, known: URIRef, file: Resource) -> None:
        told, address = self.told, URIRef(self.shown.files[file.name])
        told.say(known, DCAT.downloadURL, told.kind(address, RDFS.Resource))
        size = Literal(str(file.size), datatype=XSD.nonNegativeInteger)
        told.say(known, DCAT.byteSize, size)
        checksum = told.kind(URIRef(f"{known}-checksum"), SPDX.Checksum)
        told.say(known, SPDX.checksum, checksum)
        told.say(checksum, SPDX.algorithm, told.kind(_SHA256, SPDX.ChecksumAlgorithm))
        digest = Literal(file.sha256, datatype=XSD.hexBinary, normalize=False)
        told.say(checksum, SPDX.checksumValue, digest)

    def _tell_terms(self, known: URIRef) -> None:
        told = self.told
        told.say(known, DCTERMS.license, told.licence(self.page.publication.license))
        told.say(known, DCTERMS.rights, self._rights())
        told.say(known, ADMS.status, told.word("status", "COMPLETED"))
        told.say(known, DCATAP.availability, told.word("availability", "STABLE"))
        told.say(known, DCTERMS.issued, instant(self.page.releases[0].released_at))
        told.say(known, DCTERMS.modified, instant(self.page.newest.released_at))

    def _rights(self) -> URIRef:
        rights = URIRef(f"{self.shown.address}#rights")
        self.told.kind(rights, DCTERMS.RightsStatement, ODRS.RightsStatement)
        self.told.text(rights, RDFS.label, LICENCES[self.page.publication.license].asks)
        source = tagged(self.page.municipality.name.nb, "nb")
        self.told.say(rights, ODRS.attributionText, source)
        return rights

    def _media(self, form: Form) -> URIRef:
        return self.told.kind(URIRef(f"{_MEDIA}/{form.media}"), DCTERMS.MediaType)

    def _further(self, file: Resource, form: Form) -> URIRef:
        known = self.told.document(self.shown.files[file.name], form.title)
        self.told.text(known, DCTERMS.description, form.about)
        self.told.say(known, DCTERMS.format, self._media(form))
        return known

    def _tell_document(self, file: Resource, title: Bilingual) -> None:
        known = self.told.document(self.shown.files[file.name], title)
        self.told.say(self.dataset, FOAF.page, known)
        if file.name == RECEIPT:
            self.told.kind(known, DCTERMS.ProvenanceStatement)
            self.told.say(self.dataset, DCTERMS.provenance, known)
            self.told.text(known, RDFS.label, title)
