"""`datasjo gdpr rewrap`: keys brought from the root key before under the network's."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import typer

from pipelines.cli import show
from pipelines.cli.options_gdpr import Rewrap
from pipelines.cli.watch import watching
from pipelines.steps.key_place import KeyPlace
from pipelines.steps.rewrap import (
    Left,
    Rewrapped,
    Roots,
    left_under,
    rewrap,
    rewrapped_places,
    tell,
)
from pipelines.steps.site import open_network
from schemas.catalog import Catalog
from schemas.errors import DatasjoError, StoreUnavailable
from schemas.records import dump


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What became of one key; one that moved may be in no log yet, and then has an error too."""

    place: KeyPlace
    result: Rewrapped | None = None
    error: DatasjoError | None = None

    @property
    def ends_all(self) -> bool:
        """Whether a root key is out of reach, so that no other key will move either."""
        return self.result is None and isinstance(self.error, StoreUnavailable)

    @property
    def what(self) -> str:
        if self.result is None:
            return show.FAILED
        return "moved" if self.result.changed else "moved before"

    @property
    def told(self) -> dict[str, object]:
        known = dump(self.result) if self.result else {"municipality": self.place.number}
        return {**known, "error": str(self.error) if self.error else None}


def perform(asked: Rewrap) -> None:
    """Move the keys; DatasjoError with a line for each that did not. Run again, it goes on."""
    catalog = open_network(asked.network)
    roots = Roots.of(catalog, asked.old)
    places = rewrapped_places(catalog, asked.municipality)
    with watching(quiet=asked.as_json) as watch, watch.over("keys", len(places)) as done:
        outcomes = list(_outcomes(catalog, places, roots, done))
    _say(asked, roots, outcomes, left_under(catalog, roots.old))
    if lines := dict.fromkeys(str(outcome.error) for outcome in outcomes if outcome.error):
        raise DatasjoError("\n".join(lines))


def _outcomes(
    catalog: Catalog, places: Sequence[KeyPlace], roots: Roots, done: Callable[[], None]
) -> Iterator[_Outcome]:
    for place in places:
        outcome = _outcome(catalog, place, roots)
        yield outcome
        done()
        if outcome.ends_all:
            return


def _outcome(catalog: Catalog, place: KeyPlace, roots: Roots) -> _Outcome:
    result = None
    try:
        result = rewrap(place, roots)
        tell(catalog, place, resumed=result.resumed)
    except DatasjoError as error:
        return _Outcome(place, result, error)
    return _Outcome(place, result)


def _say(asked: Rewrap, roots: Roots, outcomes: Sequence[_Outcome], left: Left) -> None:
    old, new = roots.old.key_id, roots.new.key_id
    if asked.as_json:
        keys = [outcome.told for outcome in outcomes]
        show.as_json({"old": old, "new": new, "keys": keys, "left": dump(left)})
        return
    typer.echo(f"From root key {old} to {new}:")
    made = show.table("Keys", "municipality", "generations", "key")
    for outcome in outcomes:
        count = str(outcome.result.generations) if outcome.result else show.NONE
        made.add_row(outcome.place.number, count, outcome.what)
    show.console().print(made)
    for line in _after(old, left):
        typer.echo(line)


def _after(old: str, left: Left) -> Iterator[str]:
    if left.under:
        yield f"Still under root key {old}: {', '.join(left.under)}. Keep it, and run this again."
    if left.unknown:
        yield f"Whose key cannot be read here: {', '.join(left.unknown)}. Keep {old} until it can."
    if not left.under and not left.unknown:
        yield f"No key of the network is under root key {old} any more. Keep it as long as backups"
        yield "hold keys under it that may be needed; then destroy it, and those backups with it."
        yield "Where others may have it and a copy of the keys, rotate those: datasjo gdpr rotate."
