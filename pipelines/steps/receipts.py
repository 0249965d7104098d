"""The gate's word on every commit, as it rests in the owner's root."""

import datetime as dt
from collections.abc import Iterator

from pipelines.steps.site import Site
from schemas.records import dump, load
from schemas.stages import Receipt


def write_receipt(site: Site, receipt: Receipt) -> None:
    """Keep the receipt under receipts/<dataset>/, named so that they sort by time."""
    name = f"{_stamp(receipt.judged_at)}-{receipt.id[:8]}.json"
    site.store.write_json(f"{_folder(site)}/{name}", dump(receipt))


def read_receipts(site: Site, since: dt.datetime | None = None) -> Iterator[Receipt]:
    """The dataset's receipts of that time and later, oldest first."""
    earliest = f"{_folder(site)}/{_stamp(since)}" if since else ""
    for path in site.store.find(_folder(site)):
        if path >= earliest:
            yield load(Receipt, site.store.read_json(path))


def newest_receipts(site: Site) -> Iterator[Receipt]:
    """The dataset's receipts, newest first, each read when it is asked for."""
    for path in reversed(site.store.find(_folder(site))):
        yield load(Receipt, site.store.read_json(path))


def latest_receipt(site: Site) -> Receipt | None:
    """The newest receipt of the dataset, open or closed."""
    return next(newest_receipts(site), None)


def committed_batches(site: Site, since: dt.datetime) -> set[str]:
    """The batches landed since then that are in the lake under the contract as it stands now."""
    return {
        batch
        for receipt in read_receipts(site, since)
        if receipt.open and receipt.contract_sha256 == site.contract.sha256
        for batch in receipt.inputs
    }


def _folder(site: Site) -> str:
    return f"receipts/{site.contract.name}"


def _stamp(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%S%f")
