"""The keys under which a table holds rows that were made of what was found in landing."""

from collections.abc import Iterator, Sequence

import polars as pl

from connectors.readers.layout import Layout
from connectors.readers.registry import read_chunks
from gdpr.apply import Masking
from gdpr.tombstones import kind_of
from pipelines.steps.keys import keys_of
from pipelines.steps.rights.landing import Finds, Hit, hits
from pipelines.steps.rights.recognition import Recognition, written_in
from pipelines.steps.site import Site
from pipelines.steps.validate import Validator
from schemas.stages import Landed


def keys_in_tables(
    site: Site, batches: Sequence[Landed], finds: Finds, known: Recognition
) -> pl.DataFrame | None:
    """The keys that rows of the erased had; None for none.

    Where no column of the table tells whose a row is, a key is left out that a row of somebody
    else had in the same batch or later: it is theirs now.
    """
    whole = [hit for hit in finds.hits if hit.form.is_whole]
    if not whole:
        return None
    keyed = _Keyed(site, known)
    found = pl.concat([keyed.of(hit, hit.searched.found) for hit in whole]).unique()
    if any(kind_of(field) for field in site.contract.stored):
        return found
    first = min(hit.item.batch for hit in whole)
    for item in batches:
        if item.batch >= first:
            for others in keyed.of_others(whole[0], item):
                found = found.join(others, on=site.contract.key, how="anti")
    return found


class _Keyed:
    def __init__(self, site: Site, known: Recognition) -> None:
        self._site = site
        self._known = known
        zone = site.municipality.time_zone
        self._masking = Masking.of(site.contract, site.policy, keys_of(site), zone)

    def of(self, hit: Hit, rows: pl.DataFrame) -> pl.DataFrame:
        """The keys of the source's rows, as the table has them; of those that are valid."""
        valid, _ = Validator(hit.form.plan, hit.item.batch).validate(rows)
        return self._masking.apply(valid).frame.select(self._site.contract.key)

    def of_others(self, like: Hit, item: Landed) -> Iterator[pl.DataFrame]:
        """The keys of the batch's other rows, chunk by chunk."""
        profile = like.form.plan.profile.model_copy(update={"format": item.sidecar.format})
        layout = Layout(profile, like.form.columns, "evolve")
        identities = written_in(self._site)
        with self._site.store.local(item.url) as path:
            for chunk in read_chunks(path, layout):
                yield self.of(like, chunk.filter(~hits(chunk, identities, self._known)))
