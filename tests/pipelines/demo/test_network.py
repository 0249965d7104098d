from __future__ import annotations

from pathlib import Path

import pytest

from gdpr.policy import contract_problems, effective
from pipelines.demo.planted import Planted
from schemas.catalog import Catalog, load_catalog
from tests.pipelines.demo.counting import Made

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog(ROOT / "deploy" / "demo" / "network.yaml")


def test_every_binding_satisfies_its_municipalitys_policy(catalog: Catalog) -> None:
    for municipality, binding, contract in catalog.bindings():
        name = municipality.policy or catalog.network.policy
        policy = effective(name, catalog.policies)
        assert contract_problems(contract, binding, policy) == []


def test_every_mask_is_shown(catalog: Catalog) -> None:
    masks = {f.mask.use for _, _, c in catalog.bindings() for f in c.fields if f.mask}
    coarse = {"generalise", "truncate", "bucket"}
    assert masks == {"drop", "pseudonym", "redact", "aggregate", *coarse}


def test_every_binding_has_something_planted_and_nothing_else_has(
    catalog: Catalog, first: Made
) -> None:
    assert places(first.planted) == {(m.number, c.name) for m, _, c in catalog.bindings()}


def places(planted: Planted) -> set[tuple[str, str]]:
    return {(planting.municipality, planting.dataset) for planting in planted.plantings}


def test_gjesdal_is_stricter_than_the_region(catalog: Catalog) -> None:
    own = effective("gjesdal_tightened", catalog.policies)
    region = effective(catalog.network.policy, catalog.policies)
    assert own.minimum_group > region.minimum_group
    assert own.version == "gjesdal_tightened@1.1.0+datasjo_baseline@1.1.0"


def test_no_personal_field_is_released(catalog: Catalog) -> None:
    for municipality, binding, contract in catalog.bindings():
        policy = effective(municipality.policy or catalog.network.policy, catalog.policies)
        released = policy.released(contract) if binding.release else ()
        assert all(field.classification == "open" for field in released)


def test_rejected_rules_are_rules_of_the_contract(catalog: Catalog, first: Made) -> None:
    for planting in first.planted.plantings:
        contract = catalog.contracts[planting.dataset]
        names = {f.name for f in contract.fields} | {"row"}
        custom = {rule.name for rule in contract.quality}
        for rule in planting.rejected:
            assert rule in custom or rule.split(":")[0] in names
