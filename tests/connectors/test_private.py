from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from connectors import private
from connectors.private import private_folder, sweep_private

_KILLED = """
import os, signal
from connectors.private import private_folder
with private_folder() as folder:
    (folder / "text").write_text("somebody")
    print(folder, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_a_private_folder_is_its_makers_alone_and_goes_with_the_block(temporary: Path) -> None:
    with private_folder() as folder:
        assert folder.parent == temporary
        assert folder.stat().st_mode & 0o077 == 0
    assert not folder.exists()


def test_what_a_killed_process_left_is_swept(temporary: Path) -> None:
    environment = os.environ | {"TMPDIR": str(temporary)}
    command = [sys.executable, "-c", _KILLED]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    left = Path(done.stdout.strip())
    assert (left / "text").exists()
    assert sweep_private() == 1
    assert not left.exists()


def test_what_is_in_use_or_somebody_elses_stays(
    temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (temporary / "datasjo-notes").mkdir()
    (temporary / "datasjo-1-file").write_text("a file")
    with private_folder() as folder:
        assert sweep_private() == 0
        assert folder.exists()

        def refused(*_: object) -> None:
            raise PermissionError

        monkeypatch.setattr(private.os, "kill", refused)
        assert sweep_private() == 0
