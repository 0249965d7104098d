"""Places in free text that tell of a person: street addresses, postcodes, and properties."""

from __future__ import annotations

from functools import cache

from gdpr.identifiers.addresses import STREET_PATTERN
from gdpr.ordinary_words import NUMBERED, STARTERS, STREETS, TIMES
from gdpr.rewriting import EDGE, GAP, KNOWN, Rule, any_of, put_aside

ADDRESS = "[adresse]"
PROPERTY = "[eiendom]"
PLACE = "[poststed]"


@cache
def place_rules() -> tuple[Rule, ...]:
    """What takes addresses out, after putting aside words and numbers that are none."""
    numbered = any_of(NUMBERED | TIMES)
    land = r"(?i:gnr|gårdsnr|gardsnr)\.?[ :]*[0-9]+[ ,/]*(?:(?i:og|bnr|bruksnr)\.?[ :]*)*[0-9]*"
    postcode = rf"(?:^|[^\p{{L}}0-9.\-/{KNOWN}])(?:N-)?"
    place = rf"[0-9]{{4}}{GAP}\p{{Lu}}\p{{L}}+(?:{GAP}\p{{Lu}}\p{{L}}+)?"
    return (
        Rule(land, PROPERTY),
        Rule(r"(?i:postboks|pb\.?)\s*[0-9]+", ADDRESS),
        put_aside(rf"(?:^|[^\p{{L}}]){numbered}\.?{GAP}", "[0-9]"),
        put_aside(rf"(?:^|[\p{{Ll}}\p{{P}}]{GAP}){any_of(STREETS)}{GAP}", "[0-9]"),
        put_aside(rf"(?:^|[^\p{{L}}]){any_of(STARTERS)}", rf"{GAP}\p{{Lu}}"),
        Rule(rf"[\p{{L}}-]*{STREET_PATTERN}", ADDRESS),
        Rule(rf"\[adresse\][,\s]*[0-9]{{4}}(?:{GAP}\p{{L}}+)?", ADDRESS),
        Rule(f"({postcode}){place}", f"${{1}}{PLACE}"),
    )
