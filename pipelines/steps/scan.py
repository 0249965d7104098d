"""Files and folders scanned for what tells of a person, whoever wrote them."""

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from gdpr.scan.files import scan, scan_name
from gdpr.scan.findings import UNREADABLE, Finding, Sought, merged
from gdpr.scan.names import count_names
from schemas.errors import StoreRejected

PACKAGE = "datapackage.json"
SIGNERS = "signing-keys.json"
_ABOVE = 6


def files_of(path: Path) -> list[Path]:
    """The file, or every file under the folder, sorted.

    Raises:
        StoreRejected: there is nothing at the path.
    """
    if not path.exists():
        raise StoreRejected(f"{path}: there is no such file or folder")
    return sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]


def sought_in(path: Path, *, names: bool) -> Sought:
    """What is looked for under a path: all but the contacts that its packages say are public."""
    return Sought(
        permitted=frozenset(address.lower() for address in public_contacts(path)),
        names=count_names if names else None,
    )


def scan_files(path: Path, sought: Sought, seen: Callable[[], None]) -> tuple[Finding, ...]:
    """What is found under a path, by files as they are called from there; `seen` marks each."""
    return merged(_found(path, sought, seen))


def public_contacts(path: Path) -> Iterator[str]:
    """The addresses that packages and signers' lists under, beside and above a path tell of."""
    folder = path if path.is_dir() else path.parent
    above = [folder, *folder.resolve().parents[:_ABOVE]]
    under = folder.rglob(PACKAGE) if path.is_dir() else iter([folder / PACKAGE])
    for file in under:
        yield from _addresses(file, "contributors")
    for file in {*folder.rglob(SIGNERS), *(place / SIGNERS for place in above)}:
        yield from _addresses(file, "contacts")


def _addresses(file: Path, word: str) -> Iterator[str]:
    try:
        document = json.loads(file.read_bytes())
    except (OSError, ValueError):
        return
    entries = document.get(word) if isinstance(document, dict) else None
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, dict) and isinstance(entry.get("email"), str):
            yield entry["email"]


def _found(path: Path, sought: Sought, seen: Callable[[], None]) -> Iterable[Finding]:
    for file in files_of(path):
        yield from _in_file(file, _called(file, path), sought)
        seen()
    folders = (p for p in path.rglob("*") if p.is_dir()) if path.is_dir() else ()
    for folder in folders:
        yield from scan_name(_called(folder, path), sought)


def _in_file(file: Path, called: str, sought: Sought) -> Iterable[Finding]:
    try:
        with file.open("rb") as stream:
            return scan(called, stream, sought)
    except OSError:
        return (*scan_name(called, sought), Finding(called, UNREADABLE, 1))


def _called(file: Path, path: Path) -> str:
    return file.name if file == path else file.relative_to(path).as_posix()
