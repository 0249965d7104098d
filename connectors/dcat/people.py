"""Who stands behind a dataset in its graph: who publishes it, who answers, who releases it."""

from __future__ import annotations

from rdflib import URIRef
from rdflib.namespace import DCAT, DCTERMS, PROV

from connectors.dcat.facts import Shown
from connectors.dcat.statements import Statements
from connectors.portal import Page
from schemas.network import Organisation
from schemas.publishers import own_organisation


def tell_people(told: Statements, dataset: URIRef, page: Page, shown: Shown) -> None:
    """Say who publishes the dataset and whom to ask; and who releases it, where that is another."""
    publisher, owner = page.publisher, own_organisation(page.municipality)
    told.say(dataset, DCTERMS.publisher, _agent(told, publisher))
    contact = told.contact(
        f"{shown.address}#contact", publisher.name, publisher.contact, shown.page
    )
    told.say(dataset, DCAT.contactPoint, contact)
    told.say(dataset, DCAT.landingPage, told.document(shown.page, page.publication.title))
    if page.is_partners:
        releasing = told.kind(URIRef(f"{shown.address}#release"), PROV.Attribution)
        told.say(releasing, PROV.agent, _agent(told, owner))
        told.say(releasing, DCAT.hadRole, told.word("role", "distributor", DCAT.Role))
        told.say(dataset, PROV.qualifiedAttribution, releasing)


def _agent(told: Statements, body: Organisation) -> URIRef:
    return told.organisation(body.organisation_number, body.name, body.kind)
