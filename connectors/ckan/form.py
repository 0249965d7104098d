"""A form of texts and files as CKAN takes it, sent block by block: no file is held in memory."""

from __future__ import annotations

import io
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

_BLOCK = 1 << 16


@dataclass(frozen=True, slots=True)
class Upload:
    """A file to be sent, under the name that its download keeps; its stream can be rewound."""

    name: str
    stream: BinaryIO


@dataclass(frozen=True, slots=True)
class Form:
    """A multipart form: its length, and its bytes from the beginning each time it is sent."""

    texts: Mapping[bytes, bytes]
    files: Mapping[str, Upload]
    boundary: str = field(default_factory=lambda: uuid.uuid4().hex)

    @property
    def content_type(self) -> str:
        """The header without which nobody can read it."""
        return f"multipart/form-data; boundary={self.boundary}"

    def __len__(self) -> int:
        return sum(stream.seek(0, io.SEEK_END) for stream in self._streams())

    def __iter__(self) -> Iterator[bytes]:
        for stream in self._streams():
            stream.seek(0)
            while block := stream.read(_BLOCK):
                yield block

    def _streams(self) -> Iterator[BinaryIO]:
        for key, text in self.texts.items():
            yield io.BytesIO(self._head(key.decode()) + text + b"\r\n")
        for name, file in self.files.items():
            called = f'; filename="{file.name}"\r\nContent-Type: application/octet-stream'
            yield io.BytesIO(self._head(name, called))
            yield file.stream
            yield io.BytesIO(b"\r\n")
        yield io.BytesIO(f"--{self.boundary}--\r\n".encode())

    def _head(self, name: str, more: str = "") -> bytes:
        told = f'Content-Disposition: form-data; name="{name}"{more}'
        return f"--{self.boundary}\r\n{told}\r\n\r\n".encode()
