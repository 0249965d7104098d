"""Releases made anew after an erasure: what was released of the rows before is taken back."""

import datetime as dt
from collections.abc import Callable

from connectors.portal import Portal
from pipelines.steps.publication.history import History
from pipelines.steps.publication.permission import held_since, permission
from pipelines.steps.publication.shown import show
from pipelines.steps.release import release, withdraw
from pipelines.steps.rights.announced import done, is_announced
from pipelines.steps.site import Site
from schemas.errors import ConfigurationError, FormatsDiffer, GateClosed, LeakFound

OpenPortal = Callable[[], Portal]


def reissue(site: Site, portal: OpenPortal, now: dt.datetime) -> tuple[str, ...]:
    """Release what is announced, and retire the versions before; those that were retired.

    Where the release is not approved, or not since it was withdrawn, or what is left of the rows
    may not be released, the dataset is withdrawn and all of them retire.

    Raises:
        LeakFound, FormatsDiffer, ConfigurationError, GateClosed: what is left may not be released,
            or not as it stands; it is withdrawn, and stays announced.
        PortalError: the portal is down, or refuses; it stays announced.
    """
    if not is_announced(site):
        return ()
    history = History(site.store, site.contract.name)
    # whoever read the rows before the person went, and has recorded no version yet, comes too late;
    # what a killed release left of them goes too
    history.overtake()
    if not history.releases():
        retired: tuple[str, ...] = ()
    elif site.binding.release is None or held_since(site) is not None:
        retired = _take_back(site, portal(), now)
    else:
        shown = portal()
        try:
            release(site, shown, now)
        except (LeakFound, ConfigurationError, FormatsDiffer, GateClosed):
            # the erased are in what was released before, and no newer version can take its place
            _take_back(site, shown, now)
            raise
        retired = history.retire(len(history.releases()) - 1, now.date())
        show(site, shown, permission(site))
    done(site)
    return retired


def _take_back(site: Site, portal: Portal, now: dt.datetime) -> tuple[str, ...]:
    withdraw(site, portal)
    history = History(site.store, site.contract.name)
    return history.retire(len(history.releases()), now.date())
