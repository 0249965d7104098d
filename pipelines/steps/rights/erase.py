"""The right to be erased: a person's rows go everywhere, and never come back."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from gdpr.chain import Event
from gdpr.subject import Subject
from pipelines.steps.audit import event, record
from pipelines.steps.rights.clean import Cleaned, clean
from pipelines.steps.rights.erasures import remember
from pipelines.steps.rights.listed import RECEIPTS
from pipelines.steps.rights.recognition import Recognition
from pipelines.steps.rights.reissue import OpenPortal
from pipelines.steps.rights.tellers import erasure_name
from pipelines.steps.rights.whole import anchor_of
from pipelines.steps.rights.witness import mentions
from pipelines.steps.site import Site
from schemas.records import dump


@dataclass(frozen=True, slots=True)
class Erasure:
    """The receipt of an erasure: counts by place, and no value.

    `records` tells, to who has the municipality's key, how far its logs and its list had come.
    """

    id: str
    municipality: str
    erased_at: dt.datetime
    persons: int
    complete: bool
    outcome: Cleaned
    records: str

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
        RecordBroken: the list or a log is not what was written, or older than a receipt tells;
            nothing was erased.
        KeyUnavailable: the municipality's key is missing; nothing was erased.
    """
    known = remember(sites, subjects, now.date())
    outcome = clean(sites, known, portal, now)
    outcome = dataclasses.replace(outcome, left=(*outcome.left, *mentions(sites, subjects)))
    erasure = uuid.uuid4().hex
    rows = sum(went.rows for went in outcome.went)
    told = dataclasses.replace(event("erase"), at=now, rows=rows, note=erasure)
    _log(sites[0], [known.name(subject) for subject in subjects], told, known)
    receipt = Erasure(
        id=erasure,
        municipality=sites[0].municipality.number,
        erased_at=now,
        persons=len(subjects),
        complete=outcome.complete,
        outcome=outcome,
        records=anchor_of(sites[0], known, erasure_name(erasure)),
    )
    sites[0].store.write_json(receipt.path, dump(receipt))
    return receipt


def _log(site: Site, names: Sequence[str], told: Event, known: Recognition) -> None:
    for name in names:
        record(site, dataclasses.replace(told, subject=name, erasures=known.listed.head))
