"""Published worked examples of the measures behind comparisons, with the figures printed there."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# Lang and Reiczigel (2014), examples 1 to 4, as the manual of R's package asht (prevSeSp) quotes
# them: positives, tested, true positives, with the condition, true negatives, without it; limits
# and the digits to which they are printed. Example 3 has a raw share of 6 % and a sensitivity of
# 80 % only, no counts.
PREVALENCE: tuple[tuple[str, tuple[float, ...], tuple[float, float], int], ...] = (
    ("example 1", (4060, 11284, 178, 179, 358, 359), (0.349, 0.372), 3),
    ("example 2", (51, 2971, 32, 33, 20, 20), (0.0, 0.053), 3),
    ("example 3", (0.06 * 11862, 11862, 0.8 * 10, 10, 12, 12), (0.0, 0.147), 3),
    ("example 4, first", (259, 509, 84, 127, 96, 109), (0.58, 0.87), 2),
    ("example 4, second", (51, 509, 23, 41, 187, 195), (0.037, 0.195), 3),
)

# Cars by engine shape (rows) and number of gears (3, 4, 5), R's data set mtcars, with the weighted
# log-odds that the manual of R's package tidylo (bind_log_odds) prints: each engine against all
# cars, Monroe et al. (2008), equations 15, 18 and 21. First with the informative prior (all counts
# together), then with one pseudo-count each.
GEARS = np.array([[12, 2, 4], [3, 10, 1]])
GEARS_INFORMATIVE = np.array(
    [[1.1728347, -1.3767516, 0.4033125], [-1.1354777, 1.5661168, -0.4362340]]
)
GEARS_FLAT = np.array([[1.8912729, -1.9691060, 0.5549172], [-1.7407107, 2.8421436, -0.6570674]])
GEARS_LOG_ODDS = np.array([[0.6968169, -1.2527630, 0.3249262], [-0.9673459, 1.1451323, -0.5268260]])

# Prediction-powered mean of 400 coded of 20,000 made-up sentences (`made_predictions`), by the
# authors' package ppi-python 0.2.3: ppi_mean_pointestimate and ppi_mean_ci with lam=1, alpha=0.05.
POWERED = (0.08493678695337217, 0.07119266898175881, 0.09868090492498553)


def made_predictions() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Codes and predicted probabilities of 20,000 made-up sentences."""
    rng = np.random.default_rng(20231109)
    codes = (rng.random(20000) < 0.08).astype(float)
    high, low = rng.beta(6, 3, 20000), rng.beta(1, 9, 20000)
    return codes, np.clip(np.where(codes > 0, high, low), 0, 1)
