from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest

from schemas.reading import read_contract
from tests.docs.documents import HOUSE, anchors, blocks, code_words, documents, links

HEAVIEST = 250_000
_OUTSIDE = ("https://", "http://", "mailto:")
_FILE = re.compile(r"[\w.-]+(/[\w.-]+)+/?")
_MADE = ("var/",)


@pytest.mark.parametrize("document", documents())
def test_every_link_leads_somewhere(document: str) -> None:
    lost = [link for link in links(document) if not _leads(document, link)]
    assert lost == []


def _leads(document: str, link: str) -> bool:
    if link.startswith(_OUTSIDE):
        return link.startswith("https://")
    path, _, anchor = link.partition("#")
    target = ((HOUSE / document).parent / path).resolve() if path else HOUSE / document
    if not target.exists() or not target.is_relative_to(HOUSE):
        return False
    return not anchor or anchor in anchors(target.relative_to(HOUSE).as_posix())


def test_every_document_can_be_reached_from_the_readme() -> None:
    reached, ahead = set[str](), ["README.md"]
    while ahead:
        here = ahead.pop()
        if here not in reached:
            reached.add(here)
            ahead += [_named(here, link) for link in links(here) if _is_document(link)]
    unread = [d for d in documents() if d not in reached and "/decisions/" not in d]
    assert unread == []


def _named(document: str, link: str) -> str:
    target = ((HOUSE / document).parent / link.partition("#")[0]).resolve()
    return target.relative_to(HOUSE).as_posix()


def _is_document(link: str) -> bool:
    return link.partition("#")[0].endswith(".md") and not link.startswith(_OUTSIDE)


@pytest.mark.parametrize("document", documents())
def test_every_file_that_is_named_is_there(document: str) -> None:
    written = {block.file for block in blocks(document)}
    named = (path for word in code_words(document) for path in _spelled(word))
    paths = [path for path in named if _FILE.fullmatch(path) and not path.startswith(_MADE)]
    assert [path for path in paths if path not in written and not _exists(document, path)] == []


def _spelled(text: str) -> list[str]:
    """A path with {a,b} in it as all the paths that it means."""
    choices = [part.split(",") for part in re.split(r"[{}]", text)]
    return ["".join(chosen) for chosen in itertools.product(*choices)]


def _exists(document: str, path: str) -> bool:
    near = (HOUSE, (HOUSE / document).parent, HOUSE / "connectors")
    return any(folder.joinpath(path).exists() for folder in near)


def test_every_contract_has_a_runbook_that_is_there() -> None:
    contracts = map(read_contract, sorted((HOUSE / "schemas/datasets").glob("*.odcs.yaml")))
    lost = [c.name for c in contracts if not (HOUSE / c.operation.runbook).is_file()]
    assert lost == []


def test_pictures_are_light_and_shown() -> None:
    shown = {
        (HOUSE / document).parent.joinpath(link).resolve()
        for document in documents()
        for link in links(document)
    }
    pictures = list(Path(HOUSE, "docs/pictures").iterdir())
    assert pictures
    assert [p.name for p in pictures if p not in shown or p.stat().st_size > HEAVIEST] == []
