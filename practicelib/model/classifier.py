"""The classifier: a scikit-learn estimator from sentences to sets of categories.

Axes: N sentences, K categories, F features.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from numbers import Real
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from practicelib.model.checks import is_whole, list_fault
from practicelib.model.counting import CountedTexts, FeatureOptions
from practicelib.model.features import FeatureSpace
from practicelib.model.parameters import LONGEST_CHARACTERS, ModelParameters
from practicelib.model.solving import Solver, fold
from practicelib.model.targets import check_groups, check_labels, check_weights, folds_of
from practicelib.model.thresholds import Decisions, fit_decisions, sigmoid
from practicelib.records.codebook import Category, Codebook
from practicelib.text.words import build_word_table

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
_PLACES = 4


class MechanismClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """One-vs-rest logistic regression on TF-IDF of words and characters and indicator patterns.

    Parameters
    ----------
    codebook : Codebook, optional
        Gives the categories (columns of `y`) and the indicator patterns. Without one, the columns
        are named c0, c1, ... and there are no pattern features.
    domain_words : sequence of str
        Words that the segmentation must know besides jieba's dictionary.
    min_df : int
        Terms in fewer training sentences than this are left out.
    character_lengths : (int, int)
        Shortest and longest character n-gram.
    word_scale, character_scale : float
        Euclidean length of each TF-IDF block.
    pattern_scale : float
        How freely each pattern's weight may leave that of the codebook (`model/solving.py`).
    pattern_trust : float
        Factor on the learned weight of the patterns. Above 1 where the text to be tagged keeps to
        the wording of the codebook more than the training text does.
    C, class_weight : see `sklearn.linear_model.LogisticRegression`
        `class_weight` may also be a float g: positives are weighed (negatives / positives) ** g.
    priors : sequence of float, float or None
        Share of each category in the text to be tagged, between 0 and 1, for calibration and
        thresholds; None: as in the training text. One number is that of all categories.
    n_folds : int
        Folds of whole reports for the out-of-fold decisions that calibrate and tune.
    band_width : float
        Half-width of the abstention band on the logit scale.
    random_state : int
        Seed; the solver is deterministic, so it decides ties only.

    Attributes
    ----------
    classes_ : numbers of the K columns of `y`, as of one-vs-rest; its two classes for a vector
    parameters_ : ModelParameters
    out_of_fold_ : float64 (N, K), decision on each sentence by models that did not see its report
    """

    def __init__(
        self,
        codebook: Codebook | None = None,
        *,
        domain_words: Sequence[str] = (),
        min_df: int = 2,
        character_lengths: tuple[int, int] = (1, 3),
        word_scale: float = 1.0,
        character_scale: float = 1.0,
        pattern_scale: float = 0.1,
        pattern_trust: float = 1.0,
        C: float = 5.0,
        class_weight: str | float | None = None,
        priors: Sequence[float] | float | None = None,
        n_folds: int = 5,
        band_width: float = 1.0,
        random_state: int = 0,
    ) -> None:
        self.codebook = codebook
        self.domain_words = domain_words
        self.min_df = min_df
        self.character_lengths = character_lengths
        self.word_scale = word_scale
        self.character_scale = character_scale
        self.pattern_scale = pattern_scale
        self.pattern_trust = pattern_trust
        self.C = C
        self.class_weight = class_weight
        self.priors = priors
        self.n_folds = n_folds
        self.band_width = band_width
        self.random_state = random_state

    def fit(
        self,
        X: Iterable[str],
        y: Any,
        *,
        groups: Sequence[Any] | NDArray[Any] | None = None,
        sample_weight: Sequence[float] | Floats | None = None,
    ) -> Self:
        """Learn from N sentences and their labels, shape (N, K) of 0/1, or (N,) for one category.

        `groups` (N,) are the reports; without them every sentence is its own group. Raises
        ValueError for faulty parameters and for what does not fit together, TooFewLabelsError for
        fewer than two groups, no positive label at all, or a vector of one class only; what was
        fitted before then stays.
        """
        texts = _check_texts(X)
        labels, classes, vector = check_labels(y, len(texts))
        if causes := [*self._faults(labels.shape[1])]:
            raise ValueError("; ".join(causes))
        groups_ = check_groups(groups, len(texts))
        weights = check_weights(sample_weight, len(texts))
        codebook = self._codebook(labels.shape[1])
        counted = CountedTexts(
            texts, build_word_table(self.domain_words), codebook, self._options()
        )
        parameters, out_of_fold = self._learn(counted, codebook, labels, groups_, weights)
        # All at once, and only now: whatever is refused leaves the fitted state as it was.
        self.parameters_ = parameters
        self.out_of_fold_ = out_of_fold
        self.classes_: Any = classes
        self._vector = vector
        self.n_features_in_ = 1
        return self

    def _learn(
        self,
        counted: CountedTexts,
        codebook: Codebook,
        labels: Bools,
        groups: NDArray[Any],
        weights: Floats,
    ) -> tuple[ModelParameters, Floats]:
        """The parameters, and the decisions (N, K) on each sentence by models without it."""
        folds = folds_of(groups, self.n_folds)
        solver = Solver(
            self.C, self.class_weight, self.pattern_scale, self.pattern_trust, self.random_state
        )
        by_text = solver.out_of_fold(counted, labels, folds, weights)
        out_of_fold = solver.stacked_out_of_fold(counted, by_text, labels, folds, weights)
        decisions = fit_decisions(
            out_of_fold,
            labels,
            priors=self._priors(labels.shape[1]),
            weights=weights,
            band_width=self.band_width,
        )
        learned = counted.learn(np.arange(len(counted)))
        matrix = counted.matrix(np.arange(len(counted)), learned)
        coefficients, intercepts = fold(
            solver.text_weights(matrix, labels, weights),
            solver.stack(counted, by_text, labels, weights),
        )
        parameters = _parameters(
            codebook, counted.parameters(learned), coefficients, intercepts, decisions
        )
        return parameters, out_of_fold

    def decision_function(self, X: Iterable[str]) -> Floats:
        """Decision values (N, K), or (N,) where `y` was a vector."""
        parameters = self._fitted()
        space = FeatureSpace(parameters.features, parameters.codebook)
        matrix = space.matrix(_check_texts(X))
        return self._shaped(matrix @ parameters.coefficients.T + parameters.intercepts)

    def predict_proba(self, X: Iterable[str]) -> Floats:
        """Calibrated probability of each category, (N, K); (N, 2) where `y` was a vector."""
        parameters = self._fitted()
        decisions = self.decision_function(X).reshape(-1, len(parameters.intercepts))
        probabilities = sigmoid(parameters.slopes * decisions + parameters.offsets)
        if self._vector:
            return np.column_stack([1.0 - probabilities[:, 0], probabilities[:, 0]])
        return probabilities

    def predict(self, X: Iterable[str]) -> NDArray[Any]:
        """Categories assigned, (N, K) of 0/1; classes (N,) where `y` was a vector."""
        parameters = self._fitted()
        probabilities = self.predict_proba(X)[:, 1:] if self._vector else self.predict_proba(X)
        assigned = (probabilities >= parameters.thresholds).astype(np.int64)
        return self.classes_[assigned[:, 0]] if self._vector else assigned

    def _fitted(self) -> ModelParameters:
        check_is_fitted(self, "parameters_")
        return self.parameters_

    def _shaped(self, decisions: Floats) -> Floats:
        return decisions[:, 0] if self._vector else decisions

    def _faults(self, size: int) -> Iterator[str]:
        """What is wrong with the parameters that nothing else would refuse."""
        if not is_whole(self.n_folds, 2):
            yield f"n_folds must be a whole number from 2, not {self.n_folds!r}"
        if not is_whole(self.min_df, 0):
            yield f"min_df must be a whole number from 0, not {self.min_df!r}"
        if fault := list_fault(self.domain_words, "domain_words"):
            yield fault
        if not _is_range(self.character_lengths):
            wanted = f"two rising numbers from 1 to {LONGEST_CHARACTERS}"
            yield f"character_lengths must be {wanted}, not {self.character_lengths!r}"
        if not isinstance(self.band_width, Real) or not 0.0 <= self.band_width < np.inf:
            yield f"band_width must be a number from 0, not {self.band_width!r}"
        priors = self._priors(size)
        if len(priors) != size:
            yield f"{len(priors)} priors for {size} categories"
        if not all(p is None or (isinstance(p, Real) and 0.0 < p < 1.0) for p in priors):
            yield f"priors must lie between 0 and 1, not {self.priors!r}"

    def _codebook(self, size: int) -> Codebook:
        if self.codebook is None:
            names = [f"c{k}" for k in range(size)]
            return Codebook("0", tuple(Category(name, name, name) for name in names))
        if len(self.codebook.categories) != size:
            raise ValueError(
                f"y has {size} columns but the codebook {len(self.codebook.categories)} categories"
            )
        return self.codebook

    def _options(self) -> FeatureOptions:
        return FeatureOptions(
            self.min_df,
            tuple(self.character_lengths),  # type: ignore[arg-type]
            self.word_scale,
            self.character_scale,
        )

    def _priors(self, size: int) -> tuple[float | None, ...]:
        if self.priors is None:
            return (None,) * size
        if isinstance(self.priors, (float, Real)):
            return (float(self.priors),) * size
        return tuple(self.priors)

    def _more_tags(self) -> dict[str, Any]:
        # What scikit-learn 1.5 asks for in place of the following.
        return {"X_types": ["string"], "multilabel": True, "multioutput": True}

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        tags.target_tags.multi_output = True
        tags.classifier_tags.multi_class = False
        tags.classifier_tags.multi_label = True
        return tags


def _is_range(lengths: Any) -> bool:
    """Whether these are the shortest and the longest length of character terms."""
    if not isinstance(lengths, Iterable):
        return False
    ends = tuple(lengths)
    whole = len(ends) == 2 and all(is_whole(length, 1) for length in ends)
    return whole and ends[0] <= ends[1] <= LONGEST_CHARACTERS


def _check_texts(X: Any) -> list[str]:
    if fault := list_fault(X, "X"):
        raise ValueError(fault)
    texts = list(X)
    wrong = [i for i, text in enumerate(texts) if not isinstance(text, str)]
    if wrong:
        raise ValueError(f"sentence {wrong[0]} is {type(texts[wrong[0]]).__name__}, not str")
    if not texts:
        raise ValueError("Found array with 0 sample(s): there is no sentence")
    return texts


def _parameters(
    codebook: Codebook,
    features: Any,
    coefficients: Floats,
    intercepts: Floats,
    decisions: Decisions,
) -> ModelParameters:
    return ModelParameters(
        codebook,
        features,
        _rounded(coefficients),
        _rounded(intercepts),
        _rounded(decisions.slopes),
        _rounded(decisions.offsets),
        _rounded(decisions.thresholds),
        _rounded(decisions.band),
    )


def _rounded(learned: Floats) -> Floats:
    """Learned numbers to `_PLACES` places below the largest.

    Processors differ in the last bits of what they compute, and the same labels are to give the
    same model on all of them.
    """
    largest = float(np.abs(learned).max(initial=0.0))
    return np.round(learned, _PLACES - int(np.floor(np.log10(largest)))) if largest else learned
