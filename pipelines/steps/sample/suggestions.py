"""What a person is asked to decide of a field, with a suggestion from its name and its values."""

import re
from dataclasses import dataclass

import polars as pl

from gdpr.identifiers.classify import suggest
from schemas.contract import SubjectWord
from schemas.types import TypeWord

_INHABITANT: SubjectWord = "inhabitant"
_SUBJECTS: tuple[tuple[str, SubjectWord], ...] = (
    ("ansatt|employee|saksbehandler", "employee"),
    ("elev(?!at)|pupil|student", "pupil"),
    ("pasient|patient|beboer", "patient"),
    ("parorende|foresatt", "next_of_kin"),
)
_INTERNAL = "batter|rssi|(^|_)snr|eui|firmware|serial|serienr"
_UNITS: tuple[tuple[str, str], ...] = (
    ("kwh", "kWh"),
    ("celsius|temp", "Cel"),
    ("pct|prosent|percent|fukt|humidity", "%"),
    ("latitude|longitude|breddegrad|lengdegrad|^lat$|^lon$|^lng$", "deg"),
    ("trykk|pressure|hpa", "hPa"),
    ("batter|volt|_v$", "V"),
    ("nedbor|precip|_mm$", "mm"),
    ("vind|wind|_m_s$", "m/s"),
    ("(^|_)(alder|age)$", "a"),
    ("water_level|vannstand|_m$", "m"),
    ("antall|count|ledige|plasser|number_of|limit", "1"),
)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A class of the policy, and why.

    Of what is personal also what it tells, of whom, and as YAML a mask that its class permits.
    """

    word: str
    why: str
    category: str = ""
    mask: str = ""
    subject: SubjectWord = _INHABITANT

    @property
    def is_text(self) -> bool:
        """Whether its digits are no quantity: they name somebody, or are cut off from the right."""
        return self.word == "identifier" or "truncate" in self.mask


def suggested_class(name: str, values: pl.Series) -> Suggestion:
    """The class that suits the field, by its values where they tell of a person, then its name."""
    if found := suggest(values, name):
        subject = next((who for pattern, who in _SUBJECTS if re.search(pattern, name)), _INHABITANT)
        return Suggestion(found.classification, found.why, found.category, found.mask, subject)
    if re.search(_INTERNAL, name):
        return Suggestion("internal", "by its name")
    return Suggestion("open", "nothing in its name or its values tells of a person")


def suggested_unit(name: str, kind: TypeWord) -> str | None:
    """The UCUM unit that the name of a number tells of; None where it tells of none."""
    if kind not in ("integer", "number"):
        return None
    return next((unit for pattern, unit in _UNITS if re.search(pattern, name)), None)
