"""Shares of terms as whole numbers, so that their sums come out the same in whatever order.

Additions of floating-point numbers round, so their order shows in the last bits; two engines that
meet the terms in different orders would then differ. Here the products idf x coefficient and the
squares of the idf are scaled by a power of two and rounded once; all else is exact until the last
step. A term that stands n times counts 1 + ln n times (and its square, squared).

Axes: T TF-IDF terms (words first, then characters), K categories.
"""

from __future__ import annotations

import math
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from practicelib.model.parameters import ModelParameters

_BITS = 63
"""A sum stays below two to this power, so that 64 bits hold it with its sign."""
_LARGEST_WEIGHT = 1.0 + math.log(2.0**31)
"""No term stands more often than 2**31 times in a text."""
_MOST_BITS = 900
"""Where all numbers are tiny, their scale must still be one that floating point has."""

Whole = NDArray[np.int64]


class FixedScores:
    """The numbers of a model's terms as whole numbers.

    `share_bits` and `square_bits`: the powers of two by which shares and squares are scaled.
    """

    def __init__(self, parameters: ModelParameters) -> None:
        features = parameters.features
        self._idf = np.concatenate([features.word_idf, features.character_idf]).astype(float)
        self._coefficients = parameters.coefficients[:, : len(self._idf)]
        # As if a text had every term of the model.
        shares = float(np.abs(self._idf * self._coefficients).sum(axis=1).max(initial=0.0))
        squares = float((self._idf * self._idf).sum())
        self.share_bits = _scale(shares * _LARGEST_WEIGHT)
        self.square_bits = _scale(squares * _LARGEST_WEIGHT**2)

    @cached_property
    def units(self) -> tuple[float, float]:
        """What one of a share and one of a square stands for."""
        return 2.0**-self.share_bits, 2.0**-self.square_bits

    def rows(self, terms: NDArray[np.int64]) -> Whole:
        """Square and shares of terms that stand once, shape (len(terms), 1 + K)."""
        idf = self._idf[terms]
        found = np.empty((len(terms), 1 + len(self._coefficients)))
        found[:, 0] = idf * idf * 2.0**self.square_bits
        found[:, 1:] = (idf * self._coefficients[:, terms]).T * 2.0**self.share_bits
        return np.rint(found).astype(np.int64)

    def weighted(self, terms: NDArray[np.int64], counts: NDArray[np.int64]) -> Whole:
        """The same of terms that stand `counts` times, at least once each."""
        rows = self.rows(terms)
        again = np.flatnonzero(counts > 1)
        # The C library's logarithm, as numpy may round otherwise.
        weights = np.array([1.0 + math.log(count) for count in counts[again].tolist()])
        rows[again, 0] = np.rint(weights * weights * rows[again, 0])
        rows[again, 1:] = np.rint(weights[:, None] * rows[again, 1:])
        return rows

    def scaled(self, totals: Whole, scale: float) -> NDArray[np.float64]:
        """The decision values (N, K) of one block of N texts, brought to length `scale`.

        `totals` (N, 1 + K) are the sums of the rows of each text.
        """
        share, square = self.units
        lengths = np.sqrt(totals[:, :1].astype(float) * square)
        factors = np.divide(scale, lengths, out=np.zeros_like(lengths), where=lengths > 0.0)
        values: NDArray[np.float64] = totals[:, 1:].astype(float) * share * factors
        return values


def _scale(largest: float) -> int:
    """The power of two that brings a number just below two to the power `_BITS`."""
    return min(_BITS - math.frexp(largest)[1], _MOST_BITS) if largest else 0
