"""True shares from counts of a classifier that errs: arrays in, numbers out.

Axes: N sentences, n sampled and coded ones, K categories, H strata, U units.

Two roads. With a probability sample of the very sentences counted, coded by a person, the
difference between code and prediction is added up with design weights; that is unbiased whatever
the classifier does (Angelopoulos et al. 2023; Egami et al. 2023). With sensitivity and specificity
only, the count is turned round (Gart and Buck 1966; Rogan and Gladen 1978); that holds if the two
are the same here as where they were measured, which `differential_error` tests.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from practicelib.measures.shares import ratio

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def rogan_gladen(raw: ArrayLike, sensitivity: ArrayLike, specificity: ArrayLike) -> Floats:
    """(raw + specificity - 1) / (sensitivity + specificity - 1), not cut to 0..1.

    Gart and Buck (1966), Rogan and Gladen (1978). NaN where the classifier tells nothing
    (sensitivity + specificity <= 1).
    """
    p, se, sp = (np.asarray(x, float) for x in (raw, sensitivity, specificity))
    return ratio(p + sp - 1.0, np.where(se + sp > 1.0, se + sp - 1.0, 0.0))


def rogan_gladen_variance(
    raw: ArrayLike,
    raw_variance: ArrayLike,
    sensitivity: ArrayLike,
    sensitivity_variance: ArrayLike,
    specificity: ArrayLike,
    specificity_variance: ArrayLike,
) -> Floats:
    """Variance of the adjusted share with all three uncertain (Rogan and Gladen 1978).

    (V(raw) + P^2 V(Se) + (1 - P)^2 V(Sp)) / (Se + Sp - 1)^2 with P the adjusted share; V(raw) may
    come from clusters.
    """
    se, sp = np.asarray(sensitivity, float), np.asarray(specificity, float)
    share = rogan_gladen(raw, se, sp)
    error = (
        np.asarray(raw_variance, float)
        + share**2 * np.asarray(sensitivity_variance, float)
        + (1.0 - share) ** 2 * np.asarray(specificity_variance, float)
    )
    return ratio(error, (se + sp - 1.0) ** 2)


def rogan_gladen_limits(
    positives: float,
    n: float,
    true_positives: float,
    n_coded: float,
    true_negatives: float,
    n_uncoded: float,
    level: float = 0.95,
) -> tuple[float, float, float]:
    """Adjusted share with limits from three independent samples (Lang and Reiczigel 2014, eq. 16).

    `positives` of `n` were assigned; `true_positives` of `n_coded` and `true_negatives` of
    `n_uncoded` were right in the validation sample. Value and limits are cut to 0..1. NaN where
    the classifier tells nothing.
    """
    z = float(special.ndtri((1.0 + level) / 2.0))
    value = float(rogan_gladen(positives / n, true_positives / n_coded, true_negatives / n_uncoded))
    # Agresti and Coull's pseudo-counts: z^2 / 2 for the raw share, one for each error rate.
    raw, size = (positives + z * z / 2) / (n + z * z), n + z * z
    se, sp = (true_positives + 1) / (n_coded + 2), (true_negatives + 1) / (n_uncoded + 2)
    v_se, v_sp = se * (1 - se) / (n_coded + 2), sp * (1 - sp) / (n_uncoded + 2)
    centre = float(rogan_gladen(raw, se, sp))
    shift = 2 * z * z * (centre * v_se - (1 - centre) * v_sp)
    variance = float(rogan_gladen_variance(raw, raw * (1 - raw) / size, se, v_se, sp, v_sp))
    reach = z * float(np.sqrt(variance))
    return (
        float(np.clip(value, 0.0, 1.0)),
        float(np.clip(centre + shift - reach, 0.0, 1.0)),
        float(np.clip(centre + shift + reach, 0.0, 1.0)),
    )


def sensitivity_band(
    raw: ArrayLike, sensitivity: tuple[float, float], specificity: tuple[float, float]
) -> tuple[Floats, Floats]:
    """Least and largest adjusted share over stated ranges of both rates, cut to 0..1.

    Not an interval: it holds only if the true rates lie in the ranges. NaN where a corner of the
    ranges leaves the classifier telling nothing. The extremes lie at corners because the adjusted
    share is monotone in either rate.
    """
    corners = np.array([rogan_gladen(raw, se, sp) for se in sensitivity for sp in specificity])
    return np.clip(corners.min(axis=0), 0, 1), np.clip(corners.max(axis=0), 0, 1)


@dataclass(frozen=True)
class Estimated:
    """A value with its standard error and limits."""

    value: float
    error: float
    low: float
    high: float


def ppi_mean(
    coded: ArrayLike, predicted: ArrayLike, predicted_elsewhere: ArrayLike, level: float = 0.95
) -> Estimated:
    """Prediction-powered mean from a simple random sample (Angelopoulos et al. 2023, algorithm 1).

    `coded` and `predicted` (n,) for the sampled sentences, `predicted_elsewhere` (N,) for the
    others: mean prediction plus the mean difference; normal limits, variances with divisor n.
    """
    y, f, g = (np.asarray(x, float) for x in (coded, predicted, predicted_elsewhere))
    value = float(g.mean() + (y - f).mean())
    error = float(np.sqrt(g.var() / len(g) + (y - f).var() / len(y)))
    reach = error * float(special.ndtri((1.0 + level) / 2.0))
    return Estimated(value, error, value - reach, value + reach)


def pseudo_outcomes(
    predicted: ArrayLike, coded: ArrayLike, sampled: ArrayLike, inclusion: ArrayLike
) -> Floats:
    """Design-adjusted outcomes, (N, K): prediction + sampled / inclusion * (code - prediction).

    Egami et al. (2023); unbiased for the codes whatever the predictions are. `coded`
    (N, K) is read only where `sampled` (N,); `inclusion` (N,) are the probabilities with which
    sentences were drawn. Raises ValueError for a sampled sentence whose probability is not in
    (0, 1].
    """
    guess, code = np.asarray(predicted, float), np.asarray(coded, float)
    chosen, chance = np.asarray(sampled, bool), np.asarray(inclusion, float)
    if not ((chance[chosen] > 0) & (chance[chosen] <= 1)).all():
        raise ValueError("inclusion probabilities must lie above 0 and at most at 1")
    result: Floats = guess.copy()
    result[chosen] += (code[chosen] - guess[chosen]) / chance[chosen, None]
    return result


@dataclass(frozen=True)
class Design:
    """A stratified sample without replacement: for n sampled sentences their `stratum` (n,).

    `sizes` (H,) counts the sentences of each stratum; `classes` (H,) numbers strata that share
    what was predicted, over which rare errors are pooled.
    """

    stratum: Ints
    sizes: Ints
    classes: Ints

    @property
    def drawn(self) -> Ints:
        """Sentences drawn from each stratum, (H,)."""
        return np.bincount(self.stratum, minlength=len(self.sizes)).astype(np.int64)

    @property
    def inclusion(self) -> Floats:
        """Inclusion probability of each sampled sentence, (n,)."""
        return (self.drawn / np.maximum(self.sizes, 1))[self.stratum]


def design_variance(
    residuals: Floats, unit: Ints, n_units: int, design: Design, *, pooled: bool = True
) -> Floats:
    """Sampling variance of totals of residuals by unit, (U, K), for a stratified sample.

    sum over strata of N_h^2 (1 - n_h / N_h) s_h^2 / n_h (Cochran 1977, ch. 5), the residuals of
    other units counting as 0. `residuals` (n, K): code less prediction, or linearised. s_h^2 is
    not below p (1 - p), with p the share of non-zero residuals over strata of the same class plus
    one success and one failure (as in Agresti and Coull 1998): no error seen among a few is no
    proof of none. Without `pooled` s_h^2 is taken as it is.
    """
    variance = np.zeros((n_units, residuals.shape[1]))
    drawn, classes = design.drawn, design.classes
    least = _pooled_spread(residuals, classes[design.stratum], int(classes.max(initial=-1)) + 1)
    if not pooled:
        least = np.zeros_like(least)
    for h in np.flatnonzero(drawn):
        inside = np.flatnonzero(design.stratum == h)
        scale = design.sizes[h] ** 2 * (1.0 - drawn[h] / design.sizes[h]) / drawn[h]
        for u in np.unique(unit[inside]):
            member = unit[inside] == u
            own = residuals[inside] * member[:, None]
            spread = own.var(axis=0, ddof=1) if drawn[h] > 1 else np.zeros(own.shape[1])
            share = member.mean()
            variance[u] += scale * np.maximum(spread, share * least[classes[h]])
    return variance


def _pooled_spread(residuals: Floats, classes: Ints, n_classes: int) -> Floats:
    """p (1 - p) times the mean square of non-zero residuals, per class, (classes, K)."""
    hits, sizes = np.zeros((n_classes, residuals.shape[1])), np.zeros((n_classes, 1))
    squares = np.zeros_like(hits)
    np.add.at(hits, classes, residuals != 0)
    np.add.at(squares, classes, residuals**2)
    np.add.at(sizes, classes, 1.0)
    size = np.where(hits > 0, squares / np.maximum(hits, 1), 1.0)
    p = (hits + 1.0) / (sizes + 2.0)
    return p * (1.0 - p) * np.minimum(size, 1.0)


@dataclass(frozen=True)
class RateTest:
    """Whether an error rate differs by group: G^2 statistic, degrees of freedom, p; NaN unknown."""

    statistic: float
    df: int
    p: float


def differential_error(
    hits: ArrayLike, trials: ArrayLike, resamples: int = 0, seed: int = 0
) -> RateTest:
    """Test that a rate (sensitivity or specificity) is one and the same in U groups.

    `hits` of `trials`, both (U,): likelihood-ratio test of equal binomial rates (Wilks 1938; df
    groups - 1, groups without trials left out). With few expected errors the chi-square is rough;
    with `resamples` p is the share of samples drawn under equal rates, all margins kept, whose
    statistic is as large. NaN where fewer than two groups have trials or all outcomes are alike.
    """
    x, n = np.asarray(hits, float), np.asarray(trials, float)
    x, n = x[n > 0], n[n > 0]
    if len(n) < 2 or x.sum() in (0.0, n.sum()):
        return RateTest(float("nan"), max(len(n) - 1, 0), float("nan"))
    found = float(_deviance(x[None], n)[0])
    df = len(n) - 1
    if not resamples:
        return RateTest(found, df, float(special.chdtrc(df, found)))
    whole, total = np.rint(n).astype(np.int64), int(np.rint(x.sum()))
    draws = np.random.default_rng(seed).multivariate_hypergeometric(whole, total, size=resamples)
    as_large = int((_deviance(draws.astype(float), n) >= found - 1e-9).sum())
    return RateTest(found, df, (as_large + 1) / (resamples + 1))


def _deviance(hits: Floats, trials: Floats) -> Floats:
    """2 sum x log(x / expected) over hits and misses, one value a row."""
    pooled = hits.sum(axis=1, keepdims=True) / trials.sum()
    total = np.zeros(len(hits))
    for count, rate in ((hits, pooled), (trials - hits, 1.0 - pooled)):
        expected = trials * rate
        logs = np.log(np.where(count > 0, count, 1.0) / np.where(expected > 0, expected, 1.0))
        total += 2.0 * (count * np.where(count > 0, logs, 0.0)).sum(axis=1)
    return np.maximum(total, 0.0)
