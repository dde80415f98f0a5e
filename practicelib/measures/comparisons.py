"""Ratios and differences as functions of sums: specific agreement, bias, change of a coefficient.

Axes: N sentences, A coders, P rows, M columns. See `sums` for the form.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from practicelib.measures.sums import Rows, Sums, beside, ratio
from practicelib.measures.values import Values

Floats = NDArray[np.float64]


class RatioSums:
    """A plain ratio of two sums; `rows` is (P, 2)."""

    def __init__(self, parts: Floats, wholes: Floats, least: float = 0.0) -> None:
        self.least = least
        self.rows: Rows = np.column_stack([parts, wholes]).astype(np.float64)

    def value(self, sums: Floats) -> Floats:
        return ratio(sums[..., 0], sums[..., 1])

    def slopes(self, sums: Floats) -> Floats:
        whole = sums[..., 1]
        return np.stack([ratio(np.ones(whole.shape), whole), -ratio(self.value(sums), whole)], -1)

    def expected_at(self, rate: float, sums: Floats) -> Floats:
        return np.ones(sums.shape[:-1])


class DifferenceSums:
    """First minus second coefficient on the same rows, so that resamples are paired."""

    def __init__(self, first: Sums, second: Sums) -> None:
        self.first, self.second = first, second
        self.least = -2.0
        self.cut = first.rows.shape[1]
        self.rows: Rows = beside(first.rows, second.rows)

    def value(self, sums: Floats) -> Floats:
        return self.first.value(sums[..., : self.cut]) - self.second.value(sums[..., self.cut :])

    def slopes(self, sums: Floats) -> Floats:
        first = self.first.slopes(sums[..., : self.cut])
        return np.concatenate([first, -self.second.slopes(sums[..., self.cut :])], axis=-1)

    def expected_at(self, rate: float, sums: Floats) -> Floats:
        return np.ones(sums.shape[:-1])


def specific_sums(values: Values, value: int) -> RatioSums:
    """Specific agreement on one value: of codings with it, the share of partners that have it too.

    Each coding is compared with the m - 1 others of its sentence with weight 1 / (m - 1): o_vv /
    n_v of the coincidence matrix. Two coders: 2a / (2a + b + c) (Dice 1945; Cicchetti and
    Feinstein 1990).
    """
    m = (values >= 0).sum(axis=1)
    has = (values == value).sum(axis=1)
    pairs = m >= 2
    same = np.where(pairs, has * (has - 1.0) / np.maximum(m - 1, 1), 0.0)
    return RatioSums(same, np.where(pairs, has, 0).astype(float))


def bias_sums(coded: Values, coder: int) -> RatioSums:
    """How much more often one coder codes a category than the others on the same sentences.

    `coded` (P, A) is 1, 0 or -1 (missing). The value is a difference of shares, -1 to 1.
    """
    own = coded[:, coder]
    others = np.delete(coded, coder, axis=1)
    m = (others >= 0).sum(axis=1)
    both = (own >= 0) & (m > 0)
    mean = (others == 1).sum(axis=1) / np.maximum(m, 1)
    return RatioSums(np.where(both, own - mean, 0.0), both.astype(float), least=-1.0)
