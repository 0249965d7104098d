"""From a source to landing: bytes as received, with their sidecar, before anything is parsed."""

import dataclasses
import datetime as dt
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from connectors.private import sweep_private
from connectors.registry import open_source
from pipelines.steps.site import Site, filled
from schemas.catalog import bound_profile
from schemas.errors import StoreRejected
from schemas.records import dump, load
from schemas.sidecar import Sidecar
from schemas.source import Source
from schemas.stages import Batch, Landed, Window

_BLOCK = 1 << 20
_DAY = dt.timedelta(days=1)
_SIDECAR = ".sidecar.json"


@dataclass(slots=True)
class SiteMemory:
    """What has landed of a site before, as its sidecars say."""

    site: Site
    _landed: list[Landed] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._landed = remembered(self.site)

    def latest(self, source_url: str) -> Sidecar | None:
        """The sidecar of the newest batch from that address."""
        found = (item.sidecar for item in reversed(self._landed))
        return next((sidecar for sidecar in found if sidecar.source_url == source_url), None)

    def all(self) -> Iterator[Sidecar]:
        """Every sidecar at rest, oldest first."""
        return (item.sidecar for item in self._landed)

    def read(self, sidecar: Sidecar) -> bytes:
        """The bytes of a landed batch."""
        for item in self._landed:
            if item.sidecar == sidecar and sidecar.removed_on is None:
                return self.site.store.read(item.url)
        raise StoreRejected(f"{self.site.name}: a batch is no longer in landing")

    def add(self, item: Landed) -> None:
        """Remember a batch that landed just now."""
        self._landed.append(item)

    def has(self, sha256: str, source_url: str) -> bool:
        """Whether those bytes are what the address gave last, or a copy of what another gave."""
        latest = self.latest(source_url)
        if latest is not None:
            return latest.sha256 == sha256
        return any(sidecar.sha256 == sha256 for sidecar in self.all())


def land(
    site: Site, window: Window, run_id: str, on_batch: Callable[[Landed], None] = lambda _: None
) -> list[Landed]:
    """Fetch the window from the bound source and land what is new; the batches that are new.

    A batch is acknowledged to its source only when its bytes and sidecar are on disk. Bytes that
    landed before are not landed again.
    """
    _sweep(site)
    memory = SiteMemory(site)
    new: list[Landed] = []
    for batch in open_source(_filled_source(site), memory).fetch(window):
        item = _rest(site, batch, memory, run_id)
        if item is not None:
            new.append(item)
            on_batch(item)
        batch.acknowledge()
    return new


def landed(site: Site) -> list[Landed]:
    """Every batch of the dataset at rest in landing, oldest first."""
    return [item for item in remembered(site) if item.sidecar.removed_on is None]


def remembered(site: Site) -> list[Landed]:
    """The same with those whose bytes are gone since: their sidecars stay, oldest first."""
    paths = [path for path in site.store.find(_folder(site)) if path.endswith(_SIDECAR)]
    return sorted((_read(site, path) for path in paths), key=lambda item: item.batch)


def note(site: Site, item: Landed, sidecar: Sidecar) -> Landed:
    """The batch with another sidecar, which tells of it from now on."""
    site.store.write_json(_sidecar_path(item.url), dump(sidecar))
    return dataclasses.replace(item, sidecar=sidecar)


def _rest(site: Site, batch: Batch, memory: SiteMemory, run_id: str) -> Landed | None:
    fetched_at = dt.datetime.now(dt.UTC)
    path = f"{_folder(site)}/{fetched_at:%Y-%m-%d}/{fetched_at:%Y%m%dT%H%M%S%f}.{batch.format}"
    with batch.open() as source, site.store.write(path) as target:
        sha256, size = _copy(source, target)
    if memory.has(sha256, batch.source_url):
        site.store.remove(path)
        return None
    sidecar = Sidecar(
        sha256=sha256,
        source_url=batch.source_url,
        fetched_at=fetched_at,
        size=size,
        format=batch.format,
        run_id=run_id,
        headers=dict(batch.headers),
        cursor=batch.cursor,
    )
    site.store.write_json(_sidecar_path(path), dump(sidecar))
    item = Landed(site.municipality.number, site.contract.name, path, sidecar)
    memory.add(item)
    return item


def _sweep(site: Site) -> None:
    """Remove what killed runs left: private copies, and bytes without a sidecar after a day."""
    sweep_private()
    site.store.sweep(_folder(site), _DAY)
    paths = site.store.find(_folder(site))
    whole = {path.removesuffix(_SIDECAR) for path in paths if path.endswith(_SIDECAR)}
    latest = f"{dt.datetime.now(dt.UTC) - _DAY:%Y%m%dT%H%M%S%f}"
    for path in paths:
        stem = _sidecar_path(path).removesuffix(_SIDECAR)
        if not path.endswith(_SIDECAR) and stem not in whole and stem.rsplit("/", 1)[-1] < latest:
            site.store.remove(path)


def _copy(source: BinaryIO, target: BinaryIO) -> tuple[str, int]:
    digest = hashlib.sha256()
    size = 0
    while block := source.read(_BLOCK):
        digest.update(block)
        target.write(block)
        size += len(block)
    return digest.hexdigest(), size


def _filled_source(site: Site) -> Source:
    source = site.binding.source
    place = f"bindings.{site.contract.name}.source.url"
    url = filled(source.url, site.municipality.number, place)
    profile = bound_profile(site.contract, site.binding).model_dump(mode="json")
    return source.model_copy(update={"url": url, "profile": profile})


def _read(site: Site, path: str) -> Landed:
    sidecar = load(Sidecar, site.store.read_json(path))
    url = f"{path.removesuffix(_SIDECAR)}.{sidecar.format}"
    return Landed(site.municipality.number, site.contract.name, url, sidecar)


def _sidecar_path(path: str) -> str:
    return path.rsplit(".", 1)[0] + _SIDECAR


def _folder(site: Site) -> str:
    return f"landing/{site.contract.name}"
