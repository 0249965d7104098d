"""Landed batches without the erased: their rows are found as the reader reads them, and cut out."""

import dataclasses
import hashlib
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import polars as pl

from connectors.readers.layout import Layout
from connectors.readers.registry import read_every
from connectors.rewriting.gone import Gone
from connectors.rewriting.registry import rewrite
from gdpr.apply import Masking
from pipelines.steps.keys import keys_of
from pipelines.steps.land import landed, note
from pipelines.steps.rights.recognition import Recognition, Written, written_in
from pipelines.steps.site import Site
from pipelines.steps.validate import Plan, Validator
from schemas.errors import ContractBroken, StoreRejected
from schemas.stages import BROKEN, EXCESS, LINE, Landed, Rewritten

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


@dataclass(slots=True)
class Scrubbed:
    """What became of landing: rows that went by batch, their keys in the lake, and what is left.

    `unread` names batches that could not be read, and so not be searched.
    """

    rows: dict[str, int] = field(default_factory=dict)
    keys: list[pl.DataFrame] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


def without_erased(site: Site, batches: Sequence[Landed], known: Recognition) -> list[Landed]:
    """The batches, rewritten where they hold an erased person, before anything is made of them.

    What cannot be read is left as it is: it cannot be refined either.
    """
    if not written_in(site):
        return list(batches)
    scrubbing = _Scrubbing(site, known, Scrubbed())
    return [scrubbing.scrub(item) for item in batches]


def scrub_landing(site: Site, known: Recognition) -> Scrubbed:
    """All of the site's landing without the erased; batches that do not hold them are untouched."""
    outcome = Scrubbed()
    if written_in(site):
        scrubbing = _Scrubbing(site, known, outcome)
        for item in landed(site):
            scrubbing.scrub(item)
    return outcome


def search(site: Site, url: str, form: Plan, known: Recognition) -> Searched:
    """The rows of a batch that are about somebody on the list; ContractBroken where unreadable."""
    identities = written_in(site)
    found, rows = [], 0
    with site.store.local(url) as path:
        layout = Layout(form.profile, _columns(form, identities), "evolve")
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


def _columns(form: Plan, identities: Sequence[Written]) -> tuple[str, ...]:
    sought = (name for identity in identities for name in identity.columns)
    return tuple(dict.fromkeys([*form.columns, *sought]))


@dataclass(frozen=True, slots=True)
class _Scrubbing:
    site: Site
    known: Recognition
    outcome: Scrubbed

    def scrub(self, item: Landed) -> Landed:
        form = self._form(item)
        try:
            before = search(self.site, item.url, form, self.known)
        except ContractBroken:
            self.outcome.unread.append(item.url)
            return item
        if not before.lines:
            return item
        self.outcome.keys.append(_keys(self.site, form, before.found))
        self.outcome.rows[item.batch] = len(before.lines)
        return self._rewritten(item, form, before)

    def _form(self, item: Landed) -> Plan:
        plan = Plan.of(self.site)
        profile = plan.profile.model_copy(update={"format": item.sidecar.format})
        return dataclasses.replace(plan, profile=profile)

    def _rewritten(self, item: Landed, form: Plan, before: Searched) -> Landed:
        store = self.site.store
        folder, _, name = item.url.rpartition("/")
        # a name that no other reader looks at, and that is swept if this is killed
        aside = f"{folder}/.part-{uuid.uuid4().hex}-{name}"
        try:
            with store.local(item.url) as path, store.write(aside) as target:
                rewrite(path, target, Gone(before.lines, form.profile))
            self._require_rest(item, search(self.site, aside, form, self.known), before)
            after = self._described(aside, item, len(before.lines))
            store.rename(aside, item.url)
        finally:
            store.remove(aside)
        return note(self.site, item, dataclasses.replace(item.sidecar, rewritten=after))

    def _require_rest(self, item: Landed, after: Searched, before: Searched) -> None:
        if after.lines or after.rows != before.rows - len(before.lines):
            name = f"{self.site.name}: {item.url}"
            raise StoreRejected(f"{name} cannot be rewritten without {len(before.lines)} rows")

    def _described(self, url: str, item: Landed, erased: int) -> Rewritten:
        digest, size = hashlib.sha256(), 0
        with self.site.store.open(url) as stream:
            while block := stream.read(_BLOCK):
                digest.update(block)
                size += len(block)
        earlier = item.sidecar.rewritten.erased if item.sidecar.rewritten else 0
        return Rewritten(digest.hexdigest(), size, earlier + erased)


def _keys(site: Site, form: Plan, found: pl.DataFrame) -> pl.DataFrame:
    """The keys under which the lake holds rows of the source."""
    valid, _ = Validator(form, "").validate(found)
    keys = keys_of(site)
    masking = Masking.of(site.contract, site.policy, keys, site.municipality.time_zone)
    return masking.apply(valid).frame.select(site.contract.key)
