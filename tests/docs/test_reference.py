from __future__ import annotations

import json
from collections.abc import Mapping
from typing import get_args

import pytest
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from connectors.readers.registry import READERS
from pipelines.steps.suite import gate_rules
from schemas import odcs, source
from schemas.aggregation import Aggregation, Noise
from schemas.contract import (
    ContractExtras,
    FieldExtras,
    Gate,
    Operation,
    Publication,
)
from schemas.documents import parse, read_yaml
from schemas.licences import LICENCES
from schemas.mask import MaskWord
from schemas.mask_rules import _TYPES
from schemas.municipality import Approval, Binding, LegalBasis, Municipality, System
from schemas.network import CkanSite, Network, Organisation, PortalSite
from schemas.policy import Policy, ReleaseRule
from schemas.reading import _UNITS, read_contract
from schemas.types import KINDS
from tests.docs.documents import HOUSE, code, prose, table

CONTRACTS, NETWORKS = "docs/contracts.md", "docs/networks.md"
BASELINE = HOUSE / "gdpr/policies/datasjo_baseline.yaml"
NONE = "-"
TABLES: list[tuple[str, str, int, type[BaseModel]]] = [
    (CONTRACTS, "The document", 0, odcs.Document),
    (CONTRACTS, "A field", 0, odcs.Property),
    (CONTRACTS, "Custom properties of the dataset", 0, ContractExtras),
    (CONTRACTS, "Custom properties of the dataset", 1, Publication),
    (CONTRACTS, "Custom properties of a field", 0, FieldExtras),
    (CONTRACTS, "Aggregates", 0, Aggregation),
    (CONTRACTS, "Aggregates", 1, Noise),
    (CONTRACTS, "Source profile", 0, source.Profile),
    (CONTRACTS, "How one field is written", 0, source.FieldSource),
    (NETWORKS, "The network", 0, Network),
    (NETWORKS, "Publishers", 0, Organisation),
    (NETWORKS, "A municipality", 0, Municipality),
    (NETWORKS, "A binding", 0, Binding),
    (NETWORKS, "A policy", 0, Policy),
]
ENGINES: dict[str, type[BaseModel]] = {
    "`files`": source.FilesSource,
    "`http_json`": source.HttpSource,
    "`sql`": source.SqlSource,
}
INNER: dict[str, tuple[type[BaseModel], ...]] = {
    CONTRACTS: (
        odcs.TypeOptions,
        odcs.Description,
        odcs.Team,
        odcs.Member,
        odcs.Channel,
        Operation,
        Gate,
    ),
    NETWORKS: (
        PortalSite,
        CkanSite,
        System,
        LegalBasis,
        Approval,
        ReleaseRule,
        source.Paging,
        source.Retries,
    ),
}


def names_of(model: type[BaseModel]) -> dict[str, FieldInfo]:
    return {info.alias or name: info for name, info in model.model_fields.items()}


def default_of(info: FieldInfo) -> str:
    if info.is_required():
        return "required"
    default = info.get_default(call_default_factory=True)
    if isinstance(default, BaseModel) or default in (None, "", (), {}):
        return NONE
    if isinstance(default, float):
        return f"{default:g}"
    return default if isinstance(default, str) else json.dumps(default)


@pytest.mark.parametrize(("document", "heading", "at", "model"), TABLES, ids=str)
def test_a_table_holds_every_key_of_its_model_with_its_default(
    document: str, heading: str, at: int, model: type[BaseModel]
) -> None:
    rows = table(document, heading, at)
    written = {code(row[0]): row[1] for row in rows}
    assert written == {name: default_of(info) for name, info in names_of(model).items()}
    assert [code(row[0]) for row in rows] == list(names_of(model))


@pytest.mark.parametrize("heading", ENGINES)
def test_an_engines_table_holds_every_key_but_those_that_all_have(heading: str) -> None:
    keys = names_of(ENGINES[heading])
    written = {code(row[0]): row[1] for row in table(NETWORKS, heading)}
    shared = {"profile", "fields"}
    assert shared <= set(keys)
    assert written == {n: default_of(info) for n, info in keys.items() if n not in shared}


@pytest.mark.parametrize("document", INNER)
def test_the_keys_within_keys_are_named(document: str) -> None:
    names = {name for model in INNER[document] for name in names_of(model)}
    assert {name for name in names if f"`{name}`" not in prose(document)} == set()


def test_types_are_those_of_the_lake() -> None:
    written = {code(row[0]): row[1] for row in table(CONTRACTS, "Types")}
    assert written == {word: str(kind.dtype) for word, kind in KINDS.items()}


def test_formats_are_those_that_are_read() -> None:
    formats = [code(row[0]) for row in table(CONTRACTS, "Formats")]
    assert set(formats) == set(READERS) == set(get_args(source.Format))


def test_masks_suit_the_types_that_are_written() -> None:
    rows = table(CONTRACTS, "Masks")
    written = {code(row[0]): tuple(word.strip() for word in row[1].split(",")) for row in rows}
    assert written == _TYPES
    assert set(written) == set(get_args(MaskWord))


def test_classes_permit_what_the_baseline_permits() -> None:
    baseline = parse(Policy, read_yaml(BASELINE), str(BASELINE))
    written = {code(row[0]): row[1:] for row in table(CONTRACTS, "Classes")}
    assert written == {
        word: [_told(rule.lake), _told(rule.open), _told(rule.needs) or NONE]
        for word, rule in baseline.classes.items()
    }


def _told(words: object) -> str:
    return words if isinstance(words, str) else ", ".join(words) if isinstance(words, tuple) else ""


def test_service_levels_are_those_that_are_read() -> None:
    levels = names_of(odcs.ServiceLevel)
    assert [code(row[0]) for row in table(CONTRACTS, "Service levels")] == list(
        get_args(levels["property"].annotation)
    )
    assert [unit for unit in _UNITS if f"`{unit}`" not in prose(CONTRACTS)] == []


def test_licences_and_metrics_are_named() -> None:
    metrics = [code(row[0]) for row in table(CONTRACTS, "The gate's", 1)]
    assert metrics == list(get_args(odcs.Metric))
    assert [name for name in LICENCES if f"`{name}`" not in prose(CONTRACTS)] == []


def test_every_check_of_every_contract_is_explained() -> None:
    written = {code(row[0]) for row in table(CONTRACTS, "The gate's")}
    for path in (HOUSE / "schemas/datasets").glob("*.odcs.yaml"):
        contract = read_contract(path)
        own = {quality.name for quality in contract.quality}
        made = {rule.name for rule in gate_rules(contract)} - own
        assert {_general(name) for name in made} <= written


def _general(check: str) -> str:
    field, colon, word = check.partition(": ")
    return f"<field>: {word}" if colon else field


def test_every_contract_of_the_project_is_listed() -> None:
    paths = (HOUSE / "schemas/datasets").glob("*.odcs.yaml")
    formats: Mapping[str, str] = {c.name: c.profile.format for c in map(read_contract, paths)}
    rows = table(CONTRACTS, "The contracts of this project")
    assert {code(row[0]): row[2] for row in rows} == formats
