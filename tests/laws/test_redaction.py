"""What a redacted text never holds, whatever stood around it.

Many texts are redacted at once: it is the first of them that costs.
"""

from __future__ import annotations

import base64
import re

import polars as pl
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gdpr.identifiers.names import given_names
from gdpr.text.redaction import redact
from tests.gdpr.text.redaction_corpus import missed, sentences

MANY = settings(max_examples=15)
AROUND = st.text("abcæøåABCÆØÅ .,:;()?!\n\t", max_size=15)
ELEVEN = st.integers(0, 10**11 - 1).map("{:011d}".format)
EIGHT = st.integers(20_000_000, 99_999_999).map(str)
CUTS = [(6, 5), (2, 2, 2, 5), (2, 2, 2, 3, 2), (6, 3, 2), (11,), (4, 2, 5)]
PHONE_CUTS = [(8,), (2, 2, 2, 2), (3, 2, 3), (4, 4)]
NINE = st.integers(800_000_000, 999_999_999).map(str)
KINDS = st.sampled_from(
    [(ELEVEN, CUTS), (EIGHT, PHONE_CUTS[:3]), (NINE, [(9,), (3, 3, 3)])]
)  # fmt: skip
PARTING = [
    " ",
    ",",
    ", ",
    ";",
    "/",
    " / ",
    "-",
    ".",
    "_",
    "a",
    "|",
    "\t",
    " og ",
    "\u200b",
    "\u2013",
]
LEFT = re.compile(r"[0-9](?:[ .\-/]?[0-9]){4}")
LOCAL = st.from_regex(r"[a-z0-9]([a-z0-9._+-]{0,10}[a-z0-9])?", fullmatch=True)
DOMAIN = st.from_regex(r"[a-z]{1,8}(\.[a-z]{2,5}){1,2}", fullmatch=True)
EMAILS = st.builds("{}@{}".format, LOCAL, DOMAIN)
TOLD = AROUND | ELEVEN | EIGHT | EMAILS | st.sampled_from(given_names())
MIXED = st.lists(TOLD, max_size=6).map("".join)
SENTENCES = st.lists(st.sampled_from([sentence.text for sentence in sentences()]), max_size=4)


def redacted(*texts: str | None) -> list[str | None]:
    return redact(pl.Series(texts, dtype=pl.String)).to_list()


def cut(digits: str, parts: tuple[int, ...], separator: str) -> str:
    ends = [sum(parts[: n + 1]) for n in range(len(parts))]
    return separator.join(digits[end - part : end] for part, end in zip(parts, ends, strict=True))


def forms(digits: str) -> set[str]:
    raw = digits.encode()
    shown = {digits, digits[::-1], raw.hex(), base64.b64encode(raw).decode(), f"{int(digits):x}"}
    return {form for form in shown if len(form) >= 6}


@st.composite
def numbers(draw: st.DrawFn) -> tuple[str, str]:
    """Eleven digits, and a text in which they stand grouped."""
    digits, parts = draw(ELEVEN), draw(st.sampled_from(CUTS))
    grouped = cut(digits, parts, draw(st.sampled_from(["", " ", ".", "-", "\u00a0"])))
    return digits, draw(AROUND) + grouped + draw(AROUND)


@st.composite
def telephones(draw: st.DrawFn) -> str:
    """A text in which a telephone number stands grouped."""
    number = cut(
        draw(EIGHT), draw(st.sampled_from(PHONE_CUTS)), draw(st.sampled_from(["", " ", "\u00a0"]))
    )
    return f"{draw(AROUND)} {draw(st.sampled_from(['', '+47', '+47 ', '0047', '0047 ']))}{number}."


@MANY
@given(st.lists(numbers(), min_size=20))
@example([("15877600065", "a15.87.76.00065b"), ("01010112345", "01 01 01 12345")])
def test_no_digit_of_eleven_survives_however_they_are_grouped(told: list[tuple[str, str]]) -> None:
    for (digits, _), shown in zip(told, redacted(*(text for _, text in told)), strict=True):
        assert not re.search("[0-9]", str(shown))
        assert not any(form in str(shown) for form in forms(digits))


@st.composite
def pairs(draw: st.DrawFn) -> str:
    """Two numbers of persons, accounts, organisations or telephones, and what parts them."""
    one, other = (
        cut(draw(digits), draw(st.sampled_from(parts)), draw(st.sampled_from(["", " "])))
        for digits, parts in draw(st.tuples(KINDS, KINDS))
    )
    return one + draw(st.sampled_from(PARTING)) + other


@MANY
@given(st.lists(pairs(), min_size=20))
@example(["974760673_974 760 673", "490 80 072 490 80 073", "974 760 673\u200b8601 11 17947"])
def test_of_two_numbers_in_one_text_neither_is_left(texts: list[str]) -> None:
    assert [shown for shown in redacted(*texts) if LEFT.search(str(shown))] == []


@MANY
@given(st.lists(telephones(), min_size=20))
@example(["Tlf 0047 20000000."])
def test_no_digit_of_a_telephone_number_survives(texts: list[str]) -> None:
    assert [shown for shown in redacted(*texts) if re.search("[0-9]", str(shown))] == []


@MANY
@given(st.lists(st.tuples(AROUND, EMAILS, AROUND).map(" ".join), min_size=20))
def test_no_email_address_survives(texts: list[str]) -> None:
    assert [shown for shown in redacted(*texts) if "@" in str(shown)] == []


@MANY
@given(st.lists(st.text() | MIXED, min_size=20))
def test_no_eight_digits_in_a_row_survive(texts: list[str]) -> None:
    assert [shown for shown in redacted(*texts) if re.search("[0-9]{8}", str(shown))] == []


@MANY
@given(st.lists(MIXED | st.none(), max_size=5))
def test_a_text_is_redacted_alike_whatever_stands_in_other_rows(texts: list[str | None]) -> None:
    assert redacted(*texts) == [redacted(text)[0] for text in texts]


@MANY
@given(st.lists(MIXED | st.text() | st.none(), min_size=20))
def test_null_stays_null_and_nothing_else_becomes_it(texts: list[str | None]) -> None:
    assert [shown is None for shown in redacted(*texts)] == [text is None for text in texts]


@MANY
@given(st.lists(SENTENCES.map(" ".join), min_size=20))
def test_what_is_redacted_stays_so(texts: list[str]) -> None:
    once = redacted(*texts)
    assert redacted(*once) == once


def test_what_tells_is_gone_amid_other_sentences_too() -> None:
    alone = pl.Series([sentence.text for sentence in sentences()])
    after = redact(pl.select(pl.format("Hei. {} Takk.", alone)).to_series())
    assert set(missed(after)) <= set(missed(redact(alone)))
