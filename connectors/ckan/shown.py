"""What a CKAN shows of a dataset, and whether that is what is wanted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, BinaryIO

from connectors.ckan.client import Ckan
from connectors.ckan.customs import Customs
from connectors.ckan.datastore import DataStore
from connectors.ckan.ids import resource_id
from connectors.ckan.resources import Document
from connectors.ckan.table import digest_of
from connectors.portal import Page, slug_of
from schemas.errors import PortalRejected
from schemas.released import rows_file

_AT_ONCE = 1000
# CKAN answers these in another form than it is told them
_TOLD_OTHERWISE = frozenset({"owner_org", "tags", "extras", "resources"})


@dataclass(frozen=True, slots=True)
class Shown:
    """A CKAN's datasets, each asked for when it is needed."""

    ckan: Ckan

    def of(self, wanted: Document) -> Document | None:
        """What CKAN has under the dataset's name, or holds its files; None where nothing does.

        Raises:
            PortalRejected: the name is another dataset's, or another organisation's.
        """
        found: Document | None = self.ckan.find("package_show", wanted["name"])
        return self.by_file(wanted) if found is None else owned(self.ckan, wanted, found)

    def by_file(self, wanted: Document) -> Document | None:
        """The dataset that holds its files, under whatever name; None where none does.

        Raises:
            PortalRejected: it is another organisation's.
        """
        held = self.ckan.find("resource_show", wanted["resources"][0]["id"])
        found = held and self.ckan.find("package_show", held["package_id"])
        return found and owned(self.ckan, wanted, found)


@dataclass(slots=True)
class Read:
    """A CKAN's datasets as its search tells them, and which bytes its DataStore's tables hold.

    A municipality's datasets are read once, when its first one is asked for, and the tables once
    for all. A search may tell what was before: whoever writes looks for itself.
    """

    ckan: Ckan
    datastore: DataStore | None
    customs: Customs
    _known: dict[str, dict[str, Document]] = field(default_factory=dict)
    _tables: Mapping[str, str] | None = None
    _written: set[str] = field(default_factory=set)
    _turn: Lock = field(default_factory=Lock)

    def says(self, page: Page, wanted: Document) -> bool:
        """Whether all that is wanted of the page stands."""
        known = self._of(page).get(wanted["name"])
        if known is None or wanted["name"] in self._written:
            return False
        return holds(known, wanted) and self._has_rows(page)

    def lacks(self, page: Page, wanted: Document) -> bool:
        """Whether nothing of the dataset's name is shown; one that was deleted may be there."""
        return wanted["name"] not in self._written and wanted["name"] not in self._of(page)

    def forget(self, wanted: Document) -> None:
        """Know nothing of a dataset that is written to."""
        self._written.add(wanted["name"])

    def _of(self, page: Page) -> Mapping[str, Document]:
        municipality = page.municipality.number
        with self._turn:
            if municipality not in self._known:
                found = _found(self.ckan, f"name:{slug_of(municipality, '*')}")
                self._known[municipality] = {each["name"]: each for each in found}
            return self._known[municipality]

    def _has_rows(self, page: Page) -> bool:
        with self._turn:
            if self._tables is None:
                self._tables = standing_tables(self.ckan, self.datastore, self.customs)
        return self._tables is None or has_rows(page, self._tables)


def owned(ckan: Ckan, wanted: Document, found: Document) -> Document:
    """The dataset that was found, as long as it is this one and its owner's."""
    owner = (found.get("organization") or {}).get("name")
    ids = [{each["id"] for each in told.get("resources", [])} for told in (found, wanted)]
    if owner != wanted["owner_org"] or (ids[0] and ids[0].isdisjoint(ids[1])):
        where = f"{ckan.url}: {wanted['name']}"
        raise PortalRejected(f"{where} is another dataset there; give it another name")
    return found


def standing_tables(
    ckan: Ckan, datastore: DataStore | None, customs: Customs
) -> Mapping[str, str] | None:
    """The digest that each table was last brought to; None where there is no DataStore."""
    # the database tells it without the plugin; CKAN itself cannot be asked then
    asked = datastore if datastore and datastore.database else customs.rows(ckan, datastore)
    return None if asked is None else asked.standing()


def has_rows(page: Page, tables: Mapping[str, str]) -> bool:
    """Whether the page's newest rows are among the tables, each with the digest that it bears."""
    csv = rows_file(page.newest, "csv")
    table = resource_id(page.municipality.number, page.contract.name, csv.name)
    return tables.get(table) == digest_of(page.newest)


def holds(standing: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """Whether CKAN holds all that is wanted and no file more, whatever else it adds."""
    plain = [key for key in wanted if key not in _TOLD_OTHERWISE]
    return (
        all(_alike(standing.get(key), wanted[key]) for key in plain)
        and _names(standing) == _names(wanted)
        and _pairs(standing.get("extras", [])) == _pairs(wanted["extras"])
        and _same_files(standing.get("resources", []), wanted["resources"])
    )


def digest_of_file(ckan: Ckan, resource: Document, into: BinaryIO | None = None) -> str:
    """The digest of the bytes that CKAN gives for an upload; `into` then holds them."""
    path = "/dataset/" + str(resource["url"]).split("/dataset/", 1)[-1]
    # by the address that calls go to, whatever the public one: with the token it is never refused
    return f"sha256:{ckan.digest(f'{ckan.url}{path}', into)}"


def _found(ckan: Ckan, query: str) -> Iterator[Document]:
    start, count = 0, 1
    while start < count:
        asked = {"fq": query, "rows": _AT_ONCE, "start": start, "sort": "name asc"}
        seen = {"include_private": True, "include_drafts": True}
        answer = ckan.ask("package_search", {**asked, **seen})
        yield from answer["results"]
        # ckan.search.rows_max may give fewer than were asked for
        start, count = start + (len(answer["results"]) or _AT_ONCE), answer["count"]


def _alike(held: object, wanted: object) -> bool:
    return (held or "") == (wanted or "")


def _names(document: Mapping[str, Any]) -> list[str]:
    return sorted(tag["name"] for tag in document.get("tags", []))


def _pairs(extras: Sequence[Mapping[str, str]]) -> dict[str, str]:
    return {extra["key"]: extra["value"] for extra in extras}


def _same_files(standing: Sequence[Document], wanted: Sequence[Document]) -> bool:
    return len(standing) == len(wanted) and all(
        _is(held, each) for held, each in zip(standing, wanted, strict=True)
    )


def _is(held: Document, wanted: Document) -> bool:
    plain = [key for key in wanted if key != "url"]
    return all(_alike(held.get(key), wanted[key]) for key in plain) and _stands_at(held, wanted)


def _stands_at(held: Document, wanted: Document) -> bool:
    address, told = str(held.get("url") or ""), str(wanted["url"])
    if wanted["url_type"] != "upload":
        return address == told
    return address.rsplit("/", 1)[-1] == told.rsplit("/", 1)[-1]
