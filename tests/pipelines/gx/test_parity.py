"""The verdicts and counts of the Polars engine are those of Great Expectations' pandas engine."""

import datetime as dt
from itertools import pairwise

import great_expectations as gx
import great_expectations.expectations as gxe
import pandas as pd
import polars as pl
import pytest
from great_expectations.core.expectation_validation_result import ExpectationValidationResult
from great_expectations.execution_engine import PandasExecutionEngine
from great_expectations.expectations.expectation import Expectation
from great_expectations.expectations.row_conditions import Column
from great_expectations.validator.validator import Validator
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from pipelines.steps.gx.judge import judge_frame

# Great Expectations reads Series.values of instants, which pandas 3.1 will change
pytestmark = pytest.mark.filterwarnings("ignore:Series.values returning an ndarray that drops")

SCHEMA = {
    "level": pl.Float64(),
    "count": pl.Int64(),
    "name": pl.String(),
    "seen_at": pl.Datetime("us", "UTC"),
    "sent_at": pl.Datetime("us", "UTC"),
}
COUNTS = (
    "element_count",
    "unexpected_count",
    "unexpected_percent",
    "missing_count",
    "missing_percent",
    "unexpected_percent_total",
    "unexpected_percent_nonmissing",
)
NOON = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)

flags = st.booleans()
shares = st.sampled_from([0.0, 1 / 3, 0.5, 2 / 3, 0.9, 1.0])
numbers = st.sampled_from([-2, 0, 1.5, 3])
instants = st.integers(-3, 3).map(lambda hours: NOON + dt.timedelta(hours=hours))
levels = st.sampled_from([0.0, -0.0, float("nan"), 1.5]) | st.floats(-9, 9)
rows = st.fixed_dictionaries(
    {
        "level": st.none() | levels,
        "count": st.none() | st.integers(-3, 3),
        "name": st.none() | st.sampled_from(["", "a", "ab", "æøå", "A1", "nan"]),
        "seen_at": st.none() | instants,
        "sent_at": st.none() | instants,
    }
)
frames = st.lists(rows, max_size=9).map(lambda drawn: pl.DataFrame(drawn, schema=SCHEMA))
wheres = st.sampled_from(
    [
        None,
        Column("level") > 1,
        Column("count") != 1,
        Column("name").is_in(["a", "ab"]),
        Column("name").is_not_in(["a", "ab"]),
        Column("seen_at").is_null(),
        (Column("count") >= 0) & Column("level").is_not_null(),
        (Column("count") < 0) | (Column("name") == "a"),
    ]
)


@st.composite
def limits(draw: st.DrawFn, bounds: st.SearchStrategy[object]) -> dict[str, object]:
    low, high = sorted(draw(st.tuples(bounds, bounds)))
    kept = draw(st.sampled_from([{"min_value"}, {"max_value"}, {"min_value", "max_value"}]))
    return {
        "strict_min": draw(flags),
        "strict_max": draw(flags),
        **{name: low if name == "min_value" else high for name in kept},
    }


@st.composite
def row_rules(draw: st.DrawFn) -> list[Expectation]:
    mostly, where = draw(shares), draw(wheres)
    shared = {"mostly": mostly, "row_condition": where}
    number, instant, length = draw(limits(numbers)), draw(limits(instants)), draw(limits(numbers))
    return [
        gxe.ExpectColumnValuesToNotBeNull(column="level", **shared),
        gxe.ExpectColumnValuesToBeNull(column="name", **shared),
        gxe.ExpectColumnValuesToBeBetween(column="level", **number, **shared),
        gxe.ExpectColumnValuesToBeBetween(column="count", **number, **shared),
        gxe.ExpectColumnValuesToBeBetween(column="seen_at", **instant, **shared),
        gxe.ExpectColumnValuesToMatchRegex(column="name", regex="^[a-z]+$", **shared),
        gxe.ExpectColumnValuesToNotMatchRegex(column="name", regex="1", **shared),
        gxe.ExpectColumnValuesToBeInSet(column="name", value_set=["a", "", "no"], **shared),
        gxe.ExpectColumnValuesToBeInSet(column="count", value_set=[1, -1.0, 2.5], **shared),
        gxe.ExpectColumnValuesToNotBeInSet(column="level", value_set=[0, 1.5], **shared),
        gxe.ExpectColumnValueLengthsToBeBetween(column="name", **length, **shared),
        gxe.ExpectColumnValueLengthsToEqual(column="name", value=3, **shared),
    ]


@st.composite
def key_rules(draw: st.DrawFn) -> list[Expectation]:
    shared = {"mostly": draw(shares), "row_condition": draw(wheres)}
    several = draw(st.sampled_from(["all_values_are_missing", "any_value_is_missing", "never"]))
    both = draw(st.sampled_from(["both_values_are_missing", "either_value_is_missing", "neither"]))
    return [
        *(gxe.ExpectColumnValuesToBeUnique(column=name, **shared) for name in SCHEMA),
        gxe.ExpectCompoundColumnsToBeUnique(
            column_list=["name", "level"], ignore_row_if=several, **shared
        ),
        gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A="sent_at",
            column_B="seen_at",
            or_equal=draw(flags),
            ignore_row_if=both,
            **shared,
        ),
    ]


@st.composite
def table_rules(draw: st.DrawFn) -> list[Expectation]:
    number = draw(limits(numbers))
    where = {"row_condition": draw(wheres)}
    share = {"min_value": draw(shares), "strict_min": draw(flags)}
    return [
        gxe.ExpectTableRowCountToBeBetween(min_value=draw(st.integers(0, 9)), **where),
        gxe.ExpectTableRowCountToEqual(value=draw(st.integers(0, 9)), **where),
        gxe.ExpectTableColumnsToMatchSet(column_set=list(SCHEMA), exact_match=draw(flags)),
        gxe.ExpectTableColumnsToMatchSet(column_set=["name"], exact_match=draw(flags)),
        gxe.ExpectTableColumnsToMatchOrderedList(column_list=list(SCHEMA)),
        gxe.ExpectTableColumnCountToEqual(value=draw(st.integers(4, 6))),
        gxe.ExpectColumnToExist(column=draw(st.sampled_from(["name", "nowhere"]))),
        gxe.ExpectColumnMinToBeBetween(column="level", **number, **where),
        gxe.ExpectColumnMaxToBeBetween(column="count", **number, **where),
        gxe.ExpectColumnMeanToBeBetween(column="level", **number, **where),
        gxe.ExpectColumnSumToBeBetween(column="count", **number, **where),
        gxe.ExpectColumnMaxToBeBetween(column="seen_at", **draw(limits(instants)), **where),
        gxe.ExpectColumnProportionOfNonNullValuesToBeBetween(column="level", **share, **where),
    ]


def in_pandas(frame: pl.DataFrame, rules: list[Expectation]) -> list[ExpectationValidationResult]:
    engine = PandasExecutionEngine()
    engine.load_batch_data("table", frame.to_pandas())
    validator = Validator(execution_engine=engine)
    validator.metrics_calculator.show_progress_bars = False
    return validator.graph_validate(
        [rule.configuration for rule in rules],
        {"catch_exceptions": False, "result_format": "SUMMARY"},
    )


def cut(frame: pl.DataFrame, places: list[int]) -> list[pl.LazyFrame]:
    edges = sorted({0, frame.height, *(place for place in places if place <= frame.height)})
    parts = [frame[start:stop].lazy() for start, stop in pairwise(edges)]
    return parts or [frame.lazy()]


def agree(parts: list[pl.LazyFrame], frame: pl.DataFrame, rules: list[Expectation]) -> None:
    suite = gx.ExpectationSuite(name="parity", expectations=rules)
    ours = judge_frame(parts, suite, "SUMMARY").results
    verdicts = judge_frame(parts, suite, "BOOLEAN_ONLY").results
    theirs = in_pandas(frame, rules)
    assert len(ours) == len(theirs) == len(rules)
    for mine, bare, other in zip(ours, verdicts, theirs, strict=True):
        rule = other.expectation_config
        assert mine.expectation_config == rule
        assert mine.success is bare.success is other.success, rule
        assert {key: mine.result.get(key) for key in COUNTS} == {
            key: other.result.get(key) for key in COUNTS
        }, rule
        assert bare.result == {}
        assert not mine.result.get("partial_unexpected_list")
        observed = other.result.get("observed_value")
        expected = pytest.approx(observed) if isinstance(observed, float) else observed
        assert mine.result.get("observed_value") == (None if observed is pd.NaT else expected), rule


HARD = pl.DataFrame(
    {
        "level": [0.0, -0.0, float("nan"), None, float("inf"), 1e-300],
        "count": [2, 2, None, 2**40, -1, 0],
        "name": ["æøå", "e\u0301", "", None, "nan", "😀"],
        "seen_at": [NOON, None, NOON, NOON, None, NOON],
        "sent_at": [NOON, None, None, NOON, NOON, NOON],
    },
    schema=SCHEMA,
)


def test_hard_values_agree() -> None:
    rules = [
        gxe.ExpectColumnValueLengthsToBeBetween(column="name", max_value=3),
        gxe.ExpectColumnValueLengthsToBeBetween(column="name", min_value=2, strict_min=True),
        gxe.ExpectColumnValueLengthsToEqual(column="name", value=1),
        gxe.ExpectColumnValuesToBeInSet(column="count", value_set=[0, -1.0, 2.5]),
        gxe.ExpectColumnValuesToNotBeInSet(column="level", value_set=[0]),
        gxe.ExpectColumnValuesToBeBetween(column="level", min_value=0, strict_min=True),
        gxe.ExpectColumnValuesToMatchRegex(column="name", regex="^[a-zæøå]+$"),
        gxe.ExpectColumnValuesToBeUnique(column="level"),
        gxe.ExpectCompoundColumnsToBeUnique(column_list=["level", "count"]),
        gxe.ExpectCompoundColumnsToBeUnique(
            column_list=["seen_at", "sent_at"], ignore_row_if="never"
        ),
        gxe.ExpectColumnMaxToBeBetween(column="level", min_value=1),
    ]
    agree([HARD.lazy()], HARD, rules)


@pytest.mark.parametrize("rows_kept", [0, 3])
def test_columns_without_a_value_agree(rows_kept: int) -> None:
    frame = pl.DataFrame({name: [None] * 3 for name in SCHEMA}, schema=SCHEMA).head(rows_kept)
    rules = [
        gxe.ExpectColumnValuesToNotBeNull(column="name", mostly=0.5),
        gxe.ExpectColumnValuesToBeBetween(column="seen_at", min_value=NOON),
        gxe.ExpectColumnValuesToMatchRegex(column="name", regex="a"),
        gxe.ExpectColumnValuesToBeUnique(column="count"),
        gxe.ExpectCompoundColumnsToBeUnique(column_list=["name", "count"], ignore_row_if="never"),
        gxe.ExpectColumnMeanToBeBetween(column="level", min_value=0),
        gxe.ExpectColumnProportionOfNonNullValuesToBeBetween(column="level", max_value=0),
    ]
    agree([frame.lazy()], frame, rules)


@pytest.mark.parametrize(
    ("column", "ours", "theirs"),
    [
        ("level", "Float64", "float64"),
        ("count", "Int64", "int64"),
        ("name", "String", "str"),
        ("seen_at", "Datetime", "Timestamp"),
    ],
)
def test_rules_about_types_agree_once_the_names_are_translated(
    column: str, ours: str, theirs: str
) -> None:
    def rules(word: str) -> list[Expectation]:
        return [gxe.ExpectColumnValuesToBeOfType(column=name, type_=word) for name in SCHEMA]

    whole = HARD.head(1)
    suite = gx.ExpectationSuite(name="parity", expectations=rules(ours))
    verdicts = [found.success for found in judge_frame([whole.lazy()], suite, "SUMMARY").results]
    assert verdicts == [found.success for found in in_pandas(whole, rules(theirs))]
    assert verdicts[list(SCHEMA).index(column)]


bounded = settings(max_examples=10, deadline=None, phases=[Phase.reuse, Phase.generate])


@bounded
@given(frames, st.lists(st.integers(0, 9)), row_rules())
def test_rules_about_rows_agree(
    frame: pl.DataFrame, places: list[int], rules: list[Expectation]
) -> None:
    agree(cut(frame, places), frame, rules)


@bounded
@given(frames, st.lists(st.integers(0, 9)), key_rules())
def test_rules_about_keys_and_pairs_agree(
    frame: pl.DataFrame, places: list[int], rules: list[Expectation]
) -> None:
    agree(cut(frame, places), frame, rules)


@bounded
@given(frames, st.lists(st.integers(0, 9)), table_rules())
def test_rules_about_the_table_agree(
    frame: pl.DataFrame, places: list[int], rules: list[Expectation]
) -> None:
    agree(cut(frame, places), frame, rules)
