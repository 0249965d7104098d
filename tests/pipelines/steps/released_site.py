"""A small municipality with parking data in its lake, ready to be released."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from connectors.static_portal.portal import StaticPortal
from connectors.store import Store
from gdpr.policy import effective
from pipelines.steps.receipts import write_receipt
from pipelines.steps.site import Site
from schemas.contract import Contract
from schemas.documents import parse, read_yaml
from schemas.model import Bilingual
from schemas.municipality import Municipality
from schemas.network import PortalSite
from schemas.policy import Policy
from schemas.reading import read_contract
from schemas.stages import DAY, Counts, Receipt

CANARY = "Kari-Kanarifugl"
OPEN = ["car_park_name", "observed_at", "free_spaces", "is_full", "latitude", "longitude"]
NOW = dt.datetime(2026, 11, 21, 14, 5, tzinfo=dt.UTC)
PARKING = Path("schemas/datasets/parking_occupancy.odcs.yaml")
_POLICY = Path("gdpr/policies/datasjo_baseline.yaml")


def parking_document() -> dict[str, Any]:
    """The parking contract with two fields more that may not stand in the open."""
    document = read_yaml(PARKING)
    for name, classification in (("sensor_serial", "internal"), ("note_text", "free_text")):
        field: dict[str, Any] = {
            "name": name,
            "logicalType": "string",
            "classification": classification,
            "description": "Not for the public.",
            "customProperties": [{"property": "description_nb", "value": "Ikke for alle."}],
        }
        if classification == "free_text":
            mask = {"property": "mask", "value": {"use": "drop"}}
            field["customProperties"] += [mask, {"property": "purpose", "value": "running"}]
        document["schema"][0]["properties"].append(field)
    words = {entry["property"]: entry["value"] for entry in document["customProperties"]}
    words["release"]["geometry"] = {"north": "latitude", "east": "longitude"}
    return document


def closed_fields(document: dict[str, Any], *names: str) -> None:
    """Take fields of a contract's document out of the open."""
    for field in document["schema"][0]["properties"]:
        if field["name"] in names:
            field["classification"] = "internal"


def without_field(document: dict[str, Any], name: str) -> None:
    """Take a field, and the rules that speak of it, out of a contract's document."""
    table = document["schema"][0]
    table["properties"] = [each for each in table["properties"] if each["name"] != name]
    table["quality"] = [each for each in table["quality"] if name not in str(each)]


def contract_of(document: dict[str, Any], folder: Path) -> Contract:
    """The contract in a document."""
    path = folder / f"{document['name']}.odcs.yaml"
    path.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
    return read_contract(path)


def municipality_of(dataset: str, **binding: object) -> Municipality:
    """Stavanger, with the dataset bound and its release approved."""
    bound: dict[str, object] = {
        "dataset": dataset,
        "source": {"engine": "files", "url": "drop/*.csv"},
        "schedule": "0 * * * *",
        "system": {"name": "p", "owner": "p", "responsible": "it", "personal_data": "none"},
        "release": {
            "approved_by": "kommunalsjef",
            "approved_on": "2026-11-01",
            "organisation": "stavanger-kommune",
        },
    }
    document = {
        "number": "1103",
        "name": {"nb": "Stavanger kommune"},
        "organisation_number": "964965226",
        "valid_from": "2020-01-01",
        "root": "unused",
        "key": "unused",
        "data_protection_officer": "personvernombud@example.no",
        "contact": "datadeling@example.no",
        "bindings": [bound | binding],
    }
    return parse(Municipality, document, "1103.yaml")


def site_of(contract: Contract, root: Store, **binding: object) -> Site:
    """The contract as Stavanger binds it, in that root."""
    policy = parse(Policy, read_yaml(_POLICY), str(_POLICY))
    secret = Path(root.url).parent / "secret.key"
    secret.write_text("5e" * 32, encoding="ascii")
    owner = municipality_of(contract.name, **binding)
    owner = owner.model_copy(update={"key": str(secret)})
    return Site(
        municipality=owner,
        binding=owner.bindings[0],
        contract=contract,
        policy=effective(policy.policy, {policy.policy: policy}),
        store=root,
    )


def portal_at(root: Store) -> StaticPortal:
    """A portal in that root."""
    title = Bilingual(nb="Åpne data fra demoregionen", en="Open data from the demo region")
    url = "https://data.example.no"
    site = PortalSite(root="unused", url=url, title=title, contact="data@example.no")
    return StaticPortal(root, site)


def readings(
    days: Sequence[dt.date] = (dt.date(2026, 11, 19), dt.date(2026, 11, 20)),
    parks: Sequence[str] = ("Valberget", "Posten"),
) -> pl.DataFrame:
    """Six readings a day of each car park, in no particular order, canaries in closed fields."""
    hours = [dt.datetime.combine(d, dt.time(h), dt.UTC) for d in days for h in range(0, 22, 4)]
    rows = [
        {
            "car_park_name": park,
            "observed_at": at,
            "free_spaces": (at.day * 7 + at.hour * 3 + len(park)) % 90 + 1,
            "is_full": False,
            "latitude": 58.97,
            "longitude": 5.73,
            "sensor_serial": CANARY,
        }
        for park in parks
        for at in reversed(hours)
    ]
    instants = {"observed_at": pl.Datetime("us", "UTC")}
    return pl.DataFrame(rows, schema_overrides=instants)


@dataclass(frozen=True, slots=True)
class Town:
    """A site whose lake holds what was committed, and a portal."""

    site: Site
    portal: StaticPortal

    @classmethod
    def at(cls, folder: Path) -> Town:
        """A town in an empty folder."""
        contract = contract_of(parking_document(), folder)
        root, shown = (Store.at(str(folder / name)) for name in ("root", "portal"))
        return cls(site_of(contract, root), portal_at(shown))

    def holding(self, contract: Contract) -> Town:
        """The same town under another contract."""
        return replace(self, site=replace(self.site, contract=contract))

    def commit(self, rows: pl.DataFrame) -> None:
        """Put the rows' days in place of the lake's."""
        lake, event = self.site.lake, pl.col(self.site.contract.event.name)
        local = event.dt.convert_time_zone(self.site.municipality.time_zone).dt.date()
        parts = rows.with_columns(local.alias(DAY)).partition_by(DAY, as_dict=True)
        files = [lake.stage(part.drop(DAY), str(day)) for (day,), part in parts.items()]
        lake.replace(lake.snapshot(), files, rows.schema, {})

    def judge(
        self, at: dt.datetime = NOW, *, is_open: bool = True, contract_sha256: str = ""
    ) -> Receipt:
        """An open receipt under the contract as it stands, or as the words say."""
        contract = self.site.contract
        receipt = Receipt(
            id=f"{at:%H%M%S%f}".ljust(32, "0"),
            municipality="1103",
            dataset=contract.name,
            open=is_open,
            contract_version=contract.version,
            contract_sha256=contract_sha256 or contract.sha256,
            policy="datasjo_baseline",
            policy_version="1.0.0",
            inputs=("batch",),
            input_sha256=("0" * 64,),
            counts=Counts(landed=30, rejected=6, kept=24, written=24),
            checks=(),
            days={},
            pseudonyms={},
            newest_event=None,
            judged_at=at,
            seconds=1.0,
        )
        write_receipt(self.site, receipt)
        return receipt


def town_with_readings(folder: Path) -> Town:
    """A town whose lake holds the readings under an open receipt."""
    town = Town.at(folder)
    town.commit(readings())
    town.judge()
    return town
