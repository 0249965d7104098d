"""Files as the sources drop them: which lines stand in which, and when each arrives."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pipelines.demo.planted import Planting, Seed, tally
from pipelines.demo.week import LATE_DAY, Wave, arrivals


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a file, the file's path below its municipality's, and what was planted in it."""

    file: str
    text: str
    seed: Seed


@dataclass(frozen=True, slots=True)
class Drop:
    """The files of one dataset of one municipality, both waves of them.

    `between` parts a line from the next one, as the comma does in JSON.
    """

    municipality: str
    dataset: str
    lines: tuple[Line, ...]
    header: str = ""
    footers: tuple[str, ...] = ()
    encoding: str = "utf-8"
    between: str = ""

    def write(self, folder: Path, wave: Wave) -> None:
        """Drop the wave's files below the folder; the first wave takes away the second's."""
        for file, lines in self._by_file().items():
            path = folder / self.municipality / file
            if lines[0].seed.arrives in arrivals(wave):
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(self._bytes(lines))
            elif wave == 1:
                path.unlink(missing_ok=True)

    def planting(self, wave: Wave) -> Planting:
        """What the files have shown, up to and including the wave."""
        last = LATE_DAY if wave > 1 else arrivals(wave)[-1]
        seeds = (line.seed for line in self.lines if line.seed.arrives <= last)
        return tally(self.municipality, self.dataset, seeds)

    def _by_file(self) -> dict[str, list[Line]]:
        files: defaultdict[str, list[Line]] = defaultdict(list)
        for line in self.lines:
            files[line.file].append(line)
        return files

    def _bytes(self, lines: Iterable[Line]) -> bytes:
        end = "\r\n" if self.header else "\n"
        header = [self.header] if self.header else []
        body = f"{self.between}{end}".join(line.text for line in lines)
        return "".join(f"{text}{end}" for text in (*header, body, *self.footers)).encode(
            self.encoding
        )


def arrival_file(folder: str, day: dt.date, kind: str) -> str:
    """The path of the file that holds what arrives on a day."""
    return f"{folder}/{day}.{kind}"
