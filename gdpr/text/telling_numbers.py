"""Numbers in free text that tell of a person, by their shape: whom, when born, which account."""

from __future__ import annotations

from functools import cache

from gdpr.identifiers.contact import PHONE_PATTERN
from gdpr.identifiers.plates import PLATE_PATTERN
from gdpr.text.rewriting import GAP, KNOWN, Rule, any_of, put_aside

EMAIL = "[e-post]"
PERSON = "[fødselsnummer]"
ACCOUNT = "[kontonummer]"
ORGANISATION = "[organisasjonsnummer]"
PHONE = "[telefon]"
PLATE = "[skiltnummer]"
BIRTH = "[fødselsdato]"
NUMBER = "[nummer]"

# a private character for what joins words: beside it a number begins and ends
_JOINT = "\ue001"
_B = r"(?-u:\b)"
_LAST = r"((?-u:\b)|[A-Za-z_])"
_SEP = r"[ .\-/\x{a0}\x{2009}\x{202f}]"
LEFT = rf"[0-9](?:{_SEP}?[0-9]){{4,}}"
"""Five digits or more that stand together."""
_DAY = "(?:0?[1-9]|[12][0-9]|3[01])"
_MONTH = "(?:0?[1-9]|1[0-2])"
_MONTH_NAME = r"(?i:jan|feb|mar|apr|ma[iy]|jun|jul|aug|sep|o[kc]t|nov|de[sc])\p{L}*\.?"
_YEAR = "(?:(?:19|20)?[0-9]{2})"
# whoever was born in these years; a day of later years is that of what the text is about
_BIRTH_YEAR = "(?:19[0-9]{2}|200[0-9]|201[0-5])"
_SHORT_BIRTH_YEAR = "(?:0[0-9]|1[0-5]|3[6-9]|[4-9][0-9])"
# a day as in any series; its month may be any number, in that of health or of two series at once
_ANY_DAY = "(?:0[1-9]|[1-6][0-9]|7[01])"
_BORN = (
    r"(?:^|[^\p{L}])(?i:født|fødd|f|fødselsdato|fødselsdag|f\.?dato|bursdag|gebursdag|born"
    r"|birth(?:day|date)?|dob)[\s.:,]*(?:(?i:i|in|den|på|on|of|er|is)\s+)?"
)


@cache
def number_rules() -> tuple[Rule, ...]:
    """What takes numbers out; days and times of today are put aside before they look like one."""
    return (
        Rule("_", _JOINT),
        *_long_numbers(),
        *_births(),
        *_of_today(),
        *_other_numbers(),
        *_short_births(),
        Rule(_JOINT, "_"),
    )


@cache
def left_rules() -> tuple[Rule, ...]:
    """What takes out what is left of numbers that ran into one another, or shared a letter."""
    numbers = _any_label(PERSON, ACCOUNT, ORGANISATION, PHONE, NUMBER)
    between = rf"(?:{_SEP}|[A-Za-z_])?"
    return (
        Rule(rf"[0-9](?:{_SEP}?[0-9]){{11,}}", NUMBER),
        Rule(rf"({numbers}{between}){LEFT}", f"${{1}}{NUMBER}"),
        Rule(rf"{LEFT}({between}(?:{numbers}|{_any_label(EMAIL)}))", f"{NUMBER}${{1}}"),
    )


def _long_numbers() -> tuple[Rule, ...]:
    iban = rf"{_B}[A-Z]{{2}}[0-9]{{2}}(?:{GAP}?[A-Z0-9]{{4}}){{2,7}}(?:{GAP}?[A-Z0-9]{{1,4}})?{_B}"
    said = r"((?i:konto\p{L}*|account)\.?:?(?: ?(?i:nr|no|number)\.?:?)?\s*(?:(?i:er|is)\s)?)"
    birth = rf"{_ANY_DAY}{_SEP}?[0-9]{{2}}{_SEP}?{_YEAR}"
    return (
        Rule(iban, ACCOUNT),
        Rule(f"{said}{_digits(11)}{_LAST}", f"${{1}}{ACCOUNT}${{2}}"),
        _alone("[0-9]{4}[. ][0-9]{2}[. ][0-9]{5}", ACCOUNT),
        _alone(rf"{birth}{_SEP}{{0,3}}[0-9]{{3}}{_SEP}?[0-9]{{2}}", PERSON),
    )


def _births() -> tuple[Rule, ...]:
    """Dates that somebody is said to be born on, and dates of long ago."""
    parts = rf"{_DAY}[./\- ]{{1,2}}(?:{_MONTH}|{_MONTH_NAME})[./\- ]{{1,2}}"
    date = rf"(?:{parts}{_YEAR}|{_YEAR}-{_MONTH}-{_DAY}|[0-9]{{8}}|[0-9]{{6}}|{_BIRTH_YEAR}){_B}"
    return (
        Rule(f"({_BORN}){date}", f"${{1}}{BIRTH}"),
        Rule(rf"{_B}(?:{parts}{_BIRTH_YEAR}|{_BIRTH_YEAR}-{_MONTH}-{_DAY}){_B}", BIRTH),
    )


def _of_today() -> tuple[Rule, ...]:
    clock = r"[0-2]?[0-9][.:][0-5][0-9]"
    date = rf"({_B}{_DAY}[./-])({_MONTH}[./-])((?:19|20)[0-9]{{2}}{_B})"
    iso = rf"({_B}20[0-9]{{2}}-)([01][0-9]-)([0-3][0-9])"
    return (
        Rule(f"{date}|{iso}", f"${{1}}${{4}}{KNOWN}${{2}}${{5}}{KNOWN}${{3}}${{6}}"),
        put_aside(
            (rf"{_B}{clock} ?[-\x{{2013}}] ?", rf"{clock}{_B}"),
            (rf"{_B}20[0-9]{{2}}[-\x{{2013}}]", rf"20[0-9]{{2}}{_B}"),
            (rf"{_B}20[0-9]{{2}}/", "[0-9]"),
            (rf"(?i:{_B}kr|nok)\.?:?{GAP}?[0-9]{{1,3}}", rf"{GAP}[0-9]{{3}}"),
            (rf"{_B}[0-9]{{1,3}}(?:{GAP}[0-9]{{3}})?", rf"{GAP}[0-9]{{3}},?-? ?(?i:kr|nok)"),
        ),
    )


def _other_numbers() -> tuple[Rule, ...]:
    organisation = rf"(?:[0-9]{{3}}{_SEP}?){{2}}[0-9]{{3}}(?:{GAP}?MVA)?"
    return (
        _alone(_digits(11), NUMBER),
        Rule(rf"[0-9]{{6,}}{_SEP}?[0-9]{{5,}}", NUMBER),
        _alone(organisation, ORGANISATION),
        Rule(PHONE_PATTERN, PHONE),
        _alone(rf"(?:\+|00)[1-9](?:{_SEP}?[0-9]){{7,13}}", PHONE),
        _alone(_digits(8), PHONE),
        Rule("[0-9]{8,}", NUMBER),
        Rule(rf"{PLATE_PATTERN}|{_B}[a-z]{{2}}[1-9][0-9]{{4}}{_B}", PLATE),
    )


def _any_label(*labels: str) -> str:
    return any_of(rf"\[{label[1:-1]}\]" for label in labels)


def _short_births() -> tuple[Rule, ...]:
    """Days of long ago whose year has two digits or whose month has a name."""
    by_name = rf"{_DAY}\.?{GAP}{_MONTH_NAME}{GAP}{_BIRTH_YEAR}"
    short = "|".join(rf"{_DAY}{p}{_MONTH}{p}{_SHORT_BIRTH_YEAR}" for p in (r"\.", "/", "-"))
    six = rf"(?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2]){_SHORT_BIRTH_YEAR}"
    return (Rule(rf"{_B}(?:{by_name}|{short}|{six}){_B}", BIRTH),)


def _digits(count: int) -> str:
    return rf"[0-9](?:{_SEP}?[0-9]){{{count - 1}}}"


def _alone(pattern: str, label: str) -> Rule:
    """A number with no digit at its sides, be there letters."""
    return Rule(f"(^|[^0-9]){pattern}{_LAST}", f"${{1}}{label}${{2}}")
