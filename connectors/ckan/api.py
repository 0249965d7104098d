"""The DataStore of a CKAN as the catalogue tells it: an API that answers about a dataset's rows."""

from __future__ import annotations

from connectors.ckan.ids import resource_id
from connectors.dcat.facts import Api
from connectors.portal import Page
from schemas.model import Bilingual
from schemas.released import rows_file

_MANUAL = "https://docs.ckan.org/en/2.12"


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
