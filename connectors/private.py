"""Folders for what must rest on this machine for a moment: a copy that is read, a text made anew.

Their name says which process made them, so that what a killed one left can be told and removed.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

_PREFIX = "datasjo-"
_NAMED = re.compile(rf"^{_PREFIX}([0-9]+)-")


@contextlib.contextmanager
def private_folder() -> Iterator[Path]:
    """A folder that nobody else can read, gone with the block."""
    with tempfile.TemporaryDirectory(prefix=f"{_PREFIX}{os.getpid()}-") as folder:
        yield Path(folder)


def sweep_private() -> int:
    """Remove the folders of processes that are no more; how many there were."""
    left = [path for path in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*") if _is_left(path)]
    for path in left:
        shutil.rmtree(path, ignore_errors=True)
    return len(left)


def _is_left(path: Path) -> bool:
    maker = _NAMED.match(path.name)
    return maker is not None and path.is_dir() and not _lives(int(maker[1]))


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
