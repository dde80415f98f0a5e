"""Words that set units apart: weighted log-odds with an informative prior.

Axes: U units, V words, C reports.

Monroe, Colaresi and Quinn (2008), "Fightin' Words": the log-odds of a word in one group less those
in another, both with a Dirichlet prior of `alpha` pseudo-counts, over its standard deviation.
Counted by report: a word counts once per report that uses it, so that one long report cannot make
a word distinctive.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class LogOdds:
    """Log-odds differences with their errors and z values, each of the shape of the counts."""

    value: Floats
    error: Floats

    @property
    def z(self) -> Floats:
        """Difference over its standard deviation (Monroe et al. 2008)."""
        return self.value / self.error

    def limits(self, level: float = 0.95) -> tuple[Floats, Floats]:
        """Normal limits of the difference."""
        reach = float(special.ndtri((1.0 + level) / 2.0)) * self.error
        return self.value - reach, self.value + reach


def weighted_log_odds(first: ArrayLike, second: ArrayLike, prior: ArrayLike) -> LogOdds:
    """Log-odds of V words in one group against another (Monroe et al. 2008, section 3.3).

    Counts `first` and `second`, (..., V); `prior` (V,) pseudo-counts alpha_w, all above 0: a number
    each for a flat prior, or `informative_prior`. Odds are against all other words of the group.
    Raises ValueError for a prior that is not positive.
    """
    a, b, alpha = (np.asarray(x, float) for x in (first, second, prior))
    if not (alpha > 0).all():
        raise ValueError("prior counts must be above 0")
    value = _logits(a + alpha) - _logits(b + alpha)
    return LogOdds(value, np.sqrt(1.0 / (a + alpha) + 1.0 / (b + alpha)))


def _logits(counts: Floats) -> Floats:
    logits: Floats = np.log(counts / (counts.sum(axis=-1, keepdims=True) - counts))
    return logits


def informative_prior(counts: ArrayLike, size: float) -> Floats:
    """Prior of `size` pseudo-counts shared out as the words are in all groups together.

    alpha_w = size * count_w / all counts (Monroe et al. 2008, section 3.5). Words never seen get
    none, so leave them out first.
    """
    totals = np.asarray(counts, float)
    if totals.ndim > 1:
        totals = totals.reshape(-1, totals.shape[-1]).sum(axis=0)
    prior: Floats = size * totals / totals.sum()
    return prior


def distinctive_words(reports_with_word: ArrayLike, reports: ArrayLike) -> LogOdds:
    """Each unit against all others, counted by report: (U, V) reports with a word, (U,) reports.

    A report either uses a word or does not, so the odds of a word are those of a report using it:
    log (y + alpha) / (n - y + beta) with alpha + beta = 2 pseudo-reports, shared as in all reports
    together (the informative prior of Monroe et al. 2008 with binomial instead of multinomial
    counts). Raises ValueError where a word is in more reports than there
    are.
    """
    y, n = np.asarray(reports_with_word, float), np.asarray(reports, float)[:, None]
    if (y > n).any():
        raise ValueError("a word cannot be in more reports than there are")
    return _binomial_log_odds(y, n, y.sum(axis=0) - y, n.sum() - n)


def _binomial_log_odds(y: Floats, n: Floats, other_y: Floats, other_n: Floats) -> LogOdds:
    pooled = (y + other_y + 1.0) / (n + other_n + 2.0)
    alpha, beta = 2.0 * pooled, 2.0 * (1.0 - pooled)
    hits, misses = y + alpha, n - y + beta
    other_hits, other_misses = other_y + alpha, other_n - other_y + beta
    value = np.log(hits / misses) - np.log(other_hits / other_misses)
    error = np.sqrt(1 / hits + 1 / misses + 1 / other_hits + 1 / other_misses)
    return LogOdds(value, error)


def discoveries(p: ArrayLike, rate: float = 0.05) -> NDArray[np.bool_]:
    """Which of several tests to believe at a false discovery rate (Benjamini and Hochberg 1995)."""
    values = np.asarray(p, float)
    order = np.argsort(values, kind="stable")
    below = values[order] <= rate * (np.arange(len(values)) + 1) / max(len(values), 1)
    believed = np.zeros(len(values), bool)
    if below.any():
        believed[order[: int(np.flatnonzero(below)[-1]) + 1]] = True
    return believed
