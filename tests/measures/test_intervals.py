"""Intervals: the same whatever the order, wide enough, and honest where nothing was seen."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from practicelib.measures.agreement import (
    Resampling,
    alpha_difference,
    alpha_of_sets,
    brennan_prediger,
    coding_bias,
    cohen_kappa,
    conger_kappa,
    fleiss_kappa,
    gwet_ac1,
    krippendorff_alpha,
    percent_agreement,
    specific_agreement,
)
from practicelib.measures.comparisons import DifferenceSums, specific_sums
from practicelib.measures.distances import NominalDistances, SetDistances
from practicelib.measures.intervals import interval_of
from practicelib.measures.resampling import Units, bootstrap, jackknife, standard_error
from practicelib.measures.sums import (
    AlphaSums,
    ChanceSums,
    CohenSums,
    CongerSums,
    Sums,
)
from practicelib.measures.values import encode_sets
from practicelib.records.agreement import Coefficient


def noisy(n: int = 300, coders: int = 3, seed: int = 0, v: int = 3) -> NDArray[np.int64]:
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, v, (n, 1))
    values = np.where(rng.random((n, coders)) < 0.2, rng.integers(0, v, (n, coders)), truth)
    values[rng.random((n, coders)) < 0.1] = -1
    return values


COEFFICIENTS: tuple[Callable[..., Coefficient], ...] = (
    krippendorff_alpha,
    percent_agreement,
    fleiss_kappa,
    gwet_ac1,
    brennan_prediger,
    conger_kappa,
    lambda values, **options: specific_agreement(values, 1, **options),
    lambda values, **options: cohen_kappa(values[:, :2], **options),
    lambda values, **options: coding_bias(np.where(values < 0, -1, values == 1), 0, **options),
)


@pytest.mark.parametrize("coefficient", COEFFICIENTS)
@pytest.mark.parametrize("method", ["bootstrap", "percentile", "jackknife"])
@pytest.mark.parametrize("clustered", [False, True])
def test_every_coefficient_has_every_interval(
    coefficient: Callable[..., Coefficient], method: str, clustered: bool
) -> None:
    values = noisy()
    clusters = np.arange(300) // 10 if clustered else None
    resampling = Resampling(method, 500, clusters=clusters)  # type: ignore[arg-type]
    found = coefficient(values, resampling=resampling)
    assert found.low < found.value < found.high <= 1.0
    assert found.interval.method == method
    assert found.interval.units == (30 if clustered else found.interval.units)
    assert 0.0 < found.high - found.low < 0.35


def test_intervals_of_the_three_methods_meet_in_large_samples() -> None:
    values = noisy(4000)
    limits = [
        (found.low, found.high)
        for method in ("bootstrap", "percentile", "jackknife")
        for found in [krippendorff_alpha(values, resampling=Resampling(method, 4000))]  # type: ignore[arg-type]
    ]
    assert np.ptp(np.array(limits), axis=0) == pytest.approx([0, 0], abs=2e-3)


def test_percentile_bootstrap_is_that_of_a_loop() -> None:
    """Drawing profiles is the same as drawing sentences: a loop over the codings agrees."""
    values = noisy(400)
    rng = np.random.default_rng(1)
    loop = [krippendorff_alpha(values[rng.integers(0, 400, 400)]).value for _ in range(2000)]
    found = krippendorff_alpha(values, resampling=Resampling("percentile", 2000))
    assert (found.low, found.high) == pytest.approx(
        tuple(np.quantile(loop, [0.025, 0.975])), abs=5e-3
    )


@pytest.mark.parametrize("bounded", [True, False])
def test_limits_are_those_of_their_definitions(bounded: bool) -> None:
    """Jackknife, percentile and studentised limits worked out from values and errors alone.

    On the scale sqrt(1 - x) an error is that of x over 2 sqrt(1 - x); the studentised interval is
    never within that of the jackknife.
    """
    sums = AlphaSums(noisy(60).astype(np.int32), NominalDistances(3))
    units, level = Units(np.asarray(sums.rows), np.ones(60)), 0.9
    value = float(sums.value(units.sums))

    def scaled(x: NDArray[np.float64] | float) -> NDArray[np.float64]:
        return np.sqrt(1.0 - np.asarray(x)) if bounded else -np.asarray(x)

    def back(y: float) -> float:
        return 1.0 - y**2 if bounded else -y

    def spread(
        x: NDArray[np.float64] | float, error: NDArray[np.float64] | float
    ) -> NDArray[np.float64]:
        return error / (2.0 * np.sqrt(1.0 - np.asarray(x))) if bounded else np.asarray(error)

    at = float(scaled(value))
    reach = float(spread(value, jackknife(sums, units)[1])) * stats.t.ppf(0.95, 59)
    drawn = bootstrap(sums, units, 400, 3)
    t = (scaled(drawn.values) - at) / spread(drawn.values, drawn.errors)
    own = float(spread(value, standard_error(sums, units)))
    ends = [back(at - own * np.sort(t)[place]) for place in (19, 379)]
    expected = {
        "jackknife": (back(at + reach), back(at - reach)),
        "percentile": tuple(np.quantile(drawn.values, [0.05, 0.95])),
        "bootstrap": (min(ends[0], back(at + reach)), max(ends[1], back(at - reach))),
    }
    for method, limits in expected.items():
        resampling = Resampling(method, 400, level, 3)  # type: ignore[arg-type]
        found = interval_of(sums, units, resampling, bounded=bounded)
        assert (found.low, found.high) == pytest.approx(limits), method
        assert (found.level, found.units, found.undefined) == (0.9, 60, 0.0)


def test_same_seed_same_interval_in_any_order() -> None:
    values, order = noisy(), np.random.default_rng(2).permutation(300)
    clusters = np.arange(300) // 12
    plain = Resampling(seed=7, resamples=300)
    grouped = Resampling(seed=7, resamples=300, clusters=clusters)
    shuffled = Resampling(seed=7, resamples=300, clusters=clusters[order])
    first = krippendorff_alpha(values, resampling=plain).interval
    assert krippendorff_alpha(values[order], resampling=plain).interval == first
    assert (
        krippendorff_alpha(values, resampling=Resampling(seed=8, resamples=300)).interval != first
    )
    a = krippendorff_alpha(values, resampling=grouped)
    b = krippendorff_alpha(values[order], resampling=shuffled)
    assert (a.low, a.high) == pytest.approx((b.low, b.high), abs=1e-12)


def systems() -> list[Sums]:
    values = noisy(40).astype(np.int32)
    codes = (np.random.default_rng(3).random((40, 3, 3)) < 0.5).astype(np.int8)
    numbers, sets = encode_sets(codes)
    half = np.array([[0, 1, 0.5], [1, 0, 0.5], [0.5, 0.5, 0]])
    alpha = AlphaSums(values, NominalDistances(3))
    return [
        alpha,
        AlphaSums(numbers, SetDistances(sets)),
        *(ChanceSums(values, 3, chance) for chance in ("none", "fleiss", "gwet", "uniform")),
        CongerSums(values, 3),
        CohenSums(values[:, :2], half),
        specific_sums(values, 1),
        DifferenceSums(alpha, ChanceSums(values, 3, "fleiss")),
    ]


@pytest.mark.parametrize("sums", systems())
def test_slopes_are_derivatives(sums: Sums) -> None:
    rows = np.asarray(sums.rows)
    total = rows.sum(axis=0)
    slopes = sums.slopes(total)
    for column in range(len(total)):
        step = np.zeros(len(total))
        step[column] = 1e-5 * max(1.0, abs(total[column]))
        rise = sums.value(total + step) - sums.value(total - step)
        assert slopes[column] == pytest.approx(float(rise) / (2 * step[column]), rel=1e-4, abs=1e-7)


@pytest.mark.parametrize("sums", systems())
def test_linearised_error_is_near_the_jackknife(sums: Sums) -> None:
    units = Units(np.asarray(sums.rows), np.ones(40))
    _, error = jackknife(sums, units)
    assert standard_error(sums, units) == pytest.approx(error, rel=0.15)
    spread = float(np.std(bootstrap(sums, units, 2000, 0).values))
    assert spread == pytest.approx(error, rel=0.15)


def test_jackknife_is_that_of_leaving_out() -> None:
    values = noisy(25).astype(np.int32)
    values = values[(values >= 0).sum(axis=1) >= 2]
    sums = AlphaSums(values, NominalDistances(3))
    left_out, error = jackknife(sums, Units(sums.rows, np.ones(len(values))))
    direct = [krippendorff_alpha(np.delete(values, i, axis=0)).value for i in range(len(values))]
    assert left_out == pytest.approx(direct, abs=1e-12)
    n, value = len(values), krippendorff_alpha(values).value
    assert error == pytest.approx(
        float(np.sqrt((n - 1) / n * np.sum((np.array(direct) - value) ** 2)))
    )


def test_sparse_rows_give_the_same_as_dense_ones() -> None:
    rng = np.random.default_rng(5)
    base = rng.random((60, 1, 9)) < 0.4
    codes = (base ^ (rng.random((60, 3, 9)) < 0.1)).astype(np.int8)
    values, sets = encode_sets(codes)
    assert len(sets) > 64
    sums = AlphaSums(values, SetDistances(sets))
    sparse_units = Units(sums.rows, np.ones(60))
    dense_units = Units(sums.rows.toarray(), np.ones(60))
    resampling = Resampling(resamples=200)
    a, b = (interval_of(sums, units, resampling) for units in (sparse_units, dense_units))
    assert (a.low, a.high) == pytest.approx((b.low, b.high), abs=1e-12)


def test_no_spread_is_no_certainty() -> None:
    """Two sentences that give the same whichever is left out have no interval, not [x, x]."""
    found = krippendorff_alpha(np.array([[0, 0], [1, 0]]), resampling=Resampling())
    assert found.value == 0.0
    assert np.isnan(found.low)
    assert "unstable" in found.notes
    same = coding_bias(np.array([[0, 0], [1, 1], [0, 0]]), 0, resampling=Resampling())
    assert (same.value, np.isnan(same.low)) == (0.0, True)


def test_limits_stay_where_the_coefficient_can_be() -> None:
    """Where agreement is none to speak of they reach to -1, those of shares to 0."""
    values = np.array([[0, 0], [1, 0], [1, 1], [0, 1], [1, 0]])
    for method in ("bootstrap", "jackknife"):
        resampling = Resampling(method, 200, 0.999)  # type: ignore[arg-type]
        lows = [coefficient(values, resampling=resampling).low for coefficient in COEFFICIENTS]
        assert lows == [-1.0, 0.0, -1.0, -1.0, -1.0, -1.0, 0.0, -1.0, -1.0]


def test_a_difference_turned_round_has_its_interval_turned_round() -> None:
    """And its size is that of what was coded first."""
    one, two = noisy(seed=1).astype(np.int32), noisy(seed=1).astype(np.int32)
    two[::9] = noisy(seed=2)[::9]
    two[:50] = -1
    distances, resampling = NominalDistances(3), Resampling("jackknife")
    found = alpha_difference(one, two, distances, resampling=resampling)
    turned = alpha_difference(two, one, distances, resampling=resampling)
    assert found.value == pytest.approx(
        krippendorff_alpha(one).value - krippendorff_alpha(two).value
    )
    assert found.low < found.value < found.high
    assert (found.low, found.high) == pytest.approx((-turned.high, -turned.low))
    for got, values in ((found, one), (turned, two)):
        m = (values >= 0).sum(axis=1)
        assert (got.sentences, got.codings) == ((m >= 2).sum(), m[m >= 2].sum())


@pytest.mark.parametrize(("varied", "unstable"), [(2, True), (3, False)])
def test_resamples_without_variation_are_counted(varied: int, unstable: bool) -> None:
    """(1 - v / 40)^40 where v of 40 sentences make all the variation; above a tenth it is said."""
    values = np.zeros((40, 2), int)
    values[:varied, 0] = 1
    found = krippendorff_alpha(values, resampling=Resampling(resamples=4000))
    assert found.interval.undefined == pytest.approx((1 - varied / 40) ** 40, abs=0.02)
    assert ("unstable" in found.notes) == unstable


@pytest.mark.parametrize("method", ["bootstrap", "percentile"])
def test_no_interval_where_most_resamples_are_undefined(method: str) -> None:
    """Each side varies in a sentence of its own; both are drawn in four of ten resamples."""
    one, two = np.zeros((40, 2), np.int32), np.zeros((40, 2), np.int32)
    one[0], two[1, 0] = 1, 1
    resampling = Resampling(method)  # type: ignore[arg-type]
    found = alpha_difference(one, two, NominalDistances(2), resampling=resampling)
    assert found.value == pytest.approx(1.0)
    assert np.isnan([found.low, found.high]).all()
    assert "unstable" in found.notes


def test_few_units_are_said() -> None:
    values = noisy(60)
    few = krippendorff_alpha(values, resampling=Resampling(clusters=np.arange(60) // 10))
    assert "few_clusters" in few.notes
    for clusters, said in ((19, True), (20, False)):
        found = krippendorff_alpha(values, resampling=Resampling(clusters=np.arange(60) % clusters))
        assert ("few_clusters" in found.notes) == said
    one = krippendorff_alpha(values, resampling=Resampling(clusters=np.zeros(60)))
    assert "unstable" in one.notes
    assert np.isnan(one.low)
    with pytest.raises(ValueError, match="clusters for"):
        krippendorff_alpha(values, resampling=Resampling(clusters=np.arange(3)))


def test_sets_have_intervals() -> None:
    rng = np.random.default_rng(6)
    codes = ((rng.random((200, 1, 4)) < 0.3) ^ (rng.random((200, 3, 4)) < 0.05)).astype(np.int8)
    found = alpha_of_sets(codes, resampling=Resampling(clusters=np.arange(200) // 5))
    assert 0.0 < found.low < found.value < found.high < 1.0
