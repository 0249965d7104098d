"""A town that measures its water: one dataset from a folder of files, as Dagster runs it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dagster as dg
import yaml

from pipelines.definitions import network_definitions
from pipelines.ranged import range_tags
from pipelines.steps.site import Site, open_network, sites
from schemas.stages import Window
from tests.builders import (
    POLICIES,
    binding_document,
    document,
    event,
    field,
    key,
    owner_document,
)

HEADER = "sensor_id,observed_at,level_m,read_by"
READER = "Kari-Kanarifugl"
LANDING, LAKE, RELEASED = (
    dg.AssetKey(["1103", "readings", stage]) for stage in ("landing", "lake", "released")
)
_WORDS = {"nb": "Vannstand", "en": "Water level"}
_BASIS = {"article_6": "e", "purpose": "running of waterworks"}
_APPROVAL = {"approved_by": "kommunalsjef", "approved_on": "2026-11-01", "organisation": "prove"}


@dataclass(frozen=True)
class Waterworks:
    """The drop that readings arrive in, and the network that they go through."""

    folder: Path

    @property
    def network(self) -> Path:
        return self.folder / "network.yaml"

    @property
    def site(self) -> Site:
        [site] = sites(open_network(self.network))
        return site

    @property
    def definitions(self) -> dg.Definitions:
        return network_definitions(self.network)

    def drops(self, name: str, *lines: str) -> None:
        text = "\n".join([HEADER, *lines, ""])
        (self.folder / "drop" / name).write_text(text, encoding="utf-8")

    def rewrites(self, path: str, change: Callable[[Any], object]) -> None:
        """Change what stands in one of the network's files."""
        content = yaml.safe_load((self.folder / path).read_text(encoding="utf-8"))
        change(content)
        _write(self.folder / path, content)


def reading(day: str, level: object = 1.5, hour: int = 12, reader: str = READER) -> str:
    return f"s1,{day}T{hour:02}:00:00Z,{level},{reader}"


def waterworks(folder: Path) -> Waterworks:
    """Waterworks of which nothing has been fetched yet."""
    (folder / "drop").mkdir(parents=True)
    (folder / "secret.key").write_text("5e" * 32, encoding="ascii")
    drop = {"engine": "files", "url": f"{folder}/drop/*.csv"}
    readings = binding_document("readings", drop, legal_basis=_BASIS, release=_APPROVAL)
    owner = owner_document(
        root=str(folder / "root"), key=str(folder / "secret.key"), bindings=[readings]
    )
    _write(folder / "datasets" / "readings.odcs.yaml", _contract())
    _write(folder / "municipalities" / "1103.yaml", owner)
    _write(folder / "network.yaml", _network(folder))
    return Waterworks(folder)


def materialize(
    works: Waterworks,
    instance: dg.DagsterInstance,
    days: Sequence[str],
    keys: Sequence[dg.AssetKey] = (LANDING, LAKE, RELEASED),
) -> dg.ExecuteInProcessResult:
    """One run of the assets over the days from the first to the last."""
    window = Window(dt.date.fromisoformat(days[0]), dt.date.fromisoformat(days[-1]))
    return works.definitions.resolve_implicit_global_asset_job_def().execute_in_process(
        instance=instance,
        asset_selection=list(keys),
        raise_on_error=False,
        tags=range_tags(window),
        run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
    )


def told(
    instance: dg.DagsterInstance, run_id: str, key: dg.AssetKey
) -> dict[str | None, dict[str, Any]]:
    """Day → what the run's materialization of the asset tells of it."""
    return {
        found.partition: {name: value.value for name, value in found.metadata.items()}
        for entry in instance.all_logs(run_id, dg.DagsterEventType.ASSET_MATERIALIZATION)
        if (found := entry.asset_materialization) and found.asset_key == key
    }


def verdicts(
    instance: dg.DagsterInstance, run_id: str, check: str = "gate"
) -> list[dg.AssetCheckEvaluation]:
    return [found for found in _evaluations(instance, run_id) if found.check_name == check]


def failure_of(instance: dg.DagsterInstance, run_id: str) -> str:
    """The one line that the run failed with."""
    [entry] = instance.all_logs(run_id, dg.DagsterEventType.STEP_FAILURE)
    said = entry.get_dagster_event().step_failure_data.user_failure_data
    assert said
    return said.description or ""


def attempts(instance: dg.DagsterInstance, run_id: str) -> int:
    """How often a step began."""
    kinds = {dg.DagsterEventType.STEP_START, dg.DagsterEventType.STEP_RESTARTED}
    return len(instance.all_logs(run_id, kinds))


def _evaluations(instance: dg.DagsterInstance, run_id: str) -> Iterator[dg.AssetCheckEvaluation]:
    for entry in instance.all_logs(run_id, dg.DagsterEventType.ASSET_CHECK_EVALUATION):
        yield entry.get_dagster_event().asset_check_evaluation_data


def _contract() -> dict[str, Any]:
    return document(
        key("sensor_id"),
        event(primaryKey=True, primaryKeyPosition=2),
        field("level_m", "number", unit="m", logicalTypeOptions={"minimum": 0, "maximum": 10}),
        field(
            "read_by",
            "string",
            classification="personal",
            purpose="running of waterworks",
            category="user.name",
            subject="employee",
            mask={"use": "pseudonym"},
        ),
        gate={"max_rejected_percent": 50},
        release={
            "title": _WORDS,
            "description": _WORDS,
            "theme": ["ENVI"],
            "keyword": {"nb": ["vann"], "en": ["water"]},
            "license": "CC0_1_0",
            "frequency": "DAILY",
            "plot": "level_m",
        },
    )


def _network(folder: Path) -> dict[str, Any]:
    return {
        "network": "waterworks",
        "name": _WORDS,
        "datasets": "datasets",
        "policies": str(POLICIES),
        "policy": "datasjo_baseline",
        "portal": {"root": str(folder / "portal"), "title": _WORDS, "contact": "a@example.no"},
    }


def _write(path: Path, content: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
