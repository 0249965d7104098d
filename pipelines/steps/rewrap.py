"""Municipalities' keys brought from another root key under the one that the network names."""

from dataclasses import dataclass, replace

from gdpr.wrapping import KeyFile, Move, RootKey
from pipelines.steps.audit import Logbook, event
from pipelines.steps.key_life import place_of, wrapped_key
from pipelines.steps.key_place import KeyPlace
from pipelines.steps.root_key import open_root_key
from pipelines.steps.site import filled
from schemas.catalog import Catalog
from schemas.errors import ConfigurationError, KeyUnavailable, Problem


@dataclass(frozen=True, slots=True)
class Roots:
    """The network's root key, and the one before it."""

    new: RootKey
    old: RootKey

    @classmethod
    def of(cls, catalog: Catalog, old: str) -> "Roots":
        """The network's root key, and the one at that reference.

        Raises:
            ConfigurationError: they are the same, or have the same name.
            KeyUnavailable: the network names none, or there is none at a reference.
        """
        if catalog.network.root_key is None:
            raise KeyUnavailable("the network's file names no root_key to move keys under")
        new = open_root_key(filled(catalog.network.root_key, "network", "root_key"))
        before = open_root_key(old)
        if before.key_id == new.key_id:
            what = f"is root key {new.key_id}, as the network's root_key is: name the one before it"
            raise ConfigurationError([Problem("gdpr rewrap", "--from", what, "keys/before.key")])
        return cls(new, before)


@dataclass(frozen=True, slots=True)
class Rewrapped:
    """A key under the network's root key: how many generations, and whether it came there now.

    `resumed` says that an earlier move was not in the log yet.
    """

    municipality: str
    place: str
    generations: int
    changed: bool
    resumed: bool


@dataclass(frozen=True, slots=True)
class Left:
    """Municipalities whose key is under a root key still, and those of whom it cannot be told."""

    under: tuple[str, ...]
    unknown: tuple[str, ...]


def rewrapped_places(catalog: Catalog, municipality: str | None) -> tuple[KeyPlace, ...]:
    """The place of one municipality's key; or of all that there are under some root key."""
    if municipality is not None:
        return (place_of(catalog, municipality),)
    places = (place_of(catalog, number) for number in sorted(catalog.municipalities))
    return tuple(place for place in places if _is_wrapped(place))


def rewrap(place: KeyPlace, roots: Roots) -> Rewrapped:
    """Put the key under the new root key, if it is under the old one: no key in it changes.

    All generations move at once. Of what stood there, no byte is left in the file that held it.

    Raises:
        KeyUnavailable: there is no wrapped key, it was destroyed, it is under a third root key or
            in the environment, or a root key refuses.
        StoreUnavailable: a root key is out of reach; try again later.
        StoreRejected: the file cannot be written.
    """
    with place.alone():
        file = wrapped_key(place)
        changed, resumed = file.root != roots.new.key_id, bool(file.untold)
        if changed:
            _require_under(file, roots)
            place.require_file()
            place.overwrite(file.moved_to(roots.new, roots.old))
        else:
            file.keyring(roots.new)
    return Rewrapped(place.number, place.reference, len(file.generations), changed, resumed)


def tell(catalog: Catalog, place: KeyPlace, *, resumed: bool) -> None:
    """Put the key's moves down in the log of actions, each once.

    Raises:
        RecordBroken: the log is not what was written; the key has moved, and remembers.
    """
    with place.alone():
        file = wrapped_key(place)
        if not file.untold:
            return
        book = Logbook.of_owner(catalog, catalog.municipalities[place.number])
        told = {entry.event.at for entry in book.entries("actions")} if resumed else set()
        for move in file.untold:
            if move.at not in told:
                _record(book, move)
        place.write(file.model_copy(update={"untold": ()}))


def left_under(catalog: Catalog, root: RootKey) -> Left:
    """Whose key is under that root key still."""
    under, unknown = [], []
    for number in sorted(catalog.municipalities):
        try:
            if _under(place_of(catalog, number)) == root.key_id:
                under.append(number)
        except (ConfigurationError, KeyUnavailable):
            unknown.append(number)
    return Left(tuple(under), tuple(unknown))


def _is_wrapped(place: KeyPlace) -> bool:
    try:
        return _under(place) is not None
    except KeyUnavailable:
        # a key that cannot be read is not passed over: its own line says what is wrong
        return True


def _under(place: KeyPlace) -> str | None:
    kept = place.kept()
    return kept.root if isinstance(kept, KeyFile) else None


def _require_under(file: KeyFile, roots: Roots) -> None:
    if file.root != roots.old.key_id:
        neither = f"neither the network's, {roots.new.key_id}, nor that of --from, "
        said = f"the key is under root key {file.root}, {neither}{roots.old.key_id}"
        raise KeyUnavailable(f"{file.municipality}: {said}")


def _record(book: Logbook, move: Move) -> None:
    note = f"root key {move.old} → {move.new}"
    book.record(replace(event("wrap"), at=move.at, note=note))
