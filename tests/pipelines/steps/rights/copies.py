"""Older copies of a root's folders, and something that is logged after them."""

from __future__ import annotations

import shutil
from pathlib import Path

from gdpr.chain import Event
from tests.pipelines.steps.rights.visits import NOW

READ = Event(at=NOW, who="1108", action="read", dataset="visits", rows=2)


class Copies:
    """Older copies of folders of a root, and the way back to them."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._kept = root.with_name("kept")
        shutil.copytree(root, self._kept)

    def put_back(self, *folders: str) -> None:
        for folder in folders:
            shutil.rmtree(self._root / folder, ignore_errors=True)
            if (self._kept / folder).exists():
                shutil.copytree(self._kept / folder, self._root / folder)
