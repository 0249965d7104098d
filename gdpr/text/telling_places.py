"""Places in free text that tell of a person: street addresses, postcodes, and properties."""

from __future__ import annotations

from functools import cache

from gdpr.identifiers.addresses import POSTCODE_PATTERN, STREET_PATTERN
from gdpr.text.ordinary_words import words
from gdpr.text.rewriting import GAP, KNOWN, Rule, any_of, put_aside

ADDRESS = "[adresse]"
PROPERTY = "[eiendom]"
PLACE = "[poststed]"

_START = r"(?:^|[^\p{L}])"
_HOUSE = r"[1-9][0-9]{0,3}(?: ?[A-Za-z])?(?-u:\b)"
_WORD = r"\p{Lu}\p{L}[\p{L}'-]*"
_SMALL = (
    r"\p{Ll}{2,}(?:gaten?|gata|ve[ig]|ve[ig]en|bakken?|stien?|tunet|svingen|plassen?|haugen|ringen"
    r"|terrasse|løkka|åsen|kroken|lia|torget|alléen?|kleiva|geilen|brygge[nr]?|kaien|smauet)"
)
_WHERE = r"(?i:i|på|ved|utenfor|utanfor|adresse|bor|bur|fra|frå|til|mot|hos):?"


@cache
def place_rules() -> tuple[Rule, ...]:
    """What takes addresses out, after putting aside words and numbers that are none."""
    numbered = any_of(words("numbered", "times"))
    both = r"(?i:gnr|gårdsnr|gardsnr)\.?(?:[ /]*(?i:bnr|bruksnr)\.?)?"
    land = rf"{both}[ :]*[0-9]+[ ,/]*(?:(?i:og|bnr|bruksnr)\.?[ :]*)*[0-9]*"
    written = rf"\[adresse\][,\s]*(?:N-)?[0-9]{{4}}(?:{GAP}\p{{L}}+)?"
    postcode = rf"(^|[^\p{{L}}0-9.\-/{KNOWN}]){POSTCODE_PATTERN}"
    return (
        Rule(land, PROPERTY),
        Rule(r"(?i:postboks|pb\.?)\s*[0-9]+", ADDRESS),
        put_aside((rf"{_START}{numbered}\.?{GAP}", "[0-9]")),
        put_aside((rf"{_START}\p{{L}}*{any_of(words('streets'))}{GAP}", "[0-9]")),
        put_aside((rf"{_START}{any_of(words('starters'))}", rf"{GAP}\p{{Lu}}")),
        Rule(STREET_PATTERN, ADDRESS),
        Rule(rf"({_START}){_SMALL}{GAP}{_HOUSE}", f"${{1}}{ADDRESS}"),
        Rule(rf"({_START}{_WHERE}{GAP}){_WORD}(?:{GAP}{_WORD})?{GAP}{_HOUSE}", f"${{1}}{ADDRESS}"),
        Rule(r"\[adresse\] ?[-\x{2013}/] ?[0-9]+[A-Za-z]?", ADDRESS),
        Rule(written, ADDRESS),
        Rule(postcode, f"${{1}}{PLACE}"),
        Rule(KNOWN, ""),
    )
