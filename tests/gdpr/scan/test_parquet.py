from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdpr.scan import pages
from gdpr.scan.findings import Sought, Tally
from gdpr.scan.pages import hidden
from gdpr.scan.parquet import scan_parquet
from tests.gdpr.scan.files import PERSON, kinds, parquet, unreferenced

NUMBER = int(PERSON)
CODECS = ["zstd", "snappy", "gzip", "brotli", "lz4", "none"]


def polars_parquet(frame: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.write_parquet(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("version", ["1.0", "2.0"])
def test_every_codec_and_page_version_is_read(codec: str, version: str) -> None:
    table = pa.table({"a": [PERSON, "x"], "b": [1, 2]})
    content = parquet(table, compression=codec, data_page_version=version)
    assert set(kinds(content, "a.parquet")) == {"person number"}
    clean = parquet(table.slice(1), compression=codec, data_page_version=version)
    assert kinds(clean, "a.parquet") == {}


@pytest.mark.parametrize("codec", CODECS)
def test_an_entry_that_no_row_refers_to_is_found(codec: str) -> None:
    values = pa.DictionaryArray.from_arrays(pa.array([0, 0]), pa.array(["x", "y" * 48, PERSON]))
    content = parquet(pa.table({"a": values}), write_statistics=False, compression=codec)
    assert kinds(content, "a.parquet") == {"person number": 1}


NESTED = {
    "list": [["x"], [PERSON]],
    "struct": [{"q": NUMBER, "at": dt.date(2026, 1, 1)}],
    "list_of_structs": [[{"q": [PERSON]}]],
    "binary": [PERSON.encode(), None],
    "decimal": [Decimal(PERSON)],
    "number": [NUMBER + 0.0],
}


@pytest.mark.parametrize("name", NESTED)
def test_values_of_every_shape_are_scanned(name: str) -> None:
    content = polars_parquet(pl.DataFrame({name: NESTED[name]}))
    assert set(kinds(content, "a.parquet")) == {"person number"}


def test_arrays_and_categories_are_scanned() -> None:
    frame = pl.DataFrame(
        {"a": pl.Series([[NUMBER]], dtype=pl.Array(pl.Int64, 1))},
    )
    assert set(kinds(polars_parquet(frame), "a.parquet")) == {"person number"}
    frame = pl.DataFrame({"a": pl.Series([PERSON], dtype=pl.Categorical)})
    assert set(kinds(polars_parquet(frame), "a.parquet")) == {"person number"}


def test_every_row_of_a_repeated_text_is_counted() -> None:
    content = parquet(pa.table({"a": [PERSON] * 7 + ["x"]}))
    assert kinds(content, "a.parquet") == {"person number": 7}


def test_a_lost_nought_among_texts_is_weighed_as_anywhere() -> None:
    one = parquet(pa.table({"a": ["7843330287"]}), write_statistics=False)
    assert kinds(one, "a.parquet") == {"person number": 1}
    others = [f"784330{number:04}" for number in range(1, 200)]
    assert kinds(parquet(pa.table({"a": others}), use_dictionary=False), "a.parquet") == {}


def test_open_values_have_no_findings() -> None:
    at = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
    frame = pl.DataFrame(
        {
            "at": [at + dt.timedelta(minutes=n) for n in range(5000)],
            "day": [at.date()] * 5000,
            "free": [n % 997 for n in range(5000)],
            "full": [n % 3 == 0 for n in range(5000)],
            "lat": [58.97 + n / 1e7 for n in range(5000)],
            "epoch": [1_700_000_000 + n for n in range(5000)],
            "name": [f"Park {n % 7}" for n in range(5000)],
            "none": [None] * 5000,
        }
    )
    assert kinds(polars_parquet(frame), "a.parquet") == {}
    table = frame.drop("none").to_arrow(compat_level=pl.CompatLevel.oldest())
    assert kinds(parquet(table, row_group_size=1000), "a.parquet") == {}


def test_bytes_that_no_page_tells_of_are_a_finding() -> None:
    content = parquet(pa.table({"a": ["x"]}))
    length = int.from_bytes(content[-8:-4], "little")
    at = len(content) - 8 - length
    stuffed = content[:at] + b"left " + PERSON.encode() + content[at:]
    assert kinds(stuffed, "a.parquet") == {"unaccounted bytes": 16, "person number": 1}


def test_a_bloom_filter_is_a_finding() -> None:
    content = parquet(
        pa.table({"a": ["x", "y"]}), bloom_filter_options={"a": {"ndv": 10, "fpp": 0.1}}
    )
    assert kinds(content, "a.parquet") == {"bloom filter": 1}


def test_values_of_one_length_are_scanned_in_dictionaries_too() -> None:
    values = pa.array([PERSON.encode()], pa.binary(11))
    content = parquet(pa.table({"a": values}), write_statistics=False)
    lines = [line for found in hidden(io.BytesIO(content)) for line in found.lines]
    assert PERSON.encode() in lines


def test_the_statistics_of_a_number_are_read_as_numbers() -> None:
    content = parquet(pa.table({"a": [1, NUMBER]}), use_dictionary=False)
    parts = [found.numbers for found in hidden(io.BytesIO(content))]
    assert NUMBER in [int(number) for part in parts for numbers in part for number in numbers]


WHOLE = unreferenced(PERSON)


@given(
    at=st.integers(0, len(WHOLE) - 1),
    byte=st.integers(0, 255),
    cut=st.sampled_from([0, 0, 1, 9, 200]),
)
def test_a_damaged_file_is_read_or_is_a_finding(at: int, byte: int, cut: int) -> None:
    damaged = WHOLE[:at] + bytes([byte]) + WHOLE[at + 1 : len(WHOLE) - cut]
    assert set(kinds(damaged, "a.parquet")) <= {
        "person number",
        "not readable",
        "unaccounted bytes",
    }


@pytest.mark.parametrize("header", ["15 00 25 09 00", "15 00 25 08"])
def test_pages_that_are_not_where_the_footer_says_cannot_be_read(header: str) -> None:
    data = bytes.fromhex(header)
    walk = pages._Walk(io.BytesIO(data), len(data))
    with pytest.raises(ValueError, match=r"page|end"):
        walk._pages({1: 1}, pages._Span(0, 4000))


def test_a_place_outside_the_file_cannot_be_read() -> None:
    with pytest.raises(ValueError, match="beginning"):
        pages._at(io.BytesIO(b"abc"), pages._Span(-1, 2))
    with pytest.raises(ValueError, match="ends too early"):
        pages._at(io.BytesIO(b"abc"), pages._Span(0, 4))


def test_bytes_that_are_no_whole_numbers_are_read_as_none() -> None:
    walk = pages._Walk(io.BytesIO(b""), 0)
    walk._numbers([b"abc", NUMBER.to_bytes(8, "little")], 2)
    assert [list(numbers) for numbers in walk.found.numbers] == [[NUMBER]]


def test_a_codec_that_is_not_known_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gdpr.scan.pages._CODECS", {})
    with pytest.raises(ValueError, match="dictionary"):
        scan_parquet(io.BytesIO(unreferenced("x")), Sought(), Tally())


def test_a_file_whose_columns_have_no_rows_is_read() -> None:
    columns = {"a": pa.array([], pa.string()), "b": pa.array([], pa.float64())}
    empty, stream = pa.table(columns), io.BytesIO()
    with pq.ParquetWriter(stream, empty.schema) as writer:
        writer.write_table(empty)
    tally = Tally()
    scan_parquet(stream, Sought(), tally)
    assert tally == Tally()
