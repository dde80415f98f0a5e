"""How often the intervals of shares hold the true share: run it and read the table.

    python benchmarks/practice_coverage.py > benchmarks/results/practice_coverage.txt

Reports are drawn from a beta-binomial population: 15 to 45 sentences each, a report's own share
with the intra-report correlation given. Each line is RUNS runs; the standard error of a coverage of
95 % is then 0.5 points. "z" is the plain cluster-robust normal interval, "t" the same with
Student's t, "bootstrap" the percentile bootstrap over reports, "used" what `profile` prints.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from practicelib.measures.shares import (
    ClusterSums,
    Ratios,
    cluster_ratios,
    difference_limits,
    korn_graubard,
)
from practicelib.measures.simultaneous import all_pairs, sidak_level, simultaneous_level

RUNS = 2000
CLUSTERS = (2, 3, 5, 8, 10, 15, 20, 40)
PREVALENCE = (0.02, 0.05, 0.10, 0.15)
CORRELATION = (0.02, 0.10)

Floats = NDArray[np.float64]


def draw(rng: np.random.Generator, runs: int, n_clusters: int, p: float, icc: float) -> ClusterSums:
    """Hits and sizes of runs x clusters; each run is a unit of its own."""
    size = rng.integers(15, 46, size=(runs, n_clusters))
    scale = 1.0 / icc - 1.0
    own = rng.beta(p * scale, (1 - p) * scale, size=size.shape)
    hits = rng.binomial(size, own)
    unit = np.repeat(np.arange(runs), n_clusters)
    return ClusterSums(
        hits.reshape(-1, 1).astype(float), size.reshape(-1, 1).astype(float), unit, runs
    )


def limits(sums: ClusterSums, found: Ratios, level: float) -> tuple[Floats, Floats, Floats]:
    """Value and limits of every unit and category."""
    n = np.bincount(sums.unit, sums.wholes[:, 0], sums.n_units)[:, None]
    low, high = korn_graubard(found.value, found.variance, n, found.df, level)
    return found.value, low, high


def covered(low: Floats, high: Floats, truth: float) -> float:
    return float(np.mean((low <= truth + 1e-12) & (truth - 1e-12 <= high)))


def shares_table(rng: np.random.Generator) -> None:
    print("Share of sentences in one unit, 95 % intervals")
    print("reports  share  correlation      z      t  bootstrap   used   width used")
    for icc in CORRELATION:
        for n_clusters in CLUSTERS:
            for p in PREVALENCE:
                sums = draw(rng, RUNS, n_clusters, p, icc)
                found = cluster_ratios(sums)
                _, low, high = limits(sums, found, 0.95)
                value, error = found.value, np.sqrt(found.variance)
                rates = [
                    covered(value - c * error, value + c * error, p)
                    for c in (1.959964, float(stats.t.ppf(0.975, n_clusters - 1)))
                ]
                rates.append(covered(*percentile(rng, sums, n_clusters), p))
                rates.append(covered(low, high, p))
                z, t, b, used = (100 * r for r in rates)
                print(
                    f"{n_clusters:7d} {100 * p:5.0f}%  {icc:11.2f}  {z:5.1f}  {t:5.1f}  {b:9.1f}"
                    f"  {used:5.1f}   {100 * np.mean(high - low):10.1f}"
                )


def percentile(rng: np.random.Generator, sums: ClusterSums, n: int) -> tuple[Floats, Floats]:
    """Percentile bootstrap over reports, 400 resamples, all runs at once."""
    hits, size = (x.reshape(-1, n) for x in (sums.parts, sums.wholes))
    weights = rng.multinomial(n, np.full(n, 1 / n), size=400).astype(float)
    values = (hits @ weights.T) / (size @ weights.T)
    low, high = np.quantile(values, [0.025, 0.975], axis=1)
    return low, high


def differences_table(rng: np.random.Generator) -> None:
    print("\nDifference of two units, 95 % intervals (used: MOVER from the limits above)")
    print("reports     shares  correlation   used   width")
    for icc in CORRELATION:
        for n_clusters in CLUSTERS:
            for p, q in ((0.02, 0.05), (0.05, 0.05), (0.05, 0.15)):
                sides = []
                for share in (p, q):
                    sums = draw(rng, RUNS, n_clusters, share, icc)
                    sides.append(limits(sums, cluster_ratios(sums), 0.95))
                low, high = difference_limits(*sides)
                print(
                    f"{n_clusters:7d}  {100 * p:3.0f}%, {100 * q:2.0f}%  {icc:11.2f}"
                    f"  {100 * covered(low, high, p - q):5.1f}  {100 * np.mean(high - low):6.1f}"
                )


def family_table(rng: np.random.Generator) -> None:
    print("\nAll 24 differences of 4 units in 4 categories held together, 95 %")
    print("reports  correlation  pointwise  Sidak   used   width Sidak   width used")
    shares = np.array([0.02, 0.05, 0.10, 0.15])
    pairs = all_pairs(4)
    first, second = pairs.T
    for icc in CORRELATION:
        for n_clusters in (2, 5, 10, 20, 40):
            held, widths = np.zeros(3), np.zeros(3)
            for run in range(RUNS):
                sums = four_units(rng, n_clusters, shares, icc)
                found = cluster_ratios(sums)
                used = simultaneous_level(sums, pairs, resamples=2500, seed=run)
                for i, level in enumerate((0.95, sidak_level(24), used)):
                    sides = limits(sums, found, level)
                    low, high = difference_limits(
                        *([x[side] for x in sides] for side in (first, second))
                    )
                    held[i] += (low <= 1e-12).all() and (high >= -1e-12).all()
                    widths[i] += (high - low).mean()
            point, strict, kept = 100 * held / RUNS
            wide = 100 * widths / RUNS
            print(
                f"{n_clusters:7d}  {icc:11.2f}  {point:9.1f}  {strict:5.1f}  {kept:5.1f}"
                f"   {wide[1]:11.1f}  {wide[2]:11.1f}"
            )


def four_units(
    rng: np.random.Generator, n_clusters: int, shares: Floats, icc: float
) -> ClusterSums:
    """Four units with the same four shares, so that every true difference is 0."""
    unit = np.repeat(np.arange(4), n_clusters)
    size = rng.integers(15, 46, size=(len(unit), 1))
    scale = 1.0 / icc - 1.0
    own = rng.beta(shares * scale, (1 - shares) * scale, size=(len(unit), 4))
    hits = rng.binomial(size, own)
    return ClusterSums(hits.astype(float), np.broadcast_to(size, hits.shape).astype(float), unit, 4)


def main() -> None:
    rng = np.random.default_rng(20261123)
    print(f"{RUNS} runs a line\n")
    shares_table(rng)
    differences_table(rng)
    family_table(rng)


if __name__ == "__main__":
    main()
