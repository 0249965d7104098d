"""What a scan looks for, and what it says of a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from gdpr.scan.canaries import Canaries

PERSON = "person number"
ACCOUNT = "account number"
ORGANISATION = "organisation number"
EMAIL = "e-mail address"
PHONE = "phone number"
NAME = "name"
CANARY = "canary"
BLOOM = "bloom filter"
UNACCOUNTED = "unaccounted bytes"
UNREADABLE = "not readable"

KINDS = frozenset({PERSON, ACCOUNT, EMAIL, PHONE})
_CHANCE = 1 / 121
_LEAST, _LEAST_CANARY = 10**8, 10**5


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """How many of a kind stand in a file; never which, and no name of a file that holds one."""

    file: str
    kind: str
    count: int


@dataclass(frozen=True, slots=True)
class Sought:
    """What a scan looks for.

    Args:
        kinds: of PERSON, ACCOUNT, ORGANISATION, EMAIL and PHONE those that are looked for.
        permitted: contact addresses, phone and organisation numbers that are meant to be public;
            numbers are digits alone, addresses in small letters.
        canaries: planted strings that must be nowhere.
        names: how many personal names stand in a text; None looks for none.
    """

    kinds: frozenset[str] = KINDS
    permitted: frozenset[str] = frozenset()
    canaries: Canaries = field(default_factory=Canaries)
    names: Callable[[str], int] | None = None

    @property
    def least(self) -> int:
        """The smallest number that can be something sought."""
        return _LEAST_CANARY if any(text.isdigit() for text in self.canaries.texts) else _LEAST


@dataclass(slots=True)
class Tally:
    """What has been found so far.

    Numbers that may have lost their first nought are weighed together: one in 121 of those with a
    likely date passes by chance, and what chance explains is no finding.
    """

    counts: Counter[str] = field(default_factory=Counter)
    short_found: int = 0
    short_tried: int = 0

    def add(self, kind: str, count: int = 1) -> None:
        """Count as many more of a kind."""
        if count:
            self.counts[kind] += count

    def short(self, found: int, tried: int) -> None:
        """Count ten-digit numbers with a likely date: how many there were and how many passed."""
        self.short_found += found
        self.short_tried += tried

    def exceed(self, other: Tally) -> None:
        """Count of each kind as many as the other has, where that is more."""
        own = self.total()
        for kind, count in other.total().items():
            self.add(kind, max(0, count - own.get(kind, 0)))

    def total(self) -> dict[str, int]:
        """All that was found, by kind."""
        expected = self.short_tried * _CHANCE
        told = self.short_found if self.short_found > expected + 3 * expected**0.5 else 0
        counts = self.counts + Counter({PERSON: told})
        return dict(sorted(counts.items()))

    def findings(self, file: str) -> list[Finding]:
        """All that was found, in a file of that name."""
        return [Finding(file, kind, count) for kind, count in self.total().items()]


def merged(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings with one for each file and kind, in order."""
    counts: Counter[tuple[str, str]] = Counter()
    for finding in findings:
        counts[finding.file, finding.kind] += finding.count
    return tuple(sorted(Finding(*place, count) for place, count in counts.items()))
