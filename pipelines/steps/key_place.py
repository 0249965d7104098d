"""Where a municipality's key is kept: a file or a variable of the environment, under a root key."""

import contextlib
import fcntl
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from connectors.store import flush_folder
from gdpr.keys import Keyring
from gdpr.wrapping import Bare, KeyFile, RootKey, read_kept, read_key
from pipelines.steps.root_key import is_environment, open_root_key, text_at
from schemas.errors import KeyUnavailable, StoreRejected

_OWNER_ONLY = 0o600


@dataclass(frozen=True, slots=True)
class KeyPlace:
    """One municipality's key, by the references in its file and in the network's, filled in."""

    number: str
    reference: str
    root_reference: str | None
    names: Mapping[str, str]

    @property
    def holds_something(self) -> bool:
        """Whether there is a key, of whatever kind."""
        return text_at(self.reference, self.names) is not None

    def read(self) -> Bare | KeyFile:
        """The key as it is kept.

        Raises:
            KeyUnavailable: there is none, it is another's, it was destroyed, or it is no key.
        """
        text = text_at(self.reference, self.names)
        if text is None:
            raise KeyUnavailable(f"{self.number}: there is no key at {self.reference}")
        return read_key(text, self.number, self.reference)

    def kept(self) -> Bare | KeyFile | None:
        """As `read`, and what stands in the place of a destroyed key; None where nothing stands."""
        text = text_at(self.reference, self.names)
        return None if text is None else read_kept(text, self.number, self.reference)

    def keyring(self) -> Keyring:
        """The keys.

        Raises:
            KeyUnavailable: as `read`; or it was wrapped with another root key, or there is none.
            StoreUnavailable: the root key is out of reach.
        """
        kept = self.read()
        return kept.keyring() if isinstance(kept, Bare) else kept.keyring(self.root())

    def root(self) -> RootKey:
        """The network's root key; KeyUnavailable where the network names none."""
        if self.root_reference is None:
            raise KeyUnavailable(f"{self.number}: the network's file names no root_key")
        return open_root_key(self.root_reference, self.names)

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """A block in which nobody else changes the key; whoever comes second waits.

        Raises:
            StoreRejected: nothing can be written beside the key.
        """
        with contextlib.ExitStack() as held:
            if not is_environment(self.reference):
                with self._rejecting():
                    held.enter_context(_locked(self._beside("lock")))
            yield

    def write(self, file: KeyFile) -> None:
        """Put that in the key's place, readable for its owner alone; whole, or not at all.

        For use in `alone`.

        Raises:
            KeyUnavailable: the key is in the environment.
            StoreRejected: the file cannot be written.
        """
        self.require_file()
        fresh = self._beside("new")
        with self._rejecting():
            # a writer that was killed may have left its own
            fresh.unlink(missing_ok=True)
            try:
                _write(fresh, file.text().encode())
                fresh.replace(self.reference)
                flush_folder(fresh.parent)
            finally:
                fresh.unlink(missing_ok=True)

    def overwrite(self, file: KeyFile) -> None:
        """As `write`, and of what stood there no byte is left in the file that held it."""
        self.require_file()
        if not Path(self.reference).is_file():
            self.write(file)
            return
        with self._rejecting(), Path(self.reference).open("r+b") as old:
            # the old bytes go when the new ones rest: a crash before that leaves the old key
            self.write(file)
            old.write(bytes(os.fstat(old.fileno()).st_size))
            old.flush()
            os.fsync(old.fileno())

    def require_file(self) -> None:
        """Raise KeyUnavailable where the key is in the environment, which cannot be written."""
        if is_environment(self.reference):
            raise KeyUnavailable(
                f"{self.number}: the key is at {self.reference}, which only its keeper can change"
            )

    def _beside(self, what: str) -> Path:
        path = Path(self.reference)
        return path.with_name(f".{path.name}.{what}")

    @contextlib.contextmanager
    def _rejecting(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            said = f"{self.number}: the key at {self.reference} cannot be written"
            raise StoreRejected(f"{said}: {error.strerror}") from None


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, _OWNER_ONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
