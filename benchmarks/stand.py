"""A real CKAN of one's own, for as long as a block runs."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypedDict

PROGRAM = Path(__file__).resolve().parents[1] / "deploy" / "ckan" / "stand.py"


class Stand(TypedDict):
    """Where a CKAN answers, its administrator's token, and the address of its DataStore."""

    url: str
    token: str
    datastore: str


@contextmanager
def standing_ckan() -> Iterator[Stand]:
    """A CKAN with its servers, started for the block and ended after it."""
    command = [sys.executable, "-W", "ignore", str(PROGRAM)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        try:
            if process.stdout is None:
                raise RuntimeError("it tells nothing")
            stand: Stand = json.loads(process.stdout.readline())
            yield stand
        finally:
            process.terminate()
