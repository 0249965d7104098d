"""One piece of work on each of several datasets: one that fails does not stop the others."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from pipelines.cli.watch import Watch
from pipelines.steps.site import Site
from schemas.errors import ConfigurationError, DatasjoError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Outcome(Generic[T]):
    """What came of the work on one dataset: its result, or the error that ended it."""

    site: Site
    result: T | None = None
    error: DatasjoError | None = None

    def told(self, document: Mapping[str, object]) -> dict[str, object]:
        """The outcome as JSON: whose it is, the document of its result, and what went wrong."""
        return {
            "municipality": self.site.municipality.number,
            "dataset": self.site.contract.name,
            **document,
            "error": "\n".join(self.lines) or None,
        }

    @property
    def lines(self) -> list[str]:
        """What went wrong, each line naming the dataset or the file that it is about."""
        said = str(self.error).splitlines() if self.error else []
        if isinstance(self.error, ConfigurationError):
            return said
        return [line if self.site.name in line else f"{self.site.name}: {line}" for line in said]


def sweep(
    sites: Iterable[Site], work: Callable[[Site, Callable[[int], None]], T], watch: Watch
) -> list[Outcome[T]]:
    """The work done on each site in turn, each told how to count its rows."""
    chosen = tuple(sites)
    outcomes: list[Outcome[T]] = []
    with watch.over("datasets", len(chosen)) as done:
        for site in chosen:
            with watch.part(site.name) as count:
                outcomes.append(_outcome(site, work, count))
            done()
    return outcomes


def require_all(outcomes: Iterable[Outcome[T]], *more: DatasjoError | None) -> None:
    """Raise one DatasjoError with the lines of all that went wrong, if anything did."""
    lines = [line for outcome in outcomes for line in outcome.lines]
    lines += [line for error in more if error for line in str(error).splitlines()]
    if lines:
        raise DatasjoError("\n".join(lines))


def _outcome(
    site: Site, work: Callable[[Site, Callable[[int], None]], T], count: Callable[[int], None]
) -> Outcome[T]:
    try:
        return Outcome(site, result=work(site, count))
    except DatasjoError as error:
        return Outcome(site, error=error)
