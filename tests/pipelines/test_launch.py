from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from pipelines.launch import up
from schemas.errors import ConfigurationError
from tests.pipelines.waterworks import Waterworks

ASSETS = "{assetNodes{assetKey{path} groupName}}"
UP = "from pathlib import Path; from pipelines.launch import up; up(Path({network!r}), {port})"
WITHIN_SECONDS = 180


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture
def shown(works: Waterworks) -> Iterator[tuple[subprocess.Popen[str], int]]:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-c", UP.format(network=str(works.network), port=port)],
        env={**os.environ, "DATASJO_VAR": str(works.folder / "var")},
        stdout=subprocess.PIPE,
        text=True,
    )
    yield process, port
    process.terminate()
    process.wait(timeout=WITHIN_SECONDS)


def asset_groups(port: int) -> set[str]:
    answer = httpx.post(
        f"http://127.0.0.1:{port}/graphql", json={"query": ASSETS}, timeout=WITHIN_SECONDS
    )
    return {node["groupName"] for node in answer.json()["data"]["assetNodes"]}


def awaited(ask: Callable[[], object]) -> object:
    """What is answered as soon as it is anything, or at last."""
    latest = time.monotonic() + WITHIN_SECONDS
    while not (found := ask()) and time.monotonic() < latest:
        time.sleep(0.2)
    return found


def processes_on(folder: Path) -> list[str]:
    """The processes of this machine whose environment names the folder."""
    environments = Path("/proc").glob("[0-9]*/environ")
    return [path.parent.name for path in environments if _names(path, str(folder).encode())]


def _names(environment: Path, word: bytes) -> bool:
    try:
        return word in environment.read_bytes()
    except OSError:
        return False


@pytest.mark.live
@pytest.mark.slow
def test_the_ui_opens_on_the_network_and_leaves_nothing_running(
    shown: tuple[subprocess.Popen[str], int], works: Waterworks
) -> None:
    process, port = shown
    assert process.stdout
    line = process.stdout.readline()
    assert line == f"Water level in Dagster: http://127.0.0.1:{port}  (Ctrl-C stops it)\n"
    assert awaited(lambda: asset_groups(port)) == {"Stavanger_1103/readings"}
    process.send_signal(signal.SIGINT)
    rest, _ = process.communicate(timeout=WITHIN_SECONDS)
    assert (process.returncode, rest) == (0, "")
    # what was killed may be going yet
    assert awaited(lambda: not processes_on(works.folder))


def test_a_port_that_is_taken_is_one_line(works: Waterworks) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ConfigurationError, match=f"port: {port} is taken"):
            up(works.network, port)


def test_a_network_that_is_wrong_is_said_before_anything_starts(works: Waterworks) -> None:
    works.rewrites("network.yaml", lambda network: network.pop("portal"))
    with pytest.raises(ConfigurationError, match=r"network\.yaml: portal: is missing"):
        up(works.network, free_port())
    assert not (works.folder / "var").exists()
