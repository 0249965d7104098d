"""Separated values: encoding, header, footer, ragged rows; streamed in chunks of text."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from connectors.readers.layout import CHUNK_ROWS, Layout
from connectors.readers.text import as_utf8
from schemas.errors import ContractBroken
from schemas.source import Profile
from schemas.stages import EXCESS, LINE

_SEPARATORS = ",;\t|"
_MORE = "_more"
_SKIPPED = "_skipped"


def read_csv(path: Path, layout: Layout) -> Iterator[pl.DataFrame]:
    """The wanted columns as text, with LINE and EXCESS: the row has more cells than the header.

    Blank lines and the declared footer are no rows.

    Raises:
        ContractBroken: the bytes are not in the declared encoding, or the header changed.
    """
    with as_utf8(path, layout.profile, guess=True) as text:
        header, separator = _header(text, layout.profile)
        layout.require(header)
        try:
            yield from _chunks(text, layout, header, separator)
        except pl.exceptions.PolarsError as error:
            what = "is not UTF-8" if "utf-8" in str(error) else "is not readable CSV"
            raise ContractBroken(f"{what}: {type(error).__name__}") from None


def _chunks(
    path: Path, layout: Layout, header: list[str], separator: str
) -> Iterator[pl.DataFrame]:
    profile = layout.profile
    names = [f"{name}\0{at}" if name in header[:at] else name for at, name in enumerate(header)]
    rows = pl.scan_csv(
        path,
        has_header=False,
        skip_lines=profile.skip_rows + 1,
        schema=dict.fromkeys([*names, EXCESS, _MORE], pl.String()),
        missing_columns="insert",
        separator=separator,
        quote_char=profile.quote,
        null_values=list(profile.null_marks),
        truncate_ragged_lines=True,
        row_index_name=LINE,
    )
    known = layout.columns if layout.surprises != "discard_row" else tuple(names)
    unknown = [name for name in known if name not in layout.columns and not layout.ignores(name)]
    blank = pl.all_horizontal(pl.col(names).is_null())
    chosen = rows.select(
        *layout.columns,
        (pl.col(LINE) + 1).cast(pl.UInt64),
        pl.any_horizontal(_excess(profile), pl.col(_MORE, *unknown).is_not_null()).alias(EXCESS),
        (blank | _footer(names[0], profile)).alias(_SKIPPED),
    )
    for chunk in chosen.collect_batches(chunk_size=CHUNK_ROWS, maintain_order=True):
        skipped = chunk[_SKIPPED]
        yield (chunk.filter(~skipped) if skipped.any() else chunk).drop(_SKIPPED)


def _excess(profile: Profile) -> pl.Expr:
    tolerated = pl.col(EXCESS).is_in(list(profile.excess_marks))
    return pl.col(EXCESS).is_not_null() & ~tolerated


def _footer(first: str, profile: Profile) -> pl.Expr:
    starts = [pl.col(first).str.starts_with(text) for text in profile.footer_starts_with]
    return pl.any_horizontal(*starts).fill_null(value=False) if starts else pl.lit(value=False)


def _header(path: Path, profile: Profile) -> tuple[list[str], str]:
    with path.open(encoding="utf-8", errors="replace", newline="") as stream:
        for _ in range(profile.skip_rows):
            stream.readline()
        ended = stream.readline()
    line = ended.rstrip("\r\n")
    if ended.endswith("\r"):
        raise ContractBroken("ends its lines with CR alone")
    if not line:
        raise ContractBroken("is empty: there is no header")
    fallback = "\t" if profile.format == "tsv" else max(_SEPARATORS, key=line.count)
    separator = profile.separator or fallback
    cells = next(csv.reader([line], delimiter=separator, quotechar=profile.quote))
    return [cell.strip() for cell in cells], separator
