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
    """What is resampled: rows (P, M), and how many like each there are (P,).

    `paired` (P,) marks the units that hold a sentence with two codings; None stands for all. The
    others bear on chance agreement only, so they are a stratum of their own: how many sentences
    are coded twice is planned, and those coded once add no unit by which coders are compared.
    """

    rows: Rows
    sizes: Floats
    paired: NDArray[np.bool_] | None = None

    @property
    def count(self) -> int:
        """U, the number of units that hold pairs."""
        return int(self.sizes[self.strata[0]].sum())

    @property
    def strata(self) -> tuple[NDArray[np.int64], ...]:
        """Numbers of the rows with pairs, then of those without, where there are such."""
        if self.paired is None or self.paired.all():
            return (np.arange(len(self.sizes)),)
        return np.flatnonzero(self.paired), np.flatnonzero(~self.paired)

    @property
    def sums(self) -> Floats:
        """Sums over all units, (M,)."""
        sums: Floats = add_up(self.sizes[None], self.rows)[0]
        return sums


def units_of(
    rows: Rows,
    groups: Profiles,
    clusters: NDArray[Any] | None,
    keep: NDArray[np.bool_],
    paired: NDArray[np.bool_] | None = None,
) -> Units:
    """Units from rows per profile: sentences, or clusters added up.

    `keep` (P,) marks the profiles that bear on the coefficient, `paired` (P,) those of them with
    pairs of codings (all by default); other sentences, and clusters of such sentences only, are no
    part of the sample. Raises ValueError for clusters of another number of sentences.
    """
    paired = keep if paired is None else paired
    if clusters is None:
        return Units(rows[np.flatnonzero(keep)], groups.sizes[keep], paired[keep])
    if len(clusters) != len(groups.of):
        raise ValueError(f"{len(clusters)} clusters for {len(groups.of)} sentences")
    known = keep[groups.of]
    _, number = np.unique(np.asarray(clusters)[known], return_inverse=True)
    number, of = number.ravel(), groups.of[known]
    n_clusters = int(number.max(initial=-1)) + 1
    member = sparse.csr_array(
        (np.ones(len(number)), (number, of)), shape=(n_clusters, len(groups.sizes))
    )
    return _alike(member @ rows, np.bincount(number[paired[of]], minlength=n_clusters) > 0)


def _alike(rows: Rows, paired: NDArray[np.bool_]) -> Units:
    """Units with like rows taken together, which spares drawing each."""
    if sparse.issparse(rows):
        return Units(rows, np.ones(rows.shape[0]), paired)
    # Sums of the same terms in another order differ in their last digits.
    keys = np.column_stack([np.round(rows, 9), paired])
    _, first, sizes = np.unique(keys, axis=0, return_index=True, return_counts=True)
    return Units(rows[first], sizes.astype(np.float64), paired[first])


def add_up(weights: Floats, rows: Rows) -> Floats:
    """Weighted sums of rows: weights (B, P) and rows (P, M) give (B, M)."""
    return np.asarray((rows.T @ weights.T).T)


def draw(units: Units, resamples: int, seed: int) -> Iterator[Floats]:
    """Weights of resamples with replacement, in blocks (b, P) that add up to B rows.

    Each resample draws as many units of each stratum as it has; like units share a row, which a
    multinomial draw respects.
    """
    generator = np.random.default_rng(seed)
    block = max(1, _BLOCK_CELLS // max(len(units.sizes), 1))
    for start in range(0, resamples, block):
        weights = np.empty((min(block, resamples - start), len(units.sizes)))
        for stratum in units.strata:
            sizes = units.sizes[stratum]
            n = int(sizes.sum())
            weights[:, stratum] = generator.multinomial(n, sizes / n, size=len(weights))
        yield weights


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
    slopes = coefficient.slopes(sums)
    undefined = np.asarray(~np.isfinite(slopes).all(axis=1))
    influence = np.asarray(units.rows @ np.where(undefined[:, None], 0.0, slopes).T).T
    variance = np.zeros(len(weights))
    for stratum in units.strata:
        n = float(units.sizes[stratum].sum())
        drawn, own = weights[:, stratum], influence[:, stratum]
        mean = (drawn * own).sum(axis=1) / n
        squares = (drawn * own**2).sum(axis=1) - n * mean**2
        variance += np.maximum(squares, 0.0) * (n / max(n - 1.0, 1.0))
    return np.where(undefined, np.nan, np.sqrt(variance))


def jackknife(coefficient: Sums, units: Units) -> tuple[Floats, float]:
    """Values without one unit each (P,), and the jackknife standard error (Tukey 1958).

    The error is taken about the value of all units; units whose removal leaves the coefficient
    undefined are left out of it, and the squares of strata add up. NaN with fewer than two units.
    """
    total = units.sums
    values = np.empty(len(units.sizes))
    block = max(1, _BLOCK_CELLS // max(total.size, 1))
    for start in range(0, len(values), block):
        rows = units.rows[start : start + block]
        dense = rows.toarray() if sparse.issparse(rows) else rows
        values[start : start + block] = coefficient.value(total - dense)
    defined = np.isfinite(values)
    if units.count < 2 or not defined.any():
        return values, float("nan")
    gaps = np.where(defined, values - float(coefficient.value(total)), 0.0)
    variance = 0.0
    for stratum in units.strata:
        sizes = units.sizes[stratum]
        n = float(sizes.sum())
        variance += (n - 1.0) / n * float(np.sum(sizes * gaps[stratum] ** 2))
    return values, float(np.sqrt(variance))
