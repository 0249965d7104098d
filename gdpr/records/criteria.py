"""When a data protection impact assessment is due, as far as contracts and bindings tell.

The nine criteria of the guidelines WP 248 rev.01, and those of the Norwegian supervisory
authority's list of what always needs one that can be seen from what is declared. What cannot be
seen is None: nobody declared it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gdpr.records.ropa import Held

_MONITORING = (
    "user.behavior",
    "user.health_and_medical.welfare_technology",
    "user.sensor",
    "user.user_sensor",
    "user.workplace.attendance",
)
_PERSONAL = ("user.biometric", "user.criminal_history", "user.health_and_medical")
_VULNERABLE = {"employee", "pupil", "patient"}
_NEW = ("user.health_and_medical.welfare_technology",)
_SENSITIVE_TOLD = "Særlige kategorier eller svært personlige opplysninger"
_NEW_TOLD = "Ny teknologi"


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion; whether it is met, None where that is not declared; and what says so."""

    name: str
    met: bool | None
    because: str | None = None


def criteria(held: Held, *, linked: bool) -> tuple[Criterion, ...]:
    """The nine criteria of WP 248. `linked` where rows meet those of other datasets."""
    found = {
        "Evaluering eller poengsetting": None,
        "Automatiske avgjørelser med rettslig virkning": None,
        "Systematisk overvåking": _of_category(held, _MONITORING),
        _SENSITIVE_TOLD: _sensitive(held),
        "Stor skala": None,
        "Sammenstilling av datasett": "pseudonymer i samme domene" if linked else None,
        "Sårbare registrerte": _vulnerable(held),
        _NEW_TOLD: _new(held),
        "Hindrer bruk av en rettighet, tjeneste eller avtale": None,
    }
    return tuple(_criterion(name, because) for name, because in found.items())


def always_listed(held: Held, met: tuple[Criterion, ...]) -> tuple[Criterion, ...]:
    """What of the authority's list can be seen. Some count only beside another of `met`."""
    return tuple(_criterion(name, because) for name, because in _listed(held, met))


def _criterion(name: str, because: str | None) -> Criterion:
    return Criterion(name, True if because else None, because)


def _listed(held: Held, met: tuple[Criterion, ...]) -> Iterator[tuple[str, str | None]]:
    employees = "employee" in _subjects(held)
    watched = _of_category(held, _MONITORING)
    yield "Systematisk overvåking av ansatte", watched if employees else None
    learning = _of_category(held, ("user.education",))
    yield "Vurdering av læring, mestring og trivsel i skole og barnehage", learning
    for name, (categories, own) in _BESIDE.items():
        beside = any(criterion.met for criterion in met if criterion.name != own)
        told = _of_category(held, categories) if beside else None
        yield f"{name}, med minst ett kriterium til", told
    training = _sensitive(held) if _use(held) == "train_ai_system" else None
    yield "Særlige kategorier for å trene algoritmer", training
    yield "Forskning uten samtykke, med minst ett kriterium til", _research(held, met)


_BESIDE: Mapping[str, tuple[tuple[str, ...], str]] = {
    "Lokasjonsdata": (("user.location",), _SENSITIVE_TOLD),
    "Biometri": (("user.biometric",), _SENSITIVE_TOLD),
    "Genetiske opplysninger": (("user.health_and_medical.genetic",), _SENSITIVE_TOLD),
    "Ny teknologi": (_NEW, _NEW_TOLD),
}


def _research(held: Held, met: tuple[Criterion, ...]) -> str | None:
    basis = held.binding.legal_basis
    unasked = basis and basis.use == "municipal.research" and basis.article_6 != "a"
    beside = any(criterion.met for criterion in met)
    return "bruk municipal.research uten samtykke" if unasked and beside else None


def _sensitive(held: Held) -> str | None:
    if held.binding.system.personal_data == "special":
        return "fagsystemet har særlige kategorier"
    special = [f.name for f in held.contract.fields if f.classification == "special"]
    return ", ".join(special) or _of_category(held, _PERSONAL)


def _vulnerable(held: Held) -> str | None:
    return ", ".join(sorted(_subjects(held) & _VULNERABLE)) or None


def _new(held: Held) -> str | None:
    if _use(held) == "train_ai_system":
        return "bruk train_ai_system"
    return _of_category(held, _NEW)


def _subjects(held: Held) -> set[str]:
    return {field.subject for field in held.contract.fields if field.subject}


def _use(held: Held) -> str | None:
    basis = held.binding.legal_basis
    return basis.use if basis else None


def _of_category(held: Held, prefixes: tuple[str, ...]) -> str | None:
    """The fields whose category is one of those, or stands under one."""
    found = [
        field.name
        for field in held.contract.fields
        if any(f"{field.category}.".startswith(f"{prefix}.") for prefix in prefixes)
    ]
    return ", ".join(found) or None
