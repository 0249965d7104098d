"""What differentially private answers have cost, and what may still be spent: pure data.

Whoever keeps the ledger also keeps the answers: one that was given is given again, unchanged and
at no cost, for as long as what it was counted from has not changed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from schemas.errors import PolicyBreach

_NEAR = 1e-9


@dataclass(frozen=True, slots=True)
class Spent:
    """One answer: of which dataset and period, counted from what (a digest), at which epsilon."""

    dataset: str
    period: str
    epsilon: float
    source: str


@dataclass(frozen=True, slots=True)
class Ledger:
    """The epsilon that a dataset may ever cost its persons, and every answer that took of it.

    The costs of all periods add up, since the same persons may be in each of them.
    """

    budget: float
    spent: tuple[Spent, ...] = ()

    def used(self, dataset: str) -> float:
        """The epsilon spent on a dataset so far."""
        return math.fsum(entry.epsilon for entry in self.spent if entry.dataset == dataset)

    def answered(self, dataset: str, period: str, source: str) -> Spent | None:
        """The last answer for the period, if it was counted from the same source."""
        for entry in reversed(self.spent):
            if (entry.dataset, entry.period) == (dataset, period):
                return entry if entry.source == source else None
        return None


def spend(ledger: Ledger, entry: Spent) -> Ledger:
    """The ledger after an answer: as it was, if this answer has been given already.

    Raises:
        PolicyBreach: the epsilon is not positive, or more than is left of the budget.
    """
    if not 0 < entry.epsilon < math.inf:
        raise PolicyBreach(f"{entry.dataset}: noise needs an epsilon above 0")
    if ledger.answered(entry.dataset, entry.period, entry.source):
        return ledger
    used = ledger.used(entry.dataset)
    if used + entry.epsilon > ledger.budget + _NEAR:
        raise PolicyBreach(
            f"{entry.dataset}: {entry.period} costs {entry.epsilon:g} of the privacy budget, "
            f"and {max(0.0, ledger.budget - used):g} of {ledger.budget:g} is left"
        )
    return replace(ledger, spent=(*ledger.spent, entry))
