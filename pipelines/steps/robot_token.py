"""Where the token of a municipality's robot user is kept: a file, or a variable."""

import contextlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from pipelines.steps.root_key import is_environment, text_at
from pipelines.steps.site import filled
from schemas.errors import StoreRejected
from schemas.municipality import Municipality

_OWNER_ONLY = 0o600


@dataclass(frozen=True, slots=True)
class TokenPlace:
    """The places of one robot's token: `reference` where it is read, `file` where it is put.

    A variable of the environment can only be read; then `file` is for whoever sets it.
    """

    reference: str | None
    file: Path | None

    @classmethod
    def of(cls, owner: Municipality, folder: Path | None, names: Mapping[str, str]) -> "TokenPlace":
        """The places for a municipality; `folder` takes the files of those that name none."""
        reference = owner.ckan_token
        if reference is not None:
            reference = filled(reference, owner.number, "ckan_token", names)
            if not is_environment(reference):
                return cls(reference, Path(reference))
        return cls(reference, folder / f"{owner.number}.token" if folder else None)

    def held(self, names: Mapping[str, str]) -> Iterator[str]:
        """The tokens that stand there, the one that releases read first."""
        for place in (self.reference, str(self.file) if self.file else None):
            text = text_at(place, names) if place else None
            if text and text.strip():
                yield text.strip()

    @property
    def told(self) -> str:
        """Where it is kept, and what is left to do about that."""
        if self.reference is None:
            return "the municipality's file names no ckan_token"
        if self.file is None:
            return f"{self.reference} must be set; --tokens FOLDER writes it to a file"
        if is_environment(self.reference):
            return f"{self.file}; set {self.reference.removeprefix('env:')} to what it holds"
        return str(self.file)


@contextlib.contextmanager
def secret_file(path: Path) -> Iterator[TextIO]:
    """What is written in the block takes the file's place after it, for its owner's eyes alone.

    Raises:
        StoreRejected: there can be no such file; the block has not begun.
    """
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        stream = _opened(fresh)
    except OSError as error:
        raise StoreRejected(f"{path} cannot be written: {error.strerror}") from None
    try:
        with stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def _opened(path: Path) -> TextIO:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
    return os.fdopen(descriptor, "w", encoding="ascii")
