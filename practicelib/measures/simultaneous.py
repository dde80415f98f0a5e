"""How much wider intervals must be when many differences are looked at together.

Axes: C clusters, K categories, U units, P pairs of units, B resamples.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from practicelib.measures.shares import ClusterSums, ratio

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FEWEST_CLUSTERS = 10
"""Below this many clusters in a unit its bootstrap is too poor, and Sidak's level is used."""
_BLOCK = 200
_FEWEST_BEYOND = 5


def all_pairs(n_units: int) -> Ints:
    """Pairs of units (P, 2), first below second."""
    return np.array(list(combinations(range(n_units), 2)), np.int64).reshape(-1, 2)


def sidak_level(n_intervals: int, level: float = 0.95) -> float:
    """Level of each of n intervals so that all hold together (Sidak 1967)."""
    return float(level ** (1.0 / max(n_intervals, 1)))


def simultaneous_level(
    sums: ClusterSums, pairs: Ints, *, level: float = 0.95, resamples: int = 4000, seed: int = 0
) -> float:
    """Level of each difference interval such that all P x K hold together at `level`.

    Whole clusters are resampled within units; every |t| is put on the scale of its own resampled
    distribution, and the level is the quantile of the largest over all differences: max-t
    (Westfall and Young 1993) in the balanced form of Beran (1988), which gives a level that can be
    handed to any interval and treats rare and common categories alike. Never below `level` nor
    above Sidak's, which is used as it is where a unit has fewer than `FEWEST_CLUSTERS` clusters,
    and where there are too few resamples to see as far out as so many differences need (fewer than
    five of each cell's would lie beyond its limit).
    """
    cells = len(pairs) * sums.parts.shape[1]
    strict = sidak_level(cells, level)
    if not cells or int(sums.clusters.min()) < FEWEST_CLUSTERS:
        return strict
    if resamples * (1.0 - level) / cells < _FEWEST_BEYOND:
        return strict
    t = _resampled_t(sums, pairs, resamples, seed)
    # Imported here: scipy.stats takes a second, and few comparisons have so many reports.
    from scipy import stats

    ranks = (stats.rankdata(t, axis=0) - 0.5) / len(t)
    # Cells in which nothing varies would stand at the top of their scale in every resample.
    largest = np.where(t > 0, ranks, 0.0).max(axis=1)
    return float(np.clip(np.quantile(largest, level), level, strict))


def _resampled_t(sums: ClusterSums, pairs: Ints, resamples: int, seed: int) -> Floats:
    """|t| of every difference about the observed one, (B, P * K); 0 where it has no spread."""
    generator = np.random.default_rng(seed)
    value, _ = _unit_ratios(sums, np.ones((1, len(sums.unit))))
    first, second = pairs.T
    observed = value[:, first] - value[:, second]
    found = []
    for start in range(0, resamples, _BLOCK):
        weights = _draw(sums, min(_BLOCK, resamples - start), generator)
        values, variances = _unit_ratios(sums, weights)
        gap = values[:, first] - values[:, second] - observed
        spread = np.sqrt(variances[:, first] + variances[:, second])
        t = np.nan_to_num(np.abs(ratio(gap, spread)))
        found.append(t.reshape(len(weights), -1))
    return np.concatenate(found)


def _draw(sums: ClusterSums, resamples: int, generator: np.random.Generator) -> Floats:
    """How often each cluster counts, (B, C): drawn with replacement within units."""
    weights = np.zeros((resamples, len(sums.unit)))
    for unit in range(sums.n_units):
        members = np.flatnonzero(sums.unit == unit)
        if len(members):
            chances = np.full(len(members), 1.0 / len(members))
            weights[:, members] = generator.multinomial(len(members), chances, size=resamples)
    return weights


def _unit_ratios(sums: ClusterSums, weights: Floats) -> tuple[Floats, Floats]:
    """Shares and variances of weighted clusters, both (B, U, K)."""
    shape = (len(weights), sums.n_units, sums.parts.shape[1])
    value, variance = np.full(shape, np.nan), np.full(shape, np.nan)
    for unit in range(sums.n_units):
        members = np.flatnonzero(sums.unit == unit)
        own, p, w = weights[:, members], sums.parts[members], sums.wholes[members]
        parts, wholes = own @ p, own @ w
        value[:, unit] = r = ratio(parts, wholes)
        # sum of weight * (part - r whole)^2, expanded so that no (B, C, K) array is made
        squares = own @ p**2 - 2 * r * (own @ (p * w)) + r**2 * (own @ w**2)
        n = len(members)
        variance[:, unit] = ratio(np.maximum(squares, 0.0), wholes**2) * n / max(n - 1, 1)
    return value, variance
