"""From landed batches to the lake: validate, mask, judge, commit; all of them, or nothing."""

import dataclasses
import datetime as dt
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import polars as pl

from connectors.lake import CommitConflict
from gdpr.apply import Keys, Masking
from pipelines.steps.aggregate import count
from pipelines.steps.ahead import ahead
from pipelines.steps.commit import commit
from pipelines.steps.delivery import Delivery, landed_delivery
from pipelines.steps.judge import is_open, judge
from pipelines.steps.keys import keyring_of, keys_of, require_same_keys
from pipelines.steps.land import landed
from pipelines.steps.quarantine import Quarantine
from pipelines.steps.receipts import committed_batches, write_receipt
from pipelines.steps.rights.arrivals import admitted, clear, erased_rows
from pipelines.steps.site import Site
from pipelines.steps.stage import Settled, Stage
from pipelines.steps.standing import newest_event
from pipelines.steps.validate import Plan, Validator
from schemas.errors import GateClosed
from schemas.stages import Counts, Landed, Masked, Receipt, Rejected, Valid

_ATTEMPTS = 5


@dataclass(slots=True)
class Tally:
    """Counts the rows of a commit as they pass, and tells who watches."""

    on_rows: Callable[[int], None] = lambda _: None
    landed: int = 0
    rejected: int = 0
    deleted: int = 0
    erased: int = 0
    rules: Counter[str] = field(default_factory=Counter)

    def add(self, valid: Valid, rejected: Rejected) -> None:
        """Count one chunk."""
        rows = valid.frame.height + valid.deleted.height + rejected.frame.height
        self.landed += rows
        self.rejected += rejected.frame.height
        self.deleted += valid.deleted.height
        self.rules.update(rejected.counts())
        self.on_rows(rows)


def refine(site: Site, on_rows: Callable[[int], None] = lambda _: None) -> Receipt | None:
    """Bring what has landed and is not yet in the lake there; None where there is nothing.

    Raises:
        ContractBroken: a batch no longer looks as the contract says; nothing was committed.
        GateClosed: a check failed; nothing was committed, and the receipt says which.
    """
    if batches := pending(site):
        return refine_batches(site, batches, on_rows)
    count(site)
    return None


def pending(site: Site) -> list[Landed]:
    """The landed batches that are not in the lake under the contract as it stands now."""
    batches = landed(site)
    if not batches:
        return []
    done = committed_batches(site, batches[0].sidecar.fetched_at)
    return [batch for batch in batches if batch.batch not in done]


def refine_batches(
    site: Site,
    batches: Sequence[Landed],
    on_rows: Callable[[int], None] = lambda _: None,
    *,
    anew: bool = False,
) -> Receipt:
    """Bring those batches into the lake in one commit, over what an earlier commit made of them.

    Made `anew`, the table takes the newest keys, and holds nothing but what those batches give.

    Raises:
        ContractBroken: a batch no longer looks as the contract says; nothing was committed.
        GateClosed: a check failed; nothing was committed, and quarantine stands as it was.
    """
    known = admitted(site, batches)
    deliveries = [landed_delivery(site, batch) for batch in known]
    tally = Tally(on_rows, erased=erased_rows(known))
    receipt = commit_deliveries(site, deliveries, Work(Plan.of(site), tally, anew=anew))
    if clear(site, known, receipt.days):
        count(site)
    return receipt


@dataclass(frozen=True, slots=True)
class Work:
    """How a commit reads its rows, who counts them, and which of the masked ones it takes.

    Of a commit made `anew`, nothing of what stood in the table stays, and its keys are the newest.
    """

    plan: Plan
    tally: Tally
    admit: Callable[[Masked], Masked] = lambda masked: masked
    anew: bool = False


def commit_deliveries(site: Site, deliveries: Sequence[Delivery], work: Work) -> Receipt:
    """Validate, mask, judge and commit those deliveries together; raises as refine_batches."""
    started = time.perf_counter()
    line = _Line(work, _masking(site, work), Stage(site.contract, site.lake))
    rounds = [Quarantine(site, delivery.batch) for delivery in deliveries]
    try:
        for delivery, quarantine in zip(deliveries, rounds, strict=True):
            _stage(delivery, quarantine, line)
        receipt = _commit(site, deliveries, line)
        for quarantine in rounds:
            quarantine.settle(is_open=receipt.open)
    finally:
        line.stage.discard()
        for quarantine in rounds:
            quarantine.discard()
    receipt = dataclasses.replace(receipt, seconds=round(time.perf_counter() - started, 3))
    write_receipt(site, receipt)
    _require_open(site, receipt)
    count(site)
    return receipt


@dataclass(frozen=True, slots=True)
class _Line:
    work: Work
    masking: Masking
    stage: Stage


def _masking(site: Site, work: Work) -> Masking:
    keys = Keys(lambda: keyring_of(site)) if work.anew else keys_of(site)
    masking = Masking.of(site.contract, site.policy, keys, site.municipality.time_zone)
    if not work.anew:
        require_same_keys(site, masking.pseudonyms)
    return masking


def _stage(delivery: Delivery, quarantine: Quarantine, line: _Line) -> None:
    chunks = ahead(delivery.chunks(line.work.plan))
    for masked in ahead(_masked(chunks, quarantine, line)):
        line.stage.add(line.work.admit(masked))


def _masked(
    chunks: Iterator[pl.DataFrame], quarantine: Quarantine, line: _Line
) -> Iterator[Masked]:
    validator = Validator(line.work.plan, quarantine.batch)
    for chunk in chunks:
        valid, rejected = validator.validate(chunk)
        quarantine.add(rejected)
        line.work.tally.add(valid, rejected)
        yield line.masking.apply(valid)


def _commit(site: Site, batches: Sequence[Delivery], line: _Line) -> Receipt:
    for _ in range(_ATTEMPTS):
        settled = _settled(site, line)
        receipt = dataclasses.replace(
            _receipt(site, batches, settled, _counts(settled, line.work.tally)),
            pseudonyms=line.masking.pseudonyms,
        )
        if not receipt.open or not settled.files:
            return receipt
        try:
            version = commit(site, settled, receipt)
        except CommitConflict:
            continue
        line.stage.keep(settled.files)
        return dataclasses.replace(receipt, table_version=version)
    raise CommitConflict(f"{site.name}: another writer committed first, {_ATTEMPTS} times")


def _settled(site: Site, line: _Line) -> Settled:
    before = site.lake.snapshot()
    if line.work.anew:
        return line.stage.settle_anew(before)
    # the keys may have been rotated while the rows were masked
    require_same_keys(site, line.masking.pseudonyms)
    return line.stage.settle(before)


def _counts(settled: Settled, tally: Tally) -> Counts:
    valid = tally.landed - tally.rejected - tally.deleted
    return Counts(
        landed=tally.landed + tally.erased,
        rejected=tally.rejected,
        duplicate=valid - settled.fresh,
        deleted=tally.deleted,
        erased=tally.erased,
        kept=settled.fresh,
        restated=settled.restated,
        removed=settled.removed,
        written=sum(settled.days.values()),
        rejected_by_rule=dict(sorted(tally.rules.items())),
    )


def _receipt(site: Site, batches: Sequence[Delivery], settled: Settled, counts: Counts) -> Receipt:
    checks = judge(site, settled, counts)
    return Receipt(
        id=uuid.uuid4().hex,
        municipality=site.municipality.number,
        dataset=site.contract.name,
        open=is_open(checks),
        contract_version=site.contract.version,
        contract_sha256=site.contract.sha256,
        policy=site.policy.name,
        policy_version=site.policy.version,
        inputs=[batch.batch for batch in batches],
        input_sha256=[batch.sha256 for batch in batches],
        counts=counts,
        checks=checks,
        days=settled.days,
        pseudonyms={},
        newest_event=newest_event(site, settled.files),
        judged_at=dt.datetime.now(dt.UTC),
        seconds=0.0,
        bytes_written=sum(file.size for file in settled.files),
    )


def _require_open(site: Site, receipt: Receipt) -> None:
    if not receipt.open:
        failed = [check for check in receipt.checks if check.closes]
        said = "; ".join(f"{c.name} ({c.unexpected} of {c.rows} rows)" for c in failed)
        raise GateClosed(f"{site.name}: the gate is closed: {said}")
