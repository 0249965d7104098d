"""Arrow rows between a database and landing: on disk, without a name, gone with the process."""

from __future__ import annotations

import hashlib
import io
import os
import tempfile
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

import pyarrow as pa

from schemas.errors import StoreUnavailable

_BLOCK = 1 << 20


class Spool:
    """An Arrow IPC stream that can be read any number of times; memory holds one batch of it.

    A process that is killed leaves no copy of personal rows behind.
    """

    def __init__(self, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> None:
        self.schema = schema
        self.rows = 0
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - it closes with the last batch that needs it
        options = pa.ipc.IpcWriteOptions(compression="zstd")
        try:
            sink = pa.PythonFile(self._file, mode="w")
            with pa.ipc.new_stream(sink, schema, options=options) as writer:
                for batch in batches:
                    writer.write_batch(batch)
                    self.rows += batch.num_rows
            self._file.flush()
        except OSError as error:
            what = f"the temporary folder cannot hold the result: {type(error).__name__}"
            raise StoreUnavailable(what) from None

    def open(self) -> BinaryIO:
        """The stream's bytes from their beginning, apart from every other reader of them."""
        return io.BufferedReader(_Again(self._file), _BLOCK)

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The rows as they were written."""
        with self.open() as stream, pa.ipc.open_stream(stream) as reader:
            yield from reader

    def sha256(self) -> str:
        """The hash of the stream's bytes."""
        digest = hashlib.sha256()
        with self.open() as stream:
            while block := stream.read(_BLOCK):
                digest.update(block)
        return digest.hexdigest()


class _Again(io.RawIOBase):
    """An unnamed file, read from its beginning without moving any other reader of it."""

    def __init__(self, file: Any) -> None:  # noqa: ANN401 - tempfile's own type is private
        self._file = file
        self._at = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - io's own signature is a writable buffer
        count = os.preadv(self._file.fileno(), [buffer], self._at)
        self._at += count
        return count
