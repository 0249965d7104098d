"""Which records of a batch go, as the batch's reader numbers them."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.source import Profile


@dataclass(frozen=True, slots=True)
class Gone:
    """The numbers (LINE, from 1) of the records that go, and the conventions of the bytes."""

    lines: frozenset[int]
    profile: Profile
