from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest
import yaml

from tests.builders import POLICIES, binding_document, document, owner_document
from tests.pipelines.steps.absences import ASKED, FIELDS, written
from tests.pipelines.waterworks import LAKE, LANDING, Waterworks, materialize, told, verdicts

pytestmark = [
    pytest.mark.filterwarnings("ignore::dagster.BetaWarning"),
    pytest.mark.filterwarnings("ignore::dagster.PreviewWarning"),
]
DAY = "2026-09-02"
UNITS = ["north"] * 6 + ["south"] * 2 + ["west"] * 7
ROWS = [(f"a{n}", DAY, n, unit, 1.0) for n, unit in enumerate(UNITS)]


@pytest.fixture
def office(tmp_path: Path) -> Waterworks:
    (tmp_path / "drop").mkdir()
    (tmp_path / "secret.key").write_text("5e" * 32, encoding="ascii")
    basis = {"article_6": "c", "article_9": "b", "purpose": "a test", "dpia": "2026/1"}
    source = {"engine": "files", "url": f"{tmp_path}/drop/*.csv"}
    owner = owner_document(
        root=str(tmp_path / "root"),
        key=str(tmp_path / "secret.key"),
        bindings=[binding_document("readings", source, legal_basis=basis)],
    )
    files = {
        "datasets/readings.odcs.yaml": document(*FIELDS, aggregate=ASKED),
        "municipalities/1103.yaml": owner,
        "network.yaml": {
            "network": "test",
            "name": {"nb": "Prøve", "en": "Test"},
            "datasets": "datasets",
            "policies": str(POLICIES),
            "policy": "datasjo_baseline",
            "portal": {
                "root": str(tmp_path / "portal"),
                "title": {"nb": "Åpne data", "en": "Open data"},
                "contact": "help@example.no",
            },
        },
    }
    for name, content in files.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(yaml.safe_dump(content), encoding="utf-8")
    return Waterworks(tmp_path)


def test_a_run_tells_restricted_rows_and_counts_apart(
    office: Waterworks, record: dg.DagsterInstance
) -> None:
    (office.folder / "drop" / "a.csv").write_text(written(ROWS), encoding="utf-8")
    run = materialize(office, record, [DAY], (LANDING, LAKE))
    assert run.success
    day = told(record, run.run_id, LAKE)[DAY]
    assert day["rows in the restricted zone"] == 15
    assert (day["groups in the lake"], day["groups suppressed"]) == (4, 2)
    assert "rows in the lake" not in day
    assert "shape of the day" not in day
    [verdict] = verdicts(record, run.run_id, "counts")
    assert verdict.passed
    assert verdict.metadata["least size told"].value == 7


def test_a_lake_of_counts_is_shown_with_the_columns_of_counts(office: Waterworks) -> None:
    specs = {spec.key: spec for spec in office.definitions.resolve_all_asset_specs()}
    schema = specs[LAKE].metadata["dagster/column_schema"]
    assert isinstance(schema, dg.TableSchema)
    assert [column.name for column in schema.columns] == [
        "period",
        "unit_code",
        "persons",
        "rows",
        "absence_days",
        "suppressed",
    ]
    text = specs[LAKE].description or ""
    assert "counts of groups by period, small ones suppressed" in text
    assert "GDPR article 6 (1) c and 9 (2) b; for a test. *DPIA:* 2026/1." in text
