"""The released rows of each year as a CSV file of its own, for those who need one year alone."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from pipelines.steps.publication.export import Exported, described_file
from pipelines.steps.publication.formats.separated import SEPARATED
from pipelines.steps.publication.opened import Opened
from schemas.errors import FormatsDiffer
from schemas.stages import Resource

_BLOCK = 1 << 20
_ROWS = ":rows"


def years_of(opened: Opened, exported: Exported) -> dict[str, int]:
    """The local years that have rows, in order, and how many.

    None where the publication does not ask for them, or the event is not released.
    """
    publication = opened.contract.publication
    if publication is None or publication.series != "year" or not opened.has_event:
        return {}
    rows = pl.scan_parquet(exported.parquet).group_by(_year(opened).alias("year"))
    counted = rows.agg(pl.len().alias(_ROWS)).drop_nulls().sort("year")
    return {str(year): n for year, n in counted.collect(engine="streaming").iter_rows()}


def by_year(opened: Opened, exported: Exported, site: str) -> tuple[Resource, ...]:
    """A file for each local year that has rows; one after the other they are the CSV's lines.

    Raises:
        FormatsDiffer: they are not; names the site.
    """
    rows = years_of(opened, exported)
    files = tuple(_written(opened, exported, year, rows[year]) for year in rows)
    whole = exported.resources[0]
    if files and _digest([exported.folder / file.name for file in files]) != whole.sha256:
        raise FormatsDiffer(f"{site}: nothing was released: the years are not as {whole.name}")
    return files


def _written(opened: Opened, exported: Exported, year: str, rows: int) -> Resource:
    path = exported.csv.with_name(f"{exported.csv.stem}-{year}{exported.csv.suffix}")
    held = pl.scan_parquet(exported.parquet).filter(_year(opened) == int(year))
    portions = held.select(list(opened.schema)).collect_batches(maintain_order=True)
    SEPARATED.write(portions, exported.shape, path)
    return replace(described_file(SEPARATED, path, rows), part=year)


def _year(opened: Opened) -> pl.Expr:
    return opened.day.dt.year()


def _digest(files: Sequence[Path]) -> str:
    """Of the first file, and of what follows the head line in each of the others."""
    digest = hashlib.sha256()
    for place, path in enumerate(files):
        with path.open("rb") as stream:
            head = stream.readline()
            digest.update(head if place == 0 else b"")
            while block := stream.read(_BLOCK):
                digest.update(block)
    return digest.hexdigest()
