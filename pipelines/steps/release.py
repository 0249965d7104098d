"""Brings a dataset from its lake into the open: a version for ever, stable files, a portal."""

import datetime as dt
import hashlib
from dataclasses import asdict, dataclass, replace
from itertools import chain, count
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl

from connectors.portal import Page, Portal
from connectors.private import private_folder
from pipelines.steps.audit import event, record
from pipelines.steps.counts import counted
from pipelines.steps.proof import Draft, Proof, prove
from pipelines.steps.publication.changes import Difference, compare
from pipelines.steps.publication.documents import Documents
from pipelines.steps.publication.export import Exported, export, further
from pipelines.steps.publication.formats.registry import forms_of
from pipelines.steps.publication.generations import fields_change, generation_of
from pipelines.steps.publication.history import History, Recorded
from pipelines.steps.publication.opened import Opened
from pipelines.steps.publication.page import page_with
from pipelines.steps.publication.permission import Permission, permission
from pipelines.steps.publication.receipt import write_receipt
from pipelines.steps.publication.shown import show
from pipelines.steps.publication.years import by_year, years_of
from pipelines.steps.rights.announced import is_announced
from pipelines.steps.site import Site
from schemas.errors import StoreRejected
from schemas.released import Releases, rows_file
from schemas.stages import RECEIPT, Change, Release, Resource


def release(site: Site, portal: Portal, now: dt.datetime) -> Release:
    """The dataset's newest version, made now where its rows or its description have changed.

    It holds the fields that the policy opens and nothing else, which its bytes and those of the
    portal's pages prove before anything is written; rests under open/<dataset>/ in the owner's
    root with a signed receipt, and is shown on the portal. Killed at any moment and run again it
    ends the same.

    Raises:
        LeakFound: a file tells what it must not; nothing was released.
        FormatsDiffer: a file does not hold the values of the others; nothing was released.
        KeyUnavailable: the receipt cannot be signed; nothing was released.
        RecordBroken: the log of actions cannot be continued; nothing was released.
        ConfigurationError: nobody approved it yet, the contract has no publication, or no open
            field.
        GateClosed: no open receipt stands under the contract as it is now.
        StoreError: a root cannot be written, or gave back other bytes than were written; or
            another release, a withdrawal or an erasure came between.
        PortalError: the portal is down, or refuses.
    """
    # before any row is read: whoever erases a person meanwhile changes the record
    stood = History(site.store, site.contract.name).recorded()
    permitted = permission(site, now)
    with private_folder() as folder:
        opened = _opened(site, stood.releases)
        exported = export(opened, counted(site), folder)
        draft = _Draft(site, permitted, opened, exported, now, stood)
        known = draft.unchanged()
        drafted = known or draft.made()
        proof = draft.prove(portal, drafted)
        draft.require_alone()
        newest = draft.show(known) if known else draft.keep(drafted, proof)
    draft.settle()
    show(site, portal, permitted)
    return newest


def withdraw(site: Site, portal: Portal, *, held: bool = False) -> None:
    """Take the dataset off the portal; its versions stay in the owner's root.

    Their record tells from when on none of them was shown. Where it is `held`, nothing is released
    before somebody approves it anew, on that day or later.

    Raises:
        RecordBroken: the log of actions cannot be continued; nothing was withdrawn.
        StoreError: a root cannot be written.
        PortalError: the portal is down, or refuses; what was withdrawn is recorded.
    """
    told = event("withdraw", site.contract.name)
    record(site, told)
    approval = site.binding.release.decision if site.binding.release else "nobody"
    history = History(site.store, site.contract.name)
    history.withdraw(told.at, approval if held else None)
    portal.withdraw(site.municipality.number, site.contract.name)
    if history.record().shown:
        # it was released meanwhile, after this withdrawal and before the portal's
        show(site, portal, permission(site))


def _opened(site: Site, known: Releases) -> Opened:
    opened = Opened.of(site)
    return replace(opened, generation=generation_of(known.releases, opened.types))


def _with_receipt(drafted: Release) -> Release:
    """As its pages will tell it: with a receipt, which is signed once they are proven."""
    if any(resource.name == RECEIPT for resource in drafted.resources):
        return drafted
    unsigned = Resource(RECEIPT, "json", sha256="", size=0, rows=0)
    return replace(drafted, resources=(*drafted.resources, unsigned))


@dataclass(frozen=True, slots=True)
class _Draft:
    site: Site
    permitted: Permission
    opened: Opened
    exported: Exported
    now: dt.datetime
    stood: Recorded

    @property
    def history(self) -> History:
        return History(self.site.store, self.site.contract.name)

    def unchanged(self) -> Release | None:
        newest = self._newest
        if newest is None:
            return None
        standing = {resource.name: resource for resource in newest.resources}
        fresh = (self.exported.resources[0], *self.documents.resources(newest))
        same = all(standing.get(resource.name) == resource for resource in fresh)
        whole = self._has_all_formats(newest) and self._has_years(newest)
        return newest if same and RECEIPT in standing and whole else None

    def prove(self, portal: Portal, drafted: Release) -> Proof:
        files = [self.folder / r.name for r in drafted.resources if r.holds_rows]
        return prove(
            self.site,
            Draft(
                # what is as it was has been written in two of its formats alone
                files=(
                    *(path for path in files if path.exists()),
                    *self.documents.write(drafted, self.folder),
                ),
                rows=self.exported.parquet,
                pages=lambda: portal.pages(self._page(drafted)),
                contacts=portal.contacts,
            ),
        )

    def require_alone(self) -> None:
        if self.history.recorded() != self.stood:
            raise self._overtaken()

    def _overtaken(self) -> StoreRejected:
        what = "it was released, withdrawn or made anew meanwhile"
        return StoreRejected(f"{self.site.name}: nothing was released: {what}; run it again")

    def _has_all_formats(self, release: Release) -> bool:
        held = {resource.format for resource in release.resources if resource.holds_rows}
        left_out = {each.format for each in release.left_out}
        return held | left_out == {form.name for form in forms_of(self.exported.shape)}

    def _has_years(self, release: Release) -> bool:
        held = {resource.part for resource in release.resources if resource.part is not None}
        return held == set(years_of(self.opened, self.exported))

    def _page(self, drafted: Release) -> Page:
        return page_with(self.site, self.permitted, _with_receipt(drafted), self.exported.parquet)

    def settle(self) -> None:
        """Bring the stable names to what the record says, and remove what is not to be there.

        The versions up to the last one with a field that is not in the open any more retire.
        """
        closed = {field.name for field in self.opened.contract.fields} - set(self.opened.types)
        releases = self.history.releases()
        telling = [at for at, each in enumerate(releases, 1) if closed & set(each.fields)]
        if telling and any(each.retired_on is None for each in releases[: telling[-1]]):
            self.history.retire(telling[-1], self._today)
        self.history.install()
        self.history.sweep(self._today)

    def show(self, known: Release) -> Release:
        if not self.history.show(self.now, self.stood):
            raise self._overtaken()
        return known

    def keep(self, made: Release, proof: Proof) -> Release:
        signed = write_receipt(self.site, made, proof, self.folder)
        whole = replace(made, resources=(*made.resources, signed))
        # before the version is there: nothing is in the open that the log does not know of
        told = replace(event("release", made.dataset), rows=made.rows, note=made.version)
        record(self.site, replace(told, purpose=self.permitted.approval.decision))
        files = [self.folder / resource.name for resource in whole.resources]
        if not self.history.keep(whole, files, self.stood):
            raise self._overtaken()
        return next(r for r in self.history.releases() if r.version == made.version)

    def made(self) -> Release:
        """The version as it will be, but for its receipt."""
        bare = self._bare()
        return replace(bare, resources=(*bare.resources, *self.documents.resources(bare)))

    def _bare(self) -> Release:
        version = self._version()
        more = further(self.exported, self.site.name)
        years = by_year(self.opened, self.exported, self.site.name)
        return Release(
            municipality=self.site.municipality.number,
            dataset=self.site.contract.name,
            version=version,
            released_at=self.now,
            resources=(*self.exported.resources, *more.resources, *years),
            rows=self.exported.rows,
            newest_event=self.exported.newest_event,
            oldest_event=self.exported.oldest_event,
            contract_version=self.site.contract.version,
            receipt=self.permitted.receipt.id,
            changes=(self._change(version),),
            left_out=more.left_out,
            generation=self.opened.generation,
            fields=self.opened.types,
        )

    def _version(self) -> str:
        # with its time, so that two that release the same rows at once never share a folder
        content = f"{self.exported.resources[0].sha256} {self.now.isoformat()}"
        name = f"{self._today}-{hashlib.sha256(content.encode()).hexdigest()[:8]}"
        taken = {known.version for known in self.stood.releases.releases}
        later = (f"{name}-{number}" for number in count(2))
        return next(free for free in chain((name,), later) if free not in taken)

    def _change(self, version: str) -> Change:
        known, reissued = self.stood.releases.releases, is_announced(self.site)
        # what went with an erased person is nobody's to count
        difference = Difference() if reissued else self._difference()
        return Change(
            version=version,
            released_at=self.now,
            **asdict(difference),
            fields=fields_change(known[-1].fields if known else {}, self.opened.types),
            reissued=reissued,
        )

    def _difference(self) -> Difference:
        before, after = self._newest, pl.scan_parquet(self.exported.parquet)
        if before is None:
            return Difference(added=self.exported.rows)
        with self.history.local(before, rows_file(before, "parquet").name) as path:
            return compare(self.opened, pl.scan_parquet(path), after)

    @property
    def _newest(self) -> Release | None:
        known = self.stood.releases.releases
        return known[-1] if known and not known[-1].retired_on else None

    @property
    def documents(self) -> Documents:
        return Documents(self.site, self.permitted.publication)

    @property
    def folder(self) -> Path:
        return self.exported.folder

    @property
    def _today(self) -> dt.date:
        return self.now.astimezone(ZoneInfo(self.site.municipality.time_zone)).date()
