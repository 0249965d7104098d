from __future__ import annotations

import polars as pl
import pytest

from gdpr.identifiers.names import given_names, surnames
from gdpr.text.names import name_rules
from gdpr.text.ordinary_words import words
from gdpr.text.redaction import redact

NAMES = pl.Series("name", given_names())
SURE = NAMES.filter(~NAMES.is_in(sorted(words("common_names"))))
LONG = SURE.filter(SURE.str.len_chars() >= 4)


def around(names: pl.Series, before: str, after: str) -> pl.Series:
    return pl.select(pl.format(before + "{}" + after, names)).to_series()


def standing(texts: pl.Series, safe: str) -> list[str]:
    return texts.filter(redact(texts) != safe).to_list()


@pytest.mark.parametrize("before", ["", "Snakket med ", "hei! ", "(", "v/", "Hilsen\n"])
def test_a_given_name_that_is_nothing_else_goes_wherever_it_stands(before: str) -> None:
    assert standing(around(SURE, before, " i går"), f"{before}[navn] i går") == []


def test_names_in_small_letters_or_capitals_go_too() -> None:
    for written in (LONG.str.to_lowercase(), LONG.str.to_uppercase()):
        assert standing(around(written, "da ", " kom"), "da [navn] kom") == []


def test_every_given_name_goes_before_a_surname_that_nobody_knows() -> None:
    assert standing(around(NAMES, "", " Havglimt sier nei"), "[navn] sier nei") == []
    assert standing(around(SURE, "og ", "s bil"), "og [navn] bil") == []


def test_every_known_surname_goes_after_one_and_amid_a_sentence() -> None:
    family = pl.Series(surnames())
    assert standing(around(family, "Tuva ", " kom"), "[navn] kom") == []
    after = redact(around(family, "sa ", " nei"))
    places = set(words("places", "bodies", "times", "starters"))
    kept = {name for name, text in zip(family, after, strict=True) if text != "sa [navn] nei"}
    assert kept <= places


def test_every_word_is_listed_once_for_each_reason() -> None:
    assert words("common_names") & words("places") == set()
    assert words("starters", "times") >= {"Det", "Mai", "No", "On", "Yes"}


def test_every_rule_writes_back_what_is_no_name() -> None:
    assert len(name_rules()) > 10
    for rule in name_rules():
        assert "[navn]" in rule.instead or "\ue000" in rule.instead
