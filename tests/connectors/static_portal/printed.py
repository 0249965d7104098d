"""Reads code from a page of a portal, and runs it as it is printed."""

from __future__ import annotations

import subprocess
import sys
from html.parser import HTMLParser


class _Codes(HTMLParser):
    """Collects what stands in the page's blocks of code."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[str] = []
        self._within = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the base class names it
        if tag == "pre":
            self.blocks.append("")
            self._within = True

    def handle_endtag(self, tag: str) -> None:
        self._within = self._within and tag != "pre"

    def handle_data(self, data: str) -> None:
        if self._within:
            self.blocks[-1] += data


def codes_in(shown: str) -> list[str]:
    """What stands in the page's blocks of code, in order."""
    codes = _Codes()
    codes.feed(shown)
    return codes.blocks


def run(code: str, more: str = "") -> str:
    """What the code says, with more of it at its end; nothing may warn."""
    command = [sys.executable, "-W", "error", "-c", code + more]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=300).stdout
