from __future__ import annotations

import polars as pl
import pytest

from gdpr.identifiers.contact import (
    EMAIL_PATTERN,
    PHONE_PATTERN,
    is_email_address,
    is_phone_number,
)

PHONES = (
    "49031234",
    "490 31 234",
    "49 03 12 34",
    "49.03.12.34",
    "+47 490 31 234",
    "+4749031234",
    "004749031234",
    "0047 49 03 12 34",
    "(+47) 49031234",
    "51 50 00 00",
    "800 00 000",
    "+46 70 000 00 00",
    "+1 (212) 555-0100",
    "+44\u00a020 7946 0000",
)
NO_PHONES = (
    "",
    "20261120",  # a day
    "19991231",
    "12345678",
    "02345678",
    "4903123",
    "490312345",
    "10915596784",
    "49031234x",
    "49 03 12",
    "+47",
    "+0 123 456 789",
    "4306",
)
EMAILS = (
    "kari@example.no",
    "kari.nordmann+post@sub.example.co.uk",
    "Åse_Ø@blåbær.example.no",
    " innbygger7.1103@example.no ",
    "o'hara@example.com",
)
NO_EMAILS = ("", "kari", "kari@example", "@example.no", "kari@.no", "kari@exa mple.no", "a@b.1")


def told(*values: object) -> list[bool]:
    return is_phone_number(pl.Series(values)).to_list()


def test_telephone_numbers_in_their_usual_groups() -> None:
    assert [phone for phone in PHONES if not told(phone)[0]] == []


def test_other_numbers_are_no_telephone_numbers() -> None:
    assert [text for text in NO_PHONES if told(text)[0]] == []


def test_telephone_numbers_may_be_whole_numbers() -> None:
    assert told(49031234, 20261120, None) == [True, False, None]


def test_email_addresses() -> None:
    verdicts = is_email_address(pl.Series([*EMAILS, *NO_EMAILS, None]))
    assert verdicts.to_list() == [*[True] * len(EMAILS), *[False] * len(NO_EMAILS), None]


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        (PHONE_PATTERN, "Ring 490 31 234, eller +47 49031235.", ["490 31 234", "+47 49031235"]),
        (PHONE_PATTERN, "Dato 20.11.2026, sak 2026/123456789", []),
        (EMAIL_PATTERN, "Skriv til kari@example.no.", ["kari@example.no"]),
        (EMAIL_PATTERN, "<ola@example.no>;kari@example.no", ["ola@example.no", "kari@example.no"]),
    ],
)
def test_the_patterns_find_them_in_a_text(pattern: str, text: str, found: list[str]) -> None:
    assert pl.Series([text]).str.extract_all(pattern).to_list() == [found]
