from __future__ import annotations

import re
from dataclasses import replace

import pytest

from connectors.ckan.ids import download_path
from connectors.ckan.notes import Around, notes
from connectors.portal import Page, Signer
from schemas.stages import Resource
from tests.connectors.static_portal.shown import page, version

AROUND = Around("https://ckan.example.no/", "https://data.example.no/")
OWN = "https://data.example.no/datasets/1103-parking_occupancy/"


def about(text: str) -> Page:
    publication = page().publication
    description = publication.description.model_copy(update={"nb": text})
    told = publication.model_copy(update={"description": description})
    return replace(page(), publication=told)


def test_the_text_begins_with_the_description_and_goes_on_in_english() -> None:
    texts = page().publication
    first, second, *_ = notes(page(), AROUND).split("\n\n")
    assert first == texts.description.nb
    assert second == (f'<p lang="en"><strong>{texts.title.en}.</strong> {texts.description.en}</p>')


def test_the_same_page_gives_the_same_text() -> None:
    assert notes(page(version(20), version(21)), AROUND) == notes(
        page(version(20), version(21)), AROUND
    )


def test_promise_quality_licence_and_contact_are_told_in_both_languages() -> None:
    told = notes(page(), AROUND)
    for words in (
        "Lovet: høyst 17\u00a0minutter. Faktisk: 9\u00a0minutter. Løftet er holdt.",
        "Promised: at most 17\u00a0minutes. Kept: 9\u00a0minutes. The promise is kept.",
        "Rader mottatt: 18\u00a0221.",
        "utenfor grensene 29",
        "Rows received: 18,221.",
        "Norsk lisens for offentlige data (NLOD) 2.0",
        "Norwegian Licence for Open Government Data (NLOD) 2.0",
    ):
        assert told.count(words) == 1
    assert told.count('href="mailto:datadeling@example.no"') == 2
    assert 'href="mailto:datadeling@example.no?subject=Free%20parking%20spaces"' in told


def test_the_five_newest_versions_are_told_with_what_they_changed() -> None:
    told = notes(page(*(version(day) for day in range(14, 22))), AROUND)
    norwegian = told.partition("</table>")[0]
    days = [int(day) for day in re.findall(r"<code>2026-11-(\d\d)-0badc0de</code>", norwegian)]
    assert days == [21, 20, 19, 18, 17]
    assert norwegian.count("182 nye, 7 endret") == 5
    assert "182 added, 7 changed" in told


def test_links_lead_to_the_page_the_change_log_and_the_feed_in_each_language() -> None:
    told = notes(page(), AROUND)
    for address in ("index.html#versions", "index.en.html#versions", "index.html#plot"):
        assert f'href="{OWN}{address}"' in told
    for feed in ("changes.atom", "changes.en.atom"):
        assert told.count(f'href="{OWN}{feed}"') == 2


def test_without_a_static_portal_in_public_nothing_leads_there() -> None:
    shown = replace(page(), signer=Signer("00", "ab12"))
    told = notes(shown, Around("https://ckan.example.no"))
    assert "changes.atom" not in told
    assert "signing-keys" not in told
    assert "<code>ab12</code>" not in told


def test_the_examples_read_from_ckans_stable_addresses() -> None:
    told = notes(page(), AROUND)
    table, columns = (
        f"https://ckan.example.no{download_path('1103', 'parking_occupancy', name)}"
        for name in ("parking_occupancy.csv", "parking_occupancy.parquet")
    )
    assert told.count(table) == 3
    assert told.count(columns) == 1


def test_the_receipt_is_linked_to_with_its_signers_key() -> None:
    newest = page().newest
    receipt = Resource("receipt.json", "json", "", 10, 0)
    proven = replace(newest, resources=(*newest.resources, receipt))
    told = notes(replace(page(proven), signer=Signer("00", "ab12")), AROUND)
    address = download_path("1103", "parking_occupancy", "receipt.json")
    assert f'href="https://ckan.example.no{address}"' in told
    assert told.count("<code>ab12</code>") == 2
    assert 'href="https://data.example.no/signing-keys.json"' in told


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a <b>bold</b> & *word*", r"a &lt;b>bold&lt;/b> &amp; \*word\*"),
        ("# one\n\n two_three", r"\# one two\_three"),
        ("2025. All of it", r"2025\. All of it"),
        ("multi-storey + 5.5", "multi-storey + 5.5"),
    ],
)
def test_signs_of_markdown_in_a_description_stay_signs(text: str, shown: str) -> None:
    assert notes(about(text), AROUND).split("\n\n")[0] == shown
