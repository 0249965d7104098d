"""How fast pseudonyms are made, on one core, beside HMAC-SHA-256 row by row in the same run."""

from __future__ import annotations

import hmac
import json
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl

from benchmarks.apart import on_one_core
from benchmarks.figures import Figure, at_least
from gdpr.keys import REVERSIBLE, Keyring
from gdpr.masking.masks import pseudonym
from gdpr.pseudonyms.concealing import Concealing

ROWS = 2_000_000
PEER_ROWS = 200_000
RUNS = 3
HERE = Path(__file__).resolve()


def measure() -> list[Figure]:
    """The figures, from a process of its own in which Polars has one thread."""
    return on_one_core("masking")


def figures() -> list[Figure]:
    """The same, from this process."""
    ring = Keyring(bytes(range(32)), "1103")
    key = ring.derive("benchmark", "person", 1)
    ids, texts = _ids(ROWS), _texts(ROWS)
    by_column = _rate(ids, lambda: pseudonym(ids, key))
    by_text = _rate(texts, lambda: pseudonym(texts, key))
    sealing = Concealing(ring.derive("benchmark", "person", 1, REVERSIBLE), REVERSIBLE, 1)
    sealed = sealing.conceal(ids)
    by_seal = _rate(ids, lambda: sealing.conceal(ids))
    by_opening = _rate(sealed, lambda: sealing.reveal(sealed))
    few = ids.head(PEER_ROWS)
    by_row = _rate(few, lambda: pl.Series(_hmac(few, key.material())))
    return [
        at_least("pseudonyms of 11-digit ids", by_column, "rows/s/core", 5e6),
        at_least("pseudonyms of 30-byte texts", by_text, "rows/s/core", 2e6),
        at_least("reversible pseudonyms of 11-digit ids", by_seal, "rows/s/core", 3e6),
        at_least("the ids behind reversible pseudonyms", by_opening, "rows/s/core", 3e6),
        at_least("pseudonyms against HMAC row by row", by_column / by_row, "times", 20),
    ]


def _ids(rows: int) -> pl.Series:
    """Numbers of eleven digits with a month over 80, as synthetic persons have."""
    number = pl.int_range(rows, dtype=pl.Int64)
    digits = (number % 28 + 1) * 10**9 + (number % 12 + 81) * 10**7 + number * 7919 % 10**7
    return pl.select(digits.cast(pl.String).str.zfill(11).alias("ids")).to_series()


def _texts(rows: int) -> pl.Series:
    """Addresses and names of 30 bytes on average; a half of them are not ASCII."""
    number = pl.int_range(rows, dtype=pl.Int64)
    address = pl.format("kari.{}.nordmann@example.no", number)
    person = pl.format("Bjørg Åse Østhus Håland {}", number)
    return pl.select(pl.when(number % 2 == 0).then(address).otherwise(person)).to_series()


def _hmac(ids: pl.Series, key: bytes) -> list[str]:
    return [hmac.digest(key, value.encode(), "sha256").hex()[:32] for value in ids]


def _rate(values: pl.Series, work: Callable[[], pl.Series]) -> float:
    seconds = min(_seconds(work) for _ in range(RUNS))
    return len(values) / seconds


def _seconds(work: Callable[[], pl.Series]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


if __name__ == "__main__":
    print(json.dumps(figures()))
