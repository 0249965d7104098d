"""Rejected rows in the restricted zone: as the source wrote them, with the rules they broke."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field

import polars as pl

from pipelines.steps.site import Site
from schemas.stages import LINE, Rejected


@dataclass(slots=True)
class Quarantine:
    """One batch's rejected rows; what an earlier round left of the batch is replaced."""

    site: Site
    batch: str
    _written: set[str] = field(default_factory=set)

    def add(self, rejected: Rejected) -> None:
        """Keep a chunk's rejected rows under the number of its first line."""
        if rejected.frame.is_empty():
            return
        path = f"{self._folder}/{rejected.frame[LINE][0]:012d}.parquet"
        buffer = io.BytesIO()
        rejected.frame.write_parquet(buffer)
        with self.site.store.write(path) as stream:
            stream.write(buffer.getvalue())
        self._written.add(path)

    def close(self) -> None:
        """Remove what an earlier round of the same batch had rejected and this one did not."""
        for path in self.site.store.find(self._folder):
            if path not in self._written:
                self.site.store.remove(path)

    @property
    def _folder(self) -> str:
        return f"{_root(self.site)}/{self.batch}"


def quarantined(site: Site) -> Iterator[pl.DataFrame]:
    """Every chunk of rows in quarantine, oldest batch first."""
    for path in site.store.find(_root(site)):
        with site.store.open(path) as stream:
            yield pl.read_parquet(stream)


def quarantined_batches(site: Site) -> tuple[str, ...]:
    """The batches that have rows in quarantine, oldest first."""
    paths = site.store.find(_root(site))
    return tuple(dict.fromkeys(path.split("/")[2] for path in paths))


def _root(site: Site) -> str:
    return f"quarantine/{site.contract.name}"
