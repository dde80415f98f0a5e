"""Fits the weights of a model in two steps: first the words, then how far to trust the patterns.

Step one is a logistic regression on the TF-IDF features alone. Step two is a logistic regression on
what step one says *out of fold*, on the sum of the category's pattern weights as the codebook has
them, and, at a small scale, on each pattern. Fitted together instead, the words would explain the
training text so well that patterns which it rarely uses got hardly any weight; yet they are what
carries over to other text (`docs/decisions/0002`). Both steps are linear, so the result is folded
into one coefficient a feature.

Axes: N sentences, K categories, F text features, P patterns.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from practicelib.model.counting import CountedTexts

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
STACK_C = 3.0
TOLERANCE = 1e-10
"""Far below what matters, so that rounding hides where different processors stop."""


@dataclass(frozen=True)
class Solver:
    """Settings of both logistic regressions; see `MechanismClassifier`."""

    C: float
    class_weight: str | float | None
    pattern_scale: float
    pattern_trust: float
    random_state: int

    def regress(
        self, matrix: sparse.csr_matrix, target: Bools, weights: Floats, C: float
    ) -> tuple[Floats, float]:
        """Coefficients (F,) and intercept; constant where only one label occurs."""
        if target.all() or not target.any():
            # Survives a fold without a category: the log-odds of one case in all rows.
            sign = 1.0 if target.all() else -1.0
            return np.zeros(matrix.shape[1]), sign * float(np.log(len(target) + 1.0))
        model = LogisticRegression(
            C=C,
            class_weight=self._class_weight(target),
            solver="liblinear",
            random_state=self.random_state,
            max_iter=1000,
            tol=TOLERANCE,
        )
        model.fit(matrix, target, sample_weight=weights)
        return model.coef_[0], float(model.intercept_[0])

    def _class_weight(self, target: Bools) -> Any:
        if not isinstance(self.class_weight, (int, float)):
            return self.class_weight
        ratio = (~target).sum() / target.sum()
        return {False: 1.0, True: float(ratio**self.class_weight)}

    def text_weights(
        self, matrix: sparse.csr_matrix, labels: Bools, weights: Floats
    ) -> tuple[Floats, Floats]:
        """Step one for all categories: coefficients (K, F) and intercepts (K,)."""
        solved = [self.regress(matrix, target, weights, self.C) for target in labels.T]
        return np.stack([c for c, _ in solved]), np.array([b for _, b in solved])

    def out_of_fold(
        self, counted: CountedTexts, labels: Bools, folds: NDArray[np.int64], weights: Floats
    ) -> Floats:
        """Decisions (N, K) of step one on each sentence by models that did not see its report."""
        decisions = np.zeros(labels.shape)
        for inside, outside in _split(folds):
            learned = counted.learn(inside)
            matrix = counted.matrix(inside, learned)
            coefficients, intercepts = self.text_weights(matrix, labels[inside], weights[inside])
            decisions[outside] = counted.matrix(outside, learned) @ coefficients.T + intercepts
        return decisions

    def stack(
        self, counted: CountedTexts, decisions: Floats, labels: Bools, weights: Floats
    ) -> list[Stacked]:
        """Step two for all categories, from out-of-fold decisions (N, K)."""
        stacked = []
        for k, target in enumerate(labels.T):
            matrix = self._stack_matrix(counted, decisions, k)
            found, intercept = self.regress(matrix, target, weights, STACK_C)
            patterns = found[1] * counted.pattern_weights[:, k] + self.pattern_scale * found[2:]
            patterns *= self.pattern_trust
            # Where nothing could be learned the words decide alone.
            trust = float(found[0]) if found.any() else 1.0
            stacked.append(Stacked(trust, patterns, intercept if found.any() else 0.0))
        return stacked

    def _stack_matrix(self, counted: CountedTexts, decisions: Floats, k: int) -> sparse.csr_matrix:
        sums = counted.patterns @ counted.pattern_weights[:, [k]]
        columns = [decisions[:, [k]], sums, counted.patterns * self.pattern_scale]
        return sparse.csr_matrix(sparse.hstack([sparse.csr_matrix(c) for c in columns]))

    def stacked_out_of_fold(
        self,
        counted: CountedTexts,
        decisions: Floats,
        labels: Bools,
        folds: NDArray[np.int64],
        weights: Floats,
    ) -> Floats:
        """Decisions (N, K) of both steps, step two being fitted without the sentence's fold too."""
        combined = np.zeros(labels.shape)
        for inside, outside in _split(folds):
            part = self.stack(
                counted.only(inside), decisions[inside], labels[inside], weights[inside]
            )
            for k, one in enumerate(part):
                text = one.trust * decisions[outside, k]
                combined[outside, k] = (
                    text + counted.patterns[outside] @ one.patterns + one.intercept
                )
        return combined


@dataclass(frozen=True)
class Stacked:
    """Step two of one category: factor of the text's decision, pattern weights (P,), intercept."""

    trust: float
    patterns: Floats
    intercept: float


def fold(text: tuple[Floats, Floats], stacked: list[Stacked]) -> tuple[Floats, Floats]:
    """Both steps as one linear model: coefficients (K, F + P) and intercepts (K,)."""
    coefficients, intercepts = text
    trust = np.array([one.trust for one in stacked])
    patterns = np.stack([one.patterns for one in stacked])
    shifts = np.array([one.intercept for one in stacked])
    return np.hstack([coefficients * trust[:, None], patterns]), intercepts * trust + shifts


def _split(folds: NDArray[np.int64]) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    return [(np.flatnonzero(folds != f), np.flatnonzero(folds == f)) for f in np.unique(folds)]
