"""CKAN itself, in an environment of its own: databases made ready, an administrator, a server.

Told one JSON file: the ports of CKAN (`port`) and PostgreSQL (`database`), `redis` and `solr` as
URLs, and the `folder` that everything is written to. The token of the administrator is in the
file `token` of that folder when the server answers. Runs in CKAN's environment, without Datasjø.
"""

from __future__ import annotations

import json
import secrets
import sys
from pathlib import Path
from typing import Any

import sqlalchemy
from ckan import model
from ckan.cli import load_config
from ckan.cli.db import _run_migrations
from ckan.cli.generate import make_config
from ckan.config.middleware import make_app
from ckan.lib.config_tool import config_edit_using_option_strings
from ckan.plugins import toolkit
from ckanext.datastore.cli import permissions_sql
from click.testing import CliRunner
from werkzeug.serving import make_server

ADMINISTRATOR = "administrator"
HERE = Path(__file__).resolve().parent


def main(told: Path) -> None:
    """Serve until ended."""
    where = json.loads(told.read_text())
    folder = Path(where["folder"])
    app = make_app(load_config(str(_configured(where, folder))))
    with app.test_request_context():
        model.repo.upgrade_db()
        _run_migrations("activity")
        _grant(where)
        (folder / "token").write_text(_administrator())
    make_server("127.0.0.1", where["port"], app, threaded=True).serve_forever()


def _configured(where: dict[str, Any], folder: Path) -> Path:
    ini = folder / "ckan.ini"
    CliRunner().invoke(make_config, [str(ini)], catch_exceptions=False)
    database = f"127.0.0.1:{where['database']}"
    options = {
        "sqlalchemy.url": f"postgresql://ckan:ckan@{database}/ckan",
        "ckan.datastore.write_url": f"postgresql://ckan:ckan@{database}/datastore",
        "ckan.datastore.read_url": f"postgresql://datastore_ro:ro@{database}/datastore",
        "ckan.redis.url": where["redis"],
        "solr_url": where["solr"],
        "ckan.site_url": f"http://127.0.0.1:{where['port']}",
        "ckan.storage_path": str(folder / "storage"),
        "licenses_group_url": f"file://{HERE / 'licences.json'}",
        **_shared(),
        **where.get("options", {}),
    }
    config_edit_using_option_strings(str(ini), [f"{k}={v}" for k, v in options.items()], "app:main")
    return ini


def _shared() -> dict[str, str]:
    """What options.env tells, by CKAN's own names."""
    lines = (HERE / "options.env").read_text(encoding="utf-8").splitlines()
    told = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    # the file of settings takes a lone percent sign for a name to fill in
    return {
        name.removeprefix("CKAN___").replace("__", ".").lower(): text.replace("%", "%%")
        for name, text in told.items()
    }


def _grant(where: dict[str, Any]) -> None:
    sql = permissions_sql("ckan", "datastore", "ckan", "ckan", "datastore_ro")
    lines = [line for line in sql.splitlines() if not line.startswith("\\connect")]
    url = f"postgresql://postgres@127.0.0.1:{where['database']}/datastore"
    engine = sqlalchemy.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as database:
        database.exec_driver_sql("\n".join(lines).replace("%", "%%"))
    engine.dispose()


def _administrator() -> str:
    secret = secrets.token_urlsafe(16)
    who = {"name": ADMINISTRATOR, "email": "admin@example.no", "password": secret}
    toolkit.get_action("user_create")({"ignore_auth": True, "user": ""}, who)
    model.User.get(ADMINISTRATOR).sysadmin = True
    model.Session.commit()
    context = {"ignore_auth": True, "user": ADMINISTRATOR}
    made = toolkit.get_action("api_token_create")(context, {"user": ADMINISTRATOR, "name": "it"})
    return str(made["token"])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
