from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.connectors.http_site import HttpSite, http_site


@pytest.fixture
def site() -> Iterator[HttpSite]:
    with http_site() as started:
        yield started
