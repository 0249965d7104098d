"""The seam to every source: what an engine is asked for, and what it may remember."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from schemas.sidecar import Sidecar
from schemas.stages import Batch, Window


class Memory(Protocol):
    """What has landed of a binding before, so that a source need not be asked for it again."""

    def latest(self, source_url: str) -> Sidecar | None:
        """The sidecar of the newest batch from that address."""
        ...

    def all(self) -> Iterator[Sidecar]:
        """The sidecars of every batch that is still at rest in landing, oldest first."""
        ...

    def read(self, sidecar: Sidecar) -> bytes:
        """The bytes of a landed batch."""
        ...


class Source(Protocol):
    """A source as one engine reads it."""

    def fetch(self, window: Window) -> Iterator[Batch]:
        """The source's batches for those local days, each once, none that has landed unchanged.

        Raises:
            SourceUnavailable: down, slow or overloaded, after the retries that the binding allows.
            SourceRejected: it answered, and said no.
        """
        ...
