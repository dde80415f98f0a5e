"""Shares of sentences with intervals, where sentences come in whole reports.

Axes: N sentences, K categories, C clusters (reports), U units compared.

A share is a ratio of sums, R = sum of parts / sum of wholes. Its variance over clusters is that of
the linearised residuals (Binder 1983). Its interval is that of Korn and
Graubard (1998): Clopper and Pearson's limits (1934) at the effective number of sentences, with
Student's t in place of the normal, so that it holds for few clusters and small shares; measured in
`benchmarks/practice_coverage.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_HUGE = 1e9
LEAST_P = 1e-9
"""A p is not said to be smaller than this."""
# To a millionth of p.
_BISECTIONS = 24
_NEARLY_ONE = -1e-5


@dataclass(frozen=True)
class ClusterSums:
    """Sums of parts and wholes per cluster, both (C, K); `unit` (C,) numbers a cluster's unit."""

    parts: Floats
    wholes: Floats
    unit: Ints
    n_units: int

    @property
    def clusters(self) -> Ints:
        """Clusters of every unit with a whole above 0 in some category, (U,)."""
        counts = np.bincount(self.unit[self.wholes.any(axis=1)], minlength=self.n_units)
        return counts.astype(np.int64)


def cluster_sums(
    parts: ArrayLike, wholes: ArrayLike, clusters: Ints, unit_of_cluster: Ints, n_units: int
) -> ClusterSums:
    """Add up sentences (N, K) by cluster; `clusters` (N,) numbers them from 0."""
    part, whole = np.asarray(parts, float), np.asarray(wholes, float)
    shape = (len(unit_of_cluster), part.shape[1])
    total, base = np.zeros(shape), np.zeros(shape)
    np.add.at(total, clusters, part)
    np.add.at(base, clusters, np.broadcast_to(whole, part.shape))
    return ClusterSums(total, base, np.asarray(unit_of_cluster, np.int64), n_units)


def by_unit(values: Floats, unit: Ints, n_units: int) -> Floats:
    """Sums over the clusters of each unit, (C, ...) to (U, ...)."""
    total = np.zeros((n_units, *values.shape[1:]))
    np.add.at(total, unit, values)
    return total


def ratio(parts: Floats, wholes: Floats) -> Floats:
    """parts / wholes, NaN where the whole is 0."""
    result: Floats = np.full(np.broadcast(parts, wholes).shape, np.nan)
    np.divide(parts, wholes, out=result, where=wholes > 0)
    return result


@dataclass(frozen=True)
class Ratios:
    """Shares, their variances and the degrees of freedom of these, each (U, K)."""

    value: Floats
    variance: Floats
    df: Floats


def cluster_ratios(sums: ClusterSums) -> Ratios:
    """Shares of units from their clusters; variance and df are NaN for one cluster.

    Variance C / (C - 1) * sum of z^2 / (whole of unit)^2, z = part - R whole. Where a few clusters
    hold nearly all of a category, their variance is known less well than C - 1 degrees of freedom
    say: df is at most twice (sum of z^2)^2 / sum of z^4, the number of clusters that carry it (the
    factor two was chosen in `benchmarks/practice_coverage.py`).
    """
    whole = by_unit(sums.wholes, sums.unit, sums.n_units)
    value = ratio(by_unit(sums.parts, sums.unit, sums.n_units), whole)
    residual = sums.parts - np.nan_to_num(value)[sums.unit] * sums.wholes
    squares = by_unit(residual**2, sums.unit, sums.n_units)
    carrying = ratio(squares**2, by_unit(residual**4, sums.unit, sums.n_units))
    count = np.broadcast_to(sums.clusters[:, None].astype(float), value.shape)
    several = np.where(count > 1, count, np.nan)
    df = np.clip(np.where(np.isnan(carrying), several, 2.0 * carrying), 1.0, several - 1.0)
    return Ratios(value, several / (several - 1.0) * ratio(squares, whole**2), df)


def exact_limits(share: ArrayLike, n: ArrayLike, level: ArrayLike = 0.95) -> tuple[Floats, Floats]:
    """Clopper and Pearson's (1934) limits of `share` of `n` trials; n need not be whole."""
    p, size, at = np.broadcast_arrays(*(np.asarray(a, float) for a in (share, n, level)))
    tail = (1.0 - at) / 2.0
    hits = np.clip(p, 0.0, 1.0) * size
    low, high = np.full(p.shape, np.nan), np.full(p.shape, np.nan)
    known = np.isfinite(p) & (size > 0)
    some, short = known & (hits > 0), known & (hits < size)
    low[known], high[known] = 0.0, 1.0
    low[some] = special.betaincinv(hits[some], size[some] - hits[some] + 1, tail[some])
    high[short] = special.betaincinv(hits[short] + 1, size[short] - hits[short], 1 - tail[short])
    return low, high


def korn_graubard(
    share: ArrayLike,
    variance: ArrayLike,
    n: ArrayLike,
    df: ArrayLike,
    level: ArrayLike = 0.95,
    *,
    capped: bool = True,
) -> tuple[Floats, Floats]:
    """Limits of a share from clustered or corrected counts (Korn and Graubard 1998).

    Clopper and Pearson's limits at the effective number p (1 - p) / variance, at most n, times
    (t(n - 1) / t(df))^2. In p (1 - p), p is not taken to lie nearer to 0 or 1 than its standard
    error or half a sentence, or a share of 0 would have no effective number. A share outside 0 to
    1, which a correction may give, is taken at that bound. `capped`: a variance of 0 means that
    none was seen, and the number is n; otherwise it means that there is none, and the limits are
    the share. NaN where variance, n or df is not known.
    """
    every = (np.asarray(a, float) for a in (share, variance, n, df, level))
    p, v, size, d, at = np.broadcast_arrays(*every)
    known = np.isfinite(p) & np.isfinite(v) & (size > 1) & (d > 0)
    low, high = np.full(p.shape, np.nan), np.full(p.shape, np.nan)
    tail = 1.0 - (1.0 - at[known]) / 2.0
    factor = (special.stdtrit(size[known] - 1, tail) / special.stdtrit(d[known], tail)) ** 2
    least = np.clip(np.maximum(0.5 / size[known], np.sqrt(v[known])), 0.0, 0.5)
    spread = np.clip(p[known], least, 1.0 - least)
    effective = spread * (1 - spread) / np.maximum(v[known], 1e-300)
    if capped:
        effective = np.minimum(effective, size[known])
    effective = np.minimum(effective, _HUGE) * np.minimum(factor, 1.0)
    low[known], high[known] = exact_limits(p[known], effective, at[known])
    certain = known & (v <= 0) & (not capped)
    low[certain] = high[certain] = np.clip(p[certain], 0.0, 1.0)
    return low, high


def difference_limits(
    first: tuple[ArrayLike, ArrayLike, ArrayLike], second: tuple[ArrayLike, ArrayLike, ArrayLike]
) -> tuple[Floats, Floats]:
    """Limits of first - second from (value, low, high) of each, for independent units.

    MOVER (Newcombe 1998, method 10; Zou and Donner 2008): limits recover each side's
    spread in the direction that matters, so that they stay right for small and skewed shares.
    """
    (a, al, ah), (b, bl, bh) = (
        tuple(np.asarray(x, float) for x in side) for side in (first, second)
    )
    gap = a - b
    return gap - np.hypot(a - al, bh - b), gap + np.hypot(ah - a, b - bl)


def p_of_limits(value: Floats, limits: Callable[[Floats], tuple[Floats, Floats]]) -> Floats:
    """Two-sided p of differences by their own intervals, shaped as `value`.

    One less the greatest level at which the interval leaves out 0 (tests and intervals as each
    other's inverse: Lehmann and Romano 2005, 3.5), so that no p contradicts the limits beside it.
    `limits` gives both ends at a level for each value. Found by bisection, never below `LEAST_P`;
    NaN without limits, 1 for a difference of 0.
    """
    # At level 0 there is no interval; this near to it p is 1.
    least, most = np.full(value.shape, np.log(LEAST_P)), np.full(value.shape, _NEARLY_ONE)
    for _ in range(_BISECTIONS):
        middle = (least + most) / 2.0
        low, high = limits(1.0 - np.exp(middle))
        outside = (low > 0) | (high < 0)
        least, most = np.where(outside, least, middle), np.where(outside, middle, most)
    known = np.isfinite(limits(np.full(value.shape, 0.95))[0])
    p = np.where(most < _NEARLY_ONE, np.exp(most), 1.0)
    return np.where(known, p, np.nan)


def holm(p: ArrayLike) -> Floats:
    """Holm's (1979) adjusted p values of one family; NaN stays NaN and counts for nothing."""
    raw = np.asarray(p, float)
    adjusted: Floats = np.full(raw.shape, np.nan)
    known = np.flatnonzero(np.isfinite(raw))
    order = known[np.argsort(raw[known], kind="stable")]
    steps = raw[order] * np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return adjusted
