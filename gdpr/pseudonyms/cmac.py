"""AES-CMAC (RFC 4493) over whole columns: a keyed tag of 16 bytes for each value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl
from cryptography.hazmat.primitives.ciphers import Cipher as Aes
from cryptography.hazmat.primitives.ciphers import algorithms, modes
from cryptography.hazmat.primitives.cmac import CMAC
from numpy.typing import NDArray

BLOCK = 16
LONG = 1024
_ROWS = 1 << 16
_BY_ITSELF = 0
_CARRY = 0x87
_END = 0x80

_NONE = np.empty((0, BLOCK), np.uint8)

Bytes = NDArray[np.uint8]
Words = NDArray[np.uint64]
Lengths = NDArray[np.uint32]


def cmac(values: pl.Series, key: bytes) -> pl.Series:
    """The tags as Binary of 16 bytes; null stays null, and the empty value has a tag."""
    present = values.drop_nulls()
    tagged = series_of(tags(present, key)).alias(values.name)
    return tagged if len(present) == len(values) else spread(tagged, values.is_not_null())


def tags(values: pl.Series, key: bytes) -> Bytes:
    """The tag of each value, shape (rows, 16); text counts as UTF-8, and there are no nulls.

    The key has 16, 24 or 32 bytes. Values over LONG bytes take a slower path, to the same result.
    """
    cipher = Cipher.of(key)
    return np.concatenate([_NONE, *(_tags(part, cipher) for part in parts(values))])


def contents(values: pl.Series) -> Iterator[Bytes]:
    """The bytes of the values without their borders, some rows at a time; nulls have none."""
    return (content(part) for part in parts(values))


def series_of(rows: Bytes) -> pl.Series:
    """A matrix of bytes as a Binary column, one value a row."""
    return pl.Series(rows).arr.to_list().cast(pl.Binary)


def spread(dense: pl.Series, present: pl.Series) -> pl.Series:
    """The dense values where `present` is true, in order, and null elsewhere."""
    index = present.cum_sum().cast(pl.Int64) - 1
    return dense.gather(index.set(~present, None))


@dataclass(frozen=True, slots=True, repr=False)
class Cipher:
    """AES under one key, with the masks for a last block that is whole or padded."""

    key: bytes
    whole: Words
    padded: Words

    @classmethod
    def of(cls, key: bytes) -> Cipher:
        """The cipher and its masks; the key has 16, 24 or 32 bytes."""
        zero = permuted(key, np.zeros((1, BLOCK), np.uint8))
        whole = doubled(zero.tobytes())
        return cls(key, _words(whole), _words(doubled(whole)))

    def chain(self, message: Bytes) -> Bytes:
        """The last block of each row's cipher-block chain."""
        state = np.zeros((len(message), BLOCK), np.uint8)
        for start in range(0, message.shape[1], BLOCK):
            state = permuted(self.key, state ^ message[:, start : start + BLOCK])
        return state

    def tags(self, rows: Bytes) -> Bytes:
        """The tag of each row of a matrix of bytes."""
        count, width = rows.shape
        blocks = max(1, -(-width // BLOCK))
        message = np.zeros((count, blocks * BLOCK), np.uint8)
        message[:, :width] = rows
        message[:, width : width + 1] = _END
        is_whole = width == blocks * BLOCK
        message.view(np.uint64)[:, -2:] ^= self.whole if is_whole else self.padded
        return self.chain(message)

    def alone(self, value: bytes) -> Bytes:
        """The tag of one value of any length."""
        mac = CMAC(algorithms.AES(self.key))
        mac.update(value)
        return np.frombuffer(mac.finalize(), np.uint8)


def parts(values: pl.Series) -> Iterator[pl.Series]:
    """The values as Binary, some rows at a time."""
    binary = values.cast(pl.Binary)
    return (binary.slice(start, _ROWS) for start in range(0, len(values), _ROWS))


def content(values: pl.Series) -> Bytes:
    """The bytes of Binary values without their borders; nulls have none."""
    arrow = values.to_arrow(compat_level=pl.CompatLevel.oldest())
    offsets = np.frombuffer(arrow.buffers()[1], np.int64)[arrow.offset :]
    buffer = np.frombuffer(arrow.buffers()[2] or b"", np.uint8)
    return buffer[offsets[0] : offsets[len(values)]]


def permuted(key: bytes, blocks: Bytes) -> Bytes:
    """Each block of 16 bytes under bare AES: a part of a construction, and no cipher by itself."""
    # the constructions around it are Cipher.chain (RFC 4493) and the counters of siv.py
    permutation = Aes(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305 - see above
    return np.frombuffer(permutation.update(blocks.data), np.uint8).reshape(-1, BLOCK)


def doubled(block: bytes) -> bytes:
    """The block times two in the field of RFC 4493 and RFC 5297."""
    number = int.from_bytes(block) << 1
    carried = number >> (8 * BLOCK)
    return (number % (1 << 8 * BLOCK) ^ carried * _CARRY).to_bytes(BLOCK)


def _words(block: bytes) -> Words:
    return np.frombuffer(block, np.uint64)


def _tags(values: pl.Series, cipher: Cipher) -> Bytes:
    lengths = values.bin.size().to_numpy()
    shortest, longest = _blocks(lengths.min()), _blocks(lengths.max())
    if shortest == longest:
        return _alike(values, int(longest), cipher)
    out = np.empty((len(values), BLOCK), np.uint8)
    blocks = _blocks(lengths)
    for count in np.unique(blocks):
        rows = np.flatnonzero(blocks == count)
        out[rows] = _alike(values.gather(rows), int(count), cipher)
    return out


def _blocks(lengths: Lengths) -> Lengths:
    counts = np.maximum(1, (lengths + np.uint32(BLOCK - 1)) // np.uint32(BLOCK))
    return np.where(lengths > LONG, np.uint32(_BY_ITSELF), counts)


def _alike(values: pl.Series, blocks: int, cipher: Cipher) -> Bytes:
    """The tags of values that all fill the same number of blocks."""
    if blocks == _BY_ITSELF:
        return np.stack([cipher.alone(value) for value in values])
    lengths = values.bin.size().to_numpy()
    message = _padded(values, lengths, blocks * BLOCK)
    whole = (lengths == blocks * BLOCK)[:, None]
    message.view(np.uint64)[:, -2:] ^= np.where(whole, cipher.whole, cipher.padded)
    return cipher.chain(message)


def _padded(values: pl.Series, lengths: Lengths, width: int) -> Bytes:
    message = np.zeros((len(values), width), np.uint8)
    shortest, longest = int(lengths.min()), int(lengths.max())
    bare = content(values)
    if shortest == longest:
        message[:, :longest] = bare.reshape(len(values), longest)
        message[:, longest : longest + 1] = _END
        return message
    message[np.arange(width, dtype=np.uint32) < lengths[:, None]] = bare
    short = np.flatnonzero(lengths < width)
    message[short, lengths[short]] = _END
    return message
