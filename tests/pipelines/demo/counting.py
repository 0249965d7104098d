"""Counts what stands in the demo's sources from the bytes alone."""

from __future__ import annotations

import csv
import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pipelines.demo.planted import Planted

OSLO = ZoneInfo("Europe/Oslo")


@dataclass(frozen=True)
class Made:
    folder: Path
    planted: Planted

    def files(self, pattern: str) -> list[Path]:
        return sorted((self.folder / "sources").glob(pattern))


@dataclass(frozen=True)
class Uplink:
    file: Path
    document: dict[str, Any]

    @property
    def key(self) -> tuple[str, str]:
        message = self.document["uplink_message"]
        return self.document["end_device_ids"]["device_id"], message["received_at"]

    @property
    def day(self) -> date:
        heard = datetime.fromisoformat(self.key[1][:26] + "+00:00")
        return heard.astimezone(OSLO).date()

    @property
    def payload(self) -> dict[str, Any]:
        found: dict[str, Any] = self.document["uplink_message"].get("decoded_payload", {})
        return found


@cache
def texts(folder: Path, pattern: str) -> tuple[tuple[Path, str], ...]:
    paths = sorted((folder / "sources").glob(pattern))
    return tuple(
        (path, line) for path in paths for line in path.read_text(encoding="utf-8").splitlines()
    )


@cache
def uplinks(folder: Path, pattern: str) -> tuple[Uplink, ...]:
    whole = (pair for pair in texts(folder, pattern) if pair[1].endswith("}}"))
    return tuple(Uplink(path, json.loads(line)) for path, line in whole)


def csv_rows(made: Made, pattern: str, separator: str) -> list[tuple[Path, list[str]]]:
    found: list[tuple[Path, list[str]]] = []
    for path in made.files(pattern):
        _, *lines = path.read_text(encoding="cp1252").splitlines()
        found.extend((path, row) for row in csv.reader(lines, delimiter=separator))
    return found


def table(made: Made, municipality: str) -> list[dict[str, Any]]:
    path = made.folder / "sources" / municipality / "fagsystem.db"
    with closing(sqlite3.connect(path)) as database:
        database.row_factory = sqlite3.Row
        return [dict(row) for row in database.execute("select * from arbeidsordre")]
