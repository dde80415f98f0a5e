"""How alike units are in what they report: distances of distributions, and an order of units.

Axes: N sentences, K categories, U units, S = 2^K label sets.
"""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray
from scipy.cluster import hierarchy
from scipy.spatial import distance

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
ShareDistance = Literal["euclidean", "cityblock", "cosine", "braycurtis"]
SHARE_DISTANCES: tuple[ShareDistance, ...] = get_args(ShareDistance)
MOST_CATEGORIES = 16


def set_counts(assigned: NDArray[np.bool_], unit: Ints, n_units: int) -> Floats:
    """Sentences of each of the 2^K label sets by unit, (U, S); set 0 is the empty one.

    Bit k of a set's number is category k. Raises ValueError beyond `MOST_CATEGORIES` categories.
    """
    k = assigned.shape[1]
    if k > MOST_CATEGORIES:
        raise ValueError(f"{k} categories have too many label sets; {MOST_CATEGORIES} at most")
    number = assigned.astype(np.int64) @ (1 << np.arange(k))
    counts = np.zeros((n_units, 1 << k))
    np.add.at(counts, (unit, number), 1.0)
    return counts


def jensen_shannon(counts: Floats) -> Floats:
    """Jensen-Shannon distances of the rows' distributions, (U, U): root of the divergence, base 2.

    0 for equal, 1 for disjoint distributions (Lin 1991; a metric: Endres and Schindelin 2003). NaN
    for a row without counts.
    """
    totals = counts.sum(axis=1, keepdims=True)
    p = np.divide(counts, totals, out=np.full(counts.shape, np.nan), where=totals > 0)
    middle = (p[:, None] + p[None]) / 2.0
    divergence = _entropy(middle) - (_entropy(p)[:, None] + _entropy(p)[None]) / 2.0
    return np.sqrt(np.clip(divergence, 0.0, 1.0))


def _entropy(p: Floats) -> Floats:
    entropy: Floats = -(p * np.log2(np.where(p > 0, p, 1.0))).sum(axis=-1)
    return entropy


def share_distances(shares: Floats, name: ShareDistance = "euclidean") -> Floats:
    """Distances of share vectors (U, K) by a named distance, (U, U); NaN with a NaN share."""
    if name not in SHARE_DISTANCES:
        raise ValueError(f"unknown distance {name!r}; known are {', '.join(SHARE_DISTANCES)}")
    found = distance.squareform(distance.pdist(shares, name)) if len(shares) > 1 else None
    return np.zeros((len(shares), len(shares))) if found is None else found


def dendrogram_order(distances: Floats) -> Ints:
    """Order of units in which like ones stand together, (U,).

    Average linkage with leaves turned so that neighbours are nearest (Bar-Joseph et al. 2001);
    units without a distance come last, in their own order.
    """
    known = np.flatnonzero(np.isfinite(distances).sum(axis=1) > 1)
    known = known[np.isfinite(distances[np.ix_(known, known)]).all(axis=1)]
    rest = np.setdiff1d(np.arange(len(distances)), known)
    if len(known) > 2:
        flat = distance.squareform(distances[np.ix_(known, known)], checks=False)
        tree = hierarchy.linkage(flat, "average", optimal_ordering=True)
        known = known[hierarchy.leaves_list(tree)]
    return np.concatenate([known, rest]).astype(np.int64)
