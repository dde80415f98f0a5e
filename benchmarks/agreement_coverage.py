"""How often the 95 % interval of alpha holds the true value, by number of reports.

    python benchmarks/agreement_coverage.py > benchmarks/results/agreement_coverage.txt

Each run draws reports of 5 to 60 sentences. Prevalence differs between reports (beta) and so do the
rates of error of a report (gamma), so that sentences of one report are alike. The true value is
that of 40,000 reports. "no interval" counts runs without one (a category that nobody coded); they
are left out of the rest. Samples without any disagreement give the exact bound, which holds the
true value if it is not above it. "low" and "high" are the shares of runs in which the true value
lay below and above the interval.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from practicelib.measures.agreement import alpha_of_sets, gwet_ac1, krippendorff_alpha
from practicelib.measures.resampling import Resampling
from practicelib.records.agreement import Coefficient

METHODS = ("bootstrap", "percentile", "jackknife")
REPORTS = (2, 3, 5, 10, 20, 30, 50, 100)
CONCENTRATION = 8.0


@dataclass(frozen=True)
class Setting:
    """Prevalence and rate of error of a category, number of coders, coefficient."""

    prevalence: float
    error: float
    coders: int
    coefficient: str = "alpha"
    categories: int = 1

    def measure(self, codes: NDArray[np.int8], resampling: Resampling | None) -> Coefficient:
        if self.coefficient == "masi":
            return alpha_of_sets(codes, resampling=resampling)
        if self.coefficient == "ac1":
            return gwet_ac1(codes[:, :, 0], n_values=2, resampling=resampling)
        return krippendorff_alpha(codes[:, :, 0], n_values=2, resampling=resampling)


SETTINGS = (
    Setting(0.20, 0.03, 2),
    Setting(0.05, 0.03, 2),
    Setting(0.10, 0.01, 2),
    Setting(0.10, 0.08, 3),
    Setting(0.30, 0.10, 3),
    Setting(0.10, 0.05, 2, "ac1"),
    Setting(0.10, 0.05, 2, "masi", 4),
)


def draw(
    setting: Setting, reports: int, rng: np.random.Generator
) -> tuple[NDArray[np.int8], NDArray[np.int64]]:
    """Codes (N, A, K) and the report of every sentence; a tenth of codings is missing with three
    coders."""
    sizes = rng.integers(5, 61, reports)
    report = np.repeat(np.arange(reports), sizes)
    a, k = setting.prevalence * CONCENTRATION, setting.categories
    share = rng.beta(a, CONCENTRATION - a, (reports, k))[report]
    rate = (setting.error * rng.gamma(4.0, 0.25, (reports, 1)))[report]
    truth = rng.random(share.shape) < share
    missed = np.minimum(3.0 * rate, 0.9)
    added = 2.0 * rate * setting.prevalence
    chance = rng.random((len(report), setting.coders, k))
    codes = np.where(truth[:, None], chance > missed[:, None], chance < added[:, None])
    codes = codes.astype(np.int8)
    if setting.coders > 2:
        codes[rng.random(codes.shape[:2]) < 0.1] = -1
    return codes, report


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=2000)
    parser.add_argument("--resamples", type=int, default=500)
    arguments = parser.parse_args()
    print(f"{arguments.runs} runs each, {arguments.resamples} resamples, level 0.95")
    worst: dict[tuple[str, bool], list[float]] = {}
    for number, setting in enumerate(SETTINGS):
        population, _ = draw(setting, 40_000, np.random.default_rng([number, 0]))
        true = setting.measure(population, None).value
        print(
            f"\n{setting.coefficient}: prevalence {setting.prevalence}, error {setting.error},",
            end="",
        )
        print(f" {setting.coders} coders, {setting.categories} categories: true value {true:.4f}")
        print("reports  no interval  method       coverage    low   high  median width")
        for reports in REPORTS:
            rng = np.random.default_rng([number, reports])
            found = [
                one_run(setting, reports, rng, arguments.resamples) for _ in range(arguments.runs)
            ]
            for m, method in enumerate(METHODS):
                limits = np.array([run[m] for run in found])
                limits = limits[np.isfinite(limits).all(axis=1)]
                below = float(np.mean(true < limits[:, 0]))
                above = float(np.mean(true > limits[:, 1]))
                width = float(np.median(limits[:, 1] - limits[:, 0]))
                none = arguments.runs - len(limits)
                coverage = 1.0 - below - above
                row = f"{reports:7d}  {none:11d}  {method:10s}   {coverage:8.3f}"
                print(f"{row}  {below:5.3f}  {above:5.3f}  {width:12.3f}", flush=True)
                worst.setdefault((method, reports >= 30), []).append(coverage)
    print()
    for (method, many), shares in sorted(worst.items()):
        where = "30 and more reports" if many else "2 to 20 reports"
        print(f"{method:10s} {where:20s} coverage {min(shares):.3f} to {max(shares):.3f}")


def one_run(
    setting: Setting, reports: int, rng: np.random.Generator, resamples: int
) -> list[tuple[float, float]]:
    """Limits by each method for one sample."""
    codes, report = draw(setting, reports, rng)
    seed = int(rng.integers(2**31))
    limits = []
    for method in METHODS:
        resampling = Resampling(method, resamples, seed=seed, clusters=report)
        found = setting.measure(codes, resampling)
        limits.append((found.low, found.high))
    return limits


if __name__ == "__main__":
    main()
