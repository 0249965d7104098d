"""The right of access: all that is held of a person, where, why, for how long, and who read it."""

import dataclasses
import datetime as dt
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from gdpr.chain import Entry
from gdpr.subject import Subject
from gdpr.tombstones import Tombstones
from pipelines.steps.audit import Logbook, event, record
from pipelines.steps.keys import keyring_of
from pipelines.steps.land import landed
from pipelines.steps.publication.history import History
from pipelines.steps.rights.kept_back import found_in_quarantine
from pipelines.steps.rights.landing import Finds, find_in_landing
from pipelines.steps.rights.places import share_tables, unexplained
from pipelines.steps.rights.recognition import Recognition
from pipelines.steps.rights.rows import Sought, rows_about
from pipelines.steps.rights.traced import keys_in_tables
from pipelines.steps.rights.whole import compare, said
from pipelines.steps.site import Site
from schemas.municipality import LegalBasis
from schemas.stages import DAY, LINE


@dataclass(frozen=True, slots=True)
class Held:
    """What one place of a dataset holds of the person.

    `parts` are the batches, local days or versions that it is in; `contents` the rows: as received
    in landing and quarantine, masked in tables, and none in the open, where nobody can be told.
    """

    dataset: str
    place: str
    rows: int
    parts: tuple[str, ...]
    contents: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Processing:
    """Why a dataset that holds the person is kept, from where, how long, and who receives it."""

    dataset: str
    purpose: str
    purposes: tuple[str, ...]
    legal_basis: LegalBasis | None
    source: str
    retention_days: int | None
    landing_retention_days: int
    recipients: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """Somebody's reading of days on which the person has rows."""

    dataset: str
    at: dt.datetime
    who: str
    purpose: str | None
    days: str | None


@dataclass(frozen=True, slots=True)
class Access:
    """The answer to a person's request; `left` has a line for all that could not be searched."""

    municipality: str
    at: dt.datetime
    held: tuple[Held, ...]
    processing: tuple[Processing, ...]
    readings: tuple[Reading, ...]
    left: tuple[str, ...]


def access(sites: Sequence[Site], subject: Subject, now: dt.datetime) -> Access:
    """All that a municipality holds of the person; `sites` are all of its own.

    The request is put down in the municipality's log, under a keyed pseudonym.

    Raises:
        KeyUnavailable: the municipality's key is missing.
        RecordBroken: its logs are not what was written.
    """
    known = _recognition(sites, subject, now.date())
    answers = [_Answer.of(site, known) for site in sites]
    found = [answer for answer in answers if answer.held]
    entries = Logbook.of(sites[0]).entries("access")
    told = dataclasses.replace(
        event("access"),
        at=now,
        subject=known.name(subject),
        rows=sum(held.rows for answer in found for held in answer.held),
    )
    record(sites[0], told)
    return Access(
        municipality=sites[0].municipality.number,
        at=now,
        held=tuple(held for answer in found for held in answer.held),
        processing=tuple(_processing(answer.site) for answer in found),
        readings=tuple(r for answer in found for r in _readings(answer, entries)),
        left=(
            *(line for answer in answers for line in answer.left),
            *_unexplained(sites),
            *_put_back(sites[0]),
        ),
    )


def _recognition(sites: Sequence[Site], subject: Subject, day: dt.date) -> Recognition:
    ring = keyring_of(sites[0])
    fields = [field for site in sites for field in site.contract.fields]
    empty = Tombstones.none(ring, sites[0].municipality.number)
    return Recognition(empty.including(subject, fields, ring, day), ring)


@dataclass(frozen=True, slots=True)
class _Answer:
    site: Site
    held: tuple[Held, ...]
    left: tuple[str, ...]

    @classmethod
    def of(cls, site: Site, known: Recognition) -> "_Answer":
        batches = landed(site)
        finds = find_in_landing(site, batches, known)
        keys = keys_in_tables(site, batches, finds, known)
        tables = (_raw(site, finds, known), _tables(site, keys, known))
        held = tuple(held for places in tables for held in places if held.rows)
        unread = (f"{site.name}: {item.url} cannot be read" for item in finds.unread)
        return cls(site, held, tuple(unread))

    @property
    def days(self) -> set[str]:
        return {part for held in self.held if held.place in _TABLES for part in held.parts}


_TABLES = ("lake", "restricted")


def _raw(site: Site, finds: Finds, known: Recognition) -> Iterator[Held]:
    name = site.contract.name
    raw = [hit.searched.found for hit in finds.hits]
    yield _held(name, "landing", raw, tuple(hit.item.batch for hit in finds.hits))
    kept_back = found_in_quarantine(site, known)
    yield _held(name, "quarantine", list(kept_back.values()), tuple(kept_back))


def _tables(site: Site, keys: pl.DataFrame | None, known: Recognition) -> Iterator[Held]:
    name = site.contract.name
    for table in (site.lake, *share_tables(site)):
        rows = rows_about(table, Sought.of(site, table, known, keys))
        days = tuple(sorted(set(rows[DAY]))) if rows.height else ()
        yield _held(name, table.zone, [rows], days)
        if table.zone == "lake":
            yield _released(site, rows.height)


def _released(site: Site, rows: int) -> Held:
    releases = History(site.store, site.contract.name).releases()
    standing = tuple(release.version for release in releases if release.retired_on is None)
    return Held(site.contract.name, "open", rows if standing else 0, standing)


def _held(name: str, place: str, frames: list[pl.DataFrame], parts: tuple[str, ...]) -> Held:
    contents = [row for frame in frames for row in _shown(frame)]
    return Held(name, place, len(contents), parts, tuple(contents))


def _shown(frame: pl.DataFrame) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(frame.drop(LINE, strict=False).write_json())
    return found


def _processing(site: Site) -> Processing:
    owner, binding, name = site.municipality, site.binding, site.contract.name
    retention = site.contract.levels.retention
    return Processing(
        dataset=name,
        purpose=site.contract.purpose,
        purposes=tuple(sorted({f.purpose for f in site.contract.fields if f.purpose})),
        legal_basis=binding.legal_basis,
        source=binding.system.name,
        retention_days=retention.days if retention else None,
        landing_retention_days=site.policy.landing_retention_days,
        recipients=tuple(
            f"{grant.recipient}: {grant.purpose}, until {grant.expires}"
            for grant in owner.grants
            if grant.dataset == name
        ),
    )


def _readings(answer: _Answer, entries: Sequence[Entry]) -> Iterator[Reading]:
    name = answer.site.contract.name
    for told in (entry.event for entry in entries):
        if told.action == "read" and told.dataset == name and _covers(told.days, answer.days):
            yield Reading(name, told.at, told.who, told.purpose, told.days)


def _covers(interval: str | None, days: set[str]) -> bool:
    first, _, last = (interval or "").partition("/")
    return any(first <= day <= (last or first) for day in days)


def _put_back(site: Site) -> Iterator[str]:
    lost = compare(site).lost
    if lost:
        yield said(site, lost)


def _unexplained(sites: Sequence[Site]) -> Iterator[str]:
    return (f"{folder}: no binding explains it" for folder in unexplained(sites))
