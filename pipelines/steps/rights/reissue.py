"""Releases made anew after an erasure: what was released of the rows before is taken back."""

import datetime as dt
from collections.abc import Callable

from connectors.portal import Portal
from pipelines.steps.publication.history import History
from pipelines.steps.publication.page import page_of
from pipelines.steps.publication.permission import permission
from pipelines.steps.release import release, withdraw
from pipelines.steps.site import Site

OpenPortal = Callable[[], Portal]


def announce(site: Site) -> None:
    """Note that the releases are to be made anew, for this run or the one after a killed one."""
    if History(site.store, site.contract.name).releases():
        site.store.write_json(_path(site), {"dataset": site.contract.name})


def reissue(site: Site, portal: OpenPortal, now: dt.datetime) -> tuple[str, ...]:
    """Release what is announced, and retire the versions before; those that were retired.

    Where the release is no longer approved, the dataset is withdrawn and all of them retire.

    Raises:
        GateClosed: no open receipt stands; nothing was released, and it stays announced.
        PortalError: the portal is down, or refuses; it stays announced.
    """
    if not site.store.exists(_path(site)):
        return ()
    history = History(site.store, site.contract.name)
    if site.binding.release is None:
        withdraw(site, portal())
        retired = history.retire(len(history.releases()), now.date())
    else:
        shown = portal()
        release(site, shown, now)
        retired = history.retire(len(history.releases()) - 1, now.date())
        shown.publish(page_of(site, permission(site)))
    site.store.remove(_path(site))
    return retired


def _path(site: Site) -> str:
    return f"erasure/reissue/{site.contract.name}.json"
