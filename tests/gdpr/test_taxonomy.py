from __future__ import annotations

from typing import get_args

from gdpr.taxonomy import (
    CATEGORIES,
    FIDES,
    FIDES_USES,
    IDENTITIES,
    OWN,
    OWN_USES,
    SUBJECTS,
    USES,
    governing,
    nearest,
)
from schemas.contract import SubjectWord
from tests.builders import policies


def test_every_word_has_a_label_in_both_languages() -> None:
    for label in [*CATEGORIES.values(), *USES.values(), *SUBJECTS.values()]:
        assert label.nb.strip()
        assert label.en.strip()


def test_all_of_fides_categories_are_known() -> None:
    assert len(FIDES) == 85
    assert {"user.name.first", "user.contact.phone_number", "system.operations"} <= set(FIDES)


def test_own_words_stand_under_words_of_fides_or_under_their_own() -> None:
    assert not set(FIDES) & set(OWN)
    assert not set(FIDES_USES) & set(OWN_USES)
    for words in (CATEGORIES, USES):
        for word in words:
            assert word.rpartition(".")[0] in {"", *words}


def test_subjects_are_those_that_a_contract_may_name() -> None:
    assert set(SUBJECTS) == set(get_args(SubjectWord))


def test_what_finds_a_person_is_of_the_taxonomy() -> None:
    assert set(IDENTITIES) <= set(CATEGORIES)
    assert sorted(IDENTITIES.values()) == ["email", "national_id", "phone"]


def test_the_nearest_word_is_the_one_most_alike() -> None:
    assert nearest("user.contact.mail", CATEGORIES) == "user.contact.email"
    assert nearest("municipal.plan", USES) == "municipal.planning"


def test_the_longest_rule_governs_and_only_whole_words_count() -> None:
    rules = ["user", "user.contact", "user.contact.email"]
    assert governing("user.contact.email.work", rules) == "user.contact.email"
    assert governing("user.contacts", rules) == "user"
    assert governing("system", rules) is None


def test_special_categories_of_article_nine_are_held_to_the_class_special() -> None:
    rules = policies()["datasjo_baseline"].categories
    for word in CATEGORIES:
        if word.startswith(("user.health", "user.biometric", "user.criminal")):
            assert rules[governing(word, rules) or ""] == ("special",)
