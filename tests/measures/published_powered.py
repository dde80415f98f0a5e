"""Published worked examples of corrections by a coded sample, with the figures printed there.

Prediction-powered mean and Rogan-Gladen on one and the same sample: the manual of the R package
debiasLLMReporting by authors of Chen, Lu, Li, Guo and Li (2026), Efficient Inference for Noisy
LLM-as-a-Judge Evaluation, arXiv 2601.05420. A person's yes or no is the code, a language model's
the prediction. The article "Getting Started" gives seed and recipe (seed 2026; 42 in an
earlier edition), which `RRandom` follows; "Real Data Example" has 276 comparisons of Chatbot Arena.

Stratified sample of what was predicted: Olofsson et al. (2014), Remote Sensing of Environment 148,
table 8 and page 54, where a map is the prediction and a person's reading of 640 places the code.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit
from scipy.stats import norm

from practicelib.measures.quantify import (
    Design,
    design_variance,
    ppi_mean,
    pseudo_outcomes,
    rogan_gladen,
    rogan_gladen_variance,
)
from tests.measures.r_random import RRandom

Limits = tuple[float, float, float]  # value, lower and upper limit
LEVEL = 0.9  # of all limits in that manual


@dataclass(frozen=True)
class Judged:
    """A coded sample as a 2 x 2 table, and `positives` of `others` predicted elsewhere."""

    both: int
    only_code: int
    only_predicted: int
    neither: int
    positives: int
    others: int

    def arrays(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Codes and predictions of the sample, predictions elsewhere."""
        table = (self.both, self.only_code, self.only_predicted, self.neither)
        elsewhere = (self.positives, self.others - self.positives)
        return (
            np.repeat([1, 1, 0, 0], table),
            np.repeat([1, 0, 1, 0], table),
            np.repeat([1, 0], elsewhere),
        )


def seeded(seed: int) -> Judged:
    """500 made-up comparisons, 50 coded: share 0.6, sensitivity 0.80, specificity 0.85."""
    source = RRandom(seed)
    code = source.coins(500, 0.6)
    hit, clear = source.coins(500, 0.80), source.coins(500, 0.85)
    guess = np.where(code == 1, hit, 1 - clear)
    chosen = np.zeros(500, bool)
    chosen[source.sample(500, 50)] = True
    cells = (int(np.sum((code == c) & (guess == g) & chosen)) for c in (1, 0) for g in (1, 0))
    both, only_code, only_guess, neither = cells
    return Judged(both, only_code, only_guess, neither, int(guess[~chosen].sum()), 450)


# Of the real comparisons the manual prints the sizes (28 coded, 248 others), sensitivity 0.25,
# specificity 0.875 and the raw share 0.161. Three tables give these; the others would make the
# prediction-powered mean 0.411 or 0.661. So its value tells only which, the limits are the test.
REAL = Judged(1, 3, 3, 21, 40, 248)

# Raw share, prediction-powered mean with limits, Rogan-Gladen with limits, as printed.
JUDGED: tuple[tuple[str, Judged, float, Limits, Limits], ...] = (
    ("seed 2026", seeded(2026), 0.496, (0.576, 0.486, 0.661), (0.517, 0.391, 0.640)),
    ("seed 42", seeded(42), 0.560, (0.640, 0.563, 0.711), (0.666, 0.542, 0.770)),
    ("Chatbot Arena", REAL, 0.161, (0.161, 0.059, 0.371), (0.062, 0.000, 1.000)),
)


def on_logits(value: float, error: float) -> Limits:
    """That manual's limits: normal on the logit scale."""
    reach = float(norm.ppf((1 + LEVEL) / 2)) * error / (value * (1 - value))
    return value, float(expit(logit(value) - reach)), float(expit(logit(value) + reach))


def powered(judged: Judged) -> Limits:
    """`ppi_mean` with that manual's last step: variances with divisor n - 1, logit limits.

    The two parts of the error come from `ppi_mean` itself, each with the other's data constant.
    """
    code, guess, elsewhere = judged.arrays()
    sample, rest = ppi_mean(code, guess, [0]).error, ppi_mean([0], [0], elsewhere).error
    n, others = len(code), len(elsewhere)
    error = np.sqrt(sample**2 * n / (n - 1) + rest**2 * others / (others - 1))
    return on_logits(ppi_mean(code, guess, elsewhere).value, float(error))


def turned_round(judged: Judged) -> Limits:
    """`rogan_gladen` with that manual's pseudo-counts (Lang and Reiczigel's), logit limits."""
    half = float(norm.ppf((1 + LEVEL) / 2)) ** 2 / 2
    rates = np.array(
        [
            (judged.positives + half, judged.others + 2 * half),
            (judged.both + 1, judged.both + judged.only_code + 2),
            (judged.neither + 1, judged.neither + judged.only_predicted + 2),
        ]
    )
    share = rates[:, 0] / rates[:, 1]
    spread = share * (1 - share) / rates[:, 1]
    variance = rogan_gladen_variance(*np.stack([share, spread], axis=1).ravel())
    return on_logits(float(rogan_gladen(*share)), float(np.sqrt(variance)))


# Places by map (rows) and by reading (columns): deforestation, forest gain, stable forest, stable
# non-forest; pixels of 0.09 ha by map; areas in ha with the reach of their 95 % limits. The paper
# itself was not at hand: counts as the manual of R's package mapaccuracy quotes them, areas as two
# other programs that reproduce the example quote them.
LAND = ("deforestation", "forest gain", "stable forest", "stable non-forest")
PLACES = np.array([[66, 0, 5, 4], [0, 55, 8, 12], [1, 0, 153, 11], [2, 1, 9, 313]])
PIXELS = np.array([200_000, 150_000, 3_200_000, 6_450_000])
AREAS = np.array([[21158, 6158], [11686, 3756], [285770, 15510], [581386, 16282]])


def areas(published: bool = False) -> NDArray[np.float64]:
    """Area and reach in ha by design-adjusted outcomes, strata as mapped, (4, 2).

    As `published`: without finite population correction, which a map 100 times as large leaves
    out, and with a quantile of 1.96.
    """
    larger, quantile = (100, 1.96) if published else (1, float(norm.ppf(0.975)))
    mapped, found = (axis.ravel() for axis in np.indices((4, 4)))
    guess, code = (np.eye(4)[np.repeat(axis, PLACES.ravel())] for axis in (mapped, found))
    design = Design(guess.argmax(axis=1), larger * PIXELS, np.arange(4))
    adjusted = pseudo_outcomes(guess, code, np.ones(len(code), bool), design.inclusion)
    total = larger * PIXELS + (adjusted - guess).sum(axis=0)
    one = np.zeros(len(code), np.int64)
    variance = design_variance(code - guess, one, 1, design, pooled=False)[0]
    return 0.09 / larger * np.stack([total, quantile * np.sqrt(variance)], axis=1)
