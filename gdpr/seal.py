"""Documents under a seal: JSON in one form only, signed with Ed25519.

The form is RFC 8785's for what receipts hold: objects, lists, texts, whole numbers, truth values
and null. The seal is a field of the document and covers all others.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

SEAL = "seal"
_ALGORITHM = "Ed25519"
_SHOWN = 32
_GROUP = 4
_LARGEST = 2**53 - 1

Json: TypeAlias = "Mapping[str, Json] | list[Json] | str | int | bool | None"
Document: TypeAlias = Mapping[str, Json]


class SealBroken(ValueError):
    """The document is not what was sealed; says in what way."""


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs: the public key, 32 bytes in hexadecimal."""

    public_key: str

    @property
    def fingerprint(self) -> str:
        """A short name of the key that nobody else can make: 32 hexadecimal digits in groups."""
        digest = hashlib.sha256(bytes.fromhex(self.public_key)).hexdigest()[:_SHOWN]
        return "-".join(digest[at : at + _GROUP] for at in range(0, _SHOWN, _GROUP))


def signer_of(seed: bytes) -> Signer:
    """Who signs with the key of that seed of 32 bytes."""
    public = Ed25519PrivateKey.from_private_bytes(seed).public_key()
    return Signer(public.public_bytes(Encoding.Raw, PublicFormat.Raw).hex())


def sealed(document: Document, seed: bytes) -> bytes:
    """The document with its seal, in the one form, by the key of that seed of 32 bytes."""
    signer = signer_of(seed)
    seal: dict[str, Json] = {
        "algorithm": _ALGORITHM,
        "public_key": signer.public_key,
        "fingerprint": signer.fingerprint,
    }
    signed = Ed25519PrivateKey.from_private_bytes(seed).sign(canonical({**document, SEAL: seal}))
    return canonical({**document, SEAL: {**seal, "signature": signed.hex()}})


def unsealed(content: bytes) -> tuple[dict[str, Json], Signer]:
    """What the sealed document says, without its seal, and who signed it.

    Raises:
        SealBroken: it has no seal, is not in the one form, or is not what was signed.
    """
    document = _read(content)
    seal = document.pop(SEAL, None)
    if not isinstance(seal, dict) or seal.get("algorithm") != _ALGORITHM:
        raise SealBroken("it has no seal")
    signature = _hexadecimal(seal.pop("signature", None))
    signer = Signer(_hexadecimal(seal.get("public_key")).hex())
    if seal.get("fingerprint") != signer.fingerprint:
        raise SealBroken("its fingerprint is of another key")
    try:
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(signer.public_key))
        public.verify(signature, canonical({**document, SEAL: seal}))
    except (InvalidSignature, ValueError):
        raise SealBroken("it is not what was signed") from None
    return document, signer


def canonical(document: Document) -> bytes:
    """The document in the one form.

    Raises:
        SealBroken: it holds a number with a fraction, or one past 2^53.
    """
    return _written(document).encode()


def _written(value: object) -> str:
    if isinstance(value, Mapping):
        names = sorted(value, key=lambda name: str(name).encode("utf-16-be"))
        inner = (f"{_text(name)}:{_written(value[name])}" for name in names)
        return f"{{{','.join(inner)}}}"
    if isinstance(value, list | tuple):
        return f"[{','.join(map(_written, value))}]"
    whole = isinstance(value, int) and abs(value) <= _LARGEST
    if value is None or isinstance(value, str) or whole:
        return _text(value)
    raise SealBroken("a number in it has no one form")


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _read(content: bytes) -> dict[str, Json]:
    try:
        document = json.loads(content)
        form = canonical(document) if isinstance(document, dict) else b""
    except (ValueError, RecursionError):
        raise SealBroken("it is no JSON of the form that is sealed") from None
    # a name twice, or a space more, would read the same and not be the same bytes
    if form != content:
        raise SealBroken("it is no JSON of the form that is sealed")
    read: dict[str, Json] = document
    return read


def _hexadecimal(value: object) -> bytes:
    try:
        return bytes.fromhex(value) if isinstance(value, str) else b""
    except ValueError:
        return b""
