"""The keys behind the pseudonyms: a secret, a municipality's key, and a key for each purpose.

Reading a secret from a file or an environment is the caller's; nothing here does I/O.
"""

from __future__ import annotations

import hmac
from typing import NoReturn

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand

from schemas.errors import KeyUnavailable

LEAST_SECRET = 32
_KEY = 32
_ID = 8


class Key:
    """A key for one purpose: 32 bytes that are used, and never shown, pickled or copied.

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


class Keyring:
    """The keys of one municipality.

    Args:
        secret: at least 32 random bytes, a region's or the municipality's own.
        municipality: its kommunenummer; another number gives other keys from the same secret.

    Raises:
        KeyUnavailable: the secret is too short.
    """

    __slots__ = ("_municipality", "_root")

    def __init__(self, secret: bytes, municipality: str) -> None:
        if len(secret) < LEAST_SECRET:
            raise KeyUnavailable(
                f"{municipality}: the secret has {len(secret)} bytes; it needs {LEAST_SECRET}"
            )
        info = info_of("datasjo", "municipality", municipality)
        self._municipality = municipality
        self._root = Key(HKDF(SHA256(), _KEY, salt=None, info=info).derive(secret))

    def __repr__(self) -> str:
        return f"Keyring({self._municipality})"

    def derive(self, purpose: str, domain: str, version: int) -> Key:
        """The key for a purpose, a pseudonymisation domain and a version; other words, other key.

        Fields joined on their pseudonyms share all three.
        """
        info = info_of("datasjo", "pseudonym", purpose, domain, str(version))
        return Key(HKDFExpand(SHA256(), _KEY, info).derive(self._root.material()))


def info_of(*parts: str) -> bytes:
    """The parts as bytes that no other parts give: each UTF-8 after its length in four bytes."""
    encoded = [part.encode() for part in parts]
    return b"".join(len(part).to_bytes(4) + part for part in encoded)
