from __future__ import annotations

import polars as pl

from gdpr.text.rewriting import KNOWN, Rule, any_of, put_aside, rewritten, where


def test_rules_work_one_after_the_other() -> None:
    rules = (Rule("a", "b"), Rule("b(c)", "${1}d"))
    assert rewritten(pl.Series(["ac", None]), rules).to_list() == ["cd", None]


def test_only_texts_that_hold_the_pattern_are_changed() -> None:
    asked: list[list[str]] = []

    def change(texts: pl.Series) -> pl.Series:
        asked.append(texts.to_list())
        return texts.str.to_uppercase()

    texts = pl.Series("field", ["a1", None, "b", "c2"])
    assert where(texts, "[0-9]", change).to_list() == ["A1", None, "b", "C2"]
    assert where(texts, "[3-9]", change).to_list() == texts.to_list()
    assert asked == [["a1", "c2"]]
    assert texts.to_list() == ["a1", None, "b", "c2"]


def test_the_longest_word_is_tried_first() -> None:
    assert any_of(["a", "abc", "ab", "a"]) == "(?:abc|ab|a)"


def test_what_is_put_aside_is_parted() -> None:
    rule = put_aside(("sal ", "[0-9]"), ("kr ", "1"))
    got = rewritten(pl.Series(["sal 2, kr 1", "kr 2"]), (rule,))
    assert got.to_list() == [f"sal {KNOWN}2, kr {KNOWN}1", "kr 2"]
