from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.docs.documents import HOUSE, Command, blocks, lines_of, text_of
from tests.docs.terminal import Terminal

RUNBOOKS = sorted(path.relative_to(HOUSE).as_posix() for path in HOUSE.glob("docs/runbooks/*.md"))
NAMED_BATCH = "20261029T073000000000"
PARKING = "datasjo run --municipality 1108 --dataset parking_occupancy"
ORDERS = "datasjo replay --municipality 1108 --dataset work_orders"
pytestmark = pytest.mark.slow


def first_batch(folder: Path) -> str:
    landing = folder / "var/demo/roots/1108/landing/parking_occupancy"
    return min(path.name for path in landing.glob("*/*.csv")).removesuffix(".csv")


@pytest.mark.parametrize("runbook", RUNBOOKS)
def test_every_command_of_a_runbook_does_its_work(runbook: str, terminal: Terminal) -> None:
    for block in blocks(runbook):
        if block.language != "sh":
            continue
        for command in lines_of(block):
            if not command.line.startswith("pytest "):
                line = command.line.replace(NAMED_BATCH, first_batch(terminal.folder))
                terminal.type(Command(command.where, line))


@pytest.mark.parametrize("runbook", RUNBOOKS)
def test_every_runbook_says_sign_meaning_and_remedy(runbook: str) -> None:
    headings = [line for line in text_of(runbook).splitlines() if line.startswith("## ")]
    assert headings[:2] == ["## Sign", "## What it means"]
    assert headings[2].startswith("## What to do")
    assert any(block.language == "text" and block.heading == "Sign" for block in blocks(runbook))


def add_parking(folder: Path, name: str, header: str, *rows: str) -> None:
    drop = folder / "var/demo/sources/1108/parkering" / name
    drop.write_text("\n".join([header, *rows]) + "\n", encoding="cp1252")


def too_many_bad_rows(folder: Path) -> None:
    row = "Rådhusplassen;2026-10-30 00:0{};99999;58,849033;5,733871;"
    header = "P-anlegg;Tidspunkt;Ledig;Breddegrad;Lengdegrad;Kommentar"
    add_parking(folder, "2026-10-30.csv", header, *(row.format(n) for n in range(3)))


def another_header(folder: Path) -> None:
    header = "P-anlegg;Tidspunkt;Ledig;Breddegrad;Lengdegrad;Kommentar;Takst"
    add_parking(folder, "2026-10-30.csv", header)


def another_contract(folder: Path) -> None:
    path = folder / "schemas/datasets/parking_occupancy.odcs.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"^version: .*$", "version: 9.0.0", text, flags=re.MULTILINE), "utf-8")


def no_key(folder: Path) -> None:
    (folder / "var/demo/keys/1108.key").unlink()


def no_hexadecimal(folder: Path) -> None:
    (folder / "var/demo/keys/1108.key").write_text("secret", encoding="ascii")


def another_key(folder: Path) -> None:
    (folder / "var/demo/keys/1108.key").write_text("6f" * 32, encoding="ascii")


def too_short_a_key(folder: Path) -> None:
    (folder / "var/demo/keys/1108.key").write_text("5e" * 16, encoding="ascii")


SIGNS: list[tuple[str, Callable[[Path], None], str]] = [
    ("gate-closed", too_many_bad_rows, PARKING),
    ("replay-after-a-contract-change", another_header, PARKING),
    ("replay-after-a-contract-change", another_contract, PARKING.replace(" run ", " release ")),
    ("key-lost", no_key, ORDERS),
    ("key-lost", no_hexadecimal, ORDERS),
    ("key-lost", too_short_a_key, ORDERS),
    ("key-lost", another_key, ORDERS),
]


@pytest.mark.parametrize(("runbook", "mishap", "line"), SIGNS)
def test_a_sign_is_what_the_program_says(
    runbook: str, mishap: Callable[[Path], None], line: str, terminal: Terminal
) -> None:
    mishap(terminal.folder)
    said = terminal.said(Command("", line))
    [sign] = [b for b in blocks(f"docs/runbooks/{runbook}.md") if b.heading == "Sign"]
    assert [line for line in sign.text.splitlines() if line in said]
