"""A municipality's key as it is kept: a bare secret, or generations wrapped with a root key.

What stands in the file is the caller's to read and write; nothing here does I/O.
"""

from __future__ import annotations

import base64
import datetime as dt
import os
from dataclasses import dataclass
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import Field, ValidationError

from gdpr.keys import Key, Keyring
from schemas.errors import KeyUnavailable
from schemas.model import Filled, Kommunenummer, Strict

SECRET = 32
_NONCE = 12


class RootKey(Protocol):
    """A key that wraps keys and never leaves its place, as a key management service holds it."""

    @property
    def key_id(self) -> str:
        """The root key's name, and no secret."""
        ...

    def wrap(self, key: bytes, context: bytes) -> bytes:
        """The key, wrapped so that it opens under the same context only.

        Raises:
            KeyUnavailable: the root key refuses.
            StoreUnavailable: the root key is out of reach; try again later.
        """
        ...

    def unwrap(self, wrapped: bytes, context: bytes) -> bytes:
        """The key that was wrapped under that context; raises as `wrap`, and where it was not."""
        ...


class LocalRootKey:
    """A root key from 32 bytes at hand: AES-256-GCM, the context authenticated.

    What is wrapped: 12 random bytes, the ciphertext, and its tag of 16 bytes.

    Raises:
        KeyUnavailable: the secret has another length.
    """

    __slots__ = ("_key",)

    def __init__(self, secret: bytes) -> None:
        if len(secret) != SECRET:
            raise KeyUnavailable(f"the root key has {len(secret)} bytes; it needs {SECRET}")
        self._key = Key(secret)

    def __repr__(self) -> str:
        return f"LocalRootKey({self.key_id})"

    @property
    def key_id(self) -> str:
        """The root key's name: the same for the same bytes, and no secret."""
        return self._key.key_id

    def wrap(self, key: bytes, context: bytes) -> bytes:
        """The key, wrapped so that it opens under the same context only."""
        nonce = os.urandom(_NONCE)
        return nonce + AESGCM(self._key.material()).encrypt(nonce, key, context)

    def unwrap(self, wrapped: bytes, context: bytes) -> bytes:
        """The key that was wrapped under that context.

        Raises:
            KeyUnavailable: it was wrapped with another key, for another context, or was changed.
        """
        nonce, sealed = wrapped[:_NONCE], wrapped[_NONCE:]
        try:
            return AESGCM(self._key.material()).decrypt(nonce, sealed, context)
        except (InvalidTag, ValueError):
            raise KeyUnavailable("the root key does not open it") from None


class Generation(Strict):
    """One secret of a municipality, wrapped."""

    version: int = Field(ge=1)
    created: dt.datetime = Field(examples=["2026-11-21T12:00:00Z"])
    wrapped: Filled


class Move(Strict):
    """A key's move from one root key under another."""

    old: Filled
    new: Filled
    at: dt.datetime = Field(examples=["2026-11-21T12:00:00Z"])


class KeyFile(Strict):
    """A municipality's key file: its generations under a root key, or the day they were destroyed.

    `seed` is what lies behind the signature, wrapped; `rotating` is the generation to which the
    tables are being brought; `untold` are moves between root keys that no log tells of yet.
    """

    municipality: Kommunenummer
    root: Filled | None = None
    generations: tuple[Generation, ...] = ()
    seed: Filled | None = None
    rotating: int | None = None
    untold: tuple[Move, ...] = ()
    destroyed: dt.datetime | None = Field(default=None, examples=["2026-11-21T12:00:00Z"])

    @property
    def newest(self) -> int:
        """The newest generation; 0 where there is none."""
        return max((generation.version for generation in self.generations), default=0)

    def require_usable(self, place: str) -> None:
        """Raise KeyUnavailable where the key was destroyed, or holds nothing."""
        at = f"{self.municipality}: the key at {place}"
        if self.destroyed is not None:
            raise KeyUnavailable(f"{at} was destroyed on {self.destroyed:%Y-%m-%d}")
        if not self.generations:
            raise KeyUnavailable(f"{at} has no generation")

    def keyring(self, root: RootKey) -> Keyring:
        """The keys, unwrapped.

        Raises:
            KeyUnavailable: another root key wrapped them, or they were changed.
            StoreUnavailable: the root key is out of reach.
        """
        if self.root != root.key_id:
            raise KeyUnavailable(
                f"{self.municipality}: the key was wrapped with root key {self.root}, "
                f"and the network's is {root.key_id}; datasjo gdpr rewrap moves it there"
            )
        secrets, seed = _unwrapped(self, root)
        return Keyring(secrets, self.municipality, seed)

    def grown(self, root: RootKey, secret: bytes) -> KeyFile:
        """The same with one more generation, which is the newest."""
        version = self.newest + 1
        made = Generation(
            version=version,
            created=dt.datetime.now(dt.UTC),
            wrapped=self._under(root, secret, version),
        )
        return self.model_copy(update={"generations": (*self.generations, made)})

    def moved_to(self, new: RootKey, old: RootKey) -> KeyFile:
        """The same keys under another root key, which was seen to open them.

        Raises:
            KeyUnavailable: the old root key does not open them, or the new one refuses them.
            StoreUnavailable: one of the root keys is out of reach.
        """
        secrets, seed = _unwrapped(self, old)
        now = Move(old=old.key_id, new=new.key_id, at=dt.datetime.now(dt.UTC))
        made = self.model_copy(
            update={
                "root": new.key_id,
                "generations": tuple(
                    g.model_copy(
                        update={"wrapped": self._under(new, secrets[g.version], g.version)}
                    )
                    for g in self.generations
                ),
                "seed": self._under(new, seed, None) if seed else None,
                "untold": (*self.untold, now),
            }
        )
        if _unwrapped(made, new) != (secrets, seed):
            said = f"root key {new.key_id} does not give back what it wrapped"
            raise KeyUnavailable(f"{self.municipality}: {said}")
        return made

    def text(self) -> str:
        """The file's content."""
        return self.model_dump_json(indent=2, exclude_defaults=True) + "\n"

    def _under(self, root: RootKey, secret: bytes, version: int | None) -> str:
        return _sealed(root, secret, _context(self.municipality, version))


@dataclass(frozen=True, slots=True, repr=False)
class Bare:
    """A secret as it is: one generation, which anyone who reads the file can use."""

    municipality: str
    secret: bytes

    def keyring(self) -> Keyring:
        """The keys; KeyUnavailable where the secret is too short."""
        return Keyring(self.secret, self.municipality)

    def wrapped(self, root: RootKey) -> KeyFile:
        """The same key under a root key: pseudonyms and signature stay what they are."""
        seed = self.keyring().signing_key()
        sealed = _sealed(root, seed, _context(self.municipality, None))
        return KeyFile(municipality=self.municipality, root=root.key_id, seed=sealed).grown(
            root, self.secret
        )


def read_key(text: str, municipality: str, place: str) -> Bare | KeyFile:
    """The key in the content of `place`: a bare secret in hexadecimal, or a key file.

    Raises:
        KeyUnavailable: it is neither, is another municipality's, or was destroyed.
    """
    kept = read_kept(text, municipality, place)
    if isinstance(kept, KeyFile):
        kept.require_usable(place)
    return kept


def read_kept(text: str, municipality: str, place: str) -> Bare | KeyFile:
    """As `read_key`, and what stands in the place of a destroyed key as well."""
    at = f"{municipality}: the key at {place}"
    if not text.lstrip().startswith("{"):
        return Bare(municipality, _secret(text, at))
    try:
        file = KeyFile.model_validate_json(text)
    except ValidationError:
        raise KeyUnavailable(f"{at} is no key file") from None
    if file.municipality != municipality:
        raise KeyUnavailable(f"{at} is that of {file.municipality}")
    return file


def destroyed(municipality: str) -> KeyFile:
    """What stands in the place of a key that was destroyed now."""
    return KeyFile(municipality=municipality, destroyed=dt.datetime.now(dt.UTC))


def new_secret() -> bytes:
    """32 random bytes."""
    return os.urandom(SECRET)


def _secret(text: str, at: str) -> bytes:
    try:
        return bytes.fromhex(text.strip())
    except ValueError:
        raise KeyUnavailable(f"{at} is not hexadecimal") from None


def _unwrapped(file: KeyFile, root: RootKey) -> tuple[dict[int, bytes], bytes | None]:
    secrets = {g.version: _opened(root, file, g.wrapped, g.version) for g in file.generations}
    return secrets, _opened(root, file, file.seed, None) if file.seed else None


def _opened(root: RootKey, file: KeyFile, wrapped: str, version: int | None) -> bytes:
    place = "the signature's seed" if version is None else f"generation {version} of the key"
    try:
        sealed = base64.b64decode(wrapped, validate=True)
        return root.unwrap(sealed, _context(file.municipality, version))
    except (KeyUnavailable, ValueError) as error:
        said = str(error) if isinstance(error, KeyUnavailable) else "it is not base64"
        raise KeyUnavailable(f"{file.municipality}: {place}: {said}") from None


def _sealed(root: RootKey, secret: bytes, context: bytes) -> str:
    return base64.b64encode(root.wrap(secret, context)).decode()


def _context(municipality: str, version: int | None) -> bytes:
    # readable: a key service writes it into its own log of who opened what
    what = "signature" if version is None else f"generation {version}"
    return f"datasjo {municipality} {what}".encode()
