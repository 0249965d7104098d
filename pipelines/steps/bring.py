"""From source to lake in one go: land a window, then refine everything that is pending."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from pipelines.steps.land import land
from pipelines.steps.refine import refine
from pipelines.steps.site import Site
from schemas.stages import Receipt, Window


@dataclass(frozen=True, slots=True)
class Errand:
    """Which local days a run asks for, and the run's name in sidecars."""

    window: Window
    run_id: str


@dataclass(frozen=True, slots=True)
class Brought:
    """How many batches landed, and the receipt of what was pending; None where nothing was."""

    batches: int
    receipt: Receipt | None


def bring(site: Site, errand: Errand, on_rows: Callable[[int], None] = lambda _: None) -> Brought:
    """Land the errand's window, and bring into the lake what has landed and is not yet there.

    Raises:
        SourceError: the source is down, or refuses; what had landed before stays.
        LakeError: the source no longer looks as its contract says, or the gate is closed.
        StoreError: the owner's root cannot be written.
    """
    batches = land(site, errand.window, errand.run_id)
    return Brought(len(batches), refine(site, on_rows))


def last_days(today: dt.date, count: int) -> Window:
    """The window of so many days before today, and today."""
    return Window(today - dt.timedelta(days=count), today)
