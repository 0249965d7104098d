from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from connectors.ckan.client import Ckan
from pipelines.steps.publishers import Brought, Registration, Tokens
from schemas.catalog import load_catalog
from tests.builders import KOLUMBUS, owner_document
from tests.connectors.ckan.people import ADMINISTRATOR, People
from tests.connectors.http_site import http_site
from tests.schemas.networks import Files, network

pytestmark = pytest.mark.live
ROBOT = "datasjo-1103"


class Fragile(Ckan):
    """A CKAN whose caller is killed before its call of that number."""

    def __init__(self, url: str, left: int) -> None:
        super().__init__(url, ADMINISTRATOR)
        self.left = left

    def _call(self, action: str, *args: Any) -> Any:  # noqa: ANN401 - as the class above
        if self.left == 0:
            raise KeyboardInterrupt
        self.left -= 1
        return super()._call(action, *args)


@pytest.fixture
def files(tmp_path: Path) -> Files:
    portal = {
        "root": "portal",
        "title": {"nb": "Åpne data", "en": "Open data"},
        "contact": "help@example.no",
        "ckan": {"url": "unused"},
        "publishers": [KOLUMBUS],
    }
    files = network(tmp_path, portal=portal)
    files.owner(owner_document(ckan_token=str(tmp_path / "1103.token")))
    return files


@pytest.fixture
def site(people: People) -> Iterator[str]:
    with http_site() as started:
        started.answer = people.answer
        yield started.url


@pytest.fixture
def people() -> People:
    return People()


def bring(files: Files, url: str, left: int = -1, *, renew: bool = False) -> list[Brought]:
    registration = Registration(load_catalog(files.network), Fragile(url, left), {})
    return list(registration.bring(Tokens(renew=renew)))


@pytest.mark.parametrize("left", range(11))
def test_killed_before_any_call_and_run_again_it_ends_the_same(
    files: Files, site: str, people: People, left: int
) -> None:
    with pytest.raises(KeyboardInterrupt):
        bring(files, site, left)
    bring(files, site)
    assert sorted(people.organisations) == ["kolumbus", "stavanger-kommune"]
    assert set(people.users) == {"administrator", ROBOT}
    assert people.members == {("stavanger-kommune", ROBOT): "editor"}
    token = (files.folder / "1103.token").read_text(encoding="ascii")
    assert people.tokens[token] == ROBOT
    assert {each.became for each in bring(files, site)} == {"stood"}


@pytest.mark.parametrize("left", range(5, 8))
def test_a_renewal_that_is_killed_leaves_a_token_that_counts(
    files: Files, site: str, people: People, left: int
) -> None:
    bring(files, site)
    with pytest.raises(KeyboardInterrupt):
        bring(files, site, left, renew=True)
    assert {each.became for each in bring(files, site)} == {"stood"}
    bring(files, site, renew=True)
    assert sorted(people.tokens.values()) == ["administrator", ROBOT]
