from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from connectors.portal import Page
from connectors.static_portal.portal import StaticPortal
from gdpr.seal import signer_of, unsealed
from pipelines.steps import release as releasing
from pipelines.steps.keys import keyring_of
from pipelines.steps.proof import Draft, Proof, canaries_of, prove
from pipelines.steps.publication.export import Exported
from pipelines.steps.publication.formats.columnar import COLUMNAR
from pipelines.steps.publication.formats.separated import SEPARATED
from pipelines.steps.release import release
from schemas.errors import ConfigurationError, KeyUnavailable, LeakFound
from tests.builders import contract, event, field, key
from tests.pipelines.steps.absences import FIELDS, absence_site
from tests.pipelines.steps.drafts import draft
from tests.pipelines.steps.released_site import (
    CANARY,
    NOW,
    OPEN,
    Town,
    readings,
    town_with_readings,
)

PERSON = "12825423956"


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return town_with_readings(tmp_path)


def everything(town: Town) -> list[Path]:
    roots = (Path(town.site.store.url) / "open", Path(town.portal.store.url))
    return [path for root in roots for path in root.rglob("*") if path.is_file()]


def refused(town: Town, *said: str) -> None:
    before = {path: path.read_bytes() for path in everything(town)}
    with pytest.raises(LeakFound) as raised:
        release(town.site, town.portal, NOW)
    message = str(raised.value)
    assert message.startswith("1103 parking_occupancy: nothing was released: ")
    assert "\n" not in message
    assert PERSON not in message
    assert [what for what in said if what not in message] == []
    assert {path: path.read_bytes() for path in everything(town)} == before


def planted(town: Town, text: str) -> Town:
    town.commit(readings(parks=["Valberget", text]))
    return town


def with_canaries(town: Town, *texts: str) -> Town:
    file = Path(town.site.municipality.key).with_name("canaries.txt")
    file.write_text("\n".join(texts), encoding="utf-8")
    owner = town.site.municipality.model_copy(update={"canaries": str(file)})
    return replace(town, site=replace(town.site, municipality=owner))


def receipt(town: Town) -> dict[str, object]:
    path = Path(town.site.store.uri("open/parking_occupancy/latest/receipt.json"))
    document, signer = unsealed(path.read_bytes())
    assert signer == signer_of(keyring_of(town.site).signing_key())
    return document


def test_a_persons_number_in_an_open_field_stops_the_release(town: Town) -> None:
    release(town.site, town.portal, NOW - dt.timedelta(days=1))
    refused(
        planted(town, f"P-{PERSON}"),
        "parking_occupancy.csv: person number (12)",
        "parking_occupancy.parquet: person number (12)",
    )


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("kari@example.no", "e-mail address"),
        ("+47 22 33 44 55", "phone number"),
        ("8601.11.17947", "account number"),
    ],
)
def test_any_way_to_a_person_stops_the_release(town: Town, text: str, kind: str) -> None:
    refused(planted(town, text), f"parking_occupancy.csv: {kind} (12)")
    assert everything(town) == []


def test_a_planted_text_stops_the_release(town: Town) -> None:
    refused(
        with_canaries(planted(town, CANARY.upper()), "# planted", CANARY),
        "parking_occupancy.csv: canary",
    )


def test_what_was_released_before_a_text_was_planted_is_not_shown_again(town: Town) -> None:
    release(planted(town, CANARY).site, town.portal, NOW)
    refused(with_canaries(town, CANARY), "canary")


def test_the_contacts_of_owner_and_portal_are_meant_to_be_public(town: Town) -> None:
    release(with_canaries(town, CANARY).site, town.portal, NOW)
    page = Path(town.portal.store.uri("datasets/1103-parking_occupancy/index.html")).read_text()
    assert "datadeling@example.no" in page
    assert "data@example.no" in page


class Talkative(StaticPortal):
    def pages(self, page: Page) -> dict[str, bytes]:
        return {"index.html": f"<html>{page.newest.version} {PERSON}".encode()}


def test_a_portals_own_page_stops_the_release(town: Town) -> None:
    talkative = Talkative(town.portal.store, town.portal.site)
    refused(replace(town, portal=talkative), "index.html: person number (1)")
    assert everything(town) == []


def test_a_column_that_the_policy_does_not_open_stops_the_release(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = releasing.export

    def careless(*words: object) -> Exported:
        made = whole(*words)  # type: ignore[arg-type]  # handed on as they came
        rows = pl.read_parquet(made.parquet).with_columns(note_text=pl.lit("x"))
        shape = replace(made.shape, schema=rows.schema)
        for form in (COLUMNAR, SEPARATED):
            form.write([rows], shape, form.path(shape, made.folder))
        return replace(made, shape=shape)

    monkeypatch.setattr(releasing, "export", careless)
    formats = ("csv", "parquet", "xlsx", "json", "geojson", "geo.parquet")
    refused(town, *(f"parking_occupancy.{form}: closed column (1)" for form in formats))


def test_a_planted_text_is_found_in_every_format(town: Town) -> None:
    formats = ("csv", "parquet", "xlsx", "json", "geojson", "geo.parquet")
    found = (f"parking_occupancy.{form}" for form in formats)
    refused(with_canaries(planted(town, CANARY), CANARY), "canary", *found)


def test_rows_about_nobody_have_no_groups(town: Town, tmp_path: Path) -> None:
    proof = prove(town.site, draft(tmp_path, pl.DataFrame({"car_park_name": ["a"]}), page=b"x"))
    assert proof == Proof(
        files=("rows.parquet", "page"),
        kinds=("account number", "e-mail address", "person number", "phone number"),
        canaries=0,
        quasi_identifiers=(),
        anonymity=None,
    )


def test_a_file_that_is_no_table_stops_the_release(town: Town, tmp_path: Path) -> None:
    path = tmp_path / "datapackage.json"
    path.write_bytes(b"{")
    rows = draft(tmp_path, pl.DataFrame({"car_park_name": ["a"]})).rows
    with pytest.raises(LeakFound, match=r"datapackage\.json: not readable \(1\)"):
        prove(town.site, Draft((path,), rows, dict))


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, "cannot be read"), (b"\xff", "is not UTF-8"), (b"Kari-Kanari\nKari", "line 2 has not")],
)
def test_planted_texts_that_cannot_be_read_are_one_clear_line(
    town: Town, content: bytes | None, said: str
) -> None:
    changed = with_canaries(town)
    file = Path(str(changed.site.municipality.canaries))
    file.unlink()
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ConfigurationError, match=rf"1103: canaries: .*{said}"):
        canaries_of(changed.site)


def test_the_receipt_tells_files_rules_and_proof_and_is_signed(town: Town) -> None:
    made = release(with_canaries(town, CANARY).site, town.portal, NOW)
    told = receipt(town)
    assert (told["dataset"], told["version"]) == ("parking_occupancy", made.version)
    assert told["released_at"] == "2026-11-21T14:05:00Z"
    assert told["gate"] == made.receipt
    assert told["policy"] == {"name": "datasjo_baseline", "version": town.site.policy.version}
    files = told["files"]
    assert isinstance(files, list)
    assert files[0] == {
        "name": "parking_occupancy.csv",
        "sha256": made.resources[0].sha256,
        "bytes": made.resources[0].size,
        "rows": 24,
        "columns": OPEN,
    }
    documents = [set(file) for file in files if isinstance(file, dict) and "rows" not in file]
    assert documents == [{"name", "sha256", "bytes"}] * 3
    assert len(files) == 9
    proof = told["proof"]
    assert isinstance(proof, dict)
    assert proof["canaries"] == 1
    assert proof["findings"] == 0
    assert "datasets/1103-parking_occupancy/index.html" in proof["files"]
    assert "signing-keys.json" in proof["files"]


def test_the_portal_shows_the_receipt_and_the_signers_key(town: Town) -> None:
    release(town.site, town.portal, NOW)
    signer = signer_of(keyring_of(town.site).signing_key())
    keys = json.loads(town.portal.store.read("signing-keys.json"))
    assert keys["signers"] == [
        {
            "municipality": "1103",
            "name": "Stavanger kommune",
            "public_key": signer.public_key,
            "fingerprint": signer.fingerprint,
        }
    ]
    for file in ("index.html", "index.en.html"):
        page = town.portal.store.read(f"datasets/1103-parking_occupancy/{file}").decode()
        assert signer.fingerprint in page
        assert 'href="latest/receipt.json"' in page


def test_a_municipality_without_a_key_releases_nothing(town: Town) -> None:
    Path(town.site.municipality.key).unlink()
    with pytest.raises(KeyUnavailable):
        release(town.site, town.portal, NOW)
    assert everything(town) == []


def test_a_release_from_before_there_were_receipts_gets_one(town: Town) -> None:
    first = release(town.site, town.portal, NOW)
    record = "open/parking_occupancy/releases"
    document = town.site.store.read_json(f"{record}/00000001.json")
    document["releases"][0]["resources"].pop()
    town.site.store.remove(record)
    town.site.store.write_json(f"{record}.json", document)
    second = release(town.site, town.portal, NOW)
    assert second.version == f"{first.version}-2"
    assert receipt(town)["version"] == second.version


@pytest.mark.parametrize("limits", [{"minimum_group": 10}, {"suppress_below": 10}])
def test_a_count_below_either_limit_of_the_policy_stops_the_release(
    limits: dict[str, int], tmp_path: Path
) -> None:
    about = next(told for told in FIELDS if told["name"] == "employee_id")
    unit = field("unit_code", "string", classification="open")
    asked = {"by": ["unit_code"], "every": "month", "persons": "employee_id"}
    site = absence_site(tmp_path, contract(key("a"), event(), about, unit, aggregate=asked))
    rules = site.policy.release.model_copy(update=limits)
    tighter = replace(site, policy=replace(site.policy, release=rules))
    rows = pl.DataFrame({"unit_code": ["a", "b"], "persons": [7, 12], "rows": [20, 20]})
    with pytest.raises(LeakFound, match=r"count of a small group \(1\)"):
        prove(tighter, draft(tmp_path / "draft", rows))
