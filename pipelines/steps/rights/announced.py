"""That a dataset's releases are to be made anew after an erasure: erasure/reissue/ of the root."""

from pipelines.steps.publication.history import History
from pipelines.steps.site import Site


def announce(site: Site) -> None:
    """Note it, for this run or the one after a killed one; nothing where nothing is released.

    A first release may be on its way: it is noted where one is approved.
    """
    if site.binding.release or History(site.store, site.contract.name).releases():
        site.store.write_json(_path(site), {"dataset": site.contract.name})


def is_announced(site: Site) -> bool:
    """Whether it is noted and still to be done."""
    return site.store.exists(_path(site))


def done(site: Site) -> None:
    """Note that it was done."""
    site.store.remove(_path(site))


def _path(site: Site) -> str:
    return f"erasure/reissue/{site.contract.name}.json"
