"""Rejected rows in the restricted zone: as the source wrote them, with the rules they broke."""

import io
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field

import polars as pl

from pipelines.steps.site import Site
from schemas.stages import LINE, Rejected


@dataclass(slots=True)
class Quarantine:
    """One round of one batch's rejected rows, which takes the place of earlier rounds at its end.

    Until then both are there: a round that is killed loses nothing, and the next one clears up.
    """

    site: Site
    batch: str
    _round: str = field(default_factory=lambda: uuid.uuid4().hex)
    _settled: bool = False

    def add(self, rejected: Rejected) -> None:
        """Keep a chunk's rejected rows under the number of its first line."""
        if rejected.frame.is_empty():
            return
        path = f"{self._folder}/{self._round}/{rejected.frame[LINE][0]:012d}.parquet"
        buffer = io.BytesIO()
        rejected.frame.write_parquet(buffer)
        with self.site.store.write(path) as stream:
            stream.write(buffer.getvalue())

    def settle(self, *, is_open: bool) -> None:
        """End the round by the gate's word: open, it replaces earlier ones; closed, they stand.

        A batch that was never here before keeps its rows also when the gate is closed, so that a
        person can see why.
        """
        earlier = self._earlier()
        if is_open:
            for path in earlier:
                self.site.store.remove(path)
        self._settled = is_open or not earlier

    def discard(self) -> None:
        """Remove what the round has kept, unless it is settled."""
        if not self._settled:
            self.site.store.remove(f"{self._folder}/{self._round}")

    def _earlier(self) -> list[str]:
        own = f"{self._folder}/{self._round}/"
        return [path for path in self.site.store.find(self._folder) if not path.startswith(own)]

    @property
    def _folder(self) -> str:
        return f"{_root(self.site)}/{self.batch}"


def quarantined(site: Site, batch: str | None = None) -> Iterator[pl.DataFrame]:
    """Every chunk of rows in quarantine, oldest batch first; of one batch where it is named."""
    for path in quarantine_files(site, batch):
        with site.store.open(path) as stream:
            yield pl.read_parquet(stream)


def quarantine_files(site: Site, batch: str | None = None) -> list[str]:
    """The files of those chunks: quarantine/<dataset>/<batch>/<round>/<first line>.parquet."""
    return site.store.find(_root(site) if batch is None else f"{_root(site)}/{batch}")


def quarantined_batches(site: Site) -> tuple[str, ...]:
    """The batches that have rows in quarantine, oldest first."""
    paths = site.store.find(_root(site))
    return tuple(dict.fromkeys(path.split("/")[2] for path in paths))


def quarantined_rows(site: Site) -> int:
    """How many rows are in quarantine."""
    total = 0
    for path in site.store.find(_root(site)):
        with site.store.local(path) as file:
            total += int(pl.scan_parquet(file).select(pl.len()).collect().item())
    return total


def _root(site: Site) -> str:
    return f"quarantine/{site.contract.name}"
