"""A source's text as UTF-8 without a byte order mark, whatever it was encoded in."""

from __future__ import annotations

import codecs
import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from connectors.private import private_folder
from schemas.errors import ContractBroken
from schemas.source import Profile

_BLOCK = 1 << 22


@contextlib.contextmanager
def as_utf8(path: Path, profile: Profile, *, guess: bool = False) -> Iterator[Path]:
    """The file itself where it is UTF-8, or a private copy that is, for the block's time.

    The encoding is what its mark says, else what the profile says, else UTF-8; with `guess` the
    last only where all bytes agree, and Windows-1252 where they do not.

    Raises:
        ContractBroken: the bytes are not in the declared encoding.
    """
    with path.open("rb") as stream:
        encoding = _encoding(stream, profile, guess=guess)
    if encoding == "utf-8":
        yield path
        return
    with private_folder() as folder:
        copy = folder / "text"
        _transcode(path, copy, encoding)
        yield copy


def _encoding(stream: BinaryIO, profile: Profile, *, guess: bool) -> str:
    if stream.read(3) == codecs.BOM_UTF8:
        return "utf-8-sig"
    if profile.encoding != "auto":
        return profile.encoding
    stream.seek(0)
    return "utf-8" if not guess or _is_utf8(stream) else "cp1252"


def _is_utf8(stream: BinaryIO) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while block := stream.read(_BLOCK):
            if not block.isascii():
                decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _transcode(path: Path, copy: Path, encoding: str) -> None:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as source, copy.open("w", encoding="utf-8", newline="") as target:
            while block := source.read(_BLOCK):
                target.write(decoder.decode(block))
            target.write(decoder.decode(b"", final=True))
    except UnicodeDecodeError:
        raise ContractBroken(f"is not {encoding}, as its contract says") from None
