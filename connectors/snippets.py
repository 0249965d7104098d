"""Lines of code that read a dataset from a portal, and run as they are printed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from connectors.portal import Page
from schemas.released import rows_file


@dataclass(frozen=True, slots=True)
class Snippet:
    """A few lines of code that read the dataset, and what they need to be installed."""

    name: str
    code: str
    needs: str = ""


def examples(page: Page, address: Callable[[str], str]) -> tuple[Snippet, ...]:
    """The newest version read in Python, in R and from a shell.

    `address` gives the stable address of the file of that name.
    """
    table, columns = (address(rows_file(page.newest, each).name) for each in ("csv", "parquet"))
    return (
        Snippet("Python, Polars", _polars(columns), "polars"),
        Snippet("Python, pandas", _pandas(page, table), "pandas"),
        Snippet("R", _r(table)),
        Snippet("curl", f"curl --fail --location --remote-name {table}\n"),
    )


def _polars(address: str) -> str:
    read = "rows = pl.read_parquet(address)"
    return f'import polars as pl\n\naddress = "{address}"\n{read}\nprint(rows.head())\n'


def _pandas(page: Page, address: str) -> str:
    times = [field.name for field in page.fields if field.stored_type in ("date", "timestamp")]
    texts = {field.name: "string" for field in page.fields if field.stored_type == "string"}
    words = [f"    dtype={texts},\n"] if texts else []
    words += [f"    parse_dates={times},\n"] if times else []
    read = f"rows = pd.read_csv(\n    address,\n{''.join(words)})".replace("'", '"')
    return f'import pandas as pd\n\naddress = "{address}"\n{read}\nprint(rows.head())\n'


def _r(address: str) -> str:
    read = 'rows <- read.csv(address, encoding = "UTF-8")'
    return f'address <- "{address}"\n{read}\nhead(rows)\n'
