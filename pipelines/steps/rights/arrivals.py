"""Erasures held against what arrives: nothing of an erased person is refined, or stays."""

from collections.abc import Collection, Sequence

from pipelines.steps.rights.erasures import recognition_of
from pipelines.steps.rights.landing import without_erased
from pipelines.steps.rights.rows import Sought, take_out
from pipelines.steps.site import Site
from schemas.stages import Landed


def admitted(site: Site, batches: Sequence[Landed]) -> list[Landed]:
    """The batches without anybody who was erased; as they are where nobody was.

    Raises:
        RecordBroken: the list of erasures is not what was written.
        StoreRejected: a batch cannot be rewritten.
    """
    known = recognition_of(site)
    return list(batches) if known is None else without_erased(site, batches, known)


def clear(site: Site, batches: Sequence[Landed], days: Collection[str]) -> int:
    """Take the erased out of those days and batches once more, after a commit; rows that went.

    There are some where a person was erased while the commit was being made, or where the days
    come from a copy of before.
    """
    known = recognition_of(site)
    if known is None:
        return 0
    without_erased(site, batches, known)
    sought = Sought.of(site, site.lake, known).within(days)
    return take_out(site.lake, sought).rows


def erased_rows(batches: Sequence[Landed]) -> int:
    """How many rows of the batches went because they were about erased persons."""
    return sum(item.sidecar.rewritten.erased for item in batches if item.sidecar.rewritten)
