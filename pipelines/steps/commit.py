"""The write: days that the gate has passed take the place of what stood there, at once."""

from pipelines.steps.site import Site
from pipelines.steps.stage import Settled
from schemas.errors import GateClosed
from schemas.stages import Receipt


def commit(site: Site, settled: Settled, receipt: Receipt) -> int:
    """Commit the settled days under an open receipt; the table's new version.

    Raises:
        GateClosed: the receipt is not open.
        CommitConflict: another writer committed first; settle again on what now stands there.
    """
    if not receipt.open:
        raise GateClosed(f"{site.name}: the gate is closed; nothing was committed")
    note = {"receipt": receipt.id, "contract": receipt.contract_version}
    lake = site.lake.recording(receipt.pseudonyms)
    return lake.replace(settled.before, settled.files, site.contract.lake_schema, note)
