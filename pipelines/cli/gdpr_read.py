"""`datasjo gdpr read`: what a grant permits of a dataset, as one file."""

import contextlib
import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import polars as pl
import typer

from pipelines.cli import show
from pipelines.cli.options_gdpr import Read as Asked
from pipelines.steps.reading import Reader, read
from pipelines.steps.site import open_network, sites
from schemas.errors import ConfigurationError, Problem

_SUFFIXES = (".parquet", ".csv")


def perform(asked: Asked) -> None:
    """Write what the reader may see; AccessDenied where nobody granted that."""
    if asked.to.suffix not in _SUFFIXES:
        what = "is neither Parquet nor CSV by its name"
        raise ConfigurationError([Problem(str(asked.to), "--to", what, "rows.parquet")])
    catalog = open_network(asked.network)
    [site] = sites(catalog, asked.municipality, asked.dataset)
    reader = Reader(asked.reader, asked.purpose)
    # the file first: nothing is put down as read that could not be written
    with _whole(asked.to) as stream:
        frame = read(site, reader, dt.datetime.now(dt.UTC))
        if asked.to.suffix == ".csv":
            frame.sink_csv(stream)
        else:
            frame.sink_parquet(stream)
    rows = pl.scan_parquet(asked.to) if asked.to.suffix == ".parquet" else pl.scan_csv(asked.to)
    count = rows.select(pl.len()).collect().item()
    typer.echo(f"{site.name}: {show.number(count)} rows for {asked.reader}: {asked.to}")


@contextlib.contextmanager
def _whole(path: Path) -> Iterator[BinaryIO]:
    part = path.with_name(f".part-{path.name}")
    try:
        with part.open("wb") as stream:
            yield stream
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
