"""The DataStore of a CKAN as the catalogue tells it: an API that answers about a dataset's rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock

from connectors.ckan.client import Ckan, Patience
from connectors.ckan.customs import Customs
from connectors.ckan.datastore import DataStore
from connectors.ckan.ids import resource_id
from connectors.dcat.facts import Api
from connectors.portal import Page
from schemas.errors import PortalError
from schemas.model import Bilingual
from schemas.released import rows_file

_MANUAL = "https://docs.ckan.org/en/2.12"


@dataclass(slots=True)
class DataStoreApi:
    """The DataStore's API of the CKAN at an address, where that CKAN has one.

    Where `has_rows` is not given, CKAN is asked once, when the first dataset is told; one that does
    not answer is taken to have it.
    """

    url: str
    has_rows: bool | None = None
    _turn: Lock = field(default_factory=Lock)

    def of(self, page: Page) -> tuple[Api, ...]:
        """The APIs that serve the dataset's rows."""
        with self._turn:
            if self.has_rows is None:
                self.has_rows = self._asked()
        return (datastore_api(self.url, page),) if self.has_rows else ()

    def _asked(self) -> bool:
        # files and pages are shown also while CKAN is down
        anybody = Ckan(self.url, "", Patience(timeout=5, attempts=1))
        try:
            return Customs().rows(anybody, DataStore(anybody)) is not None
        except PortalError:
            return True


def datastore_api(url: str, page: Page) -> Api:
    """The queries that the CKAN at that address answers about the dataset's newest rows."""
    file = rows_file(page.newest, "csv").name
    table = resource_id(page.municipality.number, page.contract.name, file)
    actions = f"{url.rstrip('/')}/api/3/action"
    title = page.publication.title
    return Api(
        name="datastore",
        title=Bilingual(nb=f"{title.nb}: spørringer", en=f"{title.en}: queries"),
        endpoint=f"{actions}/datastore_search?resource_id={table}",
        description=f"{actions}/help_show?name=datastore_search",
        documentation=f"{_MANUAL}/maintaining/datastore.html",
        standard=(f"{_MANUAL}/api/", Bilingual(nb="CKANs API 3", en="CKAN API 3")),
    )
