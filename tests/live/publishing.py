"""Two municipalities and a partner on a real CKAN, and what their robot users ask there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.stand import Stand
from connectors.ckan.client import Ckan, Patience
from pipelines.steps.publishers import Brought, Tokens, open_registration
from schemas.catalog import load_catalog
from tests.builders import KOLUMBUS, owner_document
from tests.schemas.networks import Files, network

KLEPP = {
    "number": "1120",
    "name": {"nb": "Klepp kommune"},
    "organisation_number": "864969682",
    "contact": "data@klepp.example.no",
}
TIME = {
    "number": "1121",
    "name": {"nb": "Time kommune"},
    "organisation_number": "859223672",
    "contact": "data@time.example.no",
}


class Counting(Ckan):
    """A CKAN that counts what is written to it."""

    def __init__(self, stand: Stand, token: str) -> None:
        super().__init__(stand["url"], token, Patience(attempts=1))
        self.writes: list[str] = []

    def _call(self, action: str, *args: Any) -> Any:  # noqa: ANN401 - as the class above
        if not action.endswith(("_show", "_search", "_list", "_for_user")):
            self.writes.append(action)
        return super()._call(action, *args)


@dataclass(frozen=True)
class Region:
    files: Files
    stand: Stand

    @property
    def folder(self) -> Path:
        return self.files.folder

    @property
    def administrator(self) -> Counting:
        return Counting(self.stand, self.stand["token"])

    def bring(
        self,
        tokens: Tokens | None = None,
        number: str | None = None,
        *,
        ckan: Ckan | None = None,
        names: Mapping[str, str] | None = None,
    ) -> list[Brought]:
        told = {"ADMIN": self.stand["token"], **(names or {})}
        registration = open_registration(load_catalog(self.files.network), "env:ADMIN", told)
        if ckan is not None:
            registration = type(registration)(registration.catalog, ckan, told)
        return list(registration.bring(tokens or Tokens(), number))

    def token(self, number: str) -> str:
        return (self.folder / f"{number}.token").read_text()

    def robot(self, number: str) -> Counting:
        return Counting(self.stand, self.token(number))


def published_region(folder: Path, stand: Stand) -> Region:
    """Klepp and Time on that CKAN, with a partner, and a file for the token of each."""
    portal = {
        "root": "portal",
        "title": {"nb": "Åpne data", "en": "Open data"},
        "contact": "help@example.no",
        "ckan": {"url": stand["url"]},
        "publishers": [KOLUMBUS],
    }
    files = network(folder, portal=portal)
    (folder / "municipalities/1103.yaml").unlink()
    for owner in (KLEPP, TIME):
        words = {**owner, "ckan_token": f"{folder}/{owner['number']}.token"}
        files.owner(owner_document(**words))
    return Region(files, stand)
