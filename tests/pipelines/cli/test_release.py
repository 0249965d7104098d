from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import binding_document
from tests.pipelines.cli.region import APPROVAL, BASIS, GOOD, HEADER, Region, one_line


@pytest.fixture
def stocked(here: Region) -> Region:
    here.drop(HEADER + GOOD)
    here("run")
    return here


def test_what_is_approved_is_released(stocked: Region) -> None:
    result = stocked("release")
    assert result.exit_code == 0
    assert str(stocked.folder / "portal" / "index.html") in result.stdout
    assert (stocked.folder / "portal" / "index.html").is_file()


def test_a_program_reads_versions_and_pages(stocked: Region) -> None:
    [dataset] = stocked.document("release")["datasets"]
    assert dataset["release"]["rows"] == 2
    assert Path(dataset["page"]).is_file()
    [again] = stocked.document("release")["datasets"]
    assert again["release"]["version"] == dataset["release"]["version"]


def test_what_nobody_has_approved_is_left_out_unless_it_is_asked_for(stocked: Region) -> None:
    files = {"engine": "files", "url": f"{stocked.folder}/drop/*"}
    stocked.contract(name="levels")
    stocked.bind(stocked.source(), binding_document("levels", files, legal_basis=BASIS))
    assert len(stocked.document("release")["datasets"]) == 1
    assert "nobody has approved a release" in one_line(stocked("release", "-d", "levels"))


def test_one_that_fails_keeps_none_of_the_others_from_the_portal(stocked: Region) -> None:
    files = {"engine": "files", "url": f"{stocked.folder}/drop/*"}
    names = ("levels", "tides")
    for name in names:
        stocked.contract(name=name)
    bound = [binding_document(name, files, legal_basis=BASIS, release=APPROVAL) for name in names]
    stocked.bind(bound[0], stocked.source(), bound[1])
    result = stocked("release")
    lines = result.stderr.splitlines()
    assert [line.split(":")[0] for line in lines] == ["1103 levels", "1103 tides"]
    assert (stocked.folder / "portal/index.html").read_text("utf-8").count('class="card"') == 1


def test_a_start_page_that_cannot_be_written_is_one_line(stocked: Region) -> None:
    (stocked.folder / "portal/index.html").mkdir(parents=True)
    result = stocked("release")
    assert "index.html" in one_line(result)
    assert "1103 readings" in result.stdout


def test_a_run_of_nothing_new_brings_up_a_start_page_that_was_left_behind(
    stocked: Region,
) -> None:
    stocked("release")
    start = stocked.folder / "portal/index.html"
    whole = start.read_bytes()
    start.write_text("an older list")
    assert stocked("release").exit_code == 0
    assert start.read_bytes() == whole


def test_nothing_is_released_before_it_has_been_judged(here: Region) -> None:
    assert "1103 readings: no open receipt" in one_line(here("release"))
    assert not (here.folder / "portal").exists()


def test_a_portal_without_releases_is_one_line(here: Region) -> None:
    assert "nothing has been released here yet" in one_line(here("portal"))


def test_a_portal_that_is_no_folder_is_one_line(here: Region) -> None:
    words = {"nb": "Åpne data", "en": "Open data"}
    shown = {"root": "memory://portal", "title": words, "contact": "help@example.no"}
    here.change("network.yaml", portal=shown)
    assert "is no folder here" in one_line(here("portal"))


@contextlib.contextmanager
def served(here: Region, port: int) -> Iterator[subprocess.Popen[str]]:
    words = ["--network", str(here.files.network), "portal", "--port", str(port)]
    script = "from pipelines.cli import app; app()"
    process = subprocess.Popen(
        [sys.executable, "-c", script, *words],
        cwd=Path(__file__).parents[3],
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


@pytest.mark.live
def test_the_portal_is_served_until_it_is_interrupted(stocked: Region) -> None:
    stocked("release")
    port = free_port()
    with served(stocked, port) as process:
        assert process.stdout is not None
        assert f"http://127.0.0.1:{port}/" in process.stdout.readline()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=60) as page:
            assert b"Open data" in page.read() or page.status == 200
        process.send_signal(signal.SIGINT)
        assert process.wait(120) == 0
