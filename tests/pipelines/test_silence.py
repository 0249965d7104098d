from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.instance import run_environment
from pipelines.record import opened_record
from pipelines.steps.site import open_network
from tests.pipelines.waterworks import HEADER, READER, Waterworks, materialize, reading

pytestmark = [
    pytest.mark.filterwarnings("ignore::dagster.BetaWarning"),
    pytest.mark.filterwarnings("ignore::dagster.PreviewWarning"),
]
DAY = "2026-11-01"
BROKEN_LEVEL = "Ola-Kanarifugl"
SENSOR = "sensor-kanarifugl"
CANARIES = (READER, BROKEN_LEVEL, SENSOR)


def broken_rows(works: Waterworks) -> None:
    rows = [reading(DAY, hour=hour).replace("s1", SENSOR) for hour in range(8)]
    works.drops("a.csv", *rows, reading(DAY, level=BROKEN_LEVEL), "s1,2026-11-01")


def only_broken_rows(works: Waterworks) -> None:
    works.drops("a.csv", reading(DAY, level=BROKEN_LEVEL), f"{SENSOR},yesterday,1,{READER}")


def changed_header(works: Waterworks) -> None:
    lines = [HEADER.replace("level_m", "height"), reading(DAY)]
    (works.folder / "drop" / "a.csv").write_text("\n".join(lines), encoding="utf-8")


def wrong_encoding(works: Waterworks) -> None:
    text = "\n".join([HEADER, reading(DAY, reader=f"{READER} Ærfugl"), ""])
    (works.folder / "drop" / "a.csv").write_bytes(text.encode("utf-16"))


def everything_in(home: Path) -> str:
    """Whatever Dagster wrote anywhere below its home, as far as it is text."""
    return "\n".join(
        path.read_bytes().decode("latin-1") for path in home.rglob("*") if path.is_file()
    )


@pytest.mark.parametrize(
    ("arrives", "succeeds"),
    [
        pytest.param(broken_rows, True, id="some rows are broken"),
        pytest.param(only_broken_rows, False, id="the gate is closed"),
        pytest.param(changed_header, False, id="the header changed"),
        pytest.param(wrong_encoding, False, id="the encoding is wrong"),
    ],
)
def test_no_value_of_a_row_reaches_dagster(
    works: Waterworks,
    monkeypatch: pytest.MonkeyPatch,
    arrives: Callable[[Waterworks], None],
    *,
    succeeds: bool,
) -> None:
    monkeypatch.setenv("DATASJO_VAR", str(works.folder / "var"))
    told = run_environment(works.network, open_network(works.network))
    arrives(works)
    with opened_record(told) as instance:
        run = materialize(works, instance, [DAY])
        events = str(instance.all_logs(run.run_id))
    assert run.success is succeeds
    assert "1103" in events
    written = everything_in(Path(told["DAGSTER_HOME"]))
    assert "1103" in written
    assert [canary for canary in CANARIES if canary in events or canary in written] == []
