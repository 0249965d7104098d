"""Files beside a lake table that no present version of it holds."""

from __future__ import annotations

from connectors.lake import DataFile, LakeTable
from schemas.stages import DAY


def strays(table: LakeTable) -> tuple[DataFile, ...]:
    """What is staged and not committed, or replaced and not yet vacuumed; its rows are not told."""
    known = {file.path for file in table.snapshot().files}
    paths = (path.removeprefix(f"{table.folder}/") for path in table.store.find(table.folder))
    return tuple(
        DataFile(path, path.split("/")[0].removeprefix(f"{DAY}="), 0, 0)
        for path in paths
        if path.startswith(f"{DAY}=") and path.endswith(".parquet") and path not in known
    )
