"""The record of processing activities as Markdown in Norwegian."""

from __future__ import annotations

from gdpr.records.record_text import TREATMENTS, days, table, told
from gdpr.records.ropa import Processing, Ropa

_PAIR = ("", "")
_DATA = ("Felt", "Opplysning", "Klasse", "I sjøen")
_RECIPIENTS = ("Mottaker", "Felt", "Formål", "Grunnlag", "Til")


def ropa_text(record: Ropa) -> str:
    """The record, one heading a processing."""
    rows = (
        ("Behandlingsansvarlig", f"{record.controller}, org.nr. {record.organisation_number}"),
        ("Kontakt", record.contact),
        ("Personvernombud", record.data_protection_officer),
        ("Policy", record.policy),
        ("Datasett uten personopplysninger", record.without_persons),
    )
    head = f"# Protokoll over behandlingsaktiviteter: {record.controller}"
    article = "Personvernforordningen artikkel 30 nr. 1."
    parts = [head, article, table(_PAIR, rows), *map(_processing, record.processings)]
    return "\n\n".join(parts) + "\n"


def _processing(one: Processing) -> str:
    rows = (
        ("Beskrivelse", one.description),
        ("Formål", one.purposes),
        ("Bruk", one.use),
        ("Rettslig grunnlag", one.legal_basis),
        ("Vurdering av personvernkonsekvenser", one.dpia),
        ("Fagsystem", one.system),
        ("Registrerte", one.subjects),
        ("Overføring til tredjeland", one.transfers),
        ("Slettes fra sjøen etter", days(one.retention_days)),
        ("Råfiler slettes etter", days(one.landing_days)),
        ("Sikkerhetstiltak", one.measures),
    )
    data = [(d.field, d.category, d.classification, TREATMENTS[d.treatment]) for d in one.data]
    given = [(r.name, r.fields, r.purpose, r.legal_basis, r.until) for r in one.recipients]
    parts = [f"## {told(one.dataset)}", table(_PAIR, rows)]
    parts += ["### Opplysninger", table(_DATA, data), "### Mottakere", table(_RECIPIENTS, given)]
    return "\n\n".join(parts)
