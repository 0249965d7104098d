"""What a person is asked to decide of a field, with a suggestion from its name and its values."""

import re
from dataclasses import dataclass

import polars as pl

from schemas.types import TypeWord

_LONG_TEXT = 40
_MOSTLY = 0.5
_WEIGHTS = ((3, 7, 6, 1, 8, 9, 4, 5, 2, 1, 0), (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1))
_EMAIL = r"^[^@\s]+@[^@\s]+\.[a-z]+$"
_WHO = (
    "kontakt|contact|melder|bruker|user|kunde|customer|eier|owner|ansatt|employee|person|"
    "innbygger|citizen|organizer|arrangor|leder|responsible|fornavn|etternavn|first|last|full"
)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A class of the policy, why, and as YAML the mask that a field of that class needs."""

    word: str
    why: str
    mask: str = ""


_BY_NAME: tuple[tuple[str, Suggestion], ...] = tuple(
    (pattern, Suggestion(word, "by its name", mask))
    for pattern, word, mask in (
        ("fnr|fodselsn|personn(umme)?r|ssn|national_id", "identifier", "{use: pseudonym}"),
        ("diagnos|helse|health|sykdom|religion|etnisk|fagforening", "special", "{use: drop}"),
        ("epost|e_post|e?mail|telefon|phone|mobil|tlf", "identifier", "{use: drop}"),
        ("regnr|skilt|license_plate", "identifier", "{use: drop}"),
        (f"({_WHO})(.*_)?(navn|name)|organizer", "identifier", "{use: drop}"),
        (f"({_WHO})(.*_)?(id|nr|number|nummer)$", "identifier", "{use: pseudonym}"),
        ("postn|zip|postal|post_code", "personal", "{use: truncate, length: 2}"),
        ("adress|address|gate(navn)?$|street", "personal", "{use: drop}"),
        ("fodt|fodselsd|birth", "personal", "{use: generalise, to: year}"),
        (r"\b(alder|age)\b|_(alder|age)$", "personal", "{use: generalise, bands: [18, 67]}"),
        ("beskriv|descri|komment|comment|merknad|notat|note|fritekst", "free_text", "{use: drop}"),
        ("batter|rssi|snr|eui|firmware|serial|serienr", "internal", ""),
    )
)
_OPEN = Suggestion("open", "nothing in its name or its values tells of a person")
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


def suggested_class(name: str, values: pl.Series) -> Suggestion:
    """The class that suits the field, by its values where they tell of a person, then its name."""
    told = _by_values(values) if values.dtype == pl.String else None
    named = (found for pattern, found in _BY_NAME if re.search(pattern, name))
    return told or next(named, _OPEN)


def suggested_unit(name: str, kind: TypeWord) -> str | None:
    """The UCUM unit that the name of a number tells of; None where it tells of none."""
    if kind not in ("integer", "number"):
        return None
    return next((unit for pattern, unit in _UNITS if re.search(pattern, name)), None)


def _by_values(values: pl.Series) -> Suggestion | None:
    text = values.drop_nulls()
    if text.is_empty():
        return None
    if _share(_are_national_ids(text)) > _MOSTLY:
        return Suggestion("identifier", "its values are fødselsnummer", "{use: pseudonym}")
    if _share(text.str.contains(_EMAIL)) > _MOSTLY:
        return Suggestion("identifier", "its values are e-mail addresses", "{use: drop}")
    length, kinds = text.str.len_chars().mean(), text.n_unique() / len(text)
    if isinstance(length, float) and length > _LONG_TEXT and kinds > _MOSTLY:
        return Suggestion("free_text", "its values are sentences", "{use: drop}")
    return None


def _are_national_ids(text: pl.Series) -> pl.Series:
    digits = text.str.extract(r"^(\d{11})$", 1)
    frame = digits.to_frame("text").with_columns(
        pl.col("text").str.slice(at, 1).cast(pl.Int64, strict=False).alias(str(at))
        for at in range(11)
    )
    checks = [
        pl.sum_horizontal(pl.col(str(at)) * weight for at, weight in enumerate(weights)) % 11 == 0
        for weights in _WEIGHTS
    ]
    # nulls add up to nought, which any weights divide
    return frame.select(pl.all_horizontal(*checks, pl.col("text").is_not_null())).to_series()


def _share(holds: pl.Series) -> float:
    return int(holds.sum()) / len(holds)
