"""Published worked examples beside what this library computes.

python -m benchmarks.practice_published > benchmarks/results/practice_published.txt
"""

from __future__ import annotations

import numpy as np

from practicelib.measures.keyness import weighted_log_odds
from practicelib.measures.quantify import ppi_mean, rogan_gladen_limits
from tests.measures.published_practices import (
    GEARS,
    GEARS_FLAT,
    GEARS_INFORMATIVE,
    POWERED,
    PREVALENCE,
    made_predictions,
)


def prevalence() -> None:
    print("Adjusted share, sensitivity and specificity estimated (Lang and Reiczigel 2014)")
    print("                     adjusted   limits here        limits published")
    for name, counts, printed, digits in PREVALENCE:
        value, low, high = rogan_gladen_limits(*counts)
        print(
            f"{name:18s}     {value:.4f}   {low:.4f} to {high:.4f}   "
            f"{printed[0]:.{digits}f} to {printed[1]:.{digits}f}"
        )


def log_odds() -> None:
    print("\nWeighted log-odds of 3, 4 and 5 gears by engine shape (Monroe et al. 2008; tidylo)")
    print("engine  prior          here                          published")
    for name, prior, printed in (
        ("informative", GEARS.sum(axis=0), GEARS_INFORMATIVE),
        ("flat", np.ones(3), GEARS_FLAT),
    ):
        z = weighted_log_odds(GEARS, GEARS.sum(axis=0) + prior, prior).z
        for engine, (own, other) in enumerate(zip(z, printed, strict=True)):
            here, there = (" ".join(f"{v:8.4f}" for v in row) for row in (own, other))
            print(f"{engine:6d}  {name:11s}  {here}    {there}")


def powered() -> None:
    print("\nPrediction-powered mean, 400 of 20,000 coded (Angelopoulos et al. 2023; ppi-python)")
    codes, guess = made_predictions()
    found = ppi_mean(codes[:400], guess[:400], guess[400:])
    for name, (value, low, high) in (
        ("here", (found.value, found.low, found.high)),
        ("authors' package", POWERED),
    ):
        print(f"{name:18s} {value:.8f} [{low:.8f}, {high:.8f}]")
    print(f"true share {codes.mean():.5f}, mean prediction {guess.mean():.5f}")


def main() -> None:
    prevalence()
    log_odds()
    powered()


if __name__ == "__main__":
    main()
