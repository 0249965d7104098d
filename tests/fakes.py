"""In-memory stand-ins for the seams, for tests in every room."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator

from schemas.sidecar import Sidecar
from schemas.stages import Batch


class RememberedBatches:
    """A memory of landing that holds the bytes itself."""

    def __init__(self) -> None:
        self._landed: list[tuple[Sidecar, bytes]] = []

    def latest(self, source_url: str) -> Sidecar | None:
        found = (sidecar for sidecar, _ in reversed(self._landed))
        return next((sidecar for sidecar in found if sidecar.source_url == source_url), None)

    def all(self) -> Iterator[Sidecar]:
        return (sidecar for sidecar, _ in self._landed)

    def read(self, sidecar: Sidecar) -> bytes:
        return next(content for known, content in self._landed if known is sidecar)

    def land(self, batch: Batch, *, acknowledge: bool = True) -> bytes:
        with batch.open() as stream:
            content = stream.read()
        sidecar = Sidecar(
            sha256=hashlib.sha256(content).hexdigest(),
            source_url=batch.source_url,
            fetched_at=dt.datetime.now(dt.UTC),
            size=len(content),
            format=batch.format,
            run_id="test",
            headers=dict(batch.headers),
            cursor=batch.cursor,
        )
        self._landed.append((sidecar, content))
        if acknowledge:
            batch.acknowledge()
        return content
