"""Calibration and thresholds: known answers and what happens at the edges."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from sklearn.calibration import _SigmoidCalibration

from practicelib.model.thresholds import (
    abstention_band,
    best_threshold,
    fit_decisions,
    fit_sigmoid,
    prior_weights,
    sigmoid,
)


def simulated(size: int = 4000) -> tuple[np.ndarray, np.ndarray]:
    """Decisions whose true probability is sigmoid(2 d - 1)."""
    rng = np.random.default_rng(0)
    decisions = rng.normal(-0.5, 1.5, size)
    return decisions, rng.random(size) < sigmoid(2.0 * decisions - 1.0)


def test_calibration_finds_the_truth_and_agrees_with_scikit_learn() -> None:
    """Slope 2 and offset -1 within sampling error; the same numbers as Platt's method there."""
    decisions, labels = simulated()
    slope, offset = fit_sigmoid(decisions, labels, np.ones(len(labels)))
    assert abs(slope - 2.0) < 0.2
    assert abs(offset + 1.0) < 0.15
    peer = _SigmoidCalibration().fit(decisions, labels)
    assert abs(slope + peer.a_) < 1e-3
    assert abs(offset + peer.b_) < 1e-3


def test_prior_shift_moves_the_mean_probability_to_the_prior() -> None:
    """Under the weights of a prior the calibrated probabilities average to it."""
    decisions, labels = simulated()
    for prior in (0.05, 0.3):
        weights = prior_weights(labels, prior)
        assert abs(np.average(labels, weights=weights) - prior) < 1e-12
        slope, offset = fit_sigmoid(decisions, labels, weights)
        mean = np.average(sigmoid(slope * decisions + offset), weights=weights)
        assert abs(mean - prior) < 0.01


def test_threshold_is_near_the_best_cut_off() -> None:
    """On calibrated probabilities its F1 is within 0.01 of the greatest there is."""
    decisions, labels = simulated()
    p = sigmoid(2.0 * decisions - 1.0)
    threshold = best_threshold(p, labels, np.ones(len(p)))

    def f1(cut: float) -> float:
        return 2 * (labels & (p >= cut)).sum() / (labels.sum() + (p >= cut).sum())

    assert f1(threshold) > max(f1(cut) for cut in np.linspace(0.01, 0.99, 99)) - 0.01


def test_edges() -> None:
    """No positives, no negatives, and decisions that point the wrong way."""
    ones = np.ones(4)
    none, every = np.zeros(4, bool), np.ones(4, bool)
    d = np.array([-1.0, 0.0, 1.0, 2.0])
    assert best_threshold(sigmoid(d), none, ones) == 0.5
    assert fit_sigmoid(d, none, ones) == fit_sigmoid(d, every, ones) == (1.0, 0.0)
    assert fit_sigmoid(d, d < 0.5, ones) == (1.0, 0.0)
    assert np.array_equal(prior_weights(none, 0.05), ones)


@given(
    hnp.arrays(float, (30, 3), elements=st.floats(-20, 20)),
    hnp.arrays(bool, (30, 3)),
)
def test_decisions_are_always_usable(decisions: np.ndarray, labels: np.ndarray) -> None:
    """Whatever comes in: positive slopes, thresholds inside (0, 1), a band around each."""
    found = fit_decisions(decisions, labels, priors=(None, 0.05, 0.5))
    assert (found.slopes > 0).all()
    assert ((found.thresholds > 0) & (found.thresholds < 1)).all()
    assert (found.band[:, 0] < found.thresholds).all()
    assert (found.thresholds < found.band[:, 1]).all()


def test_band_is_symmetric_on_the_logit_scale() -> None:
    """Width 1 around 0.5 reaches from 0.269 to 0.731."""
    assert np.allclose(abstention_band(np.array([0.5]), 1.0), [[0.268941, 0.731059]], atol=1e-6)
