"""Lines of code that read a dataset from this portal, and run as they are printed."""

from __future__ import annotations

from dataclasses import dataclass

from connectors.portal import Page
from connectors.static_portal.entry import folder_path, slug_of
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
    slug = slug_of(page.municipality.number, page.contract.name)
    file = f"{root}/{folder_path(slug)}/latest/{page.contract.name}"
    return (
        Snippet("Python, Polars", _polars(file), "polars"),
        Snippet("Python, pandas", _pandas(page, file), "pandas"),
        Snippet("R", f'rows <- read.csv("{file}.csv", encoding = "UTF-8")\nprint(head(rows))\n'),
        Snippet("curl", f"curl --fail --remote-name {file}.csv\n"),
    )


def _polars(file: str) -> str:
    return f'import polars as pl\n\nrows = pl.read_parquet("{file}.parquet")\nprint(rows.head())\n'


def _pandas(page: Page, file: str) -> str:
    times = [field.name for field in page.fields if field.stored_type in ("date", "timestamp")]
    texts = {field.name: "string" for field in page.fields if field.stored_type == "string"}
    words = f", dtype={texts}" if texts else ""
    words += f", parse_dates={times}" if times else ""
    words = words.replace("'", '"')
    read = f'rows = pd.read_csv("{file}.csv"{words})'
    return f"import pandas as pd\n\n{read}\nprint(rows.head())\n"
