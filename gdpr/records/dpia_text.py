"""The risk report of datasets as Markdown in Norwegian."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from gdpr.records.criteria import Criterion
from gdpr.records.dpia import Dpia, Zones
from gdpr.records.record_text import NOT_TOLD, TREATMENTS, table, told

_FIELDS = ("Felt", "Opplysning", "Klasse", "I sjøen", "Deling", "Åpne data")
_RISKS = ("Risiko", "Funn", "Hva som gjøres")
_CRITERIA = ("Kriterium", "Oppfylt", "Fordi")
_WHETHER = {True: "som i sjøen", False: "aldri"}
_NEVER = "datasettet frigis aldri"
_REQUIRED = {True: "ja", False: "nei", None: "kan ikke avgjøres av det som er oppgitt"}


def dpia_text(reports: Sequence[Dpia]) -> str:
    """The reports one after the other; a line where there is none."""
    parts = ["# Risiko for personvernet", "Personvernforordningen artikkel 35."]
    parts += [_report(report) for report in reports]
    if not reports:
        parts.append("Ingen datasett med opplysninger om personer.")
    return "\n\n".join(parts) + "\n"


def _report(report: Dpia) -> str:
    rows = (
        ("Policy", report.policy),
        ("Rettslig grunnlag", report.legal_basis),
        ("Vurdering må gjøres", _REQUIRED[report.required]),
        ("Vurdering som er gjort", report.reference),
    )
    parts = [f"## {told(report.municipality)}: {told(report.dataset)}", table(("", ""), rows)]
    parts += ["### Opplysninger", table(_FIELDS, map(_field, report.fields))]
    parts += ["### Risiko", table(_RISKS, _risks(report))]
    parts += ["### Kriterier i WP 248 rev.01", _criteria(report.criteria)]
    parts += ["### Datatilsynets liste, så langt det er oppgitt", _criteria(report.always)]
    return "\n\n".join(parts)


def _field(zone: Zones) -> tuple[object, ...]:
    datum = zone.datum
    opened = _NEVER if zone.refused else _WHETHER[zone.released]
    words = (datum.field, datum.category, datum.classification, TREATMENTS[datum.treatment])
    return (*words, _WHETHER[zone.shared], opened)


def _criteria(criteria: Iterable[Criterion]) -> str:
    rows = [(c.name, "ja" if c.met else NOT_TOLD, c.because or "-") for c in criteria]
    return table(_CRITERIA, rows)


def _risks(report: Dpia) -> Iterator[tuple[object, ...]]:
    yield "Særlige kategorier (artikkel 9)", _special(report), _answer(report)
    group = f"Grupper under {report.minimum_group} frigis ikke"
    yield "Utpeking", _singled_out(report), group
    keys = "Nøkkelen er kommunens egen; andre formål og kommuner får andre pseudonymer"
    yield "Kobling", _linked(report), keys if report.pseudonyms else "-"
    yield "Slutning", _inferred(report), "Lesing krever et tillatt formål, og føres i logg"


def _special(report: Dpia) -> str:
    return ", ".join(zone.datum.field for zone in report.special) or "ingen felt"


def _answer(report: Dpia) -> str:
    done = sorted({TREATMENTS[zone.datum.treatment] for zone in report.special})
    done += [_NEVER] if any(zone.refused for zone in report.special) else []
    return "; ".join(done) or "-"


def _singled_out(report: Dpia) -> str:
    if not report.quasi_identifiers:
        return "ingen kvasiidentifikatorer er lagret"
    found = report.measured
    names = ", ".join(report.quasi_identifiers)
    if found is None:
        return f"{names}: ingenting er lagret ennå"
    small = f"{found.small_groups} grupper med {found.small_rows} rader er under grensen"
    return f"{names}: {found.rows} rader i {found.groups} grupper, k = {found.k}; {small}"


def _linked(report: Dpia) -> str:
    if not report.pseudonyms:
        return "ingen pseudonymer"
    names = ", ".join(report.pseudonyms)
    return f"{names}: kan kobles med {', '.join(report.joined_with) or 'ingen andre datasett'}"


def _inferred(report: Dpia) -> str:
    found = report.measured
    if found is None or found.diversity is None:
        return "ingen særlige kategorier er lagret ved siden av kvasiidentifikatorer"
    return f"minst {found.diversity} ulike verdier i en gruppe"
