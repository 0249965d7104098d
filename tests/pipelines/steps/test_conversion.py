import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
import pytest

from pipelines.steps.conversion import Conversion, within_calendar
from schemas.contract import Field
from schemas.documents import parse
from schemas.source import FieldSource, Profile
from schemas.types import TypeWord
from tests.builders import contract, event, field, key

UTC = dt.UTC
_FIELDS = contract(
    key("k"),
    event(),
    *(
        field(f"a_{word}", word)
        for word in ("string", "integer", "number", "boolean", "date", "timestamp")
    ),
)


def of(word: TypeWord) -> Field:
    return _FIELDS.field(f"a_{word}")


def converted(
    word: TypeWord,
    values: Sequence[object] | pl.Series,
    profile: Mapping[str, object] | None = None,
    **source: object,
) -> list[Any]:
    given = parse(FieldSource, {"columns": ["a"], **source}, "test")
    conversion = Conversion(of(word), given, parse(Profile, profile or {}, "test"))
    chunk = pl.DataFrame({"a": values})
    found = chunk.select(conversion.value(chunk.schema)).to_series()
    assert not isinstance(found.dtype, pl.Datetime) or found.dtype.time_unit == "us"
    return found.to_list()


@pytest.mark.parametrize(
    ("word", "text", "value"),
    [
        ("string", " Å;1 ", " Å;1 "),
        ("integer", "42", 42),
        ("integer", " -7 ", -7),
        ("integer", "12.0", 12),
        ("integer", "1e3", 1000),
        ("integer", "9007199254740993", 9007199254740993),
        ("number", "21.5", 21.5),
        ("number", " -.5 ", -0.5),
        ("number", "1e-3", 0.001),
        ("boolean", "true", True),
        ("boolean", " JA ", True),
        ("boolean", "1", True),
        ("boolean", "Nei", False),
        ("boolean", "0", False),
        ("date", "2026-11-20", dt.date(2026, 11, 20)),
        ("timestamp", "2026-11-20T10:00:00Z", dt.datetime(2026, 11, 20, 10, tzinfo=UTC)),
        ("timestamp", "2026-11-20T10:00:00+02:00", dt.datetime(2026, 11, 20, 8, tzinfo=UTC)),
        (
            "timestamp",
            "2026-11-20T10:00:00.123456789Z",
            dt.datetime(2026, 11, 20, 10, 0, 0, 123456, tzinfo=UTC),
        ),
    ],
)
def test_a_text_becomes_the_value_that_it_means(word: TypeWord, text: str, value: object) -> None:
    assert converted(word, [text]) == [value]


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("integer", "1.5"),
        ("integer", "1,000"),
        ("integer", "x"),
        ("integer", "1e30"),
        ("integer", "nan"),
        ("number", "1,5"),
        ("number", "1 000"),
        ("number", "0x10"),
        ("boolean", "yes"),
        ("boolean", "2"),
        ("date", "20.11.2026"),
        ("date", "2026-02-30"),
        ("date", "2026-11-20T10:00:00Z"),
        ("timestamp", "2026-11-20T10:00:00"),
        ("timestamp", "2026-11-20"),
        ("timestamp", "2026-11-20T25:00:00Z"),
    ],
)
def test_a_text_that_is_no_such_value_becomes_null(word: TypeWord, text: str) -> None:
    assert converted(word, [text]) == [None]


@pytest.mark.parametrize("word", ["string", "integer", "number", "boolean", "date", "timestamp"])
def test_what_is_null_stays_null(word: TypeWord) -> None:
    assert converted(word, pl.Series([None], dtype=pl.String)) == [None]


def test_a_decimal_comma_and_thousands_are_understood_where_declared() -> None:
    norwegian = {"decimal": ",", "thousands": "\xa0"}
    texts = ["1\xa0034,50", "-0,5", "12", "1,2,3"]
    assert converted("number", texts, norwegian) == [1034.5, -0.5, 12.0, None]
    assert converted("integer", ["1\xa0034", "7,0", "7,5"], norwegian) == [1034, 7, None]
    assert converted("number", ["1.234", "1.234,5"], {"decimal": ","}) == [None, None]
    german = {"decimal": ",", "thousands": "."}
    assert converted("number", ["1.234,5"], german) == [1234.5]


def test_words_have_the_meaning_that_the_contract_gives_them() -> None:
    words: dict[str, object] = {"Fullt": 0, "Stengt": -1}
    assert converted("integer", ["12", "Fullt", "Stengt", "fullt"], words=words) == [
        12,
        0,
        -1,
        None,
    ]
    assert converted("boolean", ["J", "N", "x"], words={"J": True, "N": False}) == [
        True,
        False,
        None,
    ]
    assert converted("string", ["M", "K"], words={"M": "mann"}) == ["mann", "K"]


def test_words_may_be_written_as_numbers_in_a_typed_source() -> None:
    assert converted("boolean", [1, 2, 3], words={"1": True, "2": False}) == [True, False, None]
    assert converted("integer", [5, -99], words={"-99": 0}) == [5, 0]


def test_equality_with_a_word_is_a_truth() -> None:
    assert converted("boolean", ["Fullt", "12", None], equals="Fullt") == [True, False, None]
    assert converted("boolean", [7, 8], equals="7") == [True, False]


def test_a_scale_and_an_offset_are_applied_after_reading() -> None:
    assert converted("number", ["2730", "x"], scale=0.1, offset=-273.0) == [0.0, None]
    assert converted("number", ["1,5"], {"decimal": ","}, scale=1000) == [1500.0]
    assert converted("integer", ["7"], scale=0.5) == [4]
    assert converted("integer", [3], scale=60) == [180]


def test_a_scale_that_leaves_the_integers_gives_null_and_no_error() -> None:
    assert converted("integer", ["9000000000000000000"], scale=10) == [None]


@pytest.mark.parametrize(
    ("unit", "number"),
    [("s", 1_795_000_000), ("ms", 1_795_000_000_000), ("us", 1_795_000_000_000_000)],
)
def test_an_epoch_is_an_instant_in_its_unit(unit: str, number: int) -> None:
    instant = dt.datetime.fromtimestamp(1_795_000_000, UTC)
    assert converted("timestamp", [str(number), "x"], epoch=unit) == [instant, None]
    assert converted("timestamp", [number], epoch=unit) == [instant]


def test_a_source_that_goes_over_to_milliseconds_is_a_fault_and_no_distant_future() -> None:
    assert converted("timestamp", ["1795000000000", str(2**62)], epoch="s") == [None, None]


def test_the_first_of_several_formats_that_fits_is_used() -> None:
    formats = ["%d.%m.%Y", "%Y-%m-%d", "%d.%m.%y"]
    assert converted("date", ["20.11.2026", "2026-11-20", "20/11"], format=formats) == [
        dt.date(2026, 11, 20),
        dt.date(2026, 11, 20),
        None,
    ]
    walls = converted("timestamp", ["20.11.2026 10:00"], format=["%d.%m.%Y %H:%M"])
    assert walls == [dt.datetime(2026, 11, 20, 10)]  # noqa: DTZ001 - a wall time, not yet in a zone


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("20.11.2026 10:00:00Z", "%d.%m.%Y %H:%M:%SZ"),
        ("20.11.2026 12:00:00+0200", "%d.%m.%Y %H:%M:%S%z"),
    ],
)
def test_a_format_with_a_zone_gives_an_instant(text: str, form: str) -> None:
    assert converted("timestamp", [text], format=[form]) == [
        dt.datetime(2026, 11, 20, 10, tzinfo=UTC)
    ]


def test_several_columns_are_read_as_one_text() -> None:
    source = FieldSource(columns=("Dato", "Tid"), format=("%d.%m.%Y %H:%M",))
    conversion = Conversion(of("timestamp"), source, Profile())
    chunk = pl.DataFrame({"Dato": ["20.11.2026", "21.11.2026"], "Tid": ["10:00", None]})
    found = chunk.select(conversion.value(chunk.schema)).to_series().to_list()
    assert found == [dt.datetime(2026, 11, 20, 10), None]  # noqa: DTZ001 - a wall time


NOON = dt.datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("word", "values", "expected"),
    [
        ("integer", [1, 2], [1, 2]),
        ("integer", [1.0, 2.5, float("nan"), 1e30], [1, None, None, None]),
        ("integer", [True], [None]),
        ("number", [1, 2], [1.0, 2.0]),
        ("number", [1.5], [1.5]),
        ("boolean", [True, False], [True, False]),
        ("boolean", [0, 1, 2], [False, True, None]),
        ("string", [4012], ["4012"]),
        ("string", [True], ["true"]),
        ("date", [dt.date(2026, 11, 20)], [dt.date(2026, 11, 20)]),
        ("date", [20261120], [None]),
        ("timestamp", [NOON], [NOON]),
        ("timestamp", [20261120], [None]),
    ],
)
def test_a_typed_source_gives_the_same_as_its_text(
    word: TypeWord, values: list[object], expected: list[object]
) -> None:
    assert converted(word, values) == expected


def test_a_number_may_be_a_date_where_its_format_says_so() -> None:
    assert converted("date", [20261120], format=["%Y%m%d"]) == [dt.date(2026, 11, 20)]


def test_a_typed_instant_of_another_zone_or_unit_is_the_same_instant() -> None:
    oslo = pl.Series([NOON]).dt.convert_time_zone("Europe/Oslo").dt.cast_time_unit("ns")
    assert converted("timestamp", oslo) == [NOON]
    late = pl.Series([dt.datetime(2026, 11, 20, 23, 30, tzinfo=UTC)])
    assert converted("date", late, zone="Europe/Oslo") == [dt.date(2026, 11, 21)]


def test_a_typed_wall_time_and_a_typed_date_stay_wall_times() -> None:
    wall = dt.datetime(2026, 11, 20, 12)  # noqa: DTZ001 - a wall time
    assert converted("timestamp", [wall]) == [wall]
    midnight = dt.datetime(2026, 11, 20)  # noqa: DTZ001 - a wall time
    assert converted("timestamp", [dt.date(2026, 11, 20)]) == [midnight]


def test_a_year_beyond_the_calendar_is_no_date() -> None:
    far = pl.Series(["+12026-11-20", "2026-11-20", None]).str.to_date("%Y-%m-%d")
    assert within_calendar(far).to_list() == [None, dt.date(2026, 11, 20), None]


@pytest.mark.parametrize("word", ["integer", "number", "timestamp"])
def test_the_quick_way_never_gives_another_value(word: TypeWord) -> None:
    texts = [
        "2026-11-20T10:00:00Z",
        "2026-11-20T10:00:00.5Z",
        "2026-11-20T10:00:00.123456Z",
        "2026-11-20T10:00:00.1234567Z",
        "2026-11-20T10:00:60Z",
        "2026-11-20T24:00:00Z",
        "2026-11-20T10:00:00+02:00",
        "2026-11-20T10:00:00ZZ",
        "2026-11-20T10:00:00",
        "+2026-11-20T10:00:0Z",
        "1",
        "1.5",
        " 1",
        "1e3",
        "1,5",
        "nan",
        "inf",
        "-0",
        "+5",
        "x",
        "",
    ]
    for decimal in (".", ","):
        conversion = Conversion(
            of(word), FieldSource(columns=("a",)), Profile.model_validate({"decimal": decimal})
        )
        chunk = pl.DataFrame({"a": texts})
        quick = chunk.select(conversion.quick(chunk.schema)).to_series()
        value = chunk.select(conversion.value(chunk.schema)).to_series()
        found = quick.is_not_null()
        assert found.any()
        assert quick.filter(found).equals(value.filter(found))
