"""AES-SIV (RFC 5297) over whole columns: equal values give equal bytes, and the key undoes it.

Also its form as text, Statistics Norway's for deterministic encryption (DAEAD of Tink): a byte 1,
the key's number in four bytes, and the ciphertext under one empty associated value, in base64.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from gdpr.pseudonyms.cmac import (
    BLOCK,
    Bytes,
    Cipher,
    content,
    doubled,
    parts,
    permuted,
    series_of,
    spread,
)
from schemas.errors import KeyUnavailable

_NOTHING = pl.Series(dtype=pl.Binary)
_FORM = b"\x01"
_END = 0x80
# bits 63 and 31 of a counter start as zero, so that no addition carries over
_COUNTER = np.frombuffer(bytes.fromhex("ffffffffffffffff7fffffff7fffffff"), np.uint8)


class _Forged(ValueError):
    """A value that was not made with the key."""


@dataclass(frozen=True, slots=True, repr=False)
class Siv:
    """AES-SIV under one key and one list of associated values."""

    mac: Cipher
    key: bytes
    start: bytes

    @classmethod
    def of(cls, key: bytes, associated: Sequence[bytes] = (b"",)) -> Siv:
        """The cipher; the key has 32, 48 or 64 bytes."""
        half = len(key) // 2
        mac = Cipher.of(key[:half])
        start = mac.alone(bytes(BLOCK)).tobytes()
        for value in associated:
            start = _either(doubled(start), mac.alone(value).tobytes())
        return cls(mac, key[half:], start)

    def encrypt(self, values: pl.Series) -> pl.Series:
        """Each value as Binary, 16 bytes longer; null stays null, and the empty value does not."""
        return _by_width(values, self.seal)

    def decrypt(self, values: pl.Series) -> pl.Series:
        """The values that `encrypt` was given, as Binary.

        Raises:
            KeyUnavailable: some were made with another key, or by no key; names the column.
        """
        return _opened(values, self.open)

    def seal(self, rows: Bytes) -> Bytes:
        """The values of one width, one a row, each after its tag."""
        tags = self._tags(rows)
        return np.concatenate([tags, rows ^ self._stream(tags, rows.shape[1])], axis=1)

    def open(self, rows: Bytes) -> Bytes:
        """The values that were sealed; ValueError where one was not, or with another key."""
        if rows.shape[1] < BLOCK:
            raise _Forged
        tags, sealed = np.ascontiguousarray(rows[:, :BLOCK]), rows[:, BLOCK:]
        plain = sealed ^ self._stream(tags, sealed.shape[1])
        if not np.array_equal(self._tags(plain), tags):
            raise _Forged
        return plain

    def _tags(self, rows: Bytes) -> Bytes:
        """S2V of RFC 5297, the associated values done."""
        width = rows.shape[1]
        if width >= BLOCK:
            last = rows.copy()
            last[:, -BLOCK:] ^= np.frombuffer(self.start, np.uint8)
            return self.mac.tags(last)
        only = np.zeros((len(rows), BLOCK), np.uint8)
        only[:, :width] = rows
        only[:, width] = _END
        # the mask of CMAC's last block, which is whole, joins the one of S2V
        only.view(np.uint64)[:] ^= np.frombuffer(doubled(self.start), np.uint64) ^ self.mac.whole
        return permuted(self.mac.key, only)

    def _stream(self, tags: Bytes, width: int) -> Bytes:
        blocks = -(-width // BLOCK)
        counters = (tags & _COUNTER) if blocks == 1 else _counted(tags & _COUNTER, blocks)
        return permuted(self.key, counters).reshape(len(tags), -1)[:, :width]


@dataclass(frozen=True, slots=True, repr=False)
class Daead:
    """Deterministic encryption of text as text, with the key's number in each value."""

    siv: Siv
    number: int

    @classmethod
    def of(cls, key: bytes, number: int) -> Daead:
        """The cipher for a key of 64 bytes; of its number the last 32 bits are written."""
        return cls(Siv.of(key), number % (1 << 32))

    def encrypt(self, values: pl.Series) -> pl.Series:
        """Each text enclosed, as base64; null stays null, and the empty text does not."""
        return _by_width(values, self._enclosed).bin.encode("base64")

    def decrypt(self, values: pl.Series) -> pl.Series:
        """The texts that `encrypt` was given.

        Raises:
            KeyUnavailable: some were made with another key, or by no key; names the column.
        """
        try:
            sealed = values.str.decode("base64", strict=True)
            return _opened(sealed, self._disclosed).cast(pl.String)
        except (pl.exceptions.ComputeError, pl.exceptions.InvalidOperationError):
            raise _foreign(values.name) from None

    @property
    def _head(self) -> Bytes:
        return np.frombuffer(_FORM + self.number.to_bytes(4), np.uint8)

    def _enclosed(self, rows: Bytes) -> Bytes:
        head = np.broadcast_to(self._head, (len(rows), len(self._head)))
        return np.concatenate([head, self.siv.seal(rows)], axis=1)

    def _disclosed(self, rows: Bytes) -> Bytes:
        head = self._head
        if not np.array_equal(rows[:, : len(head)], np.broadcast_to(head, (len(rows), len(head)))):
            raise _Forged
        return self.siv.open(rows[:, len(head) :])


def _counted(first: Bytes, blocks: int) -> Bytes:
    start = first.view(">u8")
    counters = np.empty((len(first), blocks, 2), ">u8")
    counters[:, :, 0] = start[:, :1]
    counters[:, :, 1] = start[:, 1:] + np.arange(blocks, dtype=np.uint64)
    return counters.view(np.uint8).reshape(-1, BLOCK)


def _either(one: bytes, two: bytes) -> bytes:
    return (int.from_bytes(one) ^ int.from_bytes(two)).to_bytes(BLOCK)


def _opened(values: pl.Series, opened: Callable[[Bytes], Bytes]) -> pl.Series:
    try:
        return _by_width(values, opened)
    except _Forged:
        raise _foreign(values.name) from None


def _foreign(column: str) -> KeyUnavailable:
    return KeyUnavailable(f"{column}: the values were not all made with this key")


def _by_width(values: pl.Series, change: Callable[[Bytes], Bytes]) -> pl.Series:
    """The values as `change` makes them, which sees those of one width at a time, one a row."""
    present = values.drop_nulls()
    dense = pl.concat([_NOTHING, *(_part(part, change) for part in parts(present))])
    whole = dense if len(present) == len(values) else spread(dense, values.is_not_null())
    return whole.alias(values.name)


def _part(values: pl.Series, change: Callable[[Bytes], Bytes]) -> pl.Series:
    widths = values.bin.size().to_numpy()
    kinds = np.unique(widths)
    if len(kinds) == 1:
        return series_of(change(_matrix(values, int(kinds[0]))))
    groups = [np.flatnonzero(widths == kind) for kind in kinds]
    made = [
        series_of(change(_matrix(values.gather(rows), int(kind))))
        for kind, rows in zip(kinds, groups, strict=True)
    ]
    return pl.concat(made).gather(np.argsort(np.concatenate(groups)))


def _matrix(values: pl.Series, width: int) -> Bytes:
    return content(values).reshape(len(values), width)
