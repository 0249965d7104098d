"""The keys behind the pseudonyms: a secret, a municipality's key, and a key for each purpose.

Reading a secret from a file or an environment is the caller's; nothing here does I/O.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand

from schemas.errors import KeyUnavailable

LEAST_SECRET = 32
_KEY = 32
_ID = 8


class Key:
    """A key for one purpose: bytes that are used, and never shown, pickled or copied.

    `key_id` (16 hexadecimal digits) tells keys apart in receipts and says nothing of the bytes.
    """

    __slots__ = ("_key_id", "_material")

    def __init__(self, material: bytes) -> None:
        self._material = material
        self._key_id = hmac.digest(material, b"datasjo key id", "sha256")[:_ID].hex()

    @property
    def key_id(self) -> str:
        """The key's name: the same for the same key, and no secret."""
        return self._key_id

    def material(self) -> bytes:
        """The bytes, for a cipher only."""
        return self._material

    def __repr__(self) -> str:
        return f"Key({self.key_id})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Key) and hmac.compare_digest(self._material, other._material)

    def __hash__(self) -> int:
        return hash(self._key_id)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a key is not pickled or copied; derive it again where it is needed")


@dataclass(frozen=True, slots=True)
class Algorithm:
    """What makes pseudonyms: its name in records, its label in derivation, its key in bytes."""

    name: str
    label: str
    key_bytes: int


ONE_WAY = Algorithm("AES-CMAC", "pseudonym", 32)
REVERSIBLE = Algorithm("AES-SIV", "reversible", 64)
FORMAT_PRESERVING = Algorithm("FF1", "format_preserving", 32)


class Keyring:
    """The keys of one municipality.

    Args:
        secrets: at least 32 random bytes, a region's or the municipality's own; or such by
            generation, from 1 on, where the key was rotated.
        municipality: its kommunenummer; another number gives other keys from the same secret.
        seed: 32 bytes behind the signature, where they are kept apart from the secrets.

    Raises:
        KeyUnavailable: a secret is too short.
    """

    __slots__ = ("_municipality", "_roots", "_seed")

    def __init__(
        self, secrets: bytes | Mapping[int, bytes], municipality: str, seed: bytes | None = None
    ) -> None:
        self._municipality = municipality
        of_each = {1: secrets} if isinstance(secrets, bytes) else secrets
        self._roots = {version: self._root(secret) for version, secret in of_each.items()}
        self._seed = seed

    def __repr__(self) -> str:
        return f"Keyring({self._municipality})"

    @property
    def current(self) -> int:
        """The newest generation, which new tables take."""
        return max(self._roots)

    @property
    def versions(self) -> tuple[int, ...]:
        """The generations that there are, oldest first."""
        return tuple(sorted(self._roots))

    def derive(
        self, purpose: str, domain: str, version: int, algorithm: Algorithm = ONE_WAY
    ) -> Key:
        """The key for a purpose, a pseudonymisation domain and a generation; others, other key.

        Fields joined on their pseudonyms share all three, and the algorithm.

        Raises:
            KeyUnavailable: there is no such generation.
        """
        if version not in self._roots:
            known = ", ".join(map(str, self.versions))
            raise KeyUnavailable(
                f"{self._municipality}: the key has no generation {version}, only {known}"
            )
        info = info_of("datasjo", algorithm.label, purpose, domain, str(version))
        return Key(_expanded(self._roots[version], info, algorithm.key_bytes))

    def signing_key(self) -> bytes:
        """32 bytes, the seed of the municipality's Ed25519 key; a rotation does not change it."""
        if self._seed is not None:
            return self._seed
        return _expanded(self._roots[min(self._roots)], info_of("datasjo", "signature"), _KEY)

    def _root(self, secret: bytes) -> Key:
        if len(secret) < LEAST_SECRET:
            said = f"the secret has {len(secret)} bytes; it needs {LEAST_SECRET}"
            raise KeyUnavailable(f"{self._municipality}: {said}")
        info = info_of("datasjo", "municipality", self._municipality)
        return Key(HKDF(SHA256(), _KEY, salt=None, info=info).derive(secret))


def info_of(*parts: str) -> bytes:
    """The parts as bytes that no other parts give: each UTF-8 after its length in four bytes."""
    encoded = [part.encode() for part in parts]
    return b"".join(len(part).to_bytes(4) + part for part in encoded)


def _expanded(root: Key, info: bytes, length: int) -> bytes:
    return HKDFExpand(SHA256(), length, info).derive(root.material())
