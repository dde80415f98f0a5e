"""Confidence intervals of coefficients that are at most 1.

Three ways, after the same resampling units (sentences, or whole reports as clusters):

bootstrap   studentised (Efron and Tibshirani 1993, ch. 12.5) on the scale sqrt(1 - x), which keeps
            limits at or below 1 and evens out the skew of high coefficients. A resample that shows
            no disagreement has no spread of its own and takes the most extreme value of those that
            have. Never narrower than the jackknife interval: with few clusters a bootstrap cannot
            draw disagreement that it has not seen.
percentile  plain percentiles of the resampled values: what other packages' loops give; too narrow
            below some 50 clusters.
jackknife   value +- t(n - 1) jackknife errors on the scale sqrt(1 - x).

`benchmarks/agreement_coverage.py` measures how often they hold the true value. Differences of
coefficients are treated on their own scale.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import special

from practicelib.measures.resampling import (
    Resampled,
    Resampling,
    Units,
    bootstrap,
    jackknife,
    standard_error,
)
from practicelib.measures.sums import Sums
from practicelib.records.agreement import UNKNOWN, Interval

Floats = NDArray[np.float64]

_NO_SPREAD = 1e-12


class _Scale:
    """The scale on which an interval is symmetric: sqrt(1 - x), or x itself for differences."""

    def __init__(self, bounded: bool) -> None:
        self.bounded = bounded

    def to(self, x: Floats) -> Floats:
        return np.sqrt(np.maximum(1.0 - x, 0.0)) if self.bounded else -x

    def error(self, x: Floats, error: Floats) -> Floats:
        """Standard error on the scale, by the delta method; 0 / 0 becomes NaN."""
        if not self.bounded:
            return error
        with np.errstate(divide="ignore", invalid="ignore"):
            return error / (2.0 * self.to(x))

    def back(self, y: float) -> float:
        return 1.0 - max(y, 0.0) ** 2 if self.bounded else -y


def interval_of(
    coefficient: Sums, units: Units, resampling: Resampling, *, bounded: bool = True
) -> Interval:
    """Interval of a coefficient by the chosen method; UNKNOWN where there are no two units.

    `bounded` is False for differences, which have no upper limit of 1.
    """
    value = coefficient.value(units.sums)
    if units.count < 2 or not np.isfinite(value):
        return UNKNOWN
    scale, level = _Scale(bounded), resampling.level
    low, high = _jackknife_limits(coefficient, units, level, scale)
    # Nothing lies below what the coefficient can be, unless its distances are unusual ones.
    least = min(coefficient.least, float(value))
    undefined = 0.0
    if resampling.method != "jackknife":
        studentised = resampling.method == "bootstrap"
        drawn = bootstrap(
            coefficient, units, resampling.resamples, resampling.seed, errors=studentised
        )
        undefined = float(np.mean(~np.isfinite(drawn.values)))
        if undefined > 0.5:
            return UNKNOWN
        if studentised:
            wide = _studentised_limits(coefficient, units, drawn, level, scale)
            # fmin and fmax pass over a limit that could not be had.
            low, high = float(np.fmin(low, wide[0])), float(np.fmax(high, wide[1]))
        else:
            low, high = _percentiles(drawn.values, level)
    low = float(np.maximum(low, least))
    if not high - low > _NO_SPREAD:
        # No unit differs from another: an interval without width would be read as certainty.
        return UNKNOWN
    resamples = 0 if resampling.method == "jackknife" else resampling.resamples
    return Interval(low, high, resampling.method, level, units.count, resamples, undefined)


def _percentiles(values: Floats, level: float) -> tuple[float, float]:
    tail = (1.0 - level) / 2.0
    low, high = np.quantile(values[np.isfinite(values)], [tail, 1.0 - tail])
    return float(low), float(high)


def _jackknife_limits(
    coefficient: Sums, units: Units, level: float, scale: _Scale
) -> tuple[float, float]:
    value = coefficient.value(units.sums)
    _, error = jackknife(coefficient, units)
    at, spread = float(scale.to(value)), float(scale.error(value, np.asarray(error)))
    if not np.isfinite(spread):
        return float("nan"), float("nan")
    reach = spread * float(special.stdtrit(units.count - 1, (1.0 + level) / 2.0))
    return scale.back(at + reach), scale.back(at - reach)


def _studentised_limits(
    coefficient: Sums, units: Units, drawn: Resampled, level: float, scale: _Scale
) -> tuple[float, float]:
    value = coefficient.value(units.sums)
    at = float(scale.to(value))
    spread = float(scale.error(value, np.asarray(standard_error(coefficient, units))))
    gaps = scale.to(drawn.values) - at
    errors = scale.error(drawn.values, drawn.errors)
    usable = np.isfinite(gaps) & (np.isfinite(errors) | (drawn.values == 1.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = gaps[usable] / errors[usable]
    finite = ratios[np.isfinite(ratios) & (errors[usable] > 0)]
    if not np.isfinite(spread) or not finite.size:
        return float("nan"), float("nan")
    settled = np.isfinite(ratios) & (errors[usable] > 0)
    extreme = np.where(gaps[usable] < 0, finite.min(), finite.max())
    ratios = np.where(settled, ratios, extreme)
    tail = (1.0 - level) / 2.0
    least, most = np.quantile(ratios, [tail, 1.0 - tail], method="inverted_cdf")
    return scale.back(at - float(least) * spread), scale.back(at - float(most) * spread)


def no_disagreement_bound(
    coefficient: Sums, sums: Floats, n_units: int, level: float = 0.95
) -> float:
    """Lower bound of a coefficient of which no disagreement was seen in n independent units.

    If none of n units disagrees, the share of disagreeing ones is at most 1 - (1 - level)^(1 / n)
    (Clopper and Pearson 1934, one-sided). Observed disagreement is then no higher than if all
    codings of such units disagreed fully, and is divided by the least disagreement that chance
    would give (`Sums.expected_at`). With clusters the units are whole reports: a few reports
    without a disagreement prove little. NaN where it cannot be had.
    """
    if n_units < 1:
        return float("nan")
    rate = highest_rate(n_units, level)
    expected = float(coefficient.expected_at(rate, sums))
    return 1.0 - rate / expected if expected > 0.0 else float("nan")


def highest_rate(n_units: int, level: float = 0.95) -> float:
    """Highest share of disagreeing units with which none of n disagrees at `1 - level`."""
    rate: float = 1.0 - (1.0 - level) ** (1.0 / n_units)
    return rate
