"""What a classifier is to learn, checked: labels, reports and weights of the sentences.

Axes: N sentences, K categories.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from practicelib.errors import TooFewLabelsError

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def check_labels(y: Any, size: int) -> tuple[Bools, NDArray[Any], bool]:
    """Labels (N, K) of `size` sentences, the classes, and whether `y` was a vector."""
    if y is None:
        raise ValueError("This estimator requires y to be passed, but the target y is None")
    labels = np.asarray(y.toarray() if sparse.issparse(y) else y)
    # Of what has no length there is no row.
    rows = len(labels) if labels.ndim else 0
    if rows != size:
        raise ValueError(f"{size} sentences but {rows} rows of labels")
    if labels.ndim == 1:
        return *_two_classes(labels), True
    if labels.ndim != 2 or not np.isin(labels, (0, 1)).all():
        raise ValueError("labels must be 0 or 1, of shape (N, K)")
    if not labels.any():
        raise TooFewLabelsError("no sentence carries a category")
    return labels.astype(bool), np.arange(labels.shape[1]), False


def _two_classes(labels: NDArray[Any]) -> tuple[Bools, NDArray[Any]]:
    """Which labels of a vector are of the second class, (N, 1), and both classes."""
    classes = np.unique(labels)
    if len(classes) > 2:
        raise ValueError("one column holds more than two classes; give y of shape (N, K)")
    if labels.dtype.kind == "f" and np.isnan(labels).any():
        raise ValueError("a label is NaN")
    if len(classes) < 2:
        raise TooFewLabelsError("all labels are of one class", value=classes[0])
    return (labels == classes[-1])[:, None], classes


def folds_of(groups: NDArray[Any], n_folds: int) -> NDArray[np.int64]:
    """Fold of each sentence, (N,); a report is in one fold only.

    The reports, largest first, go each to the fold that has fewest sentences, as in scikit-learn's
    GroupKFold; but which of equally large ones comes first depends there on the version of NumPy,
    and a model trained again would be another.
    """
    _, numbers, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    if len(sizes) < 2:
        raise TooFewLabelsError("all sentences are of one report; folds need at least two")
    filled = np.zeros(min(n_folds, len(sizes)), np.int64)
    chosen = np.zeros(len(sizes), np.int64)
    for report in np.argsort(sizes, kind="stable")[::-1]:
        chosen[report] = filled.argmin()
        filled[chosen[report]] += sizes[report]
    folds: NDArray[np.int64] = chosen[numbers]
    return folds


def check_groups(groups: Sequence[Any] | NDArray[Any] | None, size: int) -> NDArray[Any]:
    """The report of each of `size` sentences, (N,); without any each is its own."""
    if groups is None:
        return np.arange(size)
    return _of_size("groups", np.asarray(groups), size)


def check_weights(weights: Sequence[float] | Floats | None, size: int) -> Floats:
    """The weight of each of `size` sentences, (N,); 1 without any."""
    if weights is None:
        return np.ones(size)
    found: Floats = _of_size("sample_weight", np.asarray(weights, np.float64), size)
    if not (np.isfinite(found) & (found >= 0.0)).all() or not found.any():
        raise ValueError("sample_weight must be finite numbers from 0, and not all of them 0")
    return found


def _of_size(name: str, values: NDArray[Any], size: int) -> NDArray[Any]:
    if values.shape != (size,):
        raise ValueError(f"{name} has shape {values.shape}, not ({size},)")
    return values
