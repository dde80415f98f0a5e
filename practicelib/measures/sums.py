"""Coefficients as smooth functions of sums over sentences.

Every coefficient here is f(s_1 + ... + s_N), where s_i (M numbers) is what sentence i adds. That
one form gives the value, every bootstrap resample (a weighted sum), the jackknife (a sum without
one part) and the standard error (slopes of f times s_i), all without going back to the codings.

Axes: N sentences, A coders, V values, P rows (sentences or profiles), M columns; sums may carry
leading axes, such as B resamples.
"""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from practicelib.measures.distances import Distances
from practicelib.measures.values import Values

Floats = NDArray[np.float64]
Rows = Any  # NDArray (P, M), or scipy.sparse.csr_array where V is large

_DENSE = 64
_TINY = 1e-12


class Sums(Protocol):
    """A coefficient in the form above; `rows` has shape (P, M)."""

    @property
    def rows(self) -> Rows:
        """What each sentence adds."""
        ...

    @property
    def least(self) -> float:
        """No coefficient of this kind is lower."""
        ...

    def value(self, sums: Floats) -> Floats:
        """The coefficient of sums (..., M): shape (...), NaN where undefined."""
        ...

    def slopes(self, sums: Floats) -> Floats:
        """Partial derivatives of `value`, shape (..., M)."""
        ...

    def expected_at(self, rate: float, sums: Floats) -> Floats:
        """Least disagreement expected by chance if a share `rate` of the units came to disagree.

        For sums (...) of units that all agree; what the observed disagreement is divided by.
        """
        ...


def ratio(part: Floats, whole: Floats) -> Floats:
    """part / whole, NaN where the whole is (nearly) nothing."""
    result: Floats = np.full(np.broadcast(part, whole).shape, np.nan)
    np.divide(part, whole, out=result, where=np.abs(whole) > _TINY)
    return result


def count_values(values: Values, n_values: int, keep: NDArray[np.bool_]) -> Rows:
    """How often each value occurs in each kept row, (P, V): dense for few values, else CSR."""
    rows, coders = np.nonzero((values >= 0) & keep[:, None])
    numbers = values[rows, coders]
    shape = (len(values), n_values)
    if n_values > _DENSE:
        return sparse.csr_array((np.ones(len(rows)), (rows, numbers)), shape=shape)
    flat = np.bincount(rows * n_values + numbers, minlength=shape[0] * n_values)
    return flat.reshape(shape).astype(np.float64)


def beside(*columns: Rows) -> Rows:
    """Columns side by side; sparse if one of them is."""
    parts = [c[:, None] if getattr(c, "ndim", 2) == 1 else c for c in columns]
    if any(sparse.issparse(part) for part in parts):
        return sparse.hstack([sparse.csr_array(part) for part in parts], format="csr")
    return np.hstack(parts)


def disagreements(values: Values, distances: Distances) -> Floats:
    """Sum of distances over the unordered pairs of codings of each row, (P,)."""
    total = np.zeros(len(values))
    coders = values.shape[1]
    for a in range(coders):
        for b in range(a + 1, coders):
            left, right = values[:, a], values[:, b]
            both = (left >= 0) & (right >= 0)
            total[both] += distances.between(left[both], right[both])
    return total


def _moved(rate: float, expected: Floats) -> Floats:
    """Least expected disagreement when a share of units that agree comes to disagree fully.

    With shares pi' = (1 - rate) pi + rate rho, and distances of negative type, pi' D pi' is at
    least (1 - rate) pi D pi + rate rho D rho; rho D rho is at least 1/2 where partners disagree.
    """
    return (1.0 - rate) * expected + rate / 2.0


class AlphaSums:
    """Krippendorff's alpha: 1 - (n - 1) O / E.

    O = sum over sentences of 2 (sum of distances of its pairs) / (m - 1) with m codings each,
    t_v the number of codings of value v, n their sum, E = sum t_v t_w d(v, w)
    (Krippendorff 2019, Content Analysis, 4th ed., ch. 12). Sentences with m < 2 add nothing.
    """

    def __init__(self, values: Values, distances: Distances) -> None:
        self.distances = distances
        self.least = -1.0
        m = (values >= 0).sum(axis=1)
        keep = m >= 2
        observed = np.zeros(len(values))
        observed[keep] = 2.0 * disagreements(values[keep], distances) / (m[keep] - 1)
        self.rows: Rows = beside(observed, count_values(values, distances.n_values, keep))

    def _parts(self, sums: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        totals = sums[..., 1:]
        against = self.distances.times(totals)
        expected = (against * totals).sum(axis=-1)
        return sums[..., 0], totals.sum(axis=-1), expected, against

    def value(self, sums: Floats) -> Floats:
        observed, n, expected, _ = self._parts(sums)
        return 1.0 - ratio((n - 1.0) * observed, expected)

    def slopes(self, sums: Floats) -> Floats:
        observed, n, expected, against = self._parts(sums)
        slopes = np.empty(sums.shape)
        slopes[..., 0] = -ratio(n - 1.0, expected)
        by_n = ratio(observed, expected)
        by_expected = ratio((n - 1.0) * by_n, expected)
        slopes[..., 1:] = 2.0 * by_expected[..., None] * against - by_n[..., None]
        return slopes

    def expected_at(self, rate: float, sums: Floats) -> Floats:
        _, n, expected, _ = self._parts(sums)
        return _moved(rate, ratio(expected, n * (n - 1.0)) / self.distances.largest)


class ChanceSums:
    """Agreement of pairs corrected for chance: (pa - pe) / (1 - pe).

    pa is the mean agreement of pairs over sentences with at least two codings; pi_v the mean
    share of value v over sentences with at least one (Gwet 2014, Handbook of Inter-Rater
    Reliability, 4th ed., ch. 5). `chance` chooses pe:

    "none" 0 (percent agreement); "fleiss" sum pi_v^2; "gwet" sum pi_v (1 - pi_v) / (V - 1);
    "uniform" 1 / V.
    """

    def __init__(self, values: Values, n_values: int, chance: str) -> None:
        self.n_values, self.chance = n_values, chance
        self.least = 0.0 if chance == "none" else -1.0
        r = (values >= 0).sum(axis=1)
        pairs, some = r >= 2, r >= 1
        counts = count_values(values, n_values, some)
        shares = counts / np.maximum(r, 1)[:, None]
        squares = np.asarray((counts * counts).sum(axis=1)).ravel()
        agreed = np.zeros(len(values))
        agreed[pairs] = (squares - r)[pairs] / (r * (r - 1.0))[pairs]
        self.rows: Rows = beside(agreed, pairs.astype(float), some.astype(float), shares)

    def _chance(self, pi: Floats) -> tuple[Floats, Floats]:
        """pe and its slopes by pi."""
        if self.chance == "fleiss":
            return (pi * pi).sum(axis=-1), 2.0 * pi
        if self.chance == "gwet":
            rest = max(self.n_values - 1, 1)
            return (pi * (1.0 - pi)).sum(axis=-1) / rest, (1.0 - 2.0 * pi) / rest
        constant = 1.0 / self.n_values if self.chance == "uniform" else 0.0
        return np.full(pi.shape[:-1], constant), np.zeros(pi.shape)

    def value(self, sums: Floats) -> Floats:
        observed = ratio(sums[..., 0], sums[..., 1])
        expected, _ = self._chance(ratio(sums[..., 3:], sums[..., 2, None]))
        return ratio(observed - expected, 1.0 - expected)

    def slopes(self, sums: Floats) -> Floats:
        observed = ratio(sums[..., 0], sums[..., 1])
        pi = ratio(sums[..., 3:], sums[..., 2, None])
        expected, by_pi = self._chance(pi)
        by_observed = ratio(np.ones(expected.shape), 1.0 - expected)
        by_expected = -(1.0 - observed) * by_observed**2
        slopes = np.empty(sums.shape)
        slopes[..., 0] = ratio(by_observed, sums[..., 1])
        slopes[..., 1] = -ratio(by_observed * observed, sums[..., 1])
        slopes[..., 2] = -ratio(by_expected * (by_pi * pi).sum(axis=-1), sums[..., 2])
        slopes[..., 3:] = ratio(by_expected, sums[..., 2])[..., None] * by_pi
        return slopes

    def expected_at(self, rate: float, sums: Floats) -> Floats:
        expected = 1.0 - self._chance(ratio(sums[..., 3:], sums[..., 2, None]))[0]
        if self.chance == "gwet":
            # The least it can be, whatever the shares become.
            return np.full(expected.shape, 1.0 - 1.0 / max(self.n_values, 2))
        return _moved(rate, expected) if self.chance == "fleiss" else expected


class CongerSums:
    """Conger's (1980) kappa: chance agreement is the mean over pairs of coders of
    sum p_gv p_hv, with p_gv the share of value v among all codings of coder g.

    Columns: agreement, sentences with pairs, then counts per coder and value.
    """

    def __init__(self, values: Values, n_values: int) -> None:
        self.shape = (values.shape[1], n_values)
        self.least = -1.0
        r = (values >= 0).sum(axis=1)
        pairs = r >= 2
        counts = count_values(values, n_values, pairs)
        squares = np.asarray((counts * counts).sum(axis=1)).ravel()
        agreed = np.zeros(len(values))
        agreed[pairs] = (squares - r)[pairs] / (r * (r - 1.0))[pairs]
        own = [
            count_values(values[:, g : g + 1], n_values, np.ones(len(values), bool))
            for g in range(self.shape[0])
        ]
        self.rows: Rows = beside(agreed, pairs.astype(float), *own)

    def _parts(self, sums: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        counts = sums[..., 2:].reshape(*sums.shape[:-1], *self.shape)
        n = counts.sum(axis=-1, keepdims=True)
        p = ratio(counts, n)
        total = p.sum(axis=-2, keepdims=True)
        coders = self.shape[0]
        # Sum over pairs g != h of p_gv p_hv is total^2 less the squares.
        expected = ((total[..., 0, :] ** 2) - (p * p).sum(axis=-2)).sum(axis=-1)
        return expected / (coders * (coders - 1)), n, p, total

    def value(self, sums: Floats) -> Floats:
        observed = ratio(sums[..., 0], sums[..., 1])
        expected = self._parts(sums)[0]
        return ratio(observed - expected, 1.0 - expected)

    def slopes(self, sums: Floats) -> Floats:
        observed = ratio(sums[..., 0], sums[..., 1])
        expected, n, p, total = self._parts(sums)
        by_observed = ratio(np.ones(expected.shape), 1.0 - expected)
        by_expected = -(1.0 - observed) * by_observed**2
        coders = self.shape[0]
        by_p = 2.0 * (total - p) / (coders * (coders - 1))
        by_counts = ratio(by_p - (by_p * p).sum(axis=-1, keepdims=True), n)
        slopes = np.empty(sums.shape)
        slopes[..., 0] = ratio(by_observed, sums[..., 1])
        slopes[..., 1] = -ratio(by_observed * observed, sums[..., 1])
        slopes[..., 2:] = (by_expected[..., None, None] * by_counts).reshape(*sums.shape[:-1], -1)
        return slopes

    def expected_at(self, rate: float, sums: Floats) -> Floats:
        return _moved(rate, 1.0 - self._parts(sums)[0])


class CohenSums:
    """Cohen's (1960, 1968) kappa of two coders: 1 - sum d o / sum d e over the table of V x V.

    Only sentences that both coded count. `matrix` (V, V) are the distances d.
    """

    def __init__(self, values: Values, matrix: Floats) -> None:
        v = len(matrix)
        self.matrix = matrix
        self.least = -1.0
        left, right = values[:, 0], values[:, 1]
        both = (left >= 0) & (right >= 0)
        cell = np.where(both, left * v + right, -1)[:, None].astype(np.int32)
        self.rows: Rows = count_values(cell, v * v, both)

    def _parts(self, sums: Floats) -> tuple[Floats, Floats, Floats, Floats, Floats]:
        v = len(self.matrix)
        table = sums.reshape(*sums.shape[:-1], v, v)
        rows, columns = table.sum(axis=-1), table.sum(axis=-2)
        n = rows.sum(axis=-1)
        observed = (table * self.matrix).sum(axis=(-2, -1))
        expected = ((rows @ self.matrix) * columns).sum(axis=-1)
        return n, observed, expected, rows, columns

    def value(self, sums: Floats) -> Floats:
        n, observed, expected, _, _ = self._parts(sums)
        return 1.0 - ratio(n * observed, expected)

    def slopes(self, sums: Floats) -> Floats:
        n, observed, expected, rows, columns = self._parts(sums)
        by_n = ratio(observed, expected)[..., None, None]
        by_observed = ratio(n, expected)[..., None, None]
        by_expected = ratio(n * observed, expected**2)[..., None, None]
        against = (columns @ self.matrix)[..., :, None] + (rows @ self.matrix)[..., None, :]
        table = by_expected * against - by_observed * self.matrix - by_n
        return table.reshape(sums.shape)

    def expected_at(self, rate: float, sums: Floats) -> Floats:
        n, _, expected, _, _ = self._parts(sums)
        return _moved(rate, ratio(expected, n * n) / float(self.matrix.max(initial=1.0)))
