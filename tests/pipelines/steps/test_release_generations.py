from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from connectors.numbered import Numbered
from pipelines.steps import release as releasing
from pipelines.steps.publication import export as exporting
from pipelines.steps.publication.formats.registry import FORMS
from pipelines.steps.publication.history import History
from pipelines.steps.release import release
from schemas.records import dump
from schemas.stages import FieldsChange, Release
from tests.pipelines.steps.released_site import (
    NOW,
    Town,
    closed_fields,
    contract_of,
    parking_document,
    readings,
    town_with_readings,
    without_field,
)

FOLDER = "datasets/1103-parking_occupancy"
SUFFIXES = ("csv", "parquet", "xlsx", "json", "geojson", "geo.parquet")
_Document = dict[str, Any]


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return town_with_readings(tmp_path)


def fields_of(document: _Document) -> dict[str, _Document]:
    return {field["name"]: field for field in document["schema"][0]["properties"]}


def opening(document: _Document) -> None:
    fields_of(document)["sensor_serial"]["classification"] = "open"


def removing(document: _Document) -> None:
    without_field(document, "is_full")


def closing(document: _Document) -> None:
    closed_fields(document, "is_full")


def retyping(document: _Document) -> None:
    fields_of(document)["is_full"]["logicalType"] = "string"


def again(town: Town, edit: Callable[[_Document], None], tmp_path: Path, days: int = 1) -> Town:
    document = parking_document()
    edit(document)
    changed = town.holding(contract_of(document, tmp_path))
    changed.judge(NOW + dt.timedelta(days=days))
    return changed


def run(town: Town, days: int = 0) -> Release:
    return release(town.site, town.portal, NOW + dt.timedelta(days=days))


def stable(town: Town) -> dict[str, bytes]:
    """The files under stable names, which both roots hold alike."""
    owner, portal = town.site.store, town.portal.store
    folders = (owner, "open/parking_occupancy/latest"), (portal, f"{FOLDER}/latest")
    own, shown = (
        {path.rsplit("/", 1)[-1]: store.read(path) for path in store.find(folder)}
        for store, folder in folders
    )
    assert own == shown
    return own


def page(town: Town, lang: str = "en") -> str:
    name = "index.html" if lang == "nb" else f"index.{lang}.html"
    return town.portal.store.read(f"{FOLDER}/{name}").decode()


def test_a_field_that_is_new_breaks_nobody_and_keeps_every_name(town: Town, tmp_path: Path) -> None:
    first = run(town)
    names = set(stable(town))
    second = run(again(town, opening, tmp_path), 1)
    assert second.version != first.version
    assert second.generation == 1
    assert dump(second.changes[-1].fields) == dump(FieldsChange(added=("sensor_serial",)))
    assert set(stable(town)) == names
    assert "New fields: sensor_serial" in page(town)


def as_text(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(pl.col("is_full").cast(pl.String))


@pytest.mark.parametrize(
    ("edit", "fields"),
    [
        (removing, FieldsChange(removed=("is_full",))),
        (retyping, FieldsChange(retyped=("is_full",))),
    ],
)
def test_a_field_that_goes_or_is_another_type_begins_files_of_another_name(
    town: Town, tmp_path: Path, edit: Callable[[_Document], None], fields: FieldsChange
) -> None:
    first = run(town)
    old = stable(town)
    changed = again(town, edit, tmp_path)
    if edit is retyping:
        _swap_lake(changed, as_text(readings()))
    second = run(changed, 1)
    assert (second.generation, dump(second.changes[-1].fields)) == (2, dump(fields))
    held = stable(town)
    rows = {f"parking_occupancy.{suffix}": f"parking_occupancy-v2.{suffix}" for suffix in SUFFIXES}
    assert {name: held[name] for name in rows} == {name: old[name] for name in rows}
    assert held["parking_occupancy-v2.parquet"] != old["parking_occupancy.parquet"]
    kept = f"{FOLDER}/versions/{first.version}"
    assert town.portal.store.read(f"{kept}/parking_occupancy.csv") == old["parking_occupancy.csv"]
    documents = {"croissant.json", "datapackage.json", "dictionary.csv", "receipt.json"}
    assert set(held) == {*rows, *rows.values(), *documents}


def _swap_lake(town: Town, rows: pl.DataFrame) -> None:
    # the kind of rows that the lake holds is another from here on
    town.site.store.remove("lake")
    town.commit(rows)


def test_everything_that_names_a_file_names_the_one_of_the_generation(
    town: Town, tmp_path: Path
) -> None:
    run(town)
    run(again(town, removing, tmp_path), 1)
    held = stable(town)
    package, croissant = (json.loads(held[f"{name}.json"]) for name in ("datapackage", "croissant"))
    receipt = json.loads(held["receipt.json"])
    paths = [each["path"] for each in package["resources"]]
    assert paths == [f"parking_occupancy-v2.{suffix}" for suffix in SUFFIXES]
    assert [each["contentUrl"] for each in croissant["distribution"]] == paths
    assert paths == [f["name"] for f in receipt["files"] if "rows" in f]
    for syntax in ("ttl", "rdf", "jsonld"):
        told = town.portal.store.read(f"{FOLDER}/dataset.{syntax}").decode()
        assert "parking_occupancy-v2.csv" in told
        assert "parking_occupancy.csv" not in told
    linked = json.loads(page(town).split('ld+json">')[1].split("</script>")[0])
    assert all("parking_occupancy-v2." in each["contentUrl"] for each in linked["distribution"])


def test_the_page_says_which_file_replaced_which_and_since_when(town: Town, tmp_path: Path) -> None:
    run(town)
    run(again(town, removing, tmp_path), 1)
    for lang, words in (("nb", "erstattet av"), ("en", "replaced by")):
        told = page(town, lang).split('<ul class="replaced">')[1].split("</ul>")[0]
        assert told.count("<li>") == len(SUFFIXES)
        first = told.split("</li>")[0]
        assert 'href="latest/parking_occupancy.csv"' in first
        assert f'{words} <a href="latest/parking_occupancy-v2.csv"' in first
        assert 'datetime="2026-11-22' in first


def test_what_broke_once_is_not_given_its_old_name_when_it_comes_back(
    town: Town, tmp_path: Path
) -> None:
    run(town)
    run(again(town, removing, tmp_path), 1)
    third = run(again(town, lambda _: None, tmp_path, days=2), 2)
    # a field that comes back is new to those who read the second generation
    assert (third.generation, third.changes[-1].fields.added) == (2, ("is_full",))
    fourth = run(again(town, removing, tmp_path, days=3), 3)
    assert fourth.generation == 3
    names = {name for name in stable(town) if name.endswith(".csv") and name != "dictionary.csv"}
    stem = "parking_occupancy"
    assert names == {f"{stem}.csv", f"{stem}-v2.csv", f"{stem}-v3.csv"}


def test_releasing_again_changes_nothing_of_either_generation(town: Town, tmp_path: Path) -> None:
    run(town)
    changed = again(town, removing, tmp_path)
    second = run(changed, 1)
    before = stable(town)
    assert run(changed, 2) == second
    assert stable(town) == before


class Killed(BaseException):
    """Ends a release where it stands."""


def test_a_release_killed_before_it_is_recorded_ends_the_same_when_run_again(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(town)
    old = stable(town)
    changed = again(town, removing, tmp_path)

    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as dying:
        dying.setattr(Numbered, "follow", killed)
        with pytest.raises(Killed):
            run(changed, 1)
    assert run(changed, 1).generation == 2
    held = stable(town)
    rows = [f"parking_occupancy.{suffix}" for suffix in SUFFIXES]
    assert {name: held[name] for name in rows} == {name: old[name] for name in rows}
    assert len([name for name in held if name.startswith("parking_occupancy-v2")]) == len(SUFFIXES)


def test_a_generation_whose_versions_all_retired_is_gone_from_the_stable_names(
    town: Town, tmp_path: Path
) -> None:
    run(town)
    changed = again(town, removing, tmp_path)
    run(changed, 1)
    History(town.site.store, "parking_occupancy").retire(1, NOW.date())
    run(changed, 2)
    assert "parking_occupancy.csv" not in stable(town)
    assert "parking_occupancy-v2.csv" in stable(town)
    assert '<ul class="replaced">' not in page(town)


def test_a_format_that_is_no_longer_made_does_not_stay_under_its_stable_name(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(town)
    small = tuple(replace(form, most_rows=30) if form.name == "xlsx" else form for form in FORMS)
    for module in (exporting, releasing):
        monkeypatch.setattr(module, "forms_of", lambda _: small)
    town.commit(readings(days=[dt.date(2026, 11, 21)]))
    assert [left.format for left in run(town, 1).left_out] == ["xlsx"]
    assert "parking_occupancy.xlsx" not in stable(town)


def test_a_field_that_is_closed_leaves_no_version_with_it_in_the_open(
    town: Town, tmp_path: Path
) -> None:
    run(town)
    made = run(again(town, closing, tmp_path), days=1)
    old, new = History(town.site.store, "parking_occupancy").releases()
    assert (old.retired_on, new.version) == ((NOW + dt.timedelta(days=1)).date(), made.version)
    shown = [path for path in town.portal.store.find(FOLDER) if path.endswith(".csv")]
    assert not [path for path in shown if b"is_full" in town.portal.store.read(path)]
    assert f"{FOLDER}/latest/parking_occupancy-v2.csv" in shown
    assert f"{FOLDER}/latest/parking_occupancy.csv" not in shown
