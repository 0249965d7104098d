"""dlt on the same inputs, in its own environment: `python dlt_peer.py csv|json SOURCE FOLDER`.

CSV goes its fastest route, Arrow batches; nested JSON the only one it has, dictionaries.
"""

from __future__ import annotations

import itertools
import json
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import dlt
import pyarrow as pa
import pyarrow.csv

JSON_ROWS = 60_000
_ARROW_BLOCK = 32 << 20


def batches(source: Path) -> Iterator[pa.RecordBatch]:
    """The file as Arrow record batches."""
    options = pyarrow.csv.ReadOptions(block_size=_ARROW_BLOCK)
    types = {"temperature": pa.string(), "observed_at": pa.timestamp("us", "UTC")}
    convert = pyarrow.csv.ConvertOptions(column_types=types)
    yield from pyarrow.csv.open_csv(source, options, convert_options=convert)


def records(source: Path) -> Iterator[list[dict[str, object]]]:
    """The first lines that are JSON, a thousand at a time."""
    with source.open() as stream:
        whole = (line for line in itertools.islice(stream, JSON_ROWS) if line.endswith("}\n"))
        while lines := list(itertools.islice(whole, 1000)):
            yield [json.loads(line) for line in lines if line.count("{") == line.count("}")]


def main(kind: str, source: Path, folder: Path) -> None:
    """Load the source into Parquet files and print seconds, rows and peak memory."""
    target = dlt.destinations.filesystem(bucket_url=str(folder / "out"))
    pipeline = dlt.pipeline(
        "peer", pipelines_dir=str(folder / "state"), destination=target, dataset_name="peer"
    )
    read = batches if kind == "csv" else records
    started = time.perf_counter()
    pipeline.run(dlt.resource(read(source), name="rows"), loader_file_format="parquet")
    seconds = time.perf_counter() - started
    rows = pipeline.last_trace.last_normalize_info.row_counts["rows"]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(json.dumps({"seconds": seconds, "rows": rows, "peak_gib": peak}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
