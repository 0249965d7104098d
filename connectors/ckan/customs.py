"""What is switched on in a CKAN and what it does by itself, each learned once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from connectors.ckan.client import Ckan
from connectors.ckan.datastore import DataStore
from schemas.errors import PortalRejected

_STORE = "datastore"


@dataclass(slots=True)
class Customs:
    """What is known of one CKAN; several threads may ask at once. Errors are those of Ckan."""

    _plugins: frozenset[str] | None = None
    _bare: set[str] = field(default_factory=set)
    _turn: Lock = field(default_factory=Lock)

    def plugins(self, ckan: Ckan) -> frozenset[str]:
        """The names of the plugins that are switched on."""
        with self._turn:
            if self._plugins is None:
                self._plugins = frozenset(ckan.ask("status_show", {})["extensions"])
            return self._plugins

    def rows(self, ckan: Ckan, datastore: DataStore | None) -> DataStore | None:
        """The DataStore that takes rows; None where none is wanted, or that CKAN has none.

        Raises:
            PortalRejected: the network names the database of a DataStore that is not switched on.
        """
        if datastore is None or _STORE in self.plugins(ckan):
            return datastore
        if datastore.database is not None:
            what = "portal.ckan.datastore is set, but its plugin datastore is not switched on"
            raise PortalRejected(f"{ckan.url}: {what}")
        return None

    def views(self, ckan: Ckan, file: tuple[str, str], *, new: bool) -> Sequence[Mapping[str, Any]]:
        """The views of a resource, told by its id and its format; `new` where it was just made.

        Where a CKAN gave a new file none of its own, it is not asked about the next of the format.
        """
        resource, form = file
        if new and form in self._bare:
            return ()
        shown: Sequence[Mapping[str, Any]] = ckan.ask("resource_view_list", {"id": resource})
        if new and not shown:
            self._bare.add(form)
        return shown
