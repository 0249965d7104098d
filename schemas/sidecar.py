"""What stands beside a landed batch: where its bytes came from, and what became of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from schemas.source import Format


@dataclass(frozen=True, slots=True)
class Rewritten:
    """What erasures left of a batch's bytes: their hash and size, and the rows that went."""

    sha256: str
    size: int
    erased: int


@dataclass(frozen=True, slots=True)
class Sidecar:
    """What is known of a landed batch: where it came from, when, and the hash of its bytes.

    `sha256` and `size` are of the bytes as fetched, so that the same are not fetched again;
    `rewritten` says what rests since a person was erased, `removed_on` that nothing does.
    """

    sha256: str
    source_url: str
    fetched_at: dt.datetime
    size: int
    format: Format
    run_id: str
    headers: Mapping[str, str] = field(default_factory=dict)
    cursor: str | None = None
    rewritten: Rewritten | None = None
    removed_on: dt.date | None = None
