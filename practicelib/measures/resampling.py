"""Bootstrap and jackknife of coefficients that are functions of sums.

Axes: N sentences, P rows, U resampled units (sentences or clusters), M columns, B resamples.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from practicelib.measures.sums import Rows, Sums
from practicelib.measures.values import Profiles

Floats = NDArray[np.float64]
Method = Literal["bootstrap", "percentile", "jackknife"]

_BLOCK_CELLS = 1_000_000


@dataclass(frozen=True)
class Resampling:
    """How intervals are made.

    `clusters` (N,) names the report of every sentence; whole reports are then resampled, else
    single sentences. `resamples` is B; the jackknife needs none. The same `seed` gives the same
    interval, whatever the order of the sentences.
    """

    method: Method = "bootstrap"
    resamples: int = 1000
    level: float = 0.95
    seed: int = 0
    clusters: NDArray[Any] | None = None

    def __post_init__(self) -> None:
        if self.method not in ("bootstrap", "percentile", "jackknife"):
            raise ValueError(f"unknown method {self.method!r}")
        if self.resamples < 1 or not 0.0 < self.level < 1.0:
            raise ValueError("resamples must be at least 1 and level between 0 and 1")


@dataclass(frozen=True)
class Units:
    """What is resampled: rows (P, M), and how many like each there are (P,)."""

    rows: Rows
    sizes: Floats

    @property
    def count(self) -> int:
        """U, the number of units."""
        return int(self.sizes.sum())

    @property
    def sums(self) -> Floats:
        """Sums over all units, (M,)."""
        sums: Floats = add_up(self.sizes[None], self.rows)[0]
        return sums


def units_of(
    rows: Rows, groups: Profiles, clusters: NDArray[Any] | None, keep: NDArray[np.bool_]
) -> Units:
    """Units from rows per profile: sentences, or clusters added up.

    `keep` (P,) marks the profiles that have codings; sentences without any, and clusters of such
    sentences only, are no part of the sample.
    """
    if clusters is None:
        return Units(rows[np.flatnonzero(keep)], groups.sizes[keep])
    if len(clusters) != len(groups.of):
        raise ValueError(f"{len(clusters)} clusters for {len(groups.of)} sentences")
    known = keep[groups.of]
    _, number = np.unique(np.asarray(clusters)[known], return_inverse=True)
    n_clusters = int(number.max(initial=-1)) + 1
    member = sparse.csr_array(
        (np.ones(len(number)), (number.ravel(), groups.of[known])),
        shape=(n_clusters, len(groups.sizes)),
    )
    return _alike(member @ rows)


def _alike(rows: Rows) -> Units:
    """Units with like rows taken together, which spares drawing each."""
    if sparse.issparse(rows):
        return Units(rows, np.ones(rows.shape[0]))
    # Sums of the same terms in another order differ in their last digits.
    keys = np.round(rows, 9)
    _, first, sizes = np.unique(keys, axis=0, return_index=True, return_counts=True)
    return Units(rows[first], sizes.astype(np.float64))


def add_up(weights: Floats, rows: Rows) -> Floats:
    """Weighted sums of rows: weights (B, P) and rows (P, M) give (B, M)."""
    return np.asarray((rows.T @ weights.T).T)


def draw(units: Units, resamples: int, seed: int) -> Iterator[Floats]:
    """Weights of resamples with replacement, in blocks (b, P) that add up to B rows.

    Each resample draws U of U units; like units share a row, which a multinomial draw respects.
    """
    generator = np.random.default_rng(seed)
    chances = units.sizes / units.sizes.sum()
    block = max(1, _BLOCK_CELLS // max(len(chances), 1))
    for start in range(0, resamples, block):
        size = min(block, resamples - start)
        yield generator.multinomial(units.count, chances, size=size).astype(np.float64)


@dataclass(frozen=True)
class Resampled:
    """Values (B,) and, if asked for, standard errors (B,) of the resamples."""

    values: Floats
    errors: Floats


def bootstrap(
    coefficient: Sums, units: Units, resamples: int, seed: int, *, errors: bool = True
) -> Resampled:
    """Values of a coefficient in B resamples, with the standard error within each."""
    values, spread = [], []
    for weights in draw(units, resamples, seed):
        sums = add_up(weights, units.rows)
        values.append(coefficient.value(sums))
        if errors:
            spread.append(_errors(coefficient, units, weights, sums))
    return Resampled(np.concatenate(values), np.concatenate(spread) if errors else np.zeros(0))


def standard_error(coefficient: Sums, units: Units) -> float:
    """Linearised standard error (infinitesimal jackknife; Efron 1982, eq. 6.3), n / (n - 1)."""
    return float(_errors(coefficient, units, units.sizes[None], units.sums[None])[0])


def _errors(coefficient: Sums, units: Units, weights: Floats, sums: Floats) -> Floats:
    n = units.count
    slopes = coefficient.slopes(sums)
    undefined = np.asarray(~np.isfinite(slopes).all(axis=1))
    influence = np.asarray(units.rows @ np.where(undefined[:, None], 0.0, slopes).T).T
    mean = (weights * influence).sum(axis=1) / n
    squares = (weights * influence**2).sum(axis=1) - n * mean**2
    errors = np.sqrt(np.maximum(squares, 0.0) * (n / max(n - 1.0, 1.0)))
    return np.where(undefined, np.nan, errors)


def jackknife(coefficient: Sums, units: Units) -> tuple[Floats, float]:
    """Values without one unit each (P,), and the jackknife standard error (Tukey 1958).

    The error is taken about the value of all units; units whose removal leaves the coefficient
    undefined are left out of it. NaN with fewer than two units.
    """
    n = units.count
    total = units.sums
    values = np.empty(len(units.sizes))
    block = max(1, _BLOCK_CELLS // max(total.size, 1))
    for start in range(0, len(values), block):
        rows = units.rows[start : start + block]
        dense = rows.toarray() if sparse.issparse(rows) else rows
        values[start : start + block] = coefficient.value(total - dense)
    defined = np.isfinite(values)
    if n < 2 or not defined.any():
        return values, float("nan")
    gaps = (values - float(coefficient.value(total)))[defined]
    return values, float(np.sqrt((n - 1.0) / n * np.sum(units.sizes[defined] * gaps**2)))
