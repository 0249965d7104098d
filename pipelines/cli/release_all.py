"""Several datasets released in a row, as `datasjo release` and the demo do it."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pipelines.cli.sweep import Outcome, sweep
from pipelines.cli.watch import Watch
from pipelines.steps.portal import NetworkPortal
from pipelines.steps.release import release
from pipelines.steps.site import Site
from schemas.errors import DatasjoError
from schemas.stages import Release

# much of a release is waiting: for disks, and for a CKAN
_AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class Released:
    """What came of each dataset, and why the portal's start page may not tell of them all."""

    outcomes: Sequence[Outcome[Release]]
    error: DatasjoError | None = None


def release_all(chosen: Sequence[Site], portal: NetworkPortal, watch: Watch) -> Released:
    """Release each dataset, and bring the start page up to them in the end.

    It is brought up where nothing was new, too: a run that was killed may have left it behind.
    """
    now = dt.datetime.now(dt.UTC)
    outcomes: list[Outcome[Release]] = []
    try:
        with portal.together() as shown:

            def work(site: Site, _: Callable[[int], None]) -> Release:
                return release(site, shown, now)

            outcomes += sweep(chosen, work, watch, _AT_ONCE)
    except DatasjoError as error:
        return Released(outcomes, error)
    return Released(outcomes)
