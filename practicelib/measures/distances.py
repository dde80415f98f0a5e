"""How far two values lie apart: nominal, or between sets of categories.

Axes: N sentences, K categories, V distinct values (sets). All distances are symmetric, 0 between
equal values and at most 1 unless a matrix says otherwise. Two empty sets are equal: d = 0.

Sets A and B share J = |A & B| / |A | B| (Jaccard 1908). Monotonicity M (Passonneau 2004) is 1 for
equal sets, 2/3 where one holds the other (every set holds the empty one), 1/3 where they overlap,
0 where they share nothing. So with the empty set `masi` and `jaccard` are 1, the other two 1/3.

=================  ==================================================================
jaccard            1 - J
masi               1 - J M: Passonneau 2006, as in NLTK
masi_product       (1 - J) (1 - M): the other form in use under that name, as in DKPro Statistics
passonneau_2004    1 - M
nominal            0 for equal sets, else 1
=================  ==================================================================
"""

from __future__ import annotations

from typing import Literal, Protocol, get_args

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.integer]
SetDistanceName = Literal["nominal", "jaccard", "masi", "masi_product", "passonneau_2004"]

SET_DISTANCES: tuple[SetDistanceName, ...] = get_args(SetDistanceName)
_BLOCK = 2048


class Distances(Protocol):
    """Distances between V values."""

    @property
    def n_values(self) -> int:
        """V."""
        ...

    @property
    def largest(self) -> float:
        """No two values lie further apart than this."""
        ...

    def between(self, a: Ints, b: Ints) -> Floats:
        """Distances of pairs of value numbers; `a`, `b` and the result have one shape."""
        ...

    def times(self, counts: Floats) -> Floats:
        """Product of counts (..., V) and the matrix of distances (V, V)."""
        ...


class NominalDistances:
    """1 between different values."""

    largest = 1.0

    def __init__(self, n_values: int) -> None:
        self.n_values = n_values

    def between(self, a: Ints, b: Ints) -> Floats:
        apart: Floats = (a != b).astype(np.float64)
        return apart

    def times(self, counts: Floats) -> Floats:
        apart: Floats = counts.sum(axis=-1, keepdims=True) - counts
        return apart


class MatrixDistances:
    """Distances given as a symmetric matrix (V, V) with a zero diagonal."""

    def __init__(self, matrix: Floats) -> None:
        self.matrix = np.asarray(matrix, np.float64)
        square = self.matrix.ndim == 2 and self.matrix.shape[0] == self.matrix.shape[1]
        if not square or not np.array_equal(self.matrix, self.matrix.T):
            raise ValueError("distances must be a symmetric matrix")
        if np.diagonal(self.matrix).any() or (self.matrix < 0).any():
            raise ValueError("distances must be 0 on the diagonal and nowhere negative")
        self.n_values = len(self.matrix)
        self.largest = float(self.matrix.max(initial=0.0)) or 1.0

    def between(self, a: Ints, b: Ints) -> Floats:
        return self.matrix[a, b]

    def times(self, counts: Floats) -> Floats:
        return counts @ self.matrix


class SetDistances:
    """Distances between V sets, a bool array (V, K).

    The matrix is never held for more than `_BLOCK` rows at a time beyond 4,096 sets, so memory
    grows with V, not with its square.
    """

    largest = 1.0

    def __init__(self, sets: Bools, name: SetDistanceName = "masi") -> None:
        if name not in SET_DISTANCES:
            raise ValueError(f"unknown distance {name!r}; known are {', '.join(SET_DISTANCES)}")
        self.name = name
        self.sets = np.asarray(sets, bool)
        self.n_values = len(self.sets)
        self._matrix = self._rows(0, self.n_values) if self.n_values <= 2 * _BLOCK else None

    def between(self, a: Ints, b: Ints) -> Floats:
        if self._matrix is not None:
            return self._matrix[a, b]
        left, right = self.sets[a], self.sets[b]
        shared = (left & right).sum(axis=-1).astype(np.float64)
        return _apart(self.name, shared, left.sum(axis=-1), right.sum(axis=-1))

    def times(self, counts: Floats) -> Floats:
        if self._matrix is not None:
            return counts @ self._matrix
        product = np.empty(counts.shape)
        for start in range(0, self.n_values, _BLOCK):
            stop = min(start + _BLOCK, self.n_values)
            product[..., start:stop] = counts @ self._rows(start, stop).T
        return product

    def _rows(self, start: int, stop: int) -> Floats:
        # float32 holds the small counts exactly and is twice as fast to multiply.
        members = self.sets.astype(np.float32)
        shared = (members[start:stop] @ members.T).astype(np.float64)
        sizes = self.sets.sum(axis=1)
        return _apart(self.name, shared, sizes[start:stop, None], sizes[None, :])


def _apart(name: SetDistanceName, shared: Floats, left: Ints, right: Ints) -> Floats:
    """Distance from the sizes of two sets and of what they share."""
    union = left + right - shared
    equal = np.asarray(shared == union)
    if name == "nominal":
        return 1.0 - equal
    jaccard = np.divide(shared, union, out=np.ones(np.shape(union)), where=union > 0)
    if name == "jaccard":
        return 1.0 - jaccard
    monotonicity = _monotonicity(equal, shared, left, right)
    if name == "masi":
        return 1.0 - jaccard * monotonicity
    if name == "masi_product":
        return (1.0 - jaccard) * (1.0 - monotonicity)
    return 1.0 - monotonicity


def _monotonicity(equal: Bools, shared: Floats, left: Ints, right: Ints) -> Floats:
    holds = (shared == left) | (shared == right)
    apart = np.where(shared > 0, 1.0 / 3.0, 0.0)
    return np.where(equal, 1.0, np.where(holds, 2.0 / 3.0, apart))


def set_distance(a: Bools, b: Bools, name: SetDistanceName = "masi") -> float:
    """Distance of two sets, each a bool array (K,)."""
    pair = SetDistances(np.array([a, b]), name)
    return float(pair.between(np.array(0), np.array(1)))
