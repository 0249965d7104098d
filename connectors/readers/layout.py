"""What a reader takes out of a source's bytes, and the checks on names that all readers share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from schemas.errors import ContractBroken
from schemas.source import Profile, Surprises

CHUNK_ROWS = 250_000


@dataclass(frozen=True, slots=True)
class Layout:
    """The conventions of the bytes, the columns or dotted paths wanted, and the word on others.

    `numbers` are those of the columns that only numbers are made of: a reader may hand them out as
    the format spells them, a JSON text with its quotation marks.
    """

    profile: Profile
    columns: tuple[str, ...]
    surprises: Surprises
    numbers: frozenset[str] = frozenset()

    def require(self, found: Iterable[str]) -> None:
        """Raise ContractBroken for a missing column, or an unknown one that is frozen out."""
        names = set(found)
        missing = [column for column in self.columns if column not in names]
        if missing:
            raise ContractBroken(f"the header changed: missing {_listed(missing)}")
        self.refuse(names - set(self.columns))

    def refuse(self, unknown: Iterable[str]) -> None:
        """Raise ContractBroken for unknown names that are frozen out and not declared ignored."""
        surprising = sorted(name for name in unknown if not self.ignores(name))
        if surprising and self.surprises == "freeze":
            raise ContractBroken(
                f"the header changed: unknown {_listed(surprising)}; "
                "classify it in the contract, or name it under ignored"
            )

    def ignores(self, name: str) -> bool:
        """Whether the profile declares the name, or a parent of it, as known and not wanted."""
        return any(name == known or name.startswith(f"{known}.") for known in self.profile.ignored)


def _listed(names: list[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)
