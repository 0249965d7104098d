from __future__ import annotations

import itertools
import math
from collections import Counter, defaultdict

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from gdpr.disclosure.anonymity import anonymity, k_distribution
from gdpr.disclosure.budget import Ledger, Spent, spend
from gdpr.disclosure.differences import HELD, hold_back
from gdpr.disclosure.suppression import Rule, small_cells, suppress
from gdpr.disclosure.tables import SUPPRESSED, Layout, Table, cross_table
from schemas.errors import PolicyBreach

Whole = NDArray[np.int64]
Person = tuple[str | None, int, str | None, int]
FLAT = Layout(("unit", "kind"))
CUBE = Layout(("unit", "kind", "sex"))
COUNTS = st.lists(st.integers(0, 6), min_size=6, max_size=6)
VALUES = st.sampled_from(["a", "b", None])
PEOPLE = st.lists(
    st.tuples(VALUES, st.integers(0, 1), st.sampled_from(["x", "y", None]), st.integers(0, 5)),
    min_size=1,
    max_size=40,
)


def rows_of(counts: Whole) -> pl.DataFrame:
    cells = [at for at in np.ndindex(counts.shape) for _ in range(counts[at])]
    names = CUBE.by[: counts.ndim]
    return pl.DataFrame(cells, schema=dict.fromkeys(names, pl.Int64), orient="row").with_columns(
        pl.all().cast(pl.String)
    )


def table_of(counts: Whole) -> Table:
    return cross_table(rows_of(counts), Layout(CUBE.by[: counts.ndim]))


def with_margins(inner: Whole, first: int) -> Whole:
    for axis in range(first, inner.ndim):
        inner = np.concatenate([inner, inner.sum(axis=axis, keepdims=True)], axis=axis)
    return inner


def possible(truth: Whole, hidden: NDArray[np.bool_], width: int, floor: int) -> Whole:
    """All tables near the true one that agree with what is shown, one a row."""
    inner = tuple(slice(0, n - 1) for n in truth.shape)
    ranges = [
        range(max(0, v - width), v + width + 1) if h else range(v, v + 1)
        for v, h in zip(truth[inner].ravel().tolist(), hidden[inner].ravel(), strict=True)
    ]
    every = np.stack([g.ravel() for g in np.meshgrid(*ranges, indexing="ij")], axis=1)
    tables = with_margins(every.reshape(-1, *truth[inner].shape), 1).reshape(len(every), -1)
    agrees = (tables == truth.ravel()) | hidden.ravel()
    known = (tables >= floor) | ~hidden.ravel()
    found: Whole = tables[(agrees & known).all(axis=1)]
    return found


def narrowest(counts: Whole, rule: Rule) -> int:
    """The least interval that a small cell is left with; the rule's own if there is none."""
    table = table_of(counts)
    shape = table.shape()
    if not table.frame.height:
        return rule.interval
    hidden = suppress(table, rule).frame[SUPPRESSED].to_numpy().reshape(shape)
    truth = table.frame["rows"].to_numpy().reshape(shape)
    tables = possible(truth, hidden, rule.interval, 0 if rule.protect_zeros else 1)
    widths = np.ptp(tables, axis=0)[small_cells(table, rule)]
    return int(widths.min(initial=rule.interval))


@given(COUNTS, st.integers(2, 3), st.sampled_from(["shown", "hidden"]))
@settings(max_examples=60, deadline=None)
def test_no_small_cell_of_a_table_can_be_bounded(counts: list[int], least: int, zeros: str) -> None:
    rule = Rule(least, least, protect_zeros=zeros == "hidden")
    assert narrowest(np.array(counts).reshape(2, 3), rule) >= rule.interval


@given(st.lists(st.integers(0, 4), min_size=8, max_size=8))
@settings(max_examples=40, deadline=None)
def test_no_small_cell_of_a_cube_can_be_bounded(counts: list[int]) -> None:
    assert narrowest(np.array(counts).reshape(2, 2, 2), Rule(2, 2)) >= 2


@given(st.lists(st.integers(0, 9), min_size=12, max_size=12), st.integers(0, 5))
@settings(max_examples=40, deadline=None)
def test_what_is_shown_is_true_and_adds_up(counts: list[int], least: int) -> None:
    table = table_of(np.array(counts).reshape(3, 4))
    shown = suppress(table, Rule(least, least)).frame
    is_shown = ~shown[SUPPRESSED]
    assert shown["rows"].is_not_null().equals(is_shown)
    assert shown.filter(is_shown)["rows"].equals(table.frame.filter(is_shown)["rows"])
    for name in FLAT.by:
        for line in shown.partition_by(name):
            if line["rows"].null_count() == 0:
                assert line["rows"][:-1].sum() == line["rows"][-1]


@given(st.lists(st.integers(0, 9), min_size=6, max_size=6), st.integers(0, 99))
@settings(max_examples=30, deadline=None)
def test_the_order_of_rows_does_not_change_what_is_hidden(counts: list[int], seed: int) -> None:
    rows = rows_of(np.array(counts).reshape(2, 3))
    again = rows.sample(fraction=1, shuffle=True, seed=seed)
    first, second = (suppress(cross_table(r, FLAT), Rule(4, 4)).frame for r in (rows, again))
    assert first.equals(second)


@given(PEOPLE, st.integers(2, 4))
@settings(max_examples=60, deadline=None)
def test_a_cell_is_hidden_whole_where_few_persons_are_in_it(
    people: list[Person], least: int
) -> None:
    frame = pl.DataFrame(people, schema=["unit", "kind", "sex", "person"], orient="row")
    rows = frame.with_columns(hours=pl.lit(7.5))
    layout = Layout(("unit", "kind"), "person", ("hours",))
    shown = suppress(cross_table(rows, layout), Rule(least, least)).frame
    assert (shown["persons"].drop_nulls().is_in([*range(1, least)])).not_().all()
    hidden = [shown[name].is_null().to_list() for name in layout.measures]
    assert hidden == [shown[SUPPRESSED].to_list()] * 3


@given(st.lists(COUNTS, min_size=2, max_size=4), st.integers(2, 5))
@settings(max_examples=60, deadline=None)
def test_no_two_releases_differ_by_a_few(versions: list[list[int]], least: int) -> None:
    rule = Rule(least, least)
    tables = [table_of(np.array(counts).reshape(2, 3) * 3) for counts in versions]
    before = suppress(tables[0], rule).frame
    for table in tables[1:]:
        if not table.frame.height or not before.height:
            return
        after = hold_back(table, before, rule).frame
        both = after.join(before, on=FLAT.by, how="left", suffix="_before")
        change = (both["rows"] - both["rows_before"]).abs().drop_nulls()
        assert ((change == 0) | (change >= least)).all()
        stays = both.filter(pl.col(SUPPRESSED + "_before"))
        assert stays[SUPPRESSED].all()
        fresh = after.filter(~pl.col(SUPPRESSED) & ~pl.col(HELD)).join(table.frame, on=FLAT.by)
        assert fresh["rows"].equals(fresh["rows_right"])
        before = after


@given(COUNTS, st.lists(st.integers(-2, 2), min_size=6, max_size=6), st.integers(2, 3))
@settings(max_examples=40, deadline=None)
def test_no_change_of_a_few_can_be_bounded(
    counts: list[int], changes: list[int], least: int
) -> None:
    first = np.array(counts).reshape(2, 3) + 3
    table = table_of(first + np.array(changes).reshape(2, 3))
    before = suppress(table_of(first), Rule(least, least)).frame
    after = hold_back(table, before, Rule(least, least)).frame
    hidden = (after[SUPPRESSED] | after[HELD]).to_numpy()
    held = after.join(table.frame, on=FLAT.by, maintain_order="left", suffix="_now")
    few = held.select((pl.col("rows") - pl.col("rows_now")).abs().is_between(1, least - 1))
    shape = table.shape()
    now = table.frame["rows"].to_numpy().reshape(shape)
    tables = possible(now, hidden.reshape(shape), least, 1)
    widths = np.ptp(tables, axis=0)[few.to_series().fill_null(value=False).to_numpy()]
    assert widths.min(initial=least) >= least


@given(PEOPLE)
def test_k_and_l_are_those_of_counting_by_hand(
    people: list[Person],
) -> None:
    frame = pl.DataFrame(people, schema=["unit", "kind", "sex", "days"], orient="row")
    groups = defaultdict(list)
    for unit, kind, sex, days in people:
        groups[unit, kind].append((sex, days))
    found = anonymity(frame, ["unit", "kind"], ["sex", "days"])
    sizes = Counter(len(group) for group in groups.values())
    assert (found.rows, found.groups, found.k) == (len(people), len(groups), min(sizes))
    assert found.smallest == sizes[found.k]
    assert found.l == min(
        len({person[i] for person in group}) for group in groups.values() for i in (0, 1)
    )
    spread = k_distribution(frame, ["unit", "kind"])
    assert dict(spread.select("size", "groups").iter_rows()) == dict(sizes)
    assert (spread["rows"] == spread["size"] * spread["groups"]).all()


@given(PEOPLE)
def test_t_and_entropy_are_those_of_their_definitions(
    people: list[Person],
) -> None:
    frame = pl.DataFrame(people, schema=["unit", "kind", "sex", "days"], orient="row")
    by_unit = [[p for p in people if p[0] == unit] for unit in {p[0] for p in people}]
    sexes = anonymity(frame, ["unit"], ["sex"])
    days = anonymity(frame, ["unit"], ["days"])
    assert math.isclose(sexes.t or 0, max(unordered(people, g) for g in by_unit), abs_tol=1e-9)
    assert math.isclose(days.t or 0, max(ordered(people, g) for g in by_unit), abs_tol=1e-9)
    evenness = min(math.exp(entropy([p[2] for p in g])) for g in by_unit)
    assert math.isclose(sexes.entropy_l or 0, evenness, abs_tol=1e-9)


def share(group: list[Person], at: int, value: object) -> float:
    return sum(person[at] == value for person in group) / len(group)


def unordered(
    people: list[Person],
    group: list[Person],
) -> float:
    values = {person[2] for person in people}
    return sum(abs(share(group, 2, v) - share(people, 2, v)) for v in values) / 2


def ordered(
    people: list[Person],
    group: list[Person],
) -> float:
    values = sorted({person[3] for person in people})
    gaps = [share(group, 3, v) - share(people, 3, v) for v in values]
    return sum(map(abs, itertools.accumulate(gaps))) / max(1, len(values) - 1)


def entropy(values: list[str | None]) -> float:
    shares = [count / len(values) for count in Counter(values).values()]
    return -sum(share * math.log(share) for share in shares)


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(1, 4), st.floats(-0.5, 2))))
def test_no_ledger_is_ever_overspent(asked: list[tuple[str, int, float]]) -> None:
    ledger = Ledger(3.0)
    for dataset, period, epsilon in asked:
        entry = Spent(dataset, f"2026-0{period}", epsilon, "digest")
        try:
            after = spend(ledger, entry)
        except PolicyBreach:
            continue
        assert spend(after, entry) == after
        assert set(ledger.spent) <= set(after.spent)
        ledger = after
    assert max(ledger.used("a"), ledger.used("b")) <= 3.0 + 1e-9
    assert all(entry.epsilon > 0 for entry in ledger.spent)
