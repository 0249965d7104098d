from __future__ import annotations

import math
import subprocess
import sys

import opendp.prelude as dp
import polars as pl
import pytest

from gdpr.disclosure.noise import COUNT, Noise, bounded, noisy_counts
from schemas.errors import PolicyBreach

ALARMS = pl.DataFrame({"person": [1, 1, 1, 2, None, None, None], "unit": list("aababab")})
UNITS = pl.DataFrame({"unit": ["a", "b", "c"]})


def test_no_person_counts_more_often_than_the_bound() -> None:
    kept = bounded(ALARMS, Noise(1.0, 2, "person"))
    assert sorted(kept.rows(), key=repr) == sorted(
        [(1, "a"), (1, "a"), (2, "a"), (None, "a"), (None, "b")], key=repr
    )
    assert bounded(ALARMS, Noise(1.0, 2)).equals(ALARMS)


def test_counts_without_much_noise_are_those_of_the_bounded_rows() -> None:
    found = noisy_counts(ALARMS, UNITS, Noise(1e4, 2, "person"))
    assert found.rows() == [("a", 4), ("b", 1), ("c", 0)]


def test_the_noise_has_the_spread_that_its_epsilon_demands() -> None:
    cells = pl.DataFrame({"unit": range(4000)})
    rows = pl.concat([cells] * 200)
    noise = Noise(0.5, 3)
    off = (noisy_counts(rows, cells, noise)[COUNT] - 200).abs()
    ratio = math.exp(-1 / noise.scale)
    expected = 2 * ratio / (1 - ratio**2)
    # the mean of 4,000 draws strays by 1.6 % of itself: 25 % is fifteen times that
    assert float(off.mean() or 0) == pytest.approx(expected, rel=0.25)  # type: ignore[arg-type]  # a mean of integers
    assert off.max() != 0


def test_a_count_is_never_below_nothing() -> None:
    cells = pl.DataFrame({"unit": range(500)})
    found = noisy_counts(cells.clear(), cells, Noise(0.1, 1))
    assert found[COUNT].min() == 0
    assert found[COUNT].max() != 0


@pytest.mark.parametrize("epsilon", [1e-3, 0.1, 0.3, 1 / 3, 0.7, 20])
@pytest.mark.parametrize("contributes", [1, 3, 7])
def test_the_scale_never_costs_more_than_epsilon(epsilon: float, contributes: int) -> None:
    dp.enable_features("contrib")
    domain = dp.vector_domain(dp.atom_domain(T="i64")), dp.l1_distance(T="i64")
    laplace = dp.m.make_laplace(*domain, scale=Noise(epsilon, contributes).scale)
    assert 0.999 * epsilon < laplace.map(contributes) <= epsilon  # type: ignore[no-untyped-call]  # OpenDP's map has no annotations


@pytest.mark.parametrize("noise", [Noise(0, 1), Noise(-1, 1), Noise(math.nan, 1), Noise(1, 0)])
def test_noise_that_hides_nobody_is_refused(noise: Noise) -> None:
    with pytest.raises(PolicyBreach, match=r"^noise needs an epsilon above 0 and a contribution"):
        noisy_counts(ALARMS, UNITS, noise)


def test_a_column_that_is_not_there_is_refused() -> None:
    with pytest.raises(PolicyBreach, match=r"^noisy counts cannot be made: no column place$"):
        noisy_counts(ALARMS, pl.DataFrame({"place": ["a"]}), Noise(1, 1))
    with pytest.raises(PolicyBreach, match=r"^contributions cannot be bounded: no column who$"):
        noisy_counts(ALARMS, UNITS, Noise(1, 1, "who"))


def test_nothing_else_of_disclosure_control_loads_the_library_of_noise() -> None:
    rest = "anonymity, joined, tables, suppression, differences, budget"
    code = f"import sys; from gdpr.disclosure import {rest}; sys.exit('opendp' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
