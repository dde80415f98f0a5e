"""Resampled F1: what the definition gives, in little memory."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from numpy.typing import NDArray

from practicelib.measures.scores import bootstrap_f1

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
