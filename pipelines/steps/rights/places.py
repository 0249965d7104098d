"""Where a root may hold rows of a dataset: its zones, its shares, and what no binding explains."""

from collections.abc import Iterator, Sequence

from connectors.lake import LakeTable
from pipelines.steps.site import Site

_ZONES = ("landing", "quarantine", "lake", "restricted", "open")
_SHARES = "shares"
_DATASET = 1
_SHARED = 2


def share_tables(site: Site) -> Iterator[LakeTable]:
    """The dataset's table in each share of the root, whether its grant still stands or not."""
    found = {tuple(path.split("/")[:3]) for path in site.store.find(_SHARES)}
    for _, recipient, dataset in sorted(part for part in found if len(part) > _SHARED):
        if dataset == site.contract.name:
            yield LakeTable(site.store, dataset, f"{_SHARES}/{recipient}")


def unexplained(sites: Sequence[Site]) -> tuple[str, ...]:
    """Folders of the municipality's root that hold rows, and that none of its bindings explains.

    `sites` are all of the municipality's.
    """
    known = {site.contract.name for site in sites}
    store = sites[0].store
    zones = {_folder(path, _DATASET) for zone in _ZONES for path in store.find(zone)}
    shares = {_folder(path, _SHARED) for path in store.find(_SHARES)}
    found = (zones | shares) - {""}
    return tuple(sorted(f for f in found if f.rsplit("/", 1)[-1] not in known))


def _folder(path: str, depth: int) -> str:
    """The folder of a dataset that the file is in; none where it lies above them."""
    parts = path.split("/")
    return "/".join(parts[: depth + 1]) if len(parts) > depth + 1 else ""
