"""The right to be erased: a person's rows go everywhere, and never come back."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from gdpr.subject import Subject
from pipelines.steps.audit import event, record
from pipelines.steps.rights.clean import Cleaned, clean
from pipelines.steps.rights.erasures import RECEIPTS, remember
from pipelines.steps.rights.reissue import OpenPortal
from pipelines.steps.rights.witness import mentions
from pipelines.steps.site import Site
from schemas.records import dump


@dataclass(frozen=True, slots=True)
class Erasure:
    """The receipt of an erasure: counts by place, and no value."""

    id: str
    municipality: str
    erased_at: dt.datetime
    persons: int
    complete: bool
    outcome: Cleaned

    @property
    def path(self) -> str:
        """Where the receipt rests in the municipality's root."""
        at = self.erased_at.astimezone(dt.UTC)
        return f"{RECEIPTS}/{at:%Y%m%dT%H%M%S%f}-{self.id[:8]}.json"


def erase(
    sites: Sequence[Site], subjects: Sequence[Subject], portal: OpenPortal, now: dt.datetime
) -> Erasure:
    """Erase the persons from all that a municipality holds; its receipt, also kept in the root.

    `sites` are all of the municipality's. The persons go on the list of erasures first: killed at
    any moment and run again it ends the same, and what lands or is restored later is held against
    the list.

    Raises:
        RecordBroken: the list is not what was written; nothing was erased.
        KeyUnavailable: the municipality's key is missing; nothing was erased.
    """
    known = remember(sites, subjects, now.date())
    outcome = clean(sites, known, portal, now)
    outcome = dataclasses.replace(outcome, left=(*outcome.left, *mentions(sites, subjects)))
    receipt = Erasure(
        id=uuid.uuid4().hex,
        municipality=sites[0].municipality.number,
        erased_at=now,
        persons=len(subjects),
        complete=outcome.complete,
        outcome=outcome,
    )
    sites[0].store.write_json(receipt.path, dump(receipt))
    _log(sites[0], [known.name(subject) for subject in subjects], receipt)
    return receipt


def _log(site: Site, names: Sequence[str], receipt: Erasure) -> None:
    rows = sum(went.rows for went in receipt.outcome.went)
    told = dataclasses.replace(event("erase"), at=receipt.erased_at, rows=rows, note=receipt.id)
    for name in names:
        record(site, dataclasses.replace(told, subject=name))
