"""Lines of code that read a dataset from this portal, and run as they are printed."""

from __future__ import annotations

from dataclasses import dataclass

from connectors.portal import Page, slug_of
from connectors.static_portal.entry import folder_path
from schemas.network import PortalSite

LOOPBACK = "http://127.0.0.1:8080"


@dataclass(frozen=True, slots=True)
class Snippet:
    """A few lines of code that read the dataset, and what they need to be installed."""

    name: str
    code: str
    needs: str = ""


def snippets(site: PortalSite, page: Page) -> tuple[Snippet, ...]:
    """The newest version read in Python, in R and from a shell.

    Addresses are public ones where the portal has any; or else they are those that
    `datasjo portal` serves on this machine.
    """
    root = (site.url or LOOPBACK).rstrip("/")
    name = page.contract.name
    folder = f"{root}/{folder_path(slug_of(page.municipality.number, name))}/latest/"
    return (
        Snippet("Python, Polars", _polars(folder, name), "polars"),
        Snippet("Python, pandas", _pandas(page, folder), "pandas"),
        Snippet("R", _r(folder, name)),
        Snippet("curl", f"curl --fail --remote-name {folder}{name}.csv\n"),
    )


def _polars(folder: str, name: str) -> str:
    read = f'rows = pl.read_parquet(folder + "{name}.parquet")'
    return f'import polars as pl\n\nfolder = "{folder}"\n{read}\nprint(rows.head())\n'


def _pandas(page: Page, folder: str) -> str:
    times = [field.name for field in page.fields if field.stored_type in ("date", "timestamp")]
    texts = {field.name: "string" for field in page.fields if field.stored_type == "string"}
    words = [f"    dtype={texts},\n"] if texts else []
    words += [f"    parse_dates={times},\n"] if times else []
    read = f'rows = pd.read_csv(\n    folder + "{page.contract.name}.csv",\n'
    read += "".join(words).replace("'", '"') + ")"
    return f'import pandas as pd\n\nfolder = "{folder}"\n{read}\nprint(rows.head())\n'


def _r(folder: str, name: str) -> str:
    read = f'rows <- read.csv(paste0(folder, "{name}.csv"), encoding = "UTF-8")'
    return f'folder <- "{folder}"\n{read}\nhead(rows)\n'
