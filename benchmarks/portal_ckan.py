"""A CKAN brought to 360 datasets and found up to date, beside the bare calls for the same state."""

from __future__ import annotations

import contextlib
import hashlib
import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Any

import requests
from ckanapi import RemoteCKAN

from benchmarks.figures import Figure, at_most, seen
from benchmarks.released import many, ready_pages
from benchmarks.stand import Stand, standing_ckan
from connectors.ckan.client import Ckan
from connectors.ckan.portal import CkanPortal
from connectors.ckan.resources import files_of
from connectors.ckan.views import wanted_views
from connectors.portal import Page

DATASETS = 360
MOST_TIMES = 1.3
MOST_SECONDS = 10.0
# as many as `datasjo release` has under way
AT_ONCE = 4
PARTS = 6
OURS, BARE = 2001, 4001
HOME = "https://data.example.no"
_READS = ("_show", "_list", "_search", "download")


@dataclass(slots=True)
class Bare:
    """The calls that make a dataset, as a careful script of one's own would make them."""

    stand: Stand
    made: Counter[str] = field(default_factory=Counter)

    def show(self, page: Page) -> None:
        """A dataset with its files and their views; each file that was sent is read back."""
        portal = CkanPortal(Ckan(self.stand["url"], self.stand["token"]), home=HOME)
        told = json.loads(portal.pages(page)["package.json"])
        with RemoteCKAN(self.stand["url"], apikey=self.stand["token"]) as remote:
            first = {key: told[key] for key in ("name", "title", "owner_org")}
            self._call(remote, "package_create", {**first, "state": "draft"})
            self._send(remote, page, told)
            self._read_back(remote, told["name"])
            for resource, view in _views(page, told):
                self._call(remote, "resource_view_create", {"resource_id": resource, **view})

    def _send(self, remote: RemoteCKAN, page: Page, told: dict[str, object]) -> None:
        with contextlib.ExitStack() as opened:
            files = {
                f"update__resources__{at}__upload": (
                    file.resource.name,
                    opened.enter_context(page.open(file.release, file.resource.name)),
                )
                for at, file in enumerate(files_of(page))
            }
            words = {"match": json.dumps({"name": told["name"]}), "update": json.dumps(told)}
            self._call(remote, "package_revise", words, files)

    def _read_back(self, remote: RemoteCKAN, name: str) -> None:
        for resource in self._call(remote, "package_show", {"id": name})["resources"]:
            self.made["download"] += 1
            own = {"Authorization": self.stand["token"]}
            answer = requests.get(resource["url"], headers=own, timeout=60)
            digest = hashlib.sha256(answer.content).hexdigest()
            if f"sha256:{digest}" != resource["hash"]:
                raise RuntimeError(f"{name}: a file was read back and is another")

    def _call(
        self, remote: RemoteCKAN, action: str, told: object, files: object | None = None
    ) -> Any:  # noqa: ANN401 - CKAN's own shapes
        self.made[action] += 1
        return remote.call_action(action, told, files=files)


class Counted(Ckan):
    """A CKAN whose calls are counted."""

    def __init__(self, stand: Stand) -> None:
        super().__init__(stand["url"], stand["token"])
        self.made: Counter[str] = Counter()
        self.turn = Lock()

    def _call(self, action: str, *told: object) -> object:
        with self.turn:
            self.made[action] += 1
        return super()._call(action, *told)  # type: ignore[arg-type]  # handed on as they came

    def _digest(self, *told: object) -> str:
        with self.turn:
            self.made["download"] += 1
        return super()._digest(*told)  # type: ignore[arg-type]  # handed on as they came


def measure(datasets: int = DATASETS) -> list[Figure]:
    """Seconds and calls of a first and a second synchronisation, and of the bare calls."""
    with TemporaryDirectory() as folder, standing_ckan() as stand:
        ready = ready_pages(Path(folder))
        ours, bare = (many(ready, datasets, first) for first in (OURS, BARE))
        _make_organisations(stand, ready)
        ckan, script = Counted(stand), Bare(stand)
        seconds = _first(CkanPortal(ckan, home=HOME), ours, script, bare)
        calls = (ckan.made.total() / datasets, script.made.total() / datasets)
        ckan.made.clear()
        again = _seconds(lambda: _show(CkanPortal(ckan, home=HOME), ours))
        writes = sum(count for name, count in ckan.made.items() if not name.endswith(_READS))
    what = f"CKAN of {datasets} datasets"
    return [
        at_most(f"{what}, first, against bare calls", seconds[0] / seconds[1], "times", MOST_TIMES),
        seen(f"{what}, first, a dataset", seconds[0] / datasets, "s"),
        seen(f"{what}, first, a dataset by bare calls", seconds[1] / datasets, "s"),
        seen(f"{what}, first, calls a dataset", calls[0], "calls"),
        seen(f"{what}, first, bare calls a dataset", calls[1], "calls"),
        at_most(f"{what}, second, writes", writes, "calls", 0),
        at_most(f"{what}, second", again, "s", MOST_SECONDS),
    ]


def _first(
    portal: CkanPortal, ours: Sequence[Page], script: Bare, bare: Sequence[Page]
) -> tuple[float, float]:
    """Seconds for all of ours and for the script's, a part of each in turn."""
    seconds = [0.0, 0.0]
    with portal.together() as held:
        for part in range(PARTS):
            for way, show, pages in ((0, held.publish, ours), (1, script.show, bare)):
                seconds[way] += _seconds(partial(_each, show, pages[part::PARTS]))
    return seconds[0], seconds[1]


def _show(portal: CkanPortal, pages: Iterable[Page]) -> None:
    with portal.together() as held:
        _each(held.publish, pages)


def _each(show: Callable[[Page], None], pages: Iterable[Page]) -> None:
    with ThreadPoolExecutor(AT_ONCE) as threads:
        list(threads.map(show, pages))


def _views(page: Page, told: dict[str, object]) -> list[tuple[str, dict[str, object]]]:
    resources = told["resources"]
    ids = {each["name"]: each["id"] for each in resources} if isinstance(resources, list) else {}
    return [
        (ids[file.resource.name], {"view_type": v.view_type, "title": v.title, **v.settings})
        for file in files_of(page)
        for v in wanted_views(page, file.resource, HOME)
    ]


def _make_organisations(stand: Stand, pages: Iterable[Page]) -> None:
    with RemoteCKAN(stand["url"], apikey=stand["token"]) as remote:
        for name in {page.approval.organisation for page in pages}:
            remote.action.organization_create(name=name)


def _seconds(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
