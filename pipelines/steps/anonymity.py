"""How far a release hides persons, by itself and beside what else the municipality has released."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl

from gdpr.disclosure.anonymity import Anonymity, Demands
from gdpr.disclosure.joined import Beside, Released, joined_anonymity
from gdpr.seal import Json, SealBroken, unsealed
from pipelines.steps.counts import counts_site
from pipelines.steps.publication.history import History
from pipelines.steps.site import Site
from schemas.errors import RecordBroken
from schemas.released import rows_file
from schemas.stages import RECEIPT, Release

_OPEN = "open"


def quasi_identifiers(site: Site) -> tuple[str, ...]:
    """The released columns that are about a person and might single one out."""
    shown = counts_site(site)
    return tuple(field.name for field in shown.policy.quasi_identifiers(shown.contract))


def anonymity_of(site: Site, rows: Path) -> Anonymity | None:
    """The anonymity of a release's rows in a local Parquet file; None where none is about a person.

    What needs a basis under article 9 counts as sensitive. The rows are joined with the newest
    release of each other dataset of the owner that shares columns and is about persons too.

    Raises:
        RecordBroken: another release's receipt is not what was signed.
    """
    about = quasi_identifiers(site)
    if not about:
        return None
    sensitive = tuple(name for name in about if _is_special(site, name))
    quasi = tuple(name for name in about if name not in sensitive)
    release = Released(pl.read_parquet(rows), quasi, sensitive)
    return joined_anonymity(release, list(_beside(site, release.frame)))


def demands_of(site: Site) -> Demands:
    """What the policy asks of a release with rows about persons."""
    asked = site.policy.release
    return Demands(asked.minimum_group, asked.minimum_diversity, asked.maximum_distance)


def _is_special(site: Site, name: str) -> bool:
    classification = counts_site(site).contract.field(name).classification or ""
    return "legal_basis_9" in site.policy.classes[classification].needs


def _beside(site: Site, frame: pl.DataFrame) -> Iterator[Beside]:
    datasets = {path.split("/")[1] for path in site.store.find(_OPEN)} - {site.contract.name}
    for dataset in sorted(datasets):
        history = History(site.store, dataset)
        *_, newest = (None, *history.releases())
        if newest is None or newest.retired_on or RECEIPT not in _names(newest):
            continue
        with history.open(newest, RECEIPT) as stream:
            quasi = _told_quasi(f"{site.municipality.number} {dataset}", stream.read())
        if quasi:
            with history.local(newest, rows_file(newest, "parquet").name) as path:
                yield from _shared(frame, pl.read_parquet(path), quasi)


def _names(release: Release) -> set[str]:
    return {resource.name for resource in release.resources}


def _shared(frame: pl.DataFrame, other: pl.DataFrame, quasi: Sequence[str]) -> Iterator[Beside]:
    on = [name for name, kind in other.schema.items() if frame.schema.get(name) == kind]
    if on:
        yield Beside(other, tuple(on), tuple(quasi))


def _told_quasi(name: str, receipt: bytes) -> list[str]:
    try:
        told, _ = unsealed(receipt)
    except SealBroken as error:
        raise RecordBroken(f"{name}: the receipt of its newest release: {error}") from None
    proof: Json = told.get("proof")
    quasi = proof.get("quasi_identifiers") if isinstance(proof, dict) else None
    return [str(column) for column in quasi] if isinstance(quasi, list) else []
