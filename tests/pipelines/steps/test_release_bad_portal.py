from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.ckan.client import Ckan, Patience
from connectors.ckan.portal import CkanPortal
from connectors.portal import Page
from pipelines.steps.portal import NetworkPortal
from pipelines.steps.publication.history import History
from pipelines.steps.release import release
from schemas.errors import PortalError
from tests.connectors.ckan.answering import CANARY, no, page
from tests.connectors.http_site import Answer, HttpSite, http_site
from tests.pipelines.steps.released_site import NOW, Town, town_with_readings

LATER = NOW + dt.timedelta(days=1)
PAGE = "datasets/1103-parking_occupancy/index.html"
pytestmark = pytest.mark.live


@pytest.fixture
def site() -> Iterator[HttpSite]:
    with http_site() as started:
        yield started


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return town_with_readings(tmp_path)


def both(town: Town, url: str) -> NetworkPortal:
    ckan = Ckan(url, "secret", Patience(attempts=2, backoff=0), whose="the ckan_token of 1103")
    return NetworkPortal(town.portal, lambda _: CkanPortal(ckan))


def test_portals_that_misbehave_are_one_line_and_the_version_stands_where_it_may(
    town: Town, site: HttpSite
) -> None:
    answers: dict[str, Answer] = {
        "answered 500": page(500),
        "a log-in or a proxy stands before CKAN": page(200),
        "its storage is full": page(507),
        "the ckan_token of 1103": no("Authorization Error", 403, message=CANARY),
    }
    for said, answer in answers.items():
        site.in_turn(answer)
        with pytest.raises(PortalError) as raised:
            release(town.site, both(town, site.url), NOW)
        assert said in str(raised.value)
        assert CANARY not in str(raised.value)
        assert "\n" not in str(raised.value)
    [recorded] = History(town.site.store, "parking_occupancy").releases()
    assert recorded.version in town.portal.store.read(PAGE).decode()
    assert release(town.site, town.portal, LATER) == recorded


def test_a_portal_that_is_down_is_brought_up_to_date_by_the_next_run(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(PortalError, match="cannot be reached"):
        release(town.site, both(town, "http://127.0.0.1:9"), NOW)
    published: list[Page] = []
    monkeypatch.setattr(CkanPortal, "publish", lambda _, page: published.append(page))
    made = release(town.site, both(town, "http://127.0.0.1:9"), LATER)
    assert [shown.newest for shown in published] == [made]
    assert len(History(town.site.store, "parking_occupancy").releases()) == 1
