"""Whether logs and the list of erasures are the newest: held against what receipts tell of them.

An older copy agrees with itself. Receipts that are kept elsewhere, or were not put back with it,
tell how far the records had come.
"""

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from gdpr.anchors import ERASURES, Heads, anchor, anchored
from gdpr.tombstones import Tombstones
from pipelines.steps.audit import Logbook, event, record
from pipelines.steps.keys import keyring_of
from pipelines.steps.rights.listed import listed_in
from pipelines.steps.rights.recognition import Recognition
from pipelines.steps.rights.tellers import Teller, teller, tellers
from pipelines.steps.site import Site
from schemas.errors import RecordBroken, StoreRejected
from schemas.records import dump, load

_OWN_WORD = "the newest entry of audit/actions"


@dataclass(frozen=True, slots=True)
class Lost:
    """A word that the records do not keep: who tells it, by which digest, and of which records."""

    place: str
    digest: str
    records: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """The list of erasures as it stands, how many receipts told, and what of it is lost."""

    known: Recognition | None
    receipts: int
    lost: tuple[Lost, ...]


@dataclass(frozen=True, slots=True)
class _Accepted:
    """Which entry of the log of actions says why a receipt's word is lost."""

    entry: int


def whole(site: Site, *, logs: bool = False) -> Recognition | None:
    """Everybody who was erased; None where nobody was.

    Raises:
        RecordBroken: the list of erasures, or one of the `logs` where they are asked for too, is
            older than a receipt tells, or is not what was written.
        KeyUnavailable: the key is missing.
    """
    compared = compare(site)
    wrong = [each for each in compared.lost if logs or ERASURES in each.records]
    if wrong:
        raise RecordBroken(said(site, wrong))
    return compared.known


def compare(site: Site, more: Iterable[Teller] = ()) -> Compared:
    """The records of the site's municipality beside what its receipts, and those, tell of them.

    Raises:
        RecordBroken: a log's head or the list of erasures is not what was written.
        KeyUnavailable: the key is missing.
    """
    heard = (*tellers(site), *more)
    # who tells is asked before the records are: meanwhile they only grow
    told = _own_word(site)
    known = listed_in(site)
    listed = known.listed if known else None
    lost = [*_lost_of_log(told, listed), *_lost(site, heard, listed)]
    return Compared(known, len(heard), tuple(lost))


def kept_elsewhere(site: Site, path: Path) -> Teller:
    """The receipt in a file that somebody kept.

    Raises:
        RecordBroken: it is no receipt, tells of no records, or is not the municipality's.
    """
    try:
        found = teller(str(path), path.read_bytes())
    except OSError:
        raise RecordBroken(f"{path}: cannot be read") from None
    if found is None:
        raise RecordBroken(f"{path}: is no receipt that tells how far the records had come")
    if anchored(found.told, keyring_of(site), found.name) is None:
        raise RecordBroken(f"{path}: is no receipt of {site.municipality.number}")
    return found


def said(site: Site, lost: Sequence[Lost]) -> str:
    """What was put back, and who tells it, in one line."""
    number = site.municipality.number
    records = " and ".join(sorted({name for each in lost for name in each.records}))
    more = f" (and {len(lost) - 1} more)" if len(lost) > 1 else ""
    what = f"older than {lost[0].place}{more} tells: a copy was put back"
    return f"{number}: {records}: {what}; bring back the newest, or see gdpr log --restored"


def anchor_of(site: Site, known: Recognition | None, receipt: str) -> str:
    """How far the records have come, as the receipt of that name tells it."""
    book = Logbook.of(site)
    heads = Heads(book.mark("access"), book.mark("actions"), known.listed.head if known else "")
    return anchor(heads, book.keyring, receipt)


def accept(site: Site, compared: Compared, reason: str, *, erasures_lost: bool) -> None:
    """Put down for what reason the records are older; what was told of newer ones counts no more.

    Raises:
        RecordBroken: nothing is older; or the list of erasures is, and nobody said that it is lost.
    """
    if not compared.lost:
        raise RecordBroken(f"{site.municipality.number}: nothing is older than its receipts tell")
    if any(ERASURES in each.records for each in compared.lost) and not erasures_lost:
        what = f"{ERASURES} is older too: bring back the newest by gdpr retention --tombstones"
        raise RecordBroken(f"{site.municipality.number}: {what}; without one, say --erasures-lost")
    head = compared.known.listed.head if compared.known else ""
    for each in compared.lost:
        told = dataclasses.replace(
            event("restored"),
            purpose=reason,
            note=" ".join((each.digest, *each.records)).strip(),
            erasures=head if erasures_lost else None,
        )
        entry = record(site, told)
        if each.digest:
            site.store.write_json(_path(each.digest), dump(_Accepted(entry.number)))


def _own_word(site: Site) -> str | None:
    if not site.store.exists("audit/actions"):
        return None
    head = Logbook.of(site).head("actions")
    return head.erasures if head else None


def _lost_of_log(told: str | None, listed: Tombstones | None) -> Iterator[Lost]:
    held = listed.holds(told or "") if listed else not told
    if not held:
        yield Lost(_OWN_WORD, "", (ERASURES,))


def _lost(site: Site, heard: Sequence[Teller], listed: Tombstones | None) -> Iterator[Lost]:
    if not heard:
        return
    book = Logbook.of(site)
    listed = listed or Tombstones.none(book.keyring, book.number)
    for each in heard:
        heads = anchored(each.told, book.keyring, each.name)
        # what no key of the municipality opens was told under a key that was lost
        records = heads.lost(book.hash_at, listed) if heads else []
        if records and not _is_accepted(site, each, records):
            yield Lost(each.place, each.digest, tuple(records))


def _is_accepted(site: Site, told: Teller, records: Sequence[str]) -> bool:
    path = _path(told.digest)
    if not site.store.exists(path):
        return False
    try:
        number = load(_Accepted, site.store.read_json(path)).entry
    except StoreRejected:
        return False
    entry = Logbook.of(site).entry("actions", number)
    if entry is None or entry.event.action != "restored":
        return False
    digest, *accepted = (entry.event.note or "").split()
    return digest == told.digest and set(records) <= set(accepted)


def _path(digest: str) -> str:
    return f"audit/restored/{digest}.json"
