"""GeoParquet 1.1: Parquet with each row's point as WKB, in WGS 84, longitude first.

Source: https://geoparquet.org/releases/v1.1.0/
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.steps.publication.formats.columnar import arrow, batches
from pipelines.steps.publication.formats.form import Form, Rows, Shape
from pipelines.steps.publication.formats.place import LATITUDE, LONGITUDE
from schemas.stages import GEOMETRY

_POINT = np.dtype([("order", "u1"), ("kind", "<u4"), ("x", "<f8"), ("y", "<f8")])
_LITTLE, _IS_POINT = 1, 1


@dataclass(slots=True)
class _Box:
    """The least and greatest longitude and latitude so far."""

    low: list[float] = field(default_factory=lambda: [np.inf, np.inf])
    high: list[float] = field(default_factory=lambda: [-np.inf, -np.inf])

    def take(self, points: pl.DataFrame) -> None:
        for axis, name in enumerate((LONGITUDE, LATITUDE)):
            known = points[name].drop_nulls().to_numpy()
            self.low[axis] = float(known.min(initial=self.low[axis]))
            self.high[axis] = float(known.max(initial=self.high[axis]))

    def told(self) -> dict[str, list[float]]:
        return {"bbox": [*self.low, *self.high]} if self.low[0] <= self.high[0] else {}


def _write(portions: Rows, shape: Shape, path: Path) -> None:
    box = _Box()
    schema = arrow(pl.DataFrame(schema=shape.schema)).schema
    schema = schema.append(pa.field(GEOMETRY, pa.binary()))
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for frame in portions:
            box.take(frame)
            rows = arrow(frame.select(*shape.schema))
            writer.write_table(rows.append_column(schema.field(GEOMETRY), _points(frame)))
        writer.add_key_value_metadata({"geo": json.dumps(_told(box))})


def _told(box: _Box) -> dict[str, object]:
    # without a crs it is OGC:CRS84, which is what the points are in
    column: dict[str, object] = {"encoding": "WKB", "geometry_types": ["Point"], **box.told()}
    return {"version": "1.1.0", "primary_column": GEOMETRY, "columns": {GEOMETRY: column}}


def _points(frame: pl.DataFrame) -> pa.Array:
    points = np.zeros(frame.height, _POINT)
    points["order"], points["kind"] = _LITTLE, _IS_POINT
    points["x"], points["y"] = (frame[name].to_numpy() for name in (LONGITUDE, LATITUDE))
    missing = frame[LONGITUDE].is_null().to_numpy()
    ends = np.concatenate(([0], np.cumsum(np.where(missing, 0, _POINT.itemsize))))
    whole = pa.py_buffer(points[~missing].tobytes())
    mask = pa.array(~missing).buffers()[1]
    offsets = pa.py_buffer(ends.astype(np.int32))
    return pa.Array.from_buffers(pa.binary(), frame.height, [mask, offsets, whole])


def _read(path: Path, shape: Shape) -> Iterator[pl.DataFrame]:
    for batch in batches(path, [*shape.schema, GEOMETRY]):
        wkb = batch.column(GEOMETRY)
        known = wkb.drop_null().cast(pa.binary(_POINT.itemsize))
        points = np.frombuffer(known.buffers()[1], _POINT, len(known), known.offset)
        if (points["order"] != _LITTLE).any() or (points["kind"] != _IS_POINT).any():
            raise ValueError("holds geometry that is no point")
        places = np.full((2, len(wkb)), np.nan)
        places[:, wkb.is_valid().to_numpy(zero_copy_only=False)] = points["x"], points["y"]
        found = {LONGITUDE: places[0], LATITUDE: places[1]}
        yield pl.DataFrame(batch.drop_columns([GEOMETRY])).with_columns(
            pl.Series(name, axis).fill_nan(None) for name, axis in found.items()
        )


GEOPARQUET = Form("geoparquet", ".geo.parquet", _write, _read, is_spatial=True)
