"""GeoJSON by RFC 7946: each row a feature, its point in WGS 84, longitude first."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from pipelines.steps.publication.formats.form import Form, Rows, Shape
from pipelines.steps.publication.formats.place import LATITUDE, LONGITUDE
from pipelines.steps.publication.formats.records import MOST_ROWS, write_lines
from pipelines.steps.publication.formats.texts import as_texts, from_texts, text_schema

_POINT = {"type": pl.String(), "coordinates": pl.List(pl.Float64())}


def _write(portions: Rows, shape: Shape, path: Path) -> None:
    with path.open("wb") as stream:
        stream.write(b'{"type":"FeatureCollection","features":[')
        write_lines((_features(frame, shape) for frame in portions), stream)
        stream.write(b"\n]}\n")


def _features(frame: pl.DataFrame, shape: Shape) -> pl.DataFrame:
    point = pl.struct(
        pl.lit("Point").alias("type"), pl.concat_list(LONGITUDE, LATITUDE).alias("coordinates")
    )
    return as_texts(frame).select(
        pl.lit("Feature").alias("type"),
        pl.when(pl.col(LONGITUDE).is_not_null()).then(point).alias("geometry"),
        pl.struct(*shape.schema).alias("properties"),
    )


def _read(path: Path, shape: Shape) -> Iterator[pl.DataFrame]:
    feature = {
        "type": pl.String(),
        "geometry": pl.Struct(_POINT),
        "properties": pl.Struct(dict(text_schema(shape.schema))),
    }
    whole = pl.read_json(path, schema={"features": pl.List(pl.Struct(feature))})
    features = whole.explode("features", empty_as_null=False).unnest("features")
    coordinates = pl.col("geometry").struct.field("coordinates")
    rows = features.select(
        pl.col("properties").struct.unnest(),
        coordinates.list.get(0, null_on_oob=True).alias(LONGITUDE),
        coordinates.list.get(1, null_on_oob=True).alias(LATITUDE),
    )
    yield from_texts(rows, shape.schema)


FEATURES = Form("geojson", ".geojson", _write, _read, is_spatial=True, most_rows=MOST_ROWS)
