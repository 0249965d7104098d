from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from gdpr.disclosure.anonymity import Anonymity
from gdpr.seal import Json, sealed
from pipelines.steps.proof import prove
from pipelines.steps.site import Site
from schemas.errors import LeakFound, RecordBroken
from schemas.records import dump
from schemas.released import Releases
from schemas.stages import Release, Resource
from tests.pipelines.steps.drafts import draft
from tests.pipelines.steps.released_site import (
    NOW,
    Town,
    contract_of,
    parking_document,
    town_with_readings,
)


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return town_with_readings(tmp_path)


def about_persons(town: Town, folder: Path, least: int = 5) -> Site:
    document = parking_document()
    for field in document["schema"][0]["properties"]:
        if field["name"] in ("car_park_name", "free_spaces"):
            field["classification"] = "personal"
    policy = town.site.policy
    kept = policy.classes["personal"].model_copy(update={"lake": "keep", "open": "keep"})
    loose = replace(
        policy,
        classes={**policy.classes, "personal": kept},
        release=policy.release.model_copy(update={"minimum_group": least}),
    )
    return replace(town.site, contract=contract_of(document, folder), policy=loose)


def test_a_group_too_small_stops_the_release(town: Town, tmp_path: Path) -> None:
    site = about_persons(town, tmp_path)
    rows = pl.DataFrame({"car_park_name": ["a"] * 9 + ["b"] * 4, "free_spaces": [1] * 13})
    said = r"rows\.parquet: persons are not hidden, k is 4, less than 5 \(1\)"
    with pytest.raises(LeakFound, match=said):
        prove(site, draft(tmp_path, rows))
    proof = prove(site, draft(tmp_path, rows.head(9)))
    assert proof.quasi_identifiers == ("car_park_name", "free_spaces")
    assert proof.anonymity is not None
    assert (proof.anonymity.k, proof.anonymity.groups) == (9, 1)
    assert prove(site, draft(tmp_path, rows.head(0))).anonymity == Anonymity(0, 0, 0, 0)


def special(site: Site, diversity: int) -> Site:
    personal = site.policy.classes["personal"]
    needs = ("legal_basis_9", *personal.needs)
    classes = {**site.policy.classes, "health": personal.model_copy(update={"needs": needs})}
    rule = site.policy.release.model_copy(update={"minimum_diversity": diversity})
    fields = tuple(
        replace(field, classification="health") if field.name == "free_spaces" else field
        for field in site.contract.fields
    )
    policy = replace(site.policy, classes=classes, release=rule)
    return replace(site, contract=replace(site.contract, fields=fields), policy=policy)


def test_a_group_that_gives_away_what_is_sensitive_stops_the_release(
    town: Town, tmp_path: Path
) -> None:
    site = special(about_persons(town, tmp_path), diversity=2)
    names = ["a"] * 6 + ["b"] * 6
    rows = pl.DataFrame({"car_park_name": names, "free_spaces": [1] * 9 + [2] * 3})
    with pytest.raises(LeakFound, match=r"persons are not hidden, l is 1, less than 2 \(2\)"):
        prove(site, draft(tmp_path, rows))
    proof = prove(site, draft(tmp_path, rows.with_columns(free_spaces=pl.Series([1, 2] * 6))))
    assert proof.anonymity is not None
    assert (proof.anonymity.k, proof.anonymity.l, proof.anonymity.t) == (6, 2, 0)


def neighbour(site: Site, rows: pl.DataFrame, quasi: list[str], **changes: object) -> None:
    store, folder = site.store, "open/visits/versions/v1"
    buffer = io.BytesIO()
    rows.write_parquet(buffer)
    told: dict[str, Json] = {"proof": {"quasi_identifiers": list(quasi)}}
    for name, content in (
        ("visits.parquet", buffer.getvalue()),
        ("receipt.json", sealed(told, bytes(32))),
    ):
        with store.write(f"{folder}/{name}") as stream:
            stream.write(content)
    made = Release(
        municipality="1103",
        dataset="visits",
        version="v1",
        released_at=NOW,
        resources=(
            Resource("visits.parquet", "parquet", "", 0, rows.height),
            Resource("receipt.json", "json", "", 0, 0),
        ),
        rows=rows.height,
        newest_event=None,
        contract_version="1.0.0",
        receipt="",
        changes=(),
    )
    store.write_json("open/visits/releases.json", dump(Releases((replace(made, **changes),))))  # type: ignore[arg-type]  # fields by name


ROWS = pl.DataFrame({"car_park_name": ["a"] * 5 + ["b"] * 5, "free_spaces": [1] * 10})
VISITS = pl.DataFrame({"car_park_name": ["a", "b"], "age": [30, 40]})


def test_what_another_release_tells_of_the_same_persons_counts(town: Town, tmp_path: Path) -> None:
    site = about_persons(town, tmp_path)
    neighbour(site, VISITS, ["age"])
    assert prove(site, draft(tmp_path, ROWS)).anonymity
    for place in range(5):
        more = VISITS.with_columns(free_spaces=pl.lit(place))
        neighbour(site, more, ["age", "free_spaces"])
    neighbour(site, ROWS.head(2).with_columns(age=pl.lit(7)).head(1), ["age"])
    rows = ROWS.with_columns(free_spaces=pl.Series([1] * 4 + [2] + [3] * 5, dtype=pl.Int64))
    loose = about_persons(town, tmp_path, least=1)
    proof = prove(loose, draft(tmp_path, rows))
    assert proof.anonymity is not None
    assert proof.anonymity.k == 1
    with pytest.raises(LeakFound, match="k is 1, less than 5"):
        prove(site, draft(tmp_path, rows))


@pytest.mark.parametrize(
    ("rows", "quasi"),
    [
        (VISITS.rename({"car_park_name": "other"}), ["age"]),
        (VISITS, []),
    ],
)
def test_a_release_that_cannot_be_joined_or_tells_of_nobody_does_not(
    town: Town, tmp_path: Path, rows: pl.DataFrame, quasi: list[str]
) -> None:
    site = about_persons(town, tmp_path)
    neighbour(site, rows, quasi)
    held = prove(site, draft(tmp_path, ROWS)).anonymity
    assert held is not None
    assert (held.k, held.groups) == (5, 2)


@pytest.mark.parametrize("changes", [{"retired_on": NOW.date()}, {"resources": ()}])
def test_a_release_that_is_retired_or_has_no_receipt_does_not(
    town: Town, tmp_path: Path, changes: dict[str, object]
) -> None:
    site = about_persons(town, tmp_path)
    neighbour(site, VISITS, ["age"], **changes)
    held = prove(site, draft(tmp_path, ROWS)).anonymity
    assert held is not None
    assert (held.k, held.groups) == (5, 2)


def test_another_releases_receipt_that_is_not_what_was_signed_is_told(
    town: Town, tmp_path: Path
) -> None:
    site = about_persons(town, tmp_path)
    neighbour(site, VISITS, ["age"])
    with site.store.write("open/visits/versions/v1/receipt.json") as stream:
        stream.write(b"{}")
    with pytest.raises(RecordBroken, match="1103 visits: the receipt of its newest release"):
        prove(site, draft(tmp_path, ROWS))
