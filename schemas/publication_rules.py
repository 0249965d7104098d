"""What must hold of how a contract presents its dataset in the open."""

from __future__ import annotations

from collections.abc import Iterator

from schemas.contract import Contract, Publication
from schemas.counts import COUNTED
from schemas.errors import Problem
from schemas.stages import DOCUMENTS, GEOMETRY

_NUMBERS = ("integer", "number")


def publication_problems(contract: Contract) -> Iterator[Problem]:
    """A Problem for everything that the release names and the contract does not have."""
    if contract.publication is None:
        return
    names = [field.name for field in contract.fields]
    plot = contract.publication.plot
    if plot and plot not in {*names, *(COUNTED if contract.aggregate else ())}:
        yield Problem(contract.file, "release.plot", "names a field that does not exist", names[0])
    if contract.name in {name.split(".")[0] for name in DOCUMENTS}:
        what = "is what a file beside every release is called"
        yield Problem(contract.file, "name", what, f"{contract.name}_rows")
    yield from _geometry(contract)
    for place, text in _texts(contract, contract.publication):
        if not text.strip():
            yield Problem(contract.file, place, "is blank", '"Ledige parkeringsplasser"')


def _texts(contract: Contract, publication: Publication) -> Iterator[tuple[str, str]]:
    """Every text that a reader is shown, by its place in the file."""
    for key, said in (("title", publication.title), ("description", publication.description)):
        yield f"release.{key}.nb", said.nb
        yield f"release.{key}.en", said.en
    yield "release.keyword.nb", "".join(publication.keyword.nb)
    yield "release.keyword.en", "".join(publication.keyword.en)
    for field in contract.fields:
        yield f"{field.name}.description_nb", field.description.nb
        yield f"{field.name}.description", field.description.en


def _geometry(contract: Contract) -> Iterator[Problem]:
    geometry = contract.publication.geometry if contract.publication else None
    if geometry is None:
        return
    place = "release.geometry"
    kinds = {field.name: field.type for field in contract.fields}
    for key, name in (("north", geometry.north), ("east", geometry.east)):
        if kinds.get(name) not in _NUMBERS:
            numbers = [known for known, kind in kinds.items() if kind in _NUMBERS]
            what = "names no field of numbers"
            yield Problem(contract.file, f"{place}.{key}", what, next(iter(numbers), "latitude"))
    if contract.aggregate:
        yield Problem(contract.file, place, "counts of groups have no place", "no geometry")
    if GEOMETRY in kinds:
        what = "the point that rows are given has this name"
        yield Problem(contract.file, f"schema.{GEOMETRY}", what, "place_name")
