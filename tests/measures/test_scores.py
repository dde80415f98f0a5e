"""Scores: those of scikit-learn and of their definitions; resampled F1 in little memory."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn import metrics

from practicelib.measures.scores import (
    average_precision,
    bootstrap_f1,
    calibration_error,
    count_errors,
    coverage_curve,
    exact_match,
    f1,
    interval,
    macro_f1,
    micro_f1,
    precision,
    recall,
    reliability,
)

B = 300


def made(sentences: int, clusters: int) -> tuple[NDArray[np.bool_], ...]:
    """Gold, two systems' categories and clusters of random sentences; one category is empty."""
    rng = np.random.default_rng(3)
    rates = np.array([0.3, 0.1, 0.02, 0.0])
    gold, one, other = (rng.random((sentences, 4)) < rates for _ in range(3))
    return gold, one, other, rng.integers(0, clusters, sentences)


def by_sentence(gold: NDArray[np.bool_], assigned: NDArray[np.bool_], names: NDArray[np.int64],
                seed: int) -> NDArray[np.float64]:  # fmt: skip
    """The definition: every sentence counts as often as its cluster was drawn."""
    found, index = np.unique(names, return_inverse=True)
    n = len(found)
    draws = np.random.default_rng(seed).multinomial(n, np.full(n, 1.0 / n), size=B)
    weights = draws[:, index].astype(float)
    tp, fp, fn = (weights @ part for part in (gold & assigned, ~gold & assigned, gold & ~assigned))
    with np.errstate(invalid="ignore"):
        return np.asarray(2 * tp / (2 * tp + fp + fn))


@pytest.mark.parametrize("clusters", [2, 40, 100_000])
def test_resamples_are_those_of_the_definition(clusters: int) -> None:
    """To the last bit, for every system from the same draws, whatever the blocks."""
    gold, one, other, names = made(500, clusters)
    found = bootstrap_f1(gold, {"a": one, "b": other}, names, B, seed=7)
    for name, assigned in (("a", one), ("b", other)):
        expected = by_sentence(gold, assigned, names, 7)
        assert np.array_equal(found[name], expected, equal_nan=True)
    assert np.isnan(found["a"][:, 3]).all()


def test_memory_does_not_grow_with_resamples_of_sentences() -> None:
    """Weights of all resamples at once took 48 kB a sentence."""
    gold, one, _, names = made(4000, 1_000_000)
    tracemalloc.start()
    try:
        bootstrap_f1(gold, {"a": one}, names, 2000, seed=0)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 30_000_000


def test_scores_of_categories_are_those_of_scikit_learn() -> None:
    """Precision, recall, F1 and means of it; a category that neither side has is left out."""
    gold, one, _, _ = made(400, 2)
    known = slice(0, 3)
    counts = count_errors(gold, one)
    assert (counts.tp + counts.fp + counts.fn + counts.tn == 400).all()
    given = {"average": None, "zero_division": 0.0}
    for score, reference in (
        (precision, metrics.precision_score),
        (recall, metrics.recall_score),
        (f1, metrics.f1_score),
    ):
        found = score(counts)
        assert found[known] == pytest.approx(reference(gold[:, known], one[:, known], **given))
        assert np.isnan(found[3])
    mean, pooled = (
        metrics.f1_score(gold[:, known], one[:, known], average=average, zero_division=0.0)
        for average in ("macro", "micro")
    )
    assert macro_f1(gold, one) == pytest.approx(mean)
    assert micro_f1(gold, one) == pytest.approx(pooled)
    assert exact_match(gold, one) == pytest.approx(metrics.accuracy_score(gold, one))
    assert np.isnan(exact_match(gold[:0], one[:0]))


def test_average_precision_is_that_of_scikit_learn() -> None:
    """With ties among the scores; NaN without a gold sentence."""
    gold, *_ = made(300, 2)
    scores = np.round(np.random.default_rng(4).random(gold.shape) + 0.3 * gold, 1)
    found = average_precision(gold, scores)
    expected = [metrics.average_precision_score(gold[:, k], scores[:, k]) for k in range(3)]
    assert found[:3] == pytest.approx(expected)
    assert np.isnan(found[3])


def test_bins_of_probabilities_by_hand() -> None:
    """Bins of a tenth, 1 in the last one, empty ones left out; the error weighs them by size."""
    p = np.array([[0.05, 0.0], [0.31, 0.39], [1.0, 0.95], [0.91, 0.1]])
    gold = np.array([[0, 1], [1, 0], [1, 1], [0, 0]], bool)
    found = reliability(gold, p)
    assert found.sizes.tolist() == [2, 1, 2, 3]
    assert found.predicted == pytest.approx([0.025, 0.1, 0.35, 2.86 / 3])
    assert found.observed == pytest.approx([0.5, 0, 0.5, 2 / 3])
    by_hand = (2 * 0.475 + 0.1 + 2 * 0.15 + (2.86 - 2)) / 8
    assert calibration_error(gold, p) == pytest.approx(by_hand)


def test_doubtful_decisions_are_dropped_first() -> None:
    """Twenty decisions, each further from its threshold than the last; the nearest four are wrong.

    What is as likely as the threshold is assigned.
    """
    thresholds = np.array([0.3, 0.6])
    logits = np.log(thresholds / (1 - thresholds)) + np.arange(20).reshape(10, 2) * (-1, 1)
    p = 1 / (1 + np.exp(-logits))
    p[0, 0] = 0.3
    assigned = p >= thresholds
    gold = assigned.copy()
    gold[:2] = ~gold[:2]
    assert assigned[0, 0]
    found = coverage_curve(gold, p, thresholds)
    assert found[:, 0] == pytest.approx(np.arange(20, 0, -1) / 20)
    assert found[:, 1] == pytest.approx([min(16 / n, 1) for n in range(20, 0, -1)])


def test_percentiles_need_half_of_the_resamples() -> None:
    """Undefined ones are passed over, as long as they are not more than half."""
    values = np.concatenate([np.arange(101.0), np.full(101, np.nan)])
    assert interval(values, 0.9) == pytest.approx((5, 95))
    assert np.isnan(interval(np.append(values, np.nan))).all()
    assert np.isnan(interval(np.zeros(0))).all()
