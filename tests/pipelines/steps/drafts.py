"""Drafts of releases in a folder, for the tests of what is proved of them."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from pipelines.steps.proof import Draft


def draft(folder: Path, rows: pl.DataFrame, **pages: bytes) -> Draft:
    """A draft of these rows as Parquet, with those pages."""
    folder.mkdir(exist_ok=True)
    path = folder / "rows.parquet"
    rows.write_parquet(path)
    return Draft(files=(path,), rows=path, pages=lambda: pages)
