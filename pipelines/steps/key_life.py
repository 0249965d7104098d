"""A municipality's key over time: wrapped, rotated, and destroyed when it leaves."""

from dataclasses import dataclass

from gdpr.wrapping import Bare, KeyFile, destroyed, new_secret
from pipelines.steps.key_place import KeyPlace
from pipelines.steps.keys import key_place
from schemas.catalog import Catalog
from schemas.errors import ConfigurationError, KeyUnavailable, Problem


@dataclass(frozen=True, slots=True)
class Kept:
    """A key as it is kept now: where, under which root key, and its newest generation."""

    municipality: str
    place: str
    root: str
    generation: int
    changed: bool


def place_of(catalog: Catalog, number: str) -> KeyPlace:
    """Where that municipality's key is; ConfigurationError where the network has no such one."""
    owner = catalog.municipalities.get(number)
    if owner is None:
        known = ", ".join(sorted(catalog.municipalities))
        problem = Problem(str(catalog.folder), number, "is no municipality of the network", known)
        raise ConfigurationError([problem])
    return key_place(owner, catalog.network.root_key)


def wrap(place: KeyPlace) -> Kept:
    """Put the key under the network's root key: pseudonyms and signature stay what they are.

    Where there is no key, one is made. A key that is wrapped already stays as it is.

    Raises:
        KeyUnavailable: the network names no root key, it cannot be used, or the key was destroyed.
    """
    root = place.root()
    with place.alone():
        bare = place.read() if place.holds_something else Bare(place.number, new_secret())
        if isinstance(bare, KeyFile):
            bare.keyring(root)
            return _kept(place, bare, changed=False)
        file = bare.wrapped(root)
        place.overwrite(file)
    return _kept(place, file, changed=True)


def begin_rotation(place: KeyPlace) -> Kept:
    """Take a new generation, to which tables are then brought; the old ones stay in the key.

    A rotation that was begun and not ended goes on: no further generation is made.

    Raises:
        KeyUnavailable: the key is a bare secret, which holds one generation; or it is of no use.
    """
    with place.alone():
        kept = wrapped_key(place)
        root = place.root()
        kept.keyring(root)
        if kept.rotating is not None:
            return _kept(place, kept, changed=False)
        grown = kept.grown(root, new_secret())
        file = grown.model_copy(update={"rotating": grown.newest})
        place.write(file)
    return _kept(place, file, changed=True)


def end_rotation(place: KeyPlace) -> None:
    """Note that every table was brought to the newest generation, as far as it can be."""
    with place.alone():
        kept = place.read()
        if isinstance(kept, KeyFile) and kept.rotating is not None:
            place.write(kept.model_copy(update={"rotating": None}))


def destroy(place: KeyPlace) -> KeyFile:
    """Destroy the key: no pseudonym of the municipality can be made or undone again, here.

    Copies of the key elsewhere are their keepers' to destroy.

    Raises:
        KeyUnavailable: there is no key, it was destroyed before, or it is in the environment.
    """
    place.require_file()
    record = destroyed(place.number)
    with place.alone():
        place.read()
        place.overwrite(record)
    return record


def wrapped_key(place: KeyPlace) -> KeyFile:
    """The key, which a root key wraps; KeyUnavailable where it is a bare secret, or of no use."""
    kept = place.read()
    if isinstance(kept, KeyFile):
        return kept
    said = f"the key at {place.reference} is a bare secret, which holds one generation"
    how = f"datasjo gdpr wrap --municipality {place.number}"
    raise KeyUnavailable(f"{place.number}: {said}; wrap it first: {how}")


def _kept(place: KeyPlace, file: KeyFile, *, changed: bool) -> Kept:
    return Kept(place.number, place.reference, file.root or "", file.newest, changed)
