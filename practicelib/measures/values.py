"""Codings as numbered values, and sentences with the same codings taken together.

Axes: N sentences, A coders, K categories, V distinct values, P profiles.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Values = NDArray[np.int32]

MISSING = -1
_SMALL = 16
_MASK = 62


def as_values(values: ArrayLike) -> Values:
    """Numbered values (N, A) from an array of numbers: -1 and NaN are missing.

    Raises ValueError for another shape, and for numbers that are not whole or below -1.
    """
    given = np.asarray(values)
    if given.ndim != 2:
        raise ValueError(f"expected an array (sentences, coders), got shape {given.shape}")
    if given.dtype.kind == "b":
        return given.astype(np.int32)
    if given.dtype.kind not in "iuf":
        raise ValueError(f"expected numbers, got {given.dtype}")
    if given.dtype.kind == "f":
        filled = np.where(np.isnan(given), MISSING, given)
        given = filled.astype(np.int64)
        if not np.array_equal(given, filled):
            raise ValueError("values must be whole numbers; number your values 0 to V - 1")
    if given.size and (given.min() < MISSING or given.max() > np.iinfo(np.int32).max):
        raise ValueError("values must be numbered from 0; -1 is missing")
    return given.astype(np.int32)


def encode_sets(codes: NDArray[np.int8]) -> tuple[Values, Bools]:
    """Number the distinct sets of codings.

    `codes` is (N, A, K): 1 coded, 0 not, -1 missing. Returns values (N, A), -1 where missing, and
    the sets (V, K) that they number. Missing is not the empty set.
    """
    given = np.asarray(codes)
    if given.ndim != 3 or given.shape[2] == 0:
        raise ValueError(f"expected an array (sentences, coders, categories), got {given.shape}")
    n, coders, k = given.shape
    flat = given.reshape(n * coders, k)
    missing = flat[:, 0] < 0
    if k > _MASK:
        return _encode_wide(flat, missing, (n, coders))
    masks = np.zeros(len(flat), np.int64)
    for category in range(k):
        masks |= (flat[:, category] > 0).astype(np.int64) << category
    if k <= _SMALL:
        # Few possible sets: a table of all of them spares sorting.
        seen = np.bincount(masks[~missing], minlength=1 << k) > 0
        numbers = (np.cumsum(seen) - 1)[masks]
        found = np.flatnonzero(seen)
    else:
        found, inverse = np.unique(masks[~missing], return_inverse=True)
        numbers = np.zeros(len(flat), np.int64)
        numbers[~missing] = inverse
    numbers = np.where(missing, MISSING, numbers)
    sets = (found[:, None] >> np.arange(k)) & 1
    return numbers.astype(np.int32).reshape(n, coders), sets.astype(bool)


def _encode_wide(
    flat: NDArray[np.int8], missing: Bools, shape: tuple[int, int]
) -> tuple[Values, Bools]:
    sets, inverse = np.unique(flat[~missing] > 0, axis=0, return_inverse=True)
    numbers = np.full(len(flat), MISSING, np.int32)
    numbers[~missing] = inverse.ravel()
    return numbers.reshape(shape), sets


@dataclass(frozen=True)
class Profiles:
    """Sentences grouped by their codings: what a coefficient can see of them.

    `values` (P, A) holds one sentence of each group, `sizes` (P,) how many there are, `of` (N,)
    the group of every sentence.
    """

    values: Values
    sizes: Floats
    of: Ints


def profiles(values: Values, *, ordered: bool = False) -> Profiles:
    """Group sentences that hold the same codings, given by the same coders if `ordered`.

    Every coefficient is a function of sums over sentences, so that like sentences need to be
    looked at once only: this makes cost independent of N but for one pass. Groups are told apart
    by 64-bit hashes; two of a million would be mistaken for one with a probability below 1e-7.
    """
    n, coders = values.shape
    v = int(values.max(initial=-1)) + 1
    generator = np.random.default_rng(20_190_823)
    tables = coders if ordered else 1
    hashes = generator.integers(1, 2**63, size=(tables, v + 1), dtype=np.uint64)
    # Missing (-1) picks the last entry, which adds nothing.
    hashes[:, v] = 0
    keys = np.zeros(n, np.uint64)
    for coder in range(coders):
        keys += hashes[coder if ordered else 0][values[:, coder]]
    _, first, of, sizes = np.unique(
        keys, return_index=True, return_inverse=True, return_counts=True
    )
    return Profiles(values[first], sizes.astype(np.float64), of.reshape(n))
