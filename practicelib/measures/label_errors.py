"""How likely each label is wrong, judged by probabilities from models that did not see it.

Axes: N sentences, K categories.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

_SMALL = 1e-6


@dataclass(frozen=True)
class Confidence:
    """`suspicion` (N, K): how likely each label is wrong, NaN where the probability is.

    `false_negative` (K,) is the share of sentences of a category that the labels miss,
    `false_positive` (K,) the share of others that they give it to.
    """

    suspicion: Floats
    false_negative: Floats
    false_positive: Floats


def confident_errors(labels: Bools, probabilities: Floats) -> Confidence:
    """Confident learning per category (Northcutt, Jiang and Chuang 2021, eq. 1-3), then Bayes.

    A sentence counts for a category with certainty where its out-of-sample probability reaches the
    mean of those labelled with it, and against it where it is at most the mean of those not so
    labelled; how often labels contradict this gives their error rates. With them and the
    probability p of the category, a label 0 is wrong with p FN / (p FN + (1 - p) (1 - FP)), a label
    1 with (1 - p) FP / ((1 - p) FP + p (1 - FN)).

    `labels` and `probabilities` are (N, K). Raises ValueError for other shapes and for
    probabilities outside [0, 1]; NaN is allowed and gives NaN.
    """
    if labels.shape != probabilities.shape or labels.ndim != 2:
        raise ValueError(f"labels {labels.shape} but probabilities {probabilities.shape}")
    known = np.isfinite(probabilities)
    if ((probabilities[known] < 0) | (probabilities[known] > 1)).any():
        raise ValueError("probabilities must lie between 0 and 1")
    k = labels.shape[1]
    suspicion = np.full(labels.shape, np.nan)
    false_negative, false_positive = np.full(k, np.nan), np.full(k, np.nan)
    for c in range(k):
        rows = known[:, c]
        if rows.any():
            given, p = labels[rows, c], probabilities[rows, c]
            fn, fp = _error_rates(given, p)
            suspicion[rows, c] = _suspicion(given, np.clip(p, _SMALL, 1.0 - _SMALL), fn, fp)
            false_negative[c], false_positive[c] = fn, fp
    return Confidence(suspicion, false_negative, false_positive)


def _error_rates(given: Bools, p: Floats) -> tuple[float, float]:
    """Rates of missed and of wrongly given labels; one of each is added so that none is 0."""
    surely = p >= (p[given].mean() if given.any() else 0.5)
    surely_not = p <= (p[~given].mean() if (~given).any() else 0.5)
    missed, kept = int((surely & ~given).sum()), int((surely & given).sum())
    added, absent = int((surely_not & given).sum()), int((surely_not & ~given).sum())
    return (missed + 1.0) / (missed + kept + 2.0), (added + 1.0) / (added + absent + 2.0)


def _suspicion(given: Bools, p: Floats, fn: float, fp: float) -> Floats:
    missing = p * fn / (p * fn + (1.0 - p) * (1.0 - fp))
    added = (1.0 - p) * fp / ((1.0 - p) * fp + p * (1.0 - fn))
    return np.where(given, added, missing)
