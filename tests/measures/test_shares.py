"""Shares over whole reports: intervals, differences, simultaneous levels."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from practicelib.measures.shares import (
    LEAST_P,
    ClusterSums,
    cluster_ratios,
    cluster_sums,
    difference_limits,
    exact_limits,
    holm,
    korn_graubard,
    p_of_limits,
)
from practicelib.measures.simultaneous import (
    _draw,
    _unit_ratios,
    all_pairs,
    sidak_level,
    simultaneous_level,
)


def sums_of(parts: list[float], wholes: list[float], unit: list[int], units: int) -> ClusterSums:
    """One category."""
    return ClusterSums(
        np.array(parts, float)[:, None], np.array(wholes, float)[:, None], np.array(unit), units
    )


def test_exact_limits_as_published() -> None:
    """Clopper and Pearson's limits of 81 of 263 (Newcombe 1998, table I): 0.2527 to 0.3676."""
    low, high = exact_limits(81 / 263, 263)
    assert (round(float(low), 4), round(float(high), 4)) == (0.2527, 0.3676)
    assert exact_limits(0.0, 10)[1] == pytest.approx(1 - 0.025**0.1)
    assert np.isnan(exact_limits(0.3, 0)[0])


def test_difference_as_published() -> None:
    """Newcombe's (1998) method 10 for 56/70 - 48/80: 0.0524 to 0.3339, from Wilson limits."""

    def wilson(x: int, n: int) -> tuple[float, float, float]:
        z, p = 1.959964, x / n
        centre, reach = p + z * z / (2 * n), z * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        return p, (centre - reach) / (1 + z * z / n), (centre + reach) / (1 + z * z / n)

    low, high = difference_limits(wilson(56, 70), wilson(48, 80))
    assert (round(float(low), 4), round(float(high), 4)) == (0.0524, 0.3339)


def test_cluster_variance_of_equal_sizes_is_that_of_a_mean() -> None:
    """With equal sizes the ratio is the mean of the reports' shares, and so is its variance."""
    sums = sums_of([2, 4, 1, 5], [20, 20, 20, 20], [0, 0, 0, 0], 1)
    found = cluster_ratios(sums)
    shares = np.array([0.1, 0.2, 0.05, 0.25])
    assert found.value[0, 0] == pytest.approx(shares.mean())
    assert found.variance[0, 0] == pytest.approx(shares.var(ddof=1) / 4)
    assert found.df[0, 0] == 3


def test_one_report_has_no_interval() -> None:
    """From one report nothing can be said of reports like it: NaN, in variance and in limits."""
    found = cluster_ratios(sums_of([2], [20], [0], 1))
    assert found.value[0, 0] == 0.1
    assert np.isnan(found.variance[0, 0])
    assert np.isnan(korn_graubard(found.value, found.variance, 20, found.df)[0]).all()


def test_variance_carried_by_one_report_has_few_degrees_of_freedom() -> None:
    """Where one of twenty reports holds all hits, its variance has about two degrees, not 19."""
    found = cluster_ratios(sums_of([10] + [0] * 19, [20] * 20, [0] * 20, 1))
    assert 1 <= found.df[0, 0] < 4


def test_cluster_ratios_by_hand() -> None:
    """Shares, variances and degrees of two units and a third without sentences, written out.

    z = part - R whole; C / (C - 1) sum z^2 / whole^2; twice (sum z^2)^2 / sum z^4, at most C - 1.
    """
    parts, wholes = [3, 0, 5, 2, 9], [10, 5, 20, 30, 15]
    found = cluster_ratios(sums_of(parts, wholes, [0, 0, 0, 1, 1], 3))
    for unit, own in ((0, slice(0, 3)), (1, slice(3, 5))):
        part, whole = np.array(parts[own], float), np.array(wholes[own], float)
        z, n = part - part.sum() / whole.sum() * whole, len(part)
        assert found.value[unit, 0] == pytest.approx(part.sum() / whole.sum())
        variance = n / (n - 1) * (z**2).sum() / whole.sum() ** 2
        assert found.variance[unit, 0] == pytest.approx(variance)
        degrees = min(2 * (z**2).sum() ** 2 / (z**4).sum(), n - 1)
        assert found.df[unit, 0] == pytest.approx(degrees)
    assert np.isnan([found.value[2, 0], found.variance[2, 0], found.df[2, 0]]).all()
    one = np.array([10.0] + [0.0] * 19)
    z = one - 0.025 * 20
    found = cluster_ratios(sums_of(one.tolist(), [20] * 20, [0] * 20, 1))
    assert found.df[0, 0] == pytest.approx(2 * (z**2).sum() ** 2 / (z**4).sum())


def beta_limits(share: float, n: float, level: float) -> tuple[float, float]:
    """Clopper and Pearson's limits by quantiles of the beta distribution."""
    hits, tail = share * n, (1 - level) / 2
    return (
        float(stats.beta.ppf(tail, hits, n - hits + 1)),
        float(stats.beta.ppf(1 - tail, hits + 1, n - hits)),
    )


@pytest.mark.parametrize(
    ("share", "variance", "effective"),
    [
        (0.1, 0.0012, 0.09 / 0.0012),
        (0.1, 1e-9, 200),
        (0.01, 0.0004, 0.02 * 0.98 / 0.0004),
        (0.99, 0.0004, 0.02 * 0.98 / 0.0004),
        (0.001, 4e-6, 0.0025 * 0.9975 / 4e-6),
    ],
)
@pytest.mark.parametrize("level", [0.9, 0.95])
def test_limits_are_those_of_the_effective_number(
    share: float, variance: float, effective: float, level: float
) -> None:
    """p (1 - p) / variance, at most n = 200, times (t(n - 1) / t(df))^2 with 9 degrees.

    In p (1 - p) a small share is taken at its standard error or at half a sentence.
    """
    t = [stats.t.ppf((1 + level) / 2, df) for df in (199, 9)]
    n = min(effective, 200) * (t[0] / t[1]) ** 2
    found = korn_graubard(share, variance, 200, 9, level)
    assert found == pytest.approx(beta_limits(share, n, level))


def test_a_variance_of_nothing_is_certain_only_where_that_is_meant() -> None:
    """Limits are then the share, cut to 0..1; else those of n sentences."""
    assert korn_graubard(0.3, 0.0, 200, 9, capped=False) == pytest.approx((0.3, 0.3))
    assert korn_graubard(1.2, 0.0, 200, 9, capped=False) == pytest.approx((1.0, 1.0))
    low, high = korn_graubard(0.3, 0.0, 200, 199)
    assert (low, high) == pytest.approx(beta_limits(0.3, 200, 0.95))
    for n, df in ((1, 9), (200, 0), (200, np.nan)):
        assert np.isnan(korn_graubard(0.3, 0.01, n, df)).all()


@given(
    st.lists(st.integers(1, 30), min_size=2, max_size=8),
    st.integers(0, 2**31),
)
def test_limits_enclose_the_share(sizes: list[int], seed: int) -> None:
    """Limits lie in 0..1 around the share, and wider at a higher level."""
    hits = np.random.default_rng(seed).binomial(sizes, 0.1)
    found = cluster_ratios(sums_of(hits.tolist(), sizes, [0] * len(sizes), 1))
    n = sum(sizes)
    low, high = korn_graubard(found.value, found.variance, n, found.df)
    wide = korn_graubard(found.value, found.variance, n, found.df, 0.99)
    assert 0 <= wide[0] <= low <= found.value + 1e-12
    assert found.value - 1e-12 <= high <= wide[1] <= 1


def test_sentences_add_up_to_clusters() -> None:
    """Sentence rows are summed by report; a whole given once a sentence serves all categories."""
    sums = cluster_sums(
        [[1, 0], [0, 1], [1, 1]], [[1], [1], [1]], np.array([0, 0, 1]), np.array([0, 1]), 2
    )
    assert sums.parts.tolist() == [[1, 1], [1, 1]]
    assert sums.wholes.tolist() == [[2, 2], [1, 1]]
    assert sums.clusters.tolist() == [1, 1]


def test_p_of_normal_limits_is_that_of_the_normal() -> None:
    """For value +- z error it is the two-sided tail of value / error."""
    value, error = np.array([[0.3, -0.2, 0.0, 0.5, 9.0]]), np.array([[0.1, 0.15, 0.1, np.nan, 0.1]])

    def limits(level: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        reach = stats.norm.ppf((1 + level) / 2) * error
        return value - reach, value + reach

    expected = np.maximum(2 * stats.norm.sf(np.abs(value / error)), LEAST_P)
    assert p_of_limits(value, limits) == pytest.approx(expected, nan_ok=True, rel=1e-6)


@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(2, 40)), min_size=2, max_size=2),
    st.floats(0.5, 0.999),
)
def test_p_and_limits_never_contradict(counts: list[tuple[int, int]], level: float) -> None:
    """p lies below 1 - level exactly where the interval of that level leaves out 0."""
    sides = [(min(hits, n) / n, n) for hits, n in counts]
    value = np.array([sides[0][0] - sides[1][0]])

    def limits(at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return difference_limits(*((share, *exact_limits(share, n, at)) for share, n in sides))

    p = float(p_of_limits(value, limits)[0])
    low, high = (float(end[0]) for end in limits(np.array([level])))
    if abs(p - (1 - level)) > 1e-6:
        assert (p < 1 - level) == (low > 0 or high < 0)


def test_holm() -> None:
    """Holm's steps on Holm's own kind of example."""
    assert holm([0.01, 0.04, 0.03, np.nan]) == pytest.approx(
        [0.03, 0.06, 0.06, np.nan], nan_ok=True
    )
    assert holm([0.6, 0.7]).tolist() == [1.0, 1.0]


def test_simultaneous_level_lies_between_one_and_all() -> None:
    """Stricter than one interval, never stricter than Sidak; the same seed gives the same level."""
    rng = np.random.default_rng(5)
    unit = np.repeat(np.arange(6), 15)
    size = np.full((90, 3), 30.0)
    sums = ClusterSums(rng.binomial(30, 0.15, (90, 3)).astype(float), size, unit, 6)
    pairs = all_pairs(6)
    level = simultaneous_level(sums, pairs, resamples=5000, seed=1)
    assert 0.95 < level < sidak_level(45)
    assert level == simultaneous_level(sums, pairs, resamples=5000, seed=1)
    assert simultaneous_level(sums, pairs, resamples=1000) == sidak_level(45)
    few = ClusterSums(sums.parts[::5], sums.wholes[::5], sums.unit[::5], 6)
    assert simultaneous_level(few, pairs) == sidak_level(45)
    assert simultaneous_level(sums, np.zeros((0, 2), int)) == sidak_level(0) == 0.95


def test_weighted_sums_of_clusters_give_the_same_ratios() -> None:
    """Each cluster once is the sample itself; a cluster counted twice is two clusters alike."""
    parts = np.array([[3, 1], [0, 2], [5, 0], [2, 2], [9, 1]], float)
    wholes = parts + np.array([[7], [5], [20], [30], [15]])
    sums = ClusterSums(parts, wholes, np.array([0, 0, 0, 1, 1]), 2)
    value, variance = _unit_ratios(sums, np.ones((1, 5)))
    found = cluster_ratios(sums)
    assert value[0] == pytest.approx(found.value)
    assert variance[0] == pytest.approx(found.variance)
    value, variance = _unit_ratios(sums, np.array([[2.0, 0, 1, 1, 1]]))
    own = [0, 0, 2, 3, 4]
    drawn = cluster_ratios(ClusterSums(sums.parts[own], sums.wholes[own], sums.unit, 2))
    assert value[0] == pytest.approx(drawn.value)
    assert variance[0] == pytest.approx(drawn.variance)


def test_clusters_are_drawn_within_their_units() -> None:
    """As many of each unit as it has, every one as often as the others; a lone one always."""
    unit = np.array([0, 1, 0, 2, 1, 0, 1, 1])
    sums = ClusterSums(np.ones((8, 1)), np.ones((8, 1)), unit, 3)
    weights = _draw(sums, 4000, np.random.default_rng(2))
    for u, size in enumerate((3, 4, 1)):
        assert (weights[:, unit == u].sum(axis=1) == size).all()
    assert weights.mean(axis=0) == pytest.approx(1, abs=0.06)


def test_differences_that_move_as_one_need_no_stricter_level() -> None:
    """Three categories that are one have the level of one; a category that never varies adds none.

    Unlike ones need more.
    """
    rng = np.random.default_rng(6)
    unit, pairs = np.repeat([0, 1], 15), all_pairs(2)
    one = rng.binomial(30, 0.3, (30, 1)).astype(float)

    def level(parts: np.ndarray) -> float:
        sums = ClusterSums(parts, np.full(parts.shape, 30.0), unit, 2)
        return simultaneous_level(sums, pairs, resamples=2000, seed=1)

    assert level(one) == 0.95
    assert level(np.hstack([one, one, one])) == pytest.approx(0.95, abs=1e-3)
    assert level(np.hstack([one, 30 - one, 0 * one])) == pytest.approx(0.95, abs=1e-3)
    unlike = rng.binomial(30, 0.3, (30, 3)).astype(float)
    assert 0.975 < level(unlike) < sidak_level(3)
