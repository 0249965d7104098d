"""A release receipt checked by anyone: who signed it, and whether the files are those it names."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gdpr.seal import Json, SealBroken, Signer, unsealed
from pipelines.steps.scan import SIGNERS
from schemas.errors import RecordBroken
from schemas.stages import RECEIPT

TYPE = "datasjo release receipt"
_LARGEST = 1 << 26
_ABOVE = 8


@dataclass(frozen=True, slots=True)
class Verified:
    """What a receipt that holds says, and where its signer's key is known from; None is nowhere."""

    told: dict[str, Json]
    signer: Signer
    known_from: str | None


def verify(receipt: Path, key: str | None = None) -> Verified:
    """The receipt's word, once it and every file beside it have been checked.

    Args:
        receipt: the receipt, in the folder of the files that it names.
        key: the signer's fingerprint or public key, or a file that holds one; where it is left
            out, the signing-keys.json nearest above the receipt must know the signer, if any does.

    Raises:
        RecordBroken: the receipt is not what was signed, a file is missing, changed or not in it,
            or the signer is another.
    """
    told, signer = _opened(receipt)
    if told.get("type") != TYPE:
        raise _broken(receipt, "is signed, and no release receipt")
    known_from = _known(receipt, signer, told, key)
    for wrong in _wrong_files(receipt, told):
        raise _broken(receipt, wrong)
    return Verified(told, signer, known_from)


def _opened(receipt: Path) -> tuple[dict[str, Json], Signer]:
    try:
        with receipt.open("rb") as stream:
            return unsealed(stream.read(_LARGEST))
    except OSError:
        raise _broken(receipt, "cannot be read") from None
    except SealBroken as error:
        raise _broken(receipt, f"is no receipt to trust: {error}") from None


def _known(receipt: Path, signer: Signer, told: dict[str, Json], key: str | None) -> str | None:
    if key is not None:
        if not {signer.fingerprint, signer.public_key} & _words(key):
            raise _broken(receipt, f"was signed with another key, {signer.fingerprint}")
        return "the key that was given"
    found = _signers_above(receipt)
    if found is None:
        return None
    number = _number(told)
    if (number, signer.public_key) not in _listed(found):
        raise _broken(receipt, f"was signed with a key that {found} does not give {number}")
    return str(found)


def _words(key: str) -> set[str]:
    place = Path(key)
    text = place.read_text(encoding="utf-8", errors="replace") if place.is_file() else key
    return set(text.lower().replace('"', " ").replace(",", " ").split())


def _signers_above(receipt: Path) -> Path | None:
    above = receipt.resolve().parents[:_ABOVE]
    return next((place / SIGNERS for place in above if (place / SIGNERS).is_file()), None)


def _listed(file: Path) -> set[tuple[str, str]]:
    try:
        signers = json.loads(file.read_bytes())["signers"]
        return {(signer["municipality"], signer["public_key"]) for signer in signers}
    except (OSError, ValueError, KeyError, TypeError):
        raise RecordBroken(f"{file}: is no list of signers") from None


def _number(told: dict[str, Json]) -> str:
    owner = told.get("municipality")
    return str(owner.get("number")) if isinstance(owner, dict) else "nobody"


def _wrong_files(receipt: Path, told: dict[str, Json]) -> Iterator[str]:
    files = told.get("files")
    named: dict[str, dict[str, Json]] = {}
    for file in files if isinstance(files, list) else ():
        if isinstance(file, dict):
            named[str(file.get("name"))] = dict(file)
    if not named:
        yield "names no files"
    for name, file in named.items():
        yield from _wrong(receipt.parent / Path(name).name, file)
    beside = {path.name for path in receipt.parent.iterdir() if path.is_file()}
    more = beside - set(named) - {receipt.name, RECEIPT}
    for name in sorted(name for name in more if not name.startswith(".")):
        yield f"does not name {name}, which stands beside it"


def _wrong(path: Path, file: dict[str, Json]) -> Iterator[str]:
    if not path.is_file():
        yield f"names {path.name}, which is missing"
    elif path.stat().st_size != file.get("bytes"):
        yield f"names {path.name}, which has another size"
    elif _digest(path) != file.get("sha256"):
        yield f"names {path.name}, which has been changed"


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _broken(receipt: Path, what: str) -> RecordBroken:
    return RecordBroken(f"{receipt}: {what}")
