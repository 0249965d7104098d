"""One piece of work on each of several datasets: one that fails does not stop the others."""

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Generic, TypeVar

from pipelines.cli.watch import Watch
from pipelines.steps.site import Site
from schemas.errors import ConfigurationError, DatasjoError

T = TypeVar("T")
Work = Callable[[Site, Callable[[int], None]], T]


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


def sweep(sites: Iterable[Site], work: Work[T], watch: Watch, at_once: int = 1) -> list[Outcome[T]]:
    """The work done on each site, so many `at_once`, each told how to count its rows.

    The outcomes are in the order of the sites.
    """
    chosen = tuple(sites)
    with watch.over("datasets", len(chosen)) as done:

        def one(site: Site) -> Outcome[T]:
            with watch.part(site.name) as count:
                outcome = _outcome(site, work, count)
            done()
            return outcome

        if at_once == 1:
            return [one(site) for site in chosen]
        with ThreadPoolExecutor(at_once) as threads:
            return list(threads.map(one, chosen))


def require_all(outcomes: Iterable[Outcome[T]], *more: DatasjoError | None) -> None:
    """Raise one DatasjoError with the lines of all that went wrong, if anything did."""
    lines = [line for outcome in outcomes for line in outcome.lines]
    lines += [line for error in more if error for line in str(error).splitlines()]
    if lines:
        raise DatasjoError("\n".join(lines))


def _outcome(site: Site, work: Work[T], count: Callable[[int], None]) -> Outcome[T]:
    try:
        return Outcome(site, result=work(site, count))
    except DatasjoError as error:
        return Outcome(site, error=error)
