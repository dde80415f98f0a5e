"""What several codings say together: votes, and Dawid and Skene's model."""

from __future__ import annotations

import numpy as np
import pytest

from practicelib.measures.consensus import dawid_skene, share_of_votes


def test_votes() -> None:
    """Of the codings that are there; NaN without any."""
    coded = np.array([[1, 0, -1], [1, 1, 1], [-1, -1, 0], [-1, -1, -1]], np.int8)
    assert share_of_votes(coded) == pytest.approx([0.5, 1, 0, np.nan], nan_ok=True)


def test_the_model_explains_itself() -> None:
    """At the end rates, prevalence and beliefs give each other, sentence by sentence.

    Rates with 4 right and 1 wrong on top, prevalence with 1 and 1; sentences without a coding count
    for nothing.
    """
    rng = np.random.default_rng(5)
    truth = rng.random(300) < 0.3
    coded = (truth[:, None] ^ (rng.random((300, 4)) < [0.02, 0.1, 0.2, 0.4])).astype(np.int8)
    coded[rng.random(coded.shape) < 0.2] = -1
    coded[:3] = -1
    found = dawid_skene(coded)
    assert found.settled
    known, belief = (coded >= 0).any(axis=1), found.posterior
    assert np.isnan(belief[~known]).all() and np.isfinite(belief[known]).all()
    for a in range(4):
        own = coded[:, a] >= 0
        yes, p = coded[own, a] == 1, belief[own]
        right = (p[yes].sum() + 4) / (p.sum() + 5)
        assert found.sensitivity[a] == pytest.approx(right, abs=1e-6)
        right = ((1 - p[~yes]).sum() + 4) / ((1 - p).sum() + 5)
        assert found.specificity[a] == pytest.approx(right, abs=1e-6)
    prevalence = (belief[known].sum() + 1) / (known.sum() + 2)
    assert found.prevalence == pytest.approx(prevalence, abs=1e-6)
    for row in np.flatnonzero(known):
        holds, not_so = found.prevalence, 1 - found.prevalence
        for a in np.flatnonzero(coded[row] >= 0):
            se, sp = found.sensitivity[a], found.specificity[a]
            holds *= se if coded[row, a] else 1 - se
            not_so *= 1 - sp if coded[row, a] else sp
        assert belief[row] == pytest.approx(holds / (holds + not_so), abs=1e-6)
