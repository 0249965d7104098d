"""How a source writes things down: file conventions, field conventions, and where it is reached."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from schemas.model import Filled, Strict, Word

Format = Literal["csv", "tsv", "xlsx", "json", "ndjson", "arrow"]
Fold = Literal["order_in_file", "earlier", "later", "reject"]
Surprises = Literal["evolve", "freeze", "discard_row", "discard_value"]


class Profile(Strict):
    """The conventions of a source's bytes. A binding may override a contract's, key by key."""

    format: Format = Field(default="csv", examples=["csv"])
    encoding: Literal["auto", "utf-8", "cp1252"] = "auto"
    separator: str | None = Field(default=None, min_length=1, max_length=1, examples=[";"])
    quote: str = Field(default='"', min_length=1, max_length=1)
    decimal: Literal[".", ","] = "."
    thousands: str = Field(default="", max_length=1, examples=[" "])
    null_marks: tuple[str, ...] = Field(default=("",), examples=[["", "-", ".."]])
    skip_rows: int = Field(default=0, ge=0, examples=[2])
    footer_starts_with: tuple[Filled, ...] = Field(default=(), examples=[["Data er gyldig"]])
    excess_marks: tuple[Filled, ...] = Field(
        default=(),
        description="Cells beyond the header that are no fault, such as unquoted decimals.",
        examples=[["00"]],
    )
    sheet: str | None = Field(default=None, examples=["Ark1"])
    records: str | None = Field(default=None, examples=["results"])
    zone: str = Field(default="UTC", examples=["Europe/Oslo"])
    fold: Fold = "reject"
    ignored: tuple[str, ...] = Field(
        default=(), examples=[["correlation_ids", "uplink_message.rx_metadata"]]
    )


class FieldSource(Strict):
    """How one field is written at the source, where that differs from the contract's terms."""

    columns: tuple[Filled, ...] = Field(default=(), examples=[["Dato", "Klokkeslett"]])
    format: tuple[Filled, ...] = Field(default=(), examples=[["%d.%m.%Y %H:%M"]])
    zone: str | None = Field(default=None, examples=["Europe/Oslo"])
    fold: Fold | None = Field(default=None, examples=["order_in_file"])
    words: dict[str, str | int | float | bool] = Field(default={}, examples=[{"Fullt": 0}])
    equals: str | None = Field(default=None, examples=["Fullt"])
    scale: float = Field(default=1.0, examples=[0.1])
    offset: float = Field(default=0.0, examples=[-273.15])
    epoch: Literal["s", "ms", "us"] | None = None


class Retries(Strict):
    """How often, and within which bounds, an unavailable source is asked again."""

    attempts: int = Field(default=4, ge=1, le=20)
    backoff_seconds: float = Field(default=0.5, ge=0)
    longest_wait_seconds: float = Field(default=60, ge=0)


class Paging(Strict):
    """How a REST source hands out its pages."""

    kind: Literal["none", "offset", "page", "next_link", "cursor"] = "none"
    start: str = Field(default="start", examples=["start"])
    size: str | None = Field(default=None, examples=["results"])
    page_size: int = Field(default=100, ge=1)
    first: int = 0
    total: str | None = Field(default=None, examples=["total_records"])
    next: str | None = Field(default=None, examples=["@iot.nextLink"])


class FilesSource(Strict):
    """Files dropped in a folder of any file system that fsspec knows."""

    engine: Literal["files"]
    url: Filled = Field(examples=["${DROP}/*.csv"])
    rename_when_done: str | None = Field(default=None, examples=[".done"])
    settle_seconds: float = Field(default=0, ge=0, examples=[60])
    options: dict[str, str | int | bool] = Field(default={}, examples=[{"username": "drop"}])
    profile: dict[str, object] = Field(default={}, examples=[{"separator": ";"}])
    fields: dict[Word, FieldSource] = Field(
        default={}, examples=[{"free_spaces": {"columns": ["Ledig"]}}]
    )


class HttpSource(Strict):
    """A REST source that answers JSON; `{from}` and `{to}` in params become the window's days."""

    engine: Literal["http_json"]
    url: Filled = Field(examples=["${AKTIV_KOMMUNE_URL}/bookingfrontend/buildings"])
    params: dict[str, str] = Field(default={}, examples=[{"start_date": "{from}"}])
    headers: dict[str, str] = Field(default={}, examples=[{"X-API-Key": "${NVE_KEY}"}])
    paging: Paging = Paging()
    retries: Retries = Retries()
    timeout_seconds: float = Field(default=30, gt=0)
    profile: dict[str, object] = Field(default={}, examples=[{"separator": ";"}])
    fields: dict[Word, FieldSource] = Field(
        default={}, examples=[{"free_spaces": {"columns": ["Ledig"]}}]
    )


class SqlSource(Strict):
    """A fagsystem's database, read by a query: new rows by cursor, or the difference by key."""

    engine: Literal["sql"]
    url: Filled = Field(examples=["${FAGSYSTEM_DB}"])
    query: Filled = Field(examples=["select * from work_order"])
    cursor: str | None = Field(default=None, examples=["updated_at"])
    key: tuple[Filled, ...] = Field(default=(), examples=[["order_id"]])
    timeout_seconds: float = Field(default=30, gt=0)
    profile: dict[str, object] = Field(default={}, examples=[{"separator": ";"}])
    fields: dict[Word, FieldSource] = Field(
        default={}, examples=[{"free_spaces": {"columns": ["Ledig"]}}]
    )


Source = Annotated[FilesSource | HttpSource | SqlSource, Field(discriminator="engine")]
