"""What a commit is made of: batches, each with its rows as its source wrote them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import polars as pl

from connectors.readers.layout import Layout
from connectors.readers.registry import read_chunks
from pipelines.steps.site import Site
from pipelines.steps.validate import Plan
from schemas.errors import ContractBroken
from schemas.stages import Landed


@dataclass(frozen=True, slots=True)
class Delivery:
    """A batch: its name, the hash of its bytes, and its rows chunk by chunk under a plan."""

    batch: str
    sha256: str
    chunks: Callable[[Plan], Iterator[pl.DataFrame]]


def landed_delivery(site: Site, item: Landed) -> Delivery:
    """A batch at rest in landing, parsed as its contract says and in the format it landed in.

    Its chunks raise ContractBroken, which names the file, where it no longer looks like that.
    """

    def chunks(plan: Plan) -> Iterator[pl.DataFrame]:
        profile = plan.profile.model_copy(update={"format": item.sidecar.format})
        layout = Layout(profile, plan.columns, site.contract.surprises, plan.numbers)
        with site.store.local(item.url) as path:
            try:
                yield from read_chunks(path, layout)
            except ContractBroken as error:
                origin = item.sidecar.source_url.partition("?")[0].rsplit("/", 1)[-1]
                raise ContractBroken(f"{site.name}: {origin} {error}") from None

    return Delivery(item.batch, item.sidecar.sha256, chunks)
