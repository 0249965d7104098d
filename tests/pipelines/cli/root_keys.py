"""A region under its first root key, with a second one beside it."""

from __future__ import annotations

from gdpr.wrapping import LocalRootKey
from tests.builders import owner_document
from tests.pipelines.cli.region import Region

SECRET = "5e" * 32
OLD, NEW, THIRD = "ab" * 32, "cd" * 32, "ef" * 32
OLD_ID, NEW_ID, THIRD_ID = (LocalRootKey(bytes.fromhex(text)).key_id for text in (OLD, NEW, THIRD))


def rooted(here: Region) -> Region:
    """A network under its first root key, and a second root key beside it."""
    (here.folder / "old.key").write_text(OLD, encoding="ascii")
    (here.folder / "new.key").write_text(NEW, encoding="ascii")
    here.change("network.yaml", root_key=str(here.folder / "old.key"))
    assert here("gdpr", "wrap", "-m", "1103").exit_code == 0
    return here


def paired(town: Region) -> Region:
    """The same network with a neighbour, 1108, whose key is under the first root key too."""
    words = {"root": str(town.folder / "root1108"), "key": str(town.folder / "1108.key")}
    town.files.owner(owner_document(number="1108", organisation_number="964965137", **words))
    assert town("gdpr", "wrap", "-m", "1108").exit_code == 0
    return renamed(town)


def renamed(where: Region, reference: str | None = None) -> Region:
    where.change("network.yaml", root_key=reference or str(where.folder / "new.key"))
    return where


def rewrap(*more: str, old: str = "old.key") -> tuple[str, ...]:
    return ("gdpr", "rewrap", "--from", old, *more)


def from_old(where: Region, *more: str) -> tuple[str, ...]:
    return rewrap(*more, old=str(where.folder / "old.key"))


def held(where: Region) -> str:
    return (where.folder / "secret.key").read_text()


def notes(where: Region) -> list[str]:
    told = where.document("gdpr", "log", "-m", "1103")["actions"]
    return [e["event"]["note"] for e in told if e["event"]["action"] == "wrap"][1:]
