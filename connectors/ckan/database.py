"""The DataStore's database where it can be reached: one transaction, and what its failure means."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import adbc_driver_manager
import adbc_driver_postgresql.dbapi
from adbc_driver_manager.dbapi import Cursor

from schemas.errors import PortalRejected, PortalUnavailable

_PORT = 5432
_PATIENCE = 5.0
# PostgreSQL's classes of errors that another attempt may mend
_AGAIN = ("08", "40", "53", "57")


@dataclass(frozen=True, slots=True)
class Database:
    """The database of a CKAN's DataStore, as CKAN's own writing user; `ckan` names it in errors."""

    url: str = field(repr=False)
    ckan: str

    @property
    def is_reachable(self) -> bool:
        """Whether anything listens at its address."""
        try:
            parts = urlsplit(self.url)
            where = (parts.hostname or "", parts.port or _PORT)
        except ValueError:
            raise PortalRejected(f"{self._where} has an address that is none") from None
        if not parts.scheme.startswith("postgres") or not parts.hostname:
            raise PortalRejected(f"{self._where} has an address that is none")
        try:
            with socket.create_connection(where, _PATIENCE):
                return True
        except OSError:
            return False

    @contextlib.contextmanager
    def transaction(self) -> Iterator[Cursor]:
        """All that the block does, or nothing.

        Raises:
            PortalUnavailable: it is overloaded, or went away.
            PortalRejected: it says no.
        """
        try:
            connection = adbc_driver_postgresql.dbapi.connect(self.url)
        except (adbc_driver_manager.Error, OSError):
            raise PortalRejected(f"{self._where} refused the user or the database") from None
        with contextlib.closing(connection):
            try:
                with connection.cursor() as cursor:
                    yield cursor
                connection.commit()
            except adbc_driver_manager.Error as error:
                raise self._of(error) from None

    def _of(self, error: adbc_driver_manager.Error) -> PortalRejected | PortalUnavailable:
        code = error.sqlstate
        if code is None or code.startswith(_AGAIN):
            return PortalUnavailable(f"{self._where} broke off: {code or 'the connection is gone'}")
        return PortalRejected(f"{self._where} said no: SQLSTATE {code}")

    @property
    def _where(self) -> str:
        return f"{self.ckan}: the DataStore's database"
