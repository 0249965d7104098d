"""Numbers in free text that tell of a person, by their shape: whom, when born, which account."""

from __future__ import annotations

from functools import cache

from gdpr.identifiers.contact import PHONE_PATTERN
from gdpr.identifiers.plates import PLATE_PATTERN
from gdpr.rewriting import GAP, KNOWN, Rule

PERSON = "[fødselsnummer]"
ACCOUNT = "[kontonummer]"
ORGANISATION = "[organisasjonsnummer]"
PHONE = "[telefon]"
PLATE = "[skiltnummer]"
BIRTH = "[fødselsdato]"
NUMBER = "[nummer]"

_B = r"(?-u:\b)"
_SEP = r"[ .\-/\x{a0}\x{2009}\x{202f}]"
_DAY = "(?:0?[1-9]|[12][0-9]|3[01])"
_MONTH = "(?:0?[1-9]|1[0-2])"
_MONTH_NAME = r"(?i:jan|feb|mar|apr|ma[iy]|jun|jul|aug|sep|o[kc]t|nov|de[sc])\p{L}*\.?"
_YEAR = "(?:(?:19|20)?[0-9]{2})"
# whoever was born in these years; a day of later years is that of what the text is about
_BIRTH_YEAR = "(?:19[0-9]{2}|200[0-9]|201[0-5])"
_SHORT_BIRTH_YEAR = "(?:0[0-9]|1[0-5]|3[6-9]|[4-9][0-9])"
# day and month as in any series: D, H, synthetic, and two of them at once
_ANY_DAY = "(?:0[1-9]|[1-6][0-9]|7[01])"
_ANY_MONTH = "(?:[0-9][0-9])"
_BORN = (
    r"(?:^|[^\p{L}])(?i:født|fødd|f|fødselsdato|fødselsdag|f\.?dato|bursdag|gebursdag|born"
    r"|birth(?:day|date)?|dob)[\s.:,]*(?:(?i:den|på|on|of|er|is)\s+)?"
)


@cache
def number_rules() -> tuple[Rule, ...]:
    """What takes numbers out, and puts days of our time aside."""
    return (*_long_numbers(), *_births(), *_days(), *_other_numbers())


def _long_numbers() -> tuple[Rule, ...]:
    iban = rf"{_B}[A-Z]{{2}}[0-9]{{2}}(?:{GAP}?[A-Z0-9]{{4}}){{2,7}}(?:{GAP}?[A-Z0-9]{{1,4}})?{_B}"
    said = r"((?i:konto\p{L}*|account)\.?:?(?: ?(?i:nr|no|number)\.?:?)?\s*(?:(?i:er|is)\s)?)"
    eleven = rf"[0-9](?:{_SEP}?[0-9]){{10}}{_B}"
    birth = rf"{_ANY_DAY}{_SEP}?{_ANY_MONTH}{_SEP}?{_YEAR}"
    return (
        Rule(iban, ACCOUNT),
        Rule(said + eleven, f"${{1}}{ACCOUNT}"),
        Rule(rf"{_B}[0-9]{{4}}[. ][0-9]{{2}}[. ][0-9]{{5}}{_B}", ACCOUNT),
        Rule(rf"{_B}{birth}{_SEP}{{0,3}}[0-9]{{3}}{_SEP}?[0-9]{{2}}{_B}", PERSON),
    )


def _births() -> tuple[Rule, ...]:
    parts = rf"{_DAY}[./\- ]{{1,2}}(?:{_MONTH}|{_MONTH_NAME})[./\- ]{{1,2}}"
    date = rf"(?:{parts}{_YEAR}|{_YEAR}-{_MONTH}-{_DAY}|[0-9]{{8}}|[0-9]{{6}}|{_BIRTH_YEAR}){_B}"
    by_name = rf"{_DAY}\.?{GAP}{_MONTH_NAME}{GAP}{_BIRTH_YEAR}"
    short = "|".join(rf"{_DAY}{p}{_MONTH}{p}{_SHORT_BIRTH_YEAR}" for p in (r"\.", "/", "-"))
    six = rf"(?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2]){_SHORT_BIRTH_YEAR}"
    return (
        Rule(f"({_BORN}){date}", f"${{1}}{BIRTH}"),
        Rule(rf"{_B}(?:{parts}{_BIRTH_YEAR}|{_BIRTH_YEAR}-{_MONTH}-{_DAY}){_B}", BIRTH),
        Rule(rf"{_B}(?:{by_name}|{short}|{six}){_B}", BIRTH),
    )


def _days() -> tuple[Rule, ...]:
    parted = f"${{1}}{KNOWN}${{2}}{KNOWN}${{3}}"
    return (
        Rule(rf"({_B}{_DAY}[./-])({_MONTH}[./-])({_YEAR}{_B})", parted),
        Rule(rf"({_B}20[0-9]{{2}}-)([01][0-9]-)([0-3][0-9])", parted),
    )


def _other_numbers() -> tuple[Rule, ...]:
    pairs = rf"{_B}[0-9]{{2}}(?:{GAP}[0-9]{{2}}){{3}}{_B}"
    middle = rf"{_B}[0-9]{{3}}{GAP}[0-9]{{2}}{GAP}[0-9]{{3}}{_B}"
    organisation = rf"{_B}(?:[0-9]{{3}}{_SEP}?){{2}}[0-9]{{3}}(?:{GAP}?MVA)?{_B}"
    return (
        Rule(rf"{_B}[0-9](?:{_SEP}?[0-9]){{10}}{_B}|[0-9]{{6,}}{_SEP}?[0-9]{{5,}}", NUMBER),
        Rule(organisation, ORGANISATION),
        Rule(rf"{PHONE_PATTERN}|{pairs}|{middle}", PHONE),
        Rule("[0-9]{8,}", NUMBER),
        Rule(rf"{PLATE_PATTERN}|{_B}[a-z]{{2}}[1-9][0-9]{{4}}{_B}", PLATE),
    )
