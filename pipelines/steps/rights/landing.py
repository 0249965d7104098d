"""Landed batches without the erased: their rows are found as the reader reads them, and cut out."""

import dataclasses
import hashlib
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from connectors.readers.layout import Layout
from connectors.readers.registry import read_every
from connectors.rewriting.gone import Gone
from connectors.rewriting.registry import rewrite
from pipelines.steps.land import note
from pipelines.steps.rights.recognition import Recognition, Written, written_in
from pipelines.steps.site import Site
from pipelines.steps.validate import Plan
from schemas.errors import ContractBroken, StoreRejected
from schemas.sidecar import Rewritten
from schemas.stages import BROKEN, EXCESS, LINE, Landed

_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Searched:
    """A batch as it was read for persons: its rows, the numbers and the rows of those found."""

    rows: int
    found: pl.DataFrame

    @property
    def lines(self) -> frozenset[int]:
        """The numbers of the rows that were found."""
        return frozenset(self.found[LINE].to_list()) if self.found.height else frozenset()


@dataclass(frozen=True, slots=True)
class Form:
    """How a batch is read: every column of the contract, or those alone that tell of a person.

    The latter where the batch is of another version of the contract; then its keys are not known.
    """

    plan: Plan
    columns: tuple[str, ...]
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """A batch that holds somebody on the list, how it is read, and what was found in it."""

    item: Landed
    form: Form
    searched: Searched


@dataclass(frozen=True, slots=True)
class Finds:
    """What landing holds of the erased; `unread` are batches that could not be searched."""

    hits: tuple[Hit, ...] = ()
    unread: tuple[Landed, ...] = ()

    @property
    def rows(self) -> int:
        """How many rows were found."""
        return sum(hit.searched.found.height for hit in self.hits)


def find_in_landing(site: Site, batches: Sequence[Landed], known: Recognition) -> Finds:
    """Where those batches hold the erased; nowhere, where the source tells of nobody."""
    hits: list[Hit] = []
    unread: list[Landed] = []
    for item in batches if written_in(site) else ():
        hit = _hit(site, item, known)
        if hit is None:
            unread.append(item)
        elif hit.searched.lines:
            hits.append(hit)
    return Finds(tuple(hits), tuple(unread))


def cut_out(site: Site, hit: Hit, known: Recognition) -> Landed:
    """The batch rewritten without what was found in it; its sidecar says so.

    Raises:
        StoreRejected: a second look does not find all other rows, and only these; nothing changed.
    """
    store, lines = site.store, hit.searched.lines
    folder, _, name = hit.item.url.rpartition("/")
    # a name that no other reader looks at, and that is swept if this is killed
    aside = f"{folder}/.part-{uuid.uuid4().hex}-{name}"
    try:
        with store.local(hit.item.url) as path, store.write(aside) as target:
            rewrite(path, target, Gone(lines, hit.form.plan.profile))
        after = search(site, aside, hit.form, known)
        if after.lines or after.rows != hit.searched.rows - len(lines):
            where = f"{site.name}: {hit.item.url}"
            raise StoreRejected(f"{where} cannot be rewritten without {len(lines)} of its rows")
        rewritten = _described(site, aside, hit)
        # killed between these two, the next one makes the same bytes and counts them once
        noted = note(site, hit.item, dataclasses.replace(hit.item.sidecar, rewritten=rewritten))
        store.rename(aside, hit.item.url)
    finally:
        store.remove(aside)
    return noted


def without_erased(site: Site, batches: Sequence[Landed], known: Recognition) -> list[Landed]:
    """The batches, rewritten where they hold the erased, before anything is made of them.

    What cannot be read is left as it is: it cannot be refined either.
    """
    finds = find_in_landing(site, batches, known)
    changed = {hit.item.url: cut_out(site, hit, known) for hit in finds.hits}
    return [changed.get(item.url, item) for item in batches]


def search(site: Site, url: str, form: Form, known: Recognition) -> Searched:
    """The rows of a batch that are about somebody on the list; ContractBroken where unreadable."""
    identities = written_in(site)
    found, rows = [], 0
    with site.store.local(url) as path:
        layout = Layout(form.plan.profile, form.columns, "evolve")
        for chunk in read_every(path, layout):
            rows += chunk.height
            found.append(chunk.filter(hits(chunk, identities, known)))
    return Searched(rows, pl.concat(found, how="diagonal_relaxed") if found else pl.DataFrame())


def hits(chunk: pl.DataFrame, identities: Iterable[Written], known: Recognition) -> pl.Series:
    """Which rows of a source are about the erased; of a broken row its whole text is looked at."""
    present = [i for i in identities if set(i.columns) <= set(chunk.columns)]
    found = known.raw(chunk, present)
    for text in _broken(chunk):
        found |= known.mentioned(text)
    return found


def _broken(chunk: pl.DataFrame) -> Iterator[pl.Series]:
    if BROKEN in chunk.columns:
        yield chunk[BROKEN].cast(pl.String)
    if EXCESS in chunk.columns and chunk[EXCESS].cast(pl.Boolean).any():
        texts = chunk.select(pl.concat_str(pl.selectors.string(), separator=" ", ignore_nulls=True))
        yield texts.to_series().set(~chunk[EXCESS].cast(pl.Boolean).fill_null(value=False), None)


def _hit(site: Site, item: Landed, known: Recognition) -> Hit | None:
    for form in _forms(site, item):
        try:
            return Hit(item, form, search(site, item.url, form, known))
        except ContractBroken:
            continue
    return None


def _forms(site: Site, item: Landed) -> Iterator[Form]:
    plan = Plan.of(site)
    profile = plan.profile.model_copy(update={"format": item.sidecar.format})
    telling = [name for identity in written_in(site) for name in identity.columns]
    landed_as = dataclasses.replace(plan, profile=profile)
    yield Form(landed_as, tuple(dict.fromkeys([*plan.columns, *telling])), is_whole=True)
    yield Form(landed_as, tuple(dict.fromkeys(telling)), is_whole=False)


def _described(site: Site, url: str, hit: Hit) -> Rewritten:
    digest, size = hashlib.sha256(), 0
    with site.store.open(url) as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
            size += len(block)
    earlier = hit.item.sidecar.rewritten
    if earlier and earlier.sha256 == digest.hexdigest():
        return earlier
    erased = len(hit.searched.lines) + (earlier.erased if earlier else 0)
    return Rewritten(digest.hexdigest(), size, erased)
