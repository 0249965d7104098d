"""The media type of each format, as everybody is told it."""

from __future__ import annotations

from collections.abc import Mapping

from schemas.stages import FormatWord

MEDIA: Mapping[FormatWord, str] = {
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
    "geojson": "application/geo+json",
    "geoparquet": "application/vnd.apache.parquet",
}
