"""The seam to file formats: rows written in portions, and read back in portions."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipelines.steps.publication.formats.place import Place
from schemas.stages import FormatWord, LeftOut

Rows = Iterable[pl.DataFrame]


@dataclass(frozen=True, slots=True)
class Shape:
    """What is written: the file's name, its columns, and where rows are, if that is known."""

    name: str
    schema: pl.Schema
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """A file format.

    `write` takes portions of rows in the shape's columns, and `read` gives them back as the file
    has them; those of a spatial form have the columns of a place too. `most_rows` and
    `longest_text`, in bytes of UTF-8, are what it is made for at most. Where it has no empty texts,
    they come back as null.
    """

    name: FormatWord
    suffix: str
    write: Callable[[Rows, Shape, Path], None]
    read: Callable[[Path, Shape], Iterator[pl.DataFrame]]
    is_spatial: bool = False
    most_rows: int | None = None
    longest_text: int | None = None
    has_empty_texts: bool = True

    def path(self, shape: Shape, folder: Path) -> Path:
        """The file of that shape in the folder."""
        return folder / f"{shape.name}{self.suffix}"

    def left_out(self, rows: int, longest: int) -> LeftOut | None:
        """Why so many rows, with a text that long, are not written; None where they are."""
        if self.most_rows is not None and rows > self.most_rows:
            return LeftOut(self.name, "rows", self.most_rows)
        if self.longest_text is not None and longest > self.longest_text:
            return LeftOut(self.name, "text", self.longest_text)
        return None

    def located(self, frame: pl.DataFrame, shape: Shape) -> pl.DataFrame:
        """The rows as the form holds them: a spatial one's with the columns of a place."""
        return shape.place.located(frame) if self.is_spatial and shape.place else frame

    def expected(self, frame: pl.DataFrame, shape: Shape) -> pl.DataFrame:
        """The rows as reading the file must give them back."""
        if not self.has_empty_texts:
            text = pl.col(pl.String)
            frame = frame.with_columns(pl.when(text != "").then(text).name.keep())
        return self.located(frame, shape)
