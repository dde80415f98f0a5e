"""Correction for classifier error: published figures, design-unbiasedness, coverage."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from practicelib.measures.quantify import (
    Design,
    design_variance,
    differential_error,
    ppi_mean,
    pseudo_outcomes,
    rogan_gladen,
    rogan_gladen_limits,
    rogan_gladen_variance,
    sensitivity_band,
)
from practicelib.measures.shares import korn_graubard
from tests.measures.published_practices import POWERED, PREVALENCE, made_predictions

RATES = st.floats(0.55, 1.0)


def test_published_screening_example() -> None:
    """The brucellosis example of epiR's manual: 23 of 150 cows, Se 96 %, Sp 89 %: 5.1 per 100."""
    assert round(100 * float(rogan_gladen(23 / 150, 0.96, 0.89)), 1) == 5.1


def test_published_antibody_survey() -> None:
    """Santa Clara, April 2020 (Bendavid et al.): 50 of 3,330 raw 1.5 %, adjusted 1.2 %.

    Sensitivity 130 of 157, specificity 3,308 of 3,324.
    """
    value, low, high = rogan_gladen_limits(50, 3330, 130, 157, 3308, 3324)
    assert round(100 * value, 1) == 1.2
    assert 0.0 < low < value < high < 0.025


@pytest.mark.parametrize(("name", "counts", "limits", "digits"), PREVALENCE)
def test_examples_of_lang_and_reiczigel(
    name: str, counts: tuple[float, ...], limits: tuple[float, float], digits: int
) -> None:
    """The limits of their paper, as printed."""
    _, low, high = rogan_gladen_limits(*counts)
    assert (round(low, digits), round(high, digits)) == limits, name


def test_no_negative_prevalence() -> None:
    """Moujaber et al. 2008 (in epiR's manual): 6 of 151 with Sp 92.7 % is reported as 0."""
    assert float(rogan_gladen(6 / 151, 0.964, 0.927)) < 0
    value, low, _ = rogan_gladen_limits(6, 151, 964, 1000, 927, 1000)
    assert value == low == 0.0


def test_useless_classifier_has_no_adjusted_share() -> None:
    """With Se + Sp <= 1 the count tells nothing: NaN, not a wild number."""
    assert np.isnan(rogan_gladen(0.3, 0.5, 0.5))
    assert np.isnan(sensitivity_band(0.3, (0.4, 0.9), (0.5, 0.99))[0])


@given(RATES, RATES, st.floats(0.0, 1.0))
def test_adjusting_turns_misclassification_round(se: float, sp: float, share: float) -> None:
    """What a classifier with these rates would count is turned back into the share."""
    raw = share * se + (1 - share) * (1 - sp)
    assert float(rogan_gladen(raw, se, sp)) == pytest.approx(share, abs=1e-9)
    low, high = sensitivity_band(raw, (se, se), (sp, sp))
    assert low == pytest.approx(share, abs=1e-9) == high


def test_band_holds_every_share_between_its_corners() -> None:
    """The band of two ranges holds the adjusted share of every pair of rates within them."""
    low, high = sensitivity_band(0.12, (0.6, 0.9), (0.93, 0.99))
    for se in np.linspace(0.6, 0.9, 7):
        for sp in np.linspace(0.93, 0.99, 7):
            value = np.clip(float(rogan_gladen(0.12, se, sp)), 0, 1)
            assert low - 1e-12 <= value <= high + 1e-12


def test_uncertain_rates_widen_the_interval() -> None:
    """The variance carries all three parts, and the limits shrink with larger validation sets."""
    certain = rogan_gladen_variance(0.1, 0.0001, 0.8, 0.0, 0.97, 0.0)
    assert rogan_gladen_variance(0.1, 0.0001, 0.8, 0.002, 0.97, 0.0001) > certain
    small = rogan_gladen_limits(100, 1000, 40, 50, 480, 500)
    large = rogan_gladen_limits(100, 1000, 800, 1000, 9600, 10000)
    assert small[2] - small[1] > large[2] - large[1]


def test_variance_of_the_adjusted_share_is_that_of_the_delta_method() -> None:
    """Each part is the squared slope, taken numerically, times the variance of what it is by."""
    at, variances = np.array([0.1, 0.8, 0.97]), (0.0001, 0.002, 0.0003)
    steps = 1e-6 * np.eye(3)
    slopes = [(rogan_gladen(*(at + h)) - rogan_gladen(*(at - h))) / 2e-6 for h in steps]
    given = [x for pair in zip(at, variances, strict=True) for x in pair]
    expected = float(np.square(slopes) @ variances)
    assert float(rogan_gladen_variance(*given)) == pytest.approx(expected, rel=1e-6)


def test_lang_reiczigel_covers() -> None:
    """About 95 % of limits hold the true share when all three samples are random."""
    rng = np.random.default_rng(7)
    hits = 0
    for _ in range(800):
        raw = rng.binomial(1000, 0.08 * 0.75 + 0.92 * 0.03)
        se, sp = rng.binomial(80, 0.75), rng.binomial(400, 0.97)
        _, low, high = rogan_gladen_limits(raw, 1000, se, 80, sp, 400)
        hits += low <= 0.08 <= high
    assert 0.93 <= hits / 800 <= 0.985


def test_ppi_mean_equals_the_authors_package() -> None:
    """Figures of `ppi_mean_ci` and `ppi_mean_pointestimate` (ppi-python 0.2.3, lam=1)."""
    y = [1, 0, 0, 1, 0, 0, 0, 1, 0, 0]
    f = [0.9, 0.2, 0.1, 0.6, 0.4, 0.1, 0.0, 0.7, 0.3, 0.1]
    g = [0.1, 0.2, 0.8, 0.9, 0.05, 0.4, 0.3, 0.2, 0.15, 0.6, 0.0, 0.1, 0.75, 0.2, 0.35]
    found = ppi_mean(y, f, g, level=0.9)
    assert found.value == pytest.approx(0.3, abs=1e-12)
    assert (found.low, found.high) == pytest.approx((0.12853502, 0.47146498), abs=1e-8)
    wider = ppi_mean(y, f, g)
    assert (wider.low, wider.high) == pytest.approx((0.09568688, 0.50431312), abs=1e-8)


def test_ppi_on_made_sentences_equals_the_authors_package() -> None:
    """400 coded sentences of 20,000, predictions that are far too high: the share comes back."""
    codes, guess = made_predictions()
    found = ppi_mean(codes[:400], guess[:400], guess[400:])
    assert (found.value, found.low, found.high) == pytest.approx(POWERED, abs=1e-9)
    assert guess.mean() > 0.14
    assert found.low < codes.mean() < found.high


def population(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Codes, predictions and strata (what was predicted) of 600 sentences."""
    truth = rng.random((600, 2)) < (0.08, 0.2)
    guess = np.where(truth, rng.random((600, 2)) < 0.7, rng.random((600, 2)) < 0.04)
    return truth.astype(float), guess.astype(float), guess.astype(int) @ np.array([1, 2])


def draw(rng: np.random.Generator, strata: np.ndarray, n: int) -> tuple[np.ndarray, Design]:
    """Up to n of each stratum, without replacement."""
    chosen = np.concatenate(
        [rng.permutation(np.flatnonzero(strata == h))[:n] for h in range(strata.max() + 1)]
    )
    sizes = np.bincount(strata)
    return chosen, Design(strata[chosen], sizes, np.arange(len(sizes)))


def test_pseudo_outcomes_are_unbiased_and_the_interval_covers() -> None:
    """Mean over samples hits the true share, while the raw count is off; 95 % limits hold it."""
    rng = np.random.default_rng(3)
    truth, guess, strata = population(rng)
    unit = np.zeros(600, int)
    found, held = [], np.zeros(2)
    for _ in range(600):
        chosen, design = draw(rng, strata, 60)
        sampled = np.zeros(600, bool)
        sampled[chosen] = True
        inclusion = np.ones(600)
        inclusion[chosen] = design.inclusion
        value = pseudo_outcomes(guess, truth, sampled, inclusion).mean(axis=0)
        residual = truth[chosen] - guess[chosen]
        variance = design_variance(residual, unit[chosen], 1, design)[0] / 600**2
        low, high = korn_graubard(value, variance, 600, len(chosen) - len(design.sizes))
        found.append(value)
        held += (low <= truth.mean(axis=0)) & (truth.mean(axis=0) <= high)
    assert np.mean(found, axis=0) == pytest.approx(truth.mean(axis=0), abs=0.004)
    assert (np.abs(guess.mean(axis=0) - truth.mean(axis=0)) > 0.003).any()
    assert (held / 600 > 0.94).all()


def test_a_full_sample_leaves_no_doubt() -> None:
    """With every sentence coded the pseudo-outcomes are the codes and the variance is 0."""
    rng = np.random.default_rng(4)
    truth, guess, strata = population(rng)
    chosen, design = draw(rng, strata, 600)
    order = np.argsort(chosen)
    inclusion = design.inclusion[order]
    value = pseudo_outcomes(guess, truth, np.ones(600, bool), inclusion)
    assert value == pytest.approx(truth)
    assert not design_variance((truth - guess)[chosen], np.zeros(600, int), 1, design).any()


def test_variance_of_a_stratified_total_is_that_of_the_textbook() -> None:
    """N^2 (1 - n / N) s^2 / n by stratum (Cochran 1977, eq. 5.6), with 0 for other units.

    One drawn sentence has no s^2.
    """
    residuals = np.array([[1.0], [0.0], [-1.0], [0.0], [1.0], [0.0], [0.0], [1.0]])
    unit = np.array([0, 0, 1, 1, 1, 0, 1, 0])
    design = Design(np.array([0, 0, 0, 0, 1, 1, 1, 2]), np.array([40, 12, 9]), np.array([0, 1, 2]))
    found = design_variance(residuals, unit, 2, design, pooled=False)
    expected = [
        sum(
            size**2 * (1 - len(own) / size) * np.var(own, ddof=1) / len(own)
            for size, own in ((40, mine), (12, last))
        )
        for mine, last in (([1, 0, 0, 0], [0, 0, 0]), ([0, 0, -1, 0], [1, 0, 0]))
    ]
    assert found[:, 0] == pytest.approx(expected)


def test_rare_errors_are_pooled_over_strata_of_one_class() -> None:
    """s^2 is at least p (1 - p) times the mean square of errors, p with one more of each, by hand.

    Two strata of one class: one error of 0.5 among five gives p = 2 / 7 and 10 / 49 / 4. A third
    stratum, of another class, has no error among two: p = 1 / 4. Each unit has its part of it.
    """
    residuals = np.array([[0.0], [0.0], [0.0], [0.5], [0.0], [0.0], [0.0]])
    design = Design(np.array([0, 0, 0, 1, 1, 2, 2]), np.array([30, 20, 10]), np.array([0, 0, 1]))
    spreads = [10 / 49 / 4, 0.125, 3 / 16]
    parts = [
        size**2 * (1 - n / size) / n * spread
        for size, n, spread in zip((30, 20, 10), (3, 2, 2), spreads, strict=True)
    ]
    whole = design_variance(residuals, np.zeros(7, int), 1, design)
    assert whole[0, 0] == pytest.approx(sum(parts))
    halved = design_variance(residuals, np.array([0, 0, 0, 0, 0, 0, 1]), 2, design)
    assert halved[:, 0] == pytest.approx([parts[0] + parts[1] + parts[2] / 2, parts[2] / 2])


def test_seeing_no_error_is_not_proof_of_none() -> None:
    """Ten sentences without an error leave a variance above 0, which more sentences make less."""

    def spread(n: int) -> float:
        design = Design(np.zeros(n, int), np.array([1000]), np.array([0]))
        return float(design_variance(np.zeros((n, 1)), np.zeros(n, int), 1, design)[0, 0])

    assert spread(10) > spread(100) > 0


def test_inclusion_must_be_a_probability() -> None:
    """A sentence said to be sampled with probability 0 is refused."""
    with pytest.raises(ValueError, match="inclusion"):
        pseudo_outcomes([[1.0]], [[0.0]], [True], [0.0])


def test_differential_error() -> None:
    """Equal rates pass, unequal ones fail; exact and asymptotic p agree in large samples.

    G for 90 of 100 against 70 of 100 is 2 sum O log(O / E) = 12.994 (worked by hand, E = 80, 20).
    """
    found = differential_error([90, 70], [100, 100])
    by_hand = 2 * (
        90 * np.log(90 / 80) + 70 * np.log(70 / 80) + 10 * np.log(10 / 20) + 30 * np.log(30 / 20)
    )
    assert found.statistic == pytest.approx(by_hand)
    assert found.df == 1
    assert found.p == pytest.approx(0.0003, abs=1e-4)
    drawn = differential_error([90, 70], [100, 100], resamples=20000)
    assert drawn.p == pytest.approx(0.0006, abs=6e-4)
    assert differential_error([80, 81, 79], [100, 100, 100]).p > 0.9
    assert np.isnan(differential_error([10, 20], [10, 20]).p)
    assert np.isnan(differential_error([3], [9]).p)


def test_groups_without_trials_are_no_groups() -> None:
    """They add no degree of freedom; one group that is left cannot differ."""
    assert differential_error([90, 0, 70], [100, 0, 100]) == differential_error(
        [90, 70], [100, 100]
    )
    alone = differential_error([90, 0, 0], [100, 0, 0])
    assert (alone.df, np.isnan(alone.statistic), np.isnan(alone.p)) == (0, True, True)
    alike = differential_error([0, 0, 0], [5, 6, 7])
    assert (alike.df, np.isnan(alike.statistic), np.isnan(alike.p)) == (2, True, True)


def test_exact_p_is_the_share_of_tables_as_unlike() -> None:
    """Four of four against none of four: 2 of the 70 tables with these margins are as far apart."""
    found = differential_error([4, 0], [4, 4], resamples=20000)
    assert found.p == pytest.approx(2 / 70, abs=0.004)
