from __future__ import annotations

import json

import pytest

from tests.docs.documents import blocks
from tests.docs.terminal import Terminal

pytestmark = pytest.mark.slow


def test_every_command_of_the_privacy_page_does_its_work(terminal: Terminal) -> None:
    terminal.follow(blocks("docs/privacy.md"))
    root = terminal.folder / "var/demo/roots/1108"
    newest = max((root / "erasure/tombstones").iterdir())
    stones = json.loads(newest.read_text(encoding="utf-8"))
    assert {stone["kind"] for stone in stones["stones"]} == {"national_id", "phone", "email"}
    actions = [path.read_text(encoding="utf-8") for path in root.glob("audit/**/*.json")]
    assert any('"erase"' in action for action in actions)
