"""What leaves a dataset whose rows never do: counts of groups, and how they are protected."""

from __future__ import annotations

from typing import Literal

from pydantic import Field as Spec

from schemas.model import Strict, Word

Period = Literal["day", "week", "month", "quarter", "year"]


class Noise(Strict):
    """Differential privacy: what each period's counts cost, and all that may ever be spent."""

    epsilon: float = Spec(gt=0, examples=[0.5])
    budget: float = Spec(gt=0, examples=[20])
    contributes: int = Spec(ge=1, examples=[3])


class Aggregation(Strict):
    """Groups within a period of the event, by the values of fields.

    A group is as large as the number of different `persons` in it; of rows where that is left
    out. `sums` are added up beside the counts. Small groups are suppressed by the policy, with
    what would give them away; with `noise`, counts get noise instead and there are no sums.
    """

    by: tuple[Word, ...] = Spec(min_length=1, max_length=4, examples=[["unit_code"]])
    every: Period = Spec(examples=["month"])
    persons: Word | None = Spec(default=None, examples=["employee_id"])
    sums: tuple[Word, ...] = ()
    noise: Noise | None = None
