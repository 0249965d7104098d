from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from dagster._core.definitions.freshness import TimeWindowFreshnessPolicy

from pipelines import definitions
from pipelines.definitions import network_definitions
from schemas.errors import ConfigurationError
from tests.pipelines.waterworks import LAKE, RELEASED, Waterworks

pytestmark = pytest.mark.filterwarnings("ignore::dagster.PreviewWarning")
DEMO = Path("deploy/demo/network.yaml")
SNAPSHOT = Path(__file__).with_name("demo_assets.txt")


def described(defs: dg.Definitions) -> Iterator[str]:
    """Every asset in a few lines, by key."""
    pools = {key: asset.op.pool for asset in defs.assets or () for key in asset.keys}  # type: ignore[union-attr]  # every one is an asset of ours
    for spec in sorted(defs.resolve_all_asset_specs(), key=lambda spec: spec.key):
        before = [dep.asset_key.to_user_string() for dep in spec.deps]
        yield spec.key.to_user_string()
        yield f"  after      {', '.join(before) or '-'}"
        yield f"  group      {spec.group_name}"
        yield f"  owner      {', '.join(spec.owners)}"
        yield f"  alarm      {spec.metadata['alarm recipient']}"
        yield f"  kinds      {', '.join(sorted(spec.kinds))}"
        yield f"  runs       {spec.automation_condition and spec.automation_condition.get_label()}"
        yield f"  stale in   {_stale(spec)}"
        yield f"  pool       {pools[spec.key] or '-'}"


def _stale(spec: dg.AssetSpec) -> dt.timedelta:
    policy = spec.freshness_policy
    assert isinstance(policy, TimeWindowFreshnessPolicy)
    return policy.fail_window.to_timedelta()


def spec_of(works: Waterworks, key: dg.AssetKey) -> dg.AssetSpec:
    return next(spec for spec in works.definitions.resolve_all_asset_specs() if spec.key == key)


def test_the_demo_network_has_the_assets_that_the_snapshot_shows() -> None:
    found = "\n".join(described(network_definitions(DEMO))) + "\n"
    assert found == SNAPSHOT.read_text(encoding="utf-8"), "write it anew where that is meant"


def test_each_municipality_has_its_own_automation() -> None:
    sensors = network_definitions(DEMO).sensors or ()
    names = [sensor.name for sensor in sensors]
    assert names == ["automation_1103", "automation_1108", "automation_1122"]


def test_dagster_loads_the_network_that_the_environment_names(
    works: Waterworks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATASJO_NETWORK", str(works.network))
    loaded = definitions.definitions()
    assert LAKE in loaded.resolve_asset_graph().get_all_asset_keys()


def test_a_description_says_what_for_how_fresh_and_under_which_licence(works: Waterworks) -> None:
    text = spec_of(works, RELEASED).description or ""
    assert text.startswith("Water level, Stavanger kommune: ")
    assert "Readings of a test." in text
    assert "within 15\u00a0minutes." in text
    assert "[Creative Commons CC0" in text
    assert "| level_m | number (m) | A field. |" in text
    assert "read_by" not in text


def test_the_columns_of_a_lake_tell_class_and_mask(works: Waterworks) -> None:
    schema = spec_of(works, LAKE).metadata["dagster/column_schema"]
    assert isinstance(schema, dg.TableSchema)
    [column] = [column for column in schema.columns if column.name == "read_by"]
    assert column.constraints.other == ["class personal", "pseudonym"]


def test_what_an_owner_left_out_is_named_when_definitions_load(works: Waterworks) -> None:
    def forget(contract: dict[str, Any]) -> None:
        operation = next(p for p in contract["customProperties"] if p["property"] == "operation")
        del operation["value"]["owner"], operation["value"]["alarm_recipient"]

    works.rewrites("datasets/readings.odcs.yaml", forget)
    with pytest.raises(ConfigurationError) as refused:
        _ = works.definitions
    said = str(refused.value)
    assert "readings.odcs.yaml: operation.owner: is missing (example: " in said
    assert "readings.odcs.yaml: operation.alarm_recipient: is missing (example: " in said


def test_a_missing_legal_basis_is_named_when_definitions_load(works: Waterworks) -> None:
    works.rewrites("municipalities/1103.yaml", lambda o: o["bindings"][0].pop("legal_basis"))
    with pytest.raises(ConfigurationError, match="read_by: the policy needs legal_basis"):
        _ = works.definitions


def test_a_missing_purpose_is_named_when_definitions_load(works: Waterworks) -> None:
    def forget(contract: dict[str, Any]) -> None:
        properties = contract["schema"][0]["properties"][-1]["customProperties"]
        properties[:] = [p for p in properties if p["property"] != "purpose"]

    works.rewrites("datasets/readings.odcs.yaml", forget)
    with pytest.raises(ConfigurationError, match=r"read_by\.purpose: is missing"):
        _ = works.definitions
