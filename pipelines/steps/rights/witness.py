"""The second look after an erasure: every byte that is kept as received, for what a person gave."""

import io
from collections.abc import Iterable, Iterator, Sequence

import polars as pl
import pyarrow as pa

from gdpr.scan.canaries import LEAST, Canaries
from gdpr.scan.files import scan
from gdpr.scan.findings import CANARY, Finding, Sought
from gdpr.subject import Identifier, Subject
from pipelines.steps.land import landed
from pipelines.steps.quarantine import quarantine_files
from pipelines.steps.rights.recognition import written_in
from pipelines.steps.site import Site


def mentions(sites: Iterable[Site], subjects: Sequence[Subject]) -> Iterator[str]:
    """A line for each file of landing and quarantine that still mentions one of the persons.

    It is in a row that is somebody else's, or in a column that the contract does not know: what to
    do with it is for a person to decide.
    """
    texts = {t for s in subjects for i in s.identifiers for t in _written(i) if len(t) >= LEAST}
    sought = Sought(kinds=frozenset(), canaries=Canaries(tuple(sorted(texts))))
    for site in sites:
        if written_in(site):
            yield from _mentions(site, sought)


def _mentions(site: Site, sought: Sought) -> Iterator[str]:
    for path in (*(item.url for item in landed(site)), *quarantine_files(site)):
        count = sum(f.count for f in _scanned(site, path, sought) if f.kind == CANARY)
        if count:
            where = "in no field that says whose it is"
            yield f"{site.name}: {path}: still mentioned, {where} ({count})"


def _scanned(site: Site, path: str, sought: Sought) -> Iterator[Finding]:
    with site.store.local(path) as file:
        if not path.endswith(".arrow"):
            with file.open("rb") as stream:
                yield from scan("", stream, sought)
            return
        with pa.OSFile(str(file)) as source, pa.ipc.open_stream(source) as reader:
            for batch in reader:
                rows = pl.DataFrame(pl.from_arrow(batch)).write_ndjson()
                yield from scan("", io.BytesIO(rows.encode()), sought)


def _written(identifier: Identifier) -> Iterator[str]:
    value = identifier.value
    yield value
    if identifier.kind == "national_id":
        yield f"{value[:6]} {value[6:]}"
    if identifier.kind == "phone":
        yield " ".join(value[at : at + 2] for at in range(0, len(value), 2))
        yield f"{value[:3]} {value[3:5]} {value[5:]}"
