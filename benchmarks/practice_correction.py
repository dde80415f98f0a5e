"""How often raw, adjusted and corrected shares hold the truth when a classifier errs.

    python benchmarks/practice_correction.py > benchmarks/results/practice_correction.txt

Populations: reports of 15 to 45 sentences whose own share varies (intra-report correlation 0.05,
and 0.10 below); a classifier with the sensitivity given (and, for "drifts", another one in half of
the reports) and a specificity of 98 %; a validation sample stratified by what was predicted, half
of it where nothing was. "these": the share of these very sentences; "like-these": the share in the
population that the reports come from. RUNS runs a line, so that a coverage of 95 % has a standard
error of 0.5 points. Every line has a generator of its own. Where there are no limits, as of
adjusted shares when no rate can be told, they hold nothing.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from practicelib.measures.quantify import Design
from practicelib.practices.estimates import (
    Question,
    adjusted_estimates,
    corrected_estimates,
    measure_sums,
    raw_estimates,
)
from practicelib.practices.gather import Gathered
from practicelib.practices.sample import Laid, sampled_rates
from practicelib.records.practices import Estimand, Estimates, Unit

RUNS = 2000
SEED = 20261123
SPECIFICITY = 0.98
Floats = NDArray[np.float64]


def population(
    rng: np.random.Generator,
    n_reports: int,
    share: float,
    sensitivity: tuple[float, float],
    correlation: float,
) -> tuple[Gathered, Floats]:
    """Predictions of one category, laid out as `gather` lays them, and the true codes."""
    sizes = rng.integers(15, 46, n_reports)
    scale = 1.0 / correlation - 1.0
    own = rng.beta(share * scale, (1 - share) * scale, n_reports)
    report = np.repeat(np.arange(n_reports), sizes)
    truth = (rng.random(len(report)) < own[report]).astype(float)
    recall = np.where(np.arange(n_reports) % 2, *sensitivity)[report]
    found = np.where(truth > 0, rng.random(len(report)) < recall, False)
    false = np.where(truth > 0, False, rng.random(len(report)) > SPECIFICITY)
    guess = (found | false).astype(float)[:, None]
    unit = Unit("all", ("all",), (), tuple(range(n_reports)))
    gathered = Gathered(
        (), (unit,), np.zeros(n_reports, np.int64), report, np.zeros_like(report), guess, guess,
        np.zeros(len(report), bool), np.ones(len(report)),
    )  # fmt: skip
    return gathered, truth[:, None]


def validate(rng: np.random.Generator, gathered: Gathered, truth: Floats, n: int) -> Laid:
    """Half of n where nothing was predicted, half where something was."""
    strata = gathered.assigned[:, 0].astype(np.int64)
    rows = [rng.permutation(np.flatnonzero(strata == h))[: max(2, n // 2)] for h in (0, 1)]
    chosen = np.concatenate(rows)
    design = Design(strata[chosen], np.bincount(strata, minlength=2), np.arange(2))
    return Laid(chosen, truth[chosen], design)


def line(
    n_reports: int,
    share: float,
    sensitivity: tuple[float, float],
    n: int,
    estimand: Estimand,
    correlation: float = 0.05,
) -> str:
    rng = np.random.default_rng(SEED)
    question = Question(estimand)
    held, width, bias = np.zeros(3), np.zeros(3), np.zeros(3)
    for _ in range(RUNS):
        gathered, truth = population(rng, n_reports, share, sensitivity, correlation)
        target = float(truth.mean()) if estimand == "these" else share
        laid = validate(rng, gathered, truth, n)
        raw = raw_estimates(measure_sums(gathered, "sentences", question), "sentences", question)
        rates = sampled_rates(laid, gathered, 0.95)
        kinds: tuple[Estimates, ...] = (
            raw,
            adjusted_estimates(raw, rates, question),
            corrected_estimates(gathered, "sentences", question, laid),
        )
        for i, found in enumerate(kinds):
            low, high, value = (float(a[0, 0]) for a in (found.low, found.high, found.value))
            held[i] += low - 1e-12 <= target <= high + 1e-12
            width[i] += np.nan_to_num(high - low)
            bias[i] += np.nan_to_num(value - target)
    cover, wide, off = (100 * a / RUNS for a in (held, width, bias))
    drift = "drifts" if sensitivity[0] != sensitivity[1] else "same"
    return (
        f"{estimand:10s} {n_reports:7d} {100 * share:5.0f}% {drift:>7s} {n:6d}"
        f"  {cover[0]:6.1f} {off[0]:+5.1f}   {cover[1]:6.1f} {off[1]:+5.1f} {wide[1]:5.1f}"
        f"   {cover[2]:6.1f} {off[2]:+5.1f} {wide[2]:5.1f}"
    )


def main() -> None:
    print(f"{RUNS} runs a line; coverage of 95 % limits, bias and mean width in points\n")
    print(
        "                                           raw            adjusted (RG)         corrected"
    )
    print(
        "estimand   reports share  recall sample   cover  bias    cover  bias width"
        "    cover  bias width"
    )
    for estimand in ("these", "like-these"):
        for n_reports in (10, 20, 40):
            for share in (0.05, 0.10, 0.15):
                for sensitivity in ((0.7, 0.7), (0.9, 0.5)):
                    for n in (100, 300):
                        print(line(n_reports, share, sensitivity, n, estimand), flush=True)
    for correlation in (0.05, 0.10):
        print(f"\nfew reports, small samples, correlation {correlation:.2f}")
        for n_reports in (2, 3, 4, 6):
            for share in (0.05, 0.10, 0.15):
                few = line(n_reports, share, (0.8, 0.8), 60, "like-these", correlation)
                print(few, flush=True)


if __name__ == "__main__":
    main()
