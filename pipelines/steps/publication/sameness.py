"""Whether a file of a release holds the same values as its Parquet, cell by cell."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import fastexcel
import polars as pl
import pyarrow as pa

from pipelines.steps.publication.formats.columnar import COLUMNAR
from pipelines.steps.publication.formats.form import Form, Shape

ROWS, WHOLE = "rows", "the file"
_BROKEN = (pl.exceptions.PolarsError, pa.ArrowException, fastexcel.FastExcelError, OSError)


@dataclass(frozen=True, slots=True)
class Differing:
    """A column of a file, or its ROWS, and how many of them are not as in the Parquet.

    WHOLE stands for a file that cannot be read back as what it should be.
    """

    file: str
    column: str
    count: int

    def __str__(self) -> str:
        return f"{self.file}: {self.column} ({self.count})"


def differing(form: Form, file: Path, rows: Path, shape: Shape) -> tuple[Differing, ...]:
    """What the file gives otherwise than the Parquet `rows`, by column; nothing where all is equal.

    Memory holds a portion of each, and all of a file whose form is read whole.
    """
    expected = (form.expected(frame, shape) for frame in COLUMNAR.read(rows, shape))
    counts: dict[str, int] = {}
    try:
        for known, read in _paired(expected, form.read(file, shape)):
            for column, count in _unequal(known, read):
                counts[column] = counts.get(column, 0) + count
    except (*_BROKEN, ValueError):
        counts = {WHOLE: 1}
    return tuple(Differing(file.name, column, n) for column, n in counts.items() if n)


def _unequal(known: pl.DataFrame, read: pl.DataFrame) -> Iterator[tuple[str, int]]:
    yield ROWS, abs(known.height - read.height)
    height = min(known.height, read.height)
    for name, values in known.head(height).to_dict().items():
        given = read.to_dict().get(name)
        if given is None or given.dtype != values.dtype:
            yield name, known.height
        else:
            yield name, int(values.ne_missing(given.head(height)).sum())


def _paired(
    known: Iterable[pl.DataFrame], read: Iterable[pl.DataFrame]
) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    """Portions of the same rows from both sides; at last what one of them has more of."""
    sides = [_Side(iter(known)), _Side(iter(read))]
    while all(side.fill() for side in sides):
        height = min(side.frame.height for side in sides)
        yield sides[0].take(height), sides[1].take(height)
    for left, right in ((0, 1), (1, 0)):
        while sides[left].fill():
            rest = sides[left].take(sides[left].frame.height)
            yield (rest, rest.clear()) if left < right else (rest.clear(), rest)


@dataclass(slots=True)
class _Side:
    portions: Iterator[pl.DataFrame]
    frame: pl.DataFrame = field(default_factory=pl.DataFrame)

    def fill(self) -> bool:
        while self.frame.is_empty():
            following = next(self.portions, None)
            if following is None:
                return False
            self.frame = following
        return True

    def take(self, height: int) -> pl.DataFrame:
        taken, self.frame = self.frame.head(height), self.frame.slice(height)
        return taken
