"""A folder to start from nothing in, and the names that a network's files are filled in with."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from pipelines.instance import var_folder
from schemas.catalog import Catalog
from schemas.errors import ConfigurationError, Problem

_OURS = ("sources", "keys", "roots", "portal")
_MARK = ".made-by-datasjo"


def fresh_folder(catalog: Catalog) -> Path:
    """The network's folder of files on this host, without sources, keys, roots and portal.

    Raises:
        ConfigurationError: DATASJO_VAR names a folder in which others keep files.
    """
    folder = var_folder(catalog)
    if "DATASJO_VAR" in os.environ and not _is_ours(folder):
        what = f"{folder} holds files that were not made here, and they would be removed"
        problem = Problem("environment", "DATASJO_VAR", what, "an empty folder")
        raise ConfigurationError([problem])
    for name in _OURS:
        if (folder / name).exists():
            shutil.rmtree(folder / name)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _MARK).touch()
    return folder


@contextlib.contextmanager
def environment(**names: str) -> Iterator[None]:
    """The names set in the environment for the block's time."""
    before = {name: os.environ.get(name) for name in names}
    os.environ.update(names)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


def _is_ours(folder: Path) -> bool:
    return not folder.is_dir() or (folder / _MARK).exists() or not any(folder.iterdir())
