"""Quarantine without the erased."""

import io
from collections.abc import Sequence

import polars as pl

from pipelines.steps.quarantine import quarantine_files, quarantined
from pipelines.steps.rights.landing import hits
from pipelines.steps.rights.recognition import Recognition, Written, written_in
from pipelines.steps.site import Site


def scrub_quarantine(site: Site, known: Recognition) -> dict[str, int]:
    """Take the rows of the erased out of quarantine; batch → rows that went."""
    identities = written_in(site)
    gone: dict[str, int] = {}
    for path in quarantine_files(site) if identities else ():
        with site.store.open(path) as stream:
            rows = pl.read_parquet(stream)
        found = hits(rows, identities, known)
        if found.any():
            batch = path.split("/")[2]
            gone[batch] = gone.get(batch, 0) + int(found.sum())
            _put_back(site, path, rows.filter(~found))
    return gone


def found_in_quarantine(site: Site, known: Recognition) -> dict[str, pl.DataFrame]:
    """The rows of the erased that are in quarantine, by batch."""
    identities = written_in(site)
    batches = dict.fromkeys(path.split("/")[2] for path in quarantine_files(site))
    found = {batch: _found(site, batch, identities, known) for batch in batches if identities}
    return {batch: rows for batch, rows in found.items() if rows.height}


def _found(
    site: Site, batch: str, identities: Sequence[Written], known: Recognition
) -> pl.DataFrame:
    frames = [rows.filter(hits(rows, identities, known)) for rows in quarantined(site, batch)]
    return pl.concat(frames, how="diagonal_relaxed")


def _put_back(site: Site, path: str, rows: pl.DataFrame) -> None:
    if rows.is_empty():
        site.store.remove(path)
        return
    buffer = io.BytesIO()
    rows.write_parquet(buffer)
    with site.store.write(path) as stream:
        stream.write(buffer.getvalue())
