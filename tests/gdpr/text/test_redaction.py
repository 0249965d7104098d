from __future__ import annotations

from collections import Counter
from io import BytesIO

import polars as pl
import pytest

from gdpr.scan.files import scan
from gdpr.scan.findings import Sought
from gdpr.text.redaction import redact
from schemas.errors import PolicyBreach
from tests.gdpr.text.redaction_corpus import lost, missed, sentences, words


def redacted(text: str) -> str:
    return str(redact(pl.Series([text]))[0])


def corpus() -> pl.Series:
    return redact(pl.Series([sentence.text for sentence in sentences()]))


def test_the_corpus_is_large_and_of_three_languages() -> None:
    kinds = Counter(kind for sentence in sentences() for kind, _ in sentence.telling)
    assert len(sentences()) >= 200
    assert kinds.keys() == {
        "fnr", "konto", "orgnr", "telefon", "epost", "skilt", "adresse", "fodt", "eiendom", "navn",
    }  # fmt: skip
    assert kinds["navn"] > 100


def test_every_identifier_of_the_corpus_is_gone() -> None:
    assert [told for kind, told in missed(corpus()) if kind != "navn"] == []


def test_almost_every_name_of_the_corpus_is_gone() -> None:
    names = sum(kind == "navn" for sentence in sentences() for kind, _ in sentence.telling)
    assert len([told for kind, told in missed(corpus()) if kind == "navn"]) <= names * 0.02


def test_almost_nothing_else_of_the_corpus_is_gone() -> None:
    kept = sum(words(sentence.rest).total() for sentence in sentences())
    assert len(lost(corpus())) <= kept * 0.01


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("Fnr 15877600065", "Fnr [fødselsnummer]"),
        ("158776\u00a000065", "[fødselsnummer]"),
        ("15.07.1976 12345", "[fødselsnummer]"),
        ("99999999999", "[nummer]"),
        ("kontonr. 15877600065", "kontonr. [kontonummer]"),
        ("IBAN NO9386011117947", "IBAN [kontonummer]"),
        ("123456789012345", "[nummer]"),
        ("fnr15877600065x", "fnr[fødselsnummer]x"),
        ("a15.87.76-00065b", "a[fødselsnummer]b"),
        ("15877600065 15877600146", "[fødselsnummer] [fødselsnummer]"),
        ("15877600065_15877600146", "[fødselsnummer]_[fødselsnummer]"),
        ("974 760 673_974 760 673", "[organisasjonsnummer]_[organisasjonsnummer]"),
        ("492 20 001x492 20 001", "[telefon]x[nummer]"),
        ("492 20 001 492 20 002", "[nummer] [nummer]"),
        ("158776 00065-a@example.no", "[nummer] [e-post]"),
        ("ek12345_ek12346", "[skiltnummer]_[skiltnummer]"),
        ("+4749220001 49 22 00 02", "[telefon] [telefon]"),
        ("Tlf 49220001 / 49220002", "Tlf [telefon] / [telefon]"),
        ("ring 0047 492 20 001", "ring [telefon]"),
        ("a.b@c.example.no og d@e.no", "[e-post] og [e-post]"),
        ("ek12345", "[skiltnummer]"),
        ("Født 1.2.85", "Født [fødselsdato]"),
        ("Avtale 1.2.26", "Avtale 1.2.26"),
        ("kl 21.30-22.00", "kl 21.30-22.00"),
        ("24.10.2026-31.10.2026", "24.10.2026-31.10.2026"),
        ("2026-10-24", "2026-10-24"),
        ("sesongen 2026-2027", "sesongen 2026-2027"),
        ("sak 2026/4312", "sak 2026/4312"),
        ("kr 10 000 000", "kr 10 000 000"),
        ("10 000 000 kr", "10 000 000 kr"),
        ("Prøveveien 12-14, 4330 Ålgård", "[adresse]"),
        ("4330 Ålgård", "[poststed]"),
    ],
)
def test_numbers_and_places_become_words(text: str, safe: str) -> None:
    assert redacted(text) == safe


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("Ka\u030are A\u030akerbær ringte", "[navn] ringte"),
        ("\uff11\uff15\uff18\uff17\uff17\uff16\uff10\uff10\uff10\uff16\uff15", "[fødselsnummer]"),
        ("15877\u200b600065", "[fødselsnummer]"),
        ("1587\u00ad7600065", "[fødselsnummer]"),
        ("\u0661\u0665\u0668\u0667\u0667\u0666", "[nummer]"),
        ("Tu\ue000va ringte", "[navn] ringte"),
        ("Vi er 4\u00bd meter – og «nær»…", "Vi er 4\u00bd meter – og «nær»…"),  # noqa: RUF001 - typesetters' marks
    ],
)
def test_how_a_text_is_written_hides_nothing(text: str, safe: str) -> None:
    assert redacted(text) == safe


@pytest.mark.parametrize("text", ["Per dags dato", "Stein i veien", "i mai og juni", "Even vei"])
def test_words_that_are_names_too_stay_where_they_are_words(text: str) -> None:
    assert redacted(text) == text


@pytest.mark.parametrize(
    "name",
    ["Per Havglimt", "Stein Ullsokk", "Mai Tangelv", "Even P. Prøvesen", "Odd van der Måkestup"],
)
def test_words_that_are_names_too_are_names_before_a_surname(name: str) -> None:
    assert redacted(f"{name} ringte. Det var {name}.") == "[navn] ringte. Det var [navn]."


def test_null_stays_null_and_empty_stays_empty() -> None:
    got = redact(pl.Series("field", [None, "", "Ring Tuva", "@", "7"]))
    assert got.to_list() == [None, "", "Ring [navn]", "@", "7"]
    assert (got.name, got.dtype) == ("field", pl.String())


def test_no_texts_and_only_nulls_are_texts_too() -> None:
    assert redact(pl.Series([], dtype=pl.String)).to_list() == []
    assert redact(pl.Series([None, None], dtype=pl.String)).to_list() == [None, None]


def test_what_was_given_is_not_changed() -> None:
    texts = pl.Series(["Ring Tuva på 49220001"])
    redact(texts)
    assert texts.to_list() == ["Ring Tuva på 49220001"]


def test_a_leak_scan_finds_nothing_in_redacted_texts() -> None:
    texts = pl.Series([sentence.text for sentence in sentences()])
    before, after = ("\n".join(some).encode() for some in (texts, redact(texts)))
    assert len(scan("texts.txt", BytesIO(before), Sought())) == 4
    assert scan("texts.txt", BytesIO(after), Sought()) == ()


def test_numbers_are_no_text() -> None:
    with pytest.raises(PolicyBreach, match=r"^field: redact is of text"):
        redact(pl.Series("field", [49220001]))
