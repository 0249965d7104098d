"""What the documents say of the program, held against the program."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from typing import get_args

import pytest

from schemas.contract import Contract, MaskWord
from schemas.reading import read_contract
from schemas.source import Fold, Format, Surprises
from schemas.types import KINDS

HOUSE = Path(__file__).resolve().parents[2]
PAGES = [*sorted(HOUSE.glob("*.md")), *sorted((HOUSE / "docs").rglob("*.md"))]
CONTRACTS = [read_contract(p) for p in (HOUSE / "schemas" / "datasets").glob("*.odcs.yaml")]
_PATH = re.compile(
    r"`((?:schemas|gdpr|connectors|pipelines|deploy|tests|docs|benchmarks)/[^\s`]*)`"
)
WORDS = [
    *get_args(MaskWord),
    *get_args(Surprises),
    *get_args(Fold),
    *get_args(Format),
    *KINDS,
    *(contract.name for contract in CONTRACTS),
]


def spelled(text: str) -> list[str]:
    """A path with {a,b} in it as all the paths that it means."""
    parts = [part.split(",") for part in re.split(r"[{}]", text)]
    return ["".join(chosen) for chosen in itertools.product(*parts)]


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE"])
def test_the_pages_that_everyone_looks_for_are_there(page: str) -> None:
    assert (HOUSE / page).read_text(encoding="utf-8").strip()


def test_every_word_that_a_contract_may_use_is_explained_somewhere() -> None:
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    missing = [word for word in WORDS if not re.search(rf"\b{word}\b", text)]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(HOUSE).as_posix())
def test_every_path_that_a_page_names_is_there(page: Path) -> None:
    named = _PATH.findall(page.read_text(encoding="utf-8"))
    paths = [path.split(":")[0] for text in named if "<" not in text for path in spelled(text)]
    assert [path for path in paths if not any(HOUSE.glob(path.rstrip("/")))] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(HOUSE).as_posix())
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8"))
    local = [link for link in links if "://" not in link and not link.startswith("mailto:")]
    assert [link for link in local if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract.name)
def test_every_contracts_runbook_is_there(contract: Contract) -> None:
    runbook = HOUSE / contract.operation.runbook
    assert runbook.read_text(encoding="utf-8").strip()
