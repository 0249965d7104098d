"""What was fetched before, read again under the contract as it stands now; nothing is fetched."""

import dataclasses
from collections.abc import Callable, Iterator

import polars as pl

from connectors.lake import DataFile
from pipelines.steps.delivery import Delivery
from pipelines.steps.land import landed
from pipelines.steps.quarantine import quarantined, quarantined_batches
from pipelines.steps.receipts import read_receipts
from pipelines.steps.refine import Tally, Work, commit_deliveries, refine_batches
from pipelines.steps.rights.clean import clean_rows
from pipelines.steps.rights.erasures import recognition_of
from pipelines.steps.site import Site
from pipelines.steps.validate import Plan, Validator
from schemas.errors import ConfigurationError, Problem
from schemas.stages import BATCH, DAY, LINE, RULES, Landed, Masked, Receipt, Rejected, Valid


def replay(
    site: Site, batch: str | None = None, on_rows: Callable[[int], None] = lambda _: None
) -> tuple[Receipt, ...]:
    """Read landed batches again, and quarantined rows of batches that landing no longer holds.

    With `batch`, that one and, where it is in landing, all that landed after it: of rows with one
    key the last one landed counts. Rows that now pass leave quarantine; a row whose batch is gone
    gives way to what the lake holds under its key, and stays where its bytes alone cannot say
    which of two equal wall times it means. A closed gate leaves lake and quarantine as they were.
    What a restored copy holds of erased persons is taken out first.

    Raises:
        ConfigurationError: the dataset has no such batch.
        ContractBroken: a batch does not look as the contract says; nothing of it was committed.
        GateClosed: a check failed; nothing was committed.
    """
    if known := recognition_of(site):
        clean_rows(site, known)
    batches = landed(site)
    loose = _loose(site, batches)
    if batch is not None:
        batches, loose = _from(site, batch, batches, loose)
    receipts = [_return_rows(site, loose, on_rows)] if loose else []
    if batches:
        receipts.append(refine_batches(site, batches, on_rows))
    return tuple(receipt for receipt in receipts if receipt is not None)


def batches_of(site: Site) -> tuple[str, ...]:
    """The batches that can be replayed, oldest first."""
    batches = landed(site)
    return (*_loose(site, batches), *(item.batch for item in batches))


def _loose(site: Site, batches: list[Landed]) -> tuple[str, ...]:
    held = {item.batch for item in batches}
    return tuple(name for name in quarantined_batches(site) if name not in held)


def _from(
    site: Site, batch: str, batches: list[Landed], loose: tuple[str, ...]
) -> tuple[list[Landed], tuple[str, ...]]:
    if batch in loose:
        return [], (batch,)
    if all(item.batch != batch for item in batches):
        known = next(reversed([*loose, *(item.batch for item in batches)]), "")
        what = "is neither in landing nor in quarantine"
        raise ConfigurationError([Problem(site.name, batch, what, known)])
    return [item for item in batches if item.batch >= batch], ()


def _return_rows(
    site: Site, batches: tuple[str, ...], on_rows: Callable[[int], None]
) -> Receipt | None:
    plan = _unfolded(Plan.of(site))
    hashes = _known_hashes(site)
    deliveries = [
        Delivery(name, hashes.get(name, ""), _chunks(site, name))
        for name in batches
        if _some_pass(site, name, plan)
    ]
    if not deliveries:
        return None
    return commit_deliveries(site, deliveries, Work(plan, _Returning(on_rows), _newcomers(site)))


class _Returning(Tally):
    """Counts the rows that leave quarantine: those that stay were counted when they came."""

    def add(self, valid: Valid, rejected: Rejected) -> None:
        super().add(valid, Rejected(rejected.frame.clear()))


def _chunks(site: Site, batch: str) -> Callable[[Plan], Iterator[pl.DataFrame]]:
    def chunks(_: Plan) -> Iterator[pl.DataFrame]:
        for frame in quarantined(site, batch):
            yield frame.drop(RULES, BATCH)

    return chunks


def _some_pass(site: Site, batch: str, plan: Plan) -> bool:
    validator = Validator(plan, batch)
    needed = {*plan.columns, LINE}
    passing = 0
    for chunk in _chunks(site, batch)(plan):
        if not needed <= set(chunk.columns):
            # the contract now reads what was not kept of these rows
            return False
        valid, _ = validator.validate(chunk)
        passing += valid.frame.height + valid.deleted.height
    return passing > 0


def _unfolded(plan: Plan) -> Plan:
    """The plan without the rule that needs a whole file to tell two passes of an hour apart."""
    conversions = tuple(
        dataclasses.replace(c, source=c.source.model_copy(update={"fold": "reject"}))
        if c.fold == "order_in_file"
        else c
        for c in plan.conversions
    )
    return dataclasses.replace(plan, conversions=conversions)


def _newcomers(site: Site) -> Callable[[Masked], Masked]:
    """Of masked rows those whose key the lake does not hold, and no deletions."""
    files = site.lake.snapshot().files
    key = list(site.contract.key)
    may_move = site.contract.rows_may_move

    def admit(masked: Masked) -> Masked:
        days = set(masked.frame[DAY].cast(pl.String))
        standing = _keys(site, [file for file in files if may_move or file.day in days])
        fresh = masked.frame.join(standing, on=key, how="anti", maintain_order="left")
        return dataclasses.replace(masked, frame=fresh, deleted=masked.deleted.clear())

    return admit


def _keys(site: Site, files: list[DataFile]) -> pl.DataFrame:
    return site.lake.read(files, site.contract.lake_schema).select(site.contract.key).collect()


def _known_hashes(site: Site) -> dict[str, str]:
    return {
        batch: sha256
        for receipt in read_receipts(site)
        for batch, sha256 in zip(receipt.inputs, receipt.input_sha256, strict=True)
    }
