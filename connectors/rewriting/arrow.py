"""An Arrow stream without some of its rows; its columns, types and batches stay."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

import numpy as np
import pyarrow as pa

from connectors.rewriting.gone import Gone
from schemas.errors import ContractBroken


def without_batch_rows(source: Path, target: BinaryIO, gone: Gone) -> None:
    """The stream without those rows, compressed as one that a database gave.

    Raises:
        ContractBroken: it is no Arrow stream.
    """
    wanted = np.array(sorted(gone.lines), dtype=np.int64)
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    sink, first = pa.PythonFile(target, mode="w"), 1
    try:
        with (
            pa.OSFile(str(source)) as file,
            pa.ipc.open_stream(file) as reader,
            pa.ipc.new_stream(sink, reader.schema, options=options) as to,
        ):
            for batch in reader:
                numbers = np.arange(first, first + batch.num_rows)
                to.write_batch(batch.filter(pa.array(~np.isin(numbers, wanted))))
                first += batch.num_rows
    except pa.ArrowException as error:
        raise ContractBroken(f"is not a readable Arrow stream: {type(error).__name__}") from None
