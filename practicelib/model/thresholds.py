"""Calibration, thresholds and the abstention band, from decisions made out of fold.

Axes: N sentences, K categories.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def sigmoid(values: Floats) -> Floats:
    """1 / (1 + exp(-x)) without overflow."""
    return 0.5 * (1.0 + np.tanh(0.5 * values))


def prior_weights(labels: Bools, prior: float | None) -> Floats:
    """Weights (N,) under which the positives of one category make up `prior` of the whole.

    Prior-shift correction by reweighting (Saerens, Latinne & Decaestecker 2002, eq. 2.4): the
    density of a sentence given its label stays, the share of labels changes. `None` keeps the
    share as it is.
    """
    share = float(labels.mean())
    if prior is None or share in (0.0, 1.0):
        return np.ones(len(labels))
    return np.where(labels, prior / share, (1.0 - prior) / (1.0 - share))


def fit_sigmoid(decisions: Floats, labels: Bools, weights: Floats) -> tuple[float, float]:
    """Slope and offset of Platt's calibration (Platt 1999; targets smoothed as he does).

    A category without both kinds of label keeps the slope 1 and offset 0.
    """
    # Imported here: tagging needs this module, and is not to wait for the optimiser.
    from scipy.optimize import minimize

    positives, negatives = int(labels.sum()), int((~labels).sum())
    if not positives or not negatives:
        return 1.0, 0.0
    high, low = (positives + 1.0) / (positives + 2.0), 1.0 / (negatives + 2.0)
    targets = np.where(labels, high, low)

    def loss(parameters: Floats) -> tuple[float, Floats]:
        values = parameters[0] * decisions + parameters[1]
        losses = np.logaddexp(0.0, values) - targets * values
        slopes = weights * (sigmoid(values) - targets)
        gradient = np.array([np.dot(slopes, decisions), slopes.sum()])
        return float(np.dot(weights, losses)), gradient

    found = minimize(loss, np.array([1.0, 0.0]), jac=True, method="BFGS", tol=1e-9)
    # A negative slope would turn the classifier round; then there is nothing to calibrate.
    return (float(found.x[0]), float(found.x[1])) if found.x[0] > 0 else (1.0, 0.0)


_PLATEAU = 0.03


def best_threshold(probabilities: Floats, labels: Bools, weights: Floats) -> float:
    """Probability from which assigning the category gives about the greatest weighted F1.

    F1 hardly changes over a wide range of cut-offs and its peak is noise, so the middle (on the
    logit scale) of all cut-offs within `_PLATEAU` of the best is taken. At most 0.5, because under
    calibration the best cut-off is half of the F1 reached (Lipton, Elkan & Naryanaswamy 2014,
    theorem 1), at least 0.05; 0.5 where there are no positives.
    """
    if not labels.any():
        return 0.5
    cuts = np.arange(0.05, 0.501, 0.01)
    total = float(np.dot(weights, labels))
    f1 = np.array(
        [
            2.0
            * np.dot(weights, labels & (probabilities >= cut))
            / (total + np.dot(weights, probabilities >= cut))
            for cut in cuts
        ]
    )
    good = cuts[f1 >= f1.max() - _PLATEAU]
    return float(sigmoid(np.log(good / (1.0 - good)).mean()))


@dataclass(frozen=True)
class Decisions:
    """What turns decision values into tags: slopes, offsets, thresholds (K,) and band (K, 2)."""

    slopes: Floats
    offsets: Floats
    thresholds: Floats
    band: Floats


def abstention_band(thresholds: Floats, width: float) -> Floats:
    """Band (K, 2) around each threshold on the logit scale: logit(threshold) ± width."""
    logits = np.log(thresholds / (1.0 - thresholds))
    return np.stack([sigmoid(logits - width), sigmoid(logits + width)], axis=1)


def fit_decisions(
    decisions: Floats,
    labels: Bools,
    *,
    priors: tuple[float | None, ...],
    weights: Floats | None = None,
    band_width: float = 1.0,
) -> Decisions:
    """Calibrate and tune every category on out-of-fold decisions (N, K) and labels (N, K).

    `priors` are the shares of the categories in the text that will be tagged (None: as here);
    `weights` (N,) multiply the prior weights.
    """
    slopes, offsets, thresholds = [], [], []
    base = np.ones(len(labels)) if weights is None else weights
    for k, prior in enumerate(priors):
        w = base * prior_weights(labels[:, k], prior)
        slope, offset = fit_sigmoid(decisions[:, k], labels[:, k], w)
        probabilities = sigmoid(slope * decisions[:, k] + offset)
        slopes.append(slope)
        offsets.append(offset)
        thresholds.append(best_threshold(probabilities, labels[:, k], w))
    tuned = np.array(thresholds)
    return Decisions(np.array(slopes), np.array(offsets), tuned, abstention_band(tuned, band_width))
