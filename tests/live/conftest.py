from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.stand import Stand, standing_ckan
from connectors.ckan.client import Ckan
from connectors.ckan.database import Database
from connectors.ckan.table import quoted
from tests.pipelines.steps.released_site import Town, town_with_readings

# CKAN's own begin with a line
_TABLES = """
SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE '\\_%'
"""


@pytest.fixture(scope="session")
def stand() -> Iterator[Stand]:
    with standing_ckan() as standing:
        yield standing


@pytest.fixture(scope="session")
def ckan(stand: Stand) -> Ckan:
    known = Ckan(stand["url"], stand["token"])
    for name in ("stavanger-kommune", "sandnes-kommune"):
        known.ask("organization_create", {"name": name})
    return known


def empty(ckan: Ckan, stand: Stand) -> None:
    """Take away what other tests left, whatever their order: datasets, deleted ones too, tables."""
    database = Database(stand["datastore"], stand["url"])
    own = Database(stand["datastore"].removesuffix("/datastore") + "/ckan", stand["url"])
    # no action of CKAN's lists what was deleted
    for name in _names(own, "SELECT id FROM package"):
        ckan.ask("dataset_purge", {"id": name})
    tables = _names(database, _TABLES)
    with database.transaction() as cursor:
        if tables:
            cursor.execute(f"DROP TABLE {', '.join(map(quoted, tables))} CASCADE")
        cursor.execute("DELETE FROM _table_stats")


def _names(database: Database, query: str) -> list[str]:
    with database.transaction() as cursor:
        cursor.execute(query)
        return [str(row[0]) for row in cursor.fetchall()]


@pytest.fixture
def town(tmp_path: Path, ckan: Ckan, stand: Stand) -> Town:
    empty(ckan, stand)
    return town_with_readings(tmp_path)
