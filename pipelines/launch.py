"""The Dagster UI and its daemon, as processes of their own for as long as a person looks."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import typer

from pipelines.instance import run_environment
from pipelines.record import opened_record
from pipelines.steps.site import open_network
from pipelines.untold import tell
from schemas.errors import ConfigurationError, DatasjoError, Problem

_HOST = "127.0.0.1"
_STARTS_WITHIN_SECONDS = 180
_STOPS_WITHIN_SECONDS = 60
_LOOKS_EACH_SECONDS = 0.5


def up(network_file: Path, port: int) -> None:
    """Show the network in the Dagster UI on that port of this host, until interrupted.

    Days that were brought into a lake without Dagster are shown as well.

    Raises:
        ConfigurationError: a file of the network is wrong, or the port is taken.
        DatasjoError: Dagster ended by itself, or never answered.
    """
    catalog = open_network(network_file)
    _require_free(port)
    told = run_environment(network_file, catalog)
    with opened_record(told) as instance:
        tell(instance, catalog)
    with (
        contextlib.suppress(KeyboardInterrupt),
        _interruptible(),
        _dagster(told, port) as dagster,
    ):
        dagster.await_answer()
        typer.echo(f"{catalog.network.name.en} in Dagster: {dagster.address}  (Ctrl-C stops it)")
        dagster.process.wait()
        raise dagster.ended()


@dataclass(frozen=True, slots=True)
class _Dagster:
    process: subprocess.Popen[bytes]
    port: int
    log: Path

    @property
    def address(self) -> str:
        return f"http://{_HOST}:{self.port}"

    def await_answer(self) -> None:
        latest = time.monotonic() + _STARTS_WITHIN_SECONDS
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > latest:
                raise self.ended()
            time.sleep(_LOOKS_EACH_SECONDS)

    def ended(self) -> DatasjoError:
        return DatasjoError(f"Dagster ended by itself; what it said stands in {self.log}")

    def stop(self) -> None:
        # to all of them, as a terminal would: a run that is under way ends as cancelled
        self._signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(_STOPS_WITHIN_SECONDS)
        self._signal(signal.SIGKILL)
        self.process.wait()

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection(_HOST, self.port, timeout=5)
        with contextlib.closing(connection), contextlib.suppress(OSError):
            connection.request("GET", "/server_info")
            return connection.getresponse().status == http.HTTPStatus.OK
        return False


@contextlib.contextmanager
def _dagster(told: Mapping[str, str], port: int) -> Iterator[_Dagster]:
    log = Path(told["DAGSTER_HOME"], "dagster.log")
    at = ["--host", _HOST, "--port", str(port), "--log-level", "warning"]
    with log.open("wb") as stream:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter, words of ours
            [sys.executable, "-m", "dagster", "dev", "--module-name", "pipelines.definitions", *at],
            env={**os.environ, **told},
            stdout=stream,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    dagster = _Dagster(process, port, log)
    try:
        yield dagster
    finally:
        dagster.stop()


@contextlib.contextmanager
def _interruptible() -> Iterator[None]:
    """Within the block, Ctrl-C interrupts, also where it was ignored; being told to end as well."""
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, signal.default_int_handler) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


def _require_free(port: int) -> None:
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((_HOST, port))
        except OSError:
            problem = Problem("datasjo up", "port", f"{port} is taken", f"--port {port + 1}")
            raise ConfigurationError([problem]) from None
