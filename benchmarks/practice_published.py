"""Published worked examples beside what this library computes.

python -m benchmarks.practice_published > benchmarks/results/practice_published.txt
"""

from __future__ import annotations

import numpy as np

from practicelib.measures.keyness import weighted_log_odds
from practicelib.measures.quantify import ppi_mean, rogan_gladen_limits
from tests.measures.published_powered import (
    AREAS,
    JUDGED,
    LAND,
    LEVEL,
    PIXELS,
    areas,
    powered,
    turned_round,
)
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


def judged() -> None:
    print("\nShare by a coded sample of an LLM judge's answers, limits of 90 % (Chen et al. 2026)")
    print("published: manual of their R package debiasLLMReporting; here: with its last step,")
    print("divisor n - 1 and limits on the logit scale; as such: `ppi_mean`")
    print("example        coded  share          here                     published")
    for name, sample, raw, ppi, turned in JUDGED:
        code, guess, elsewhere = sample.arrays()
        found = ppi_mean(code, guess, elsewhere, LEVEL)
        rows = (
            ("raw", f"{elsewhere.mean():.3f}", f"{raw:.3f}"),
            ("powered", spelt(powered(sample)), spelt(ppi)),
            ("  as such", spelt((found.value, found.low, found.high)), ""),
            ("Rogan-Gladen", spelt(turned_round(sample)), spelt(turned)),
        )
        for kind, own, printed in rows:
            line = f"{name:13s}  {len(code):5d}  {kind:12s}   {own:22s}   {printed}"
            print(line.rstrip())


def spelt(limits: tuple[float, float, float]) -> str:
    value, low, high = limits
    return f"{value:.3f} [{low:.3f}, {high:.3f}]"


def land() -> None:
    print("\nAreas in ha by 640 places read, 95 % limits (Olofsson et al. 2014, table 8)")
    print("design-adjusted outcomes, strata as mapped; here: without finite population correction")
    print("and with a quantile of 1.96, as published")
    print("class               mapped    as such             here                published")
    columns = zip(LAND, PIXELS, areas(), areas(published=True), AREAS, strict=True)
    for name, pixels, *found in columns:
        spelt_out = "    ".join(f"{area:7.0f} +- {reach:5.0f}" for area, reach in found)
        print(f"{name:17s}  {0.09 * pixels:7.0f}   {spelt_out}")


def parity() -> None:
    print("\nPrediction-powered mean, 400 of 20,000 coded (Angelopoulos et al. 2023; ppi-python)")
    print("made-up data, not a published example: the authors' package run beside this one")
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
    judged()
    land()
    parity()


if __name__ == "__main__":
    main()
