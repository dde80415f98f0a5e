"""How well assigned categories fit the gold ones: arrays in, numbers out.

Axes: N sentences, K categories, B resamples. Names ending in `_error` are lower-better, all others
higher-better. What is undefined is NaN, never 0 or 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_BLOCK_CELLS = 1_000_000


@dataclass(frozen=True)
class Counts:
    """True positives, false positives, false negatives and true negatives, each of shape (K,)."""

    tp: Ints
    fp: Ints
    fn: Ints
    tn: Ints


def count_errors(gold: Bools, assigned: Bools) -> Counts:
    """Counts of agreement per category from two arrays of shape (N, K)."""
    return Counts(
        (gold & assigned).sum(axis=0),
        (~gold & assigned).sum(axis=0),
        (gold & ~assigned).sum(axis=0),
        (~gold & ~assigned).sum(axis=0),
    )


def _ratio(part: NDArray[np.generic], whole: NDArray[np.generic]) -> Floats:
    parts, wholes = np.asarray(part, float), np.asarray(whole, float)
    ratio: Floats = np.full(wholes.shape, np.nan)
    np.divide(parts, wholes, out=ratio, where=wholes > 0)
    return ratio


def precision(counts: Counts) -> Floats:
    """tp / (tp + fp), (K,); NaN for a category that was never assigned."""
    return _ratio(counts.tp, counts.tp + counts.fp)


def recall(counts: Counts) -> Floats:
    """tp / (tp + fn), (K,); NaN for a category without a gold sentence."""
    return _ratio(counts.tp, counts.tp + counts.fn)


def f1(counts: Counts) -> Floats:
    """2 tp / (2 tp + fp + fn), (K,) (van Rijsbergen 1979); NaN without gold and assigned ones."""
    return _ratio(2 * counts.tp, 2 * counts.tp + counts.fp + counts.fn)


def macro_f1(gold: Bools, assigned: Bools) -> float:
    """Mean F1 over the categories for which it is defined; NaN where there is none."""
    return float(mean_defined(f1(count_errors(gold, assigned))))


def mean_defined(values: Floats) -> Floats:
    """Means over the categories that are defined, (..., K) to (...); NaN where none is."""
    known = np.isfinite(values)
    return _ratio(np.where(known, values, 0.0).sum(axis=-1), known.sum(axis=-1))


def micro_f1(gold: Bools, assigned: Bools) -> float:
    """F1 of all decisions taken together."""
    c = count_errors(gold, assigned)
    total = Counts(*(np.array([part.sum()]) for part in (c.tp, c.fp, c.fn, c.tn)))
    return float(f1(total)[0])


def exact_match(gold: Bools, assigned: Bools) -> float:
    """Share of sentences whose whole set is right."""
    return float((gold == assigned).all(axis=1).mean()) if len(gold) else float("nan")


def average_precision(gold: Bools, scores: Floats) -> Floats:
    """Area under the precision-recall steps, (K,): sum of (R_n - R_{n-1}) P_n over cut-offs.

    As in scikit-learn, without interpolation; NaN without a gold sentence.
    """
    return np.array([_average_precision(gold[:, k], scores[:, k]) for k in range(gold.shape[1])])


def _average_precision(gold: Bools, scores: Floats) -> float:
    if not gold.any():
        return float("nan")
    order = np.argsort(-scores, kind="stable")
    ranked = scores[order]
    last_of_ties = np.append(ranked[:-1] != ranked[1:], True)
    hits = np.cumsum(gold[order])[last_of_ties]
    places = (np.arange(len(gold)) + 1)[last_of_ties]
    gains = np.diff(hits, prepend=0) / hits[-1]
    return float(np.sum(gains * hits / places))


@dataclass(frozen=True)
class Reliability:
    """Points of a reliability diagram: mean probability, share of gold, count; each (bins,)."""

    predicted: Floats
    observed: Floats
    sizes: Ints


def reliability(gold: Bools, probabilities: Floats, bins: int = 10) -> Reliability:
    """Bins of equal width over [0, 1], all categories pooled; empty bins are left out."""
    flat, p = gold.ravel(), probabilities.ravel()
    where = np.minimum((p * bins).astype(int), bins - 1)
    sizes = np.bincount(where, minlength=bins)
    full = sizes > 0
    predicted = np.bincount(where, p, minlength=bins)[full] / sizes[full]
    observed = np.bincount(where, flat, minlength=bins)[full] / sizes[full]
    return Reliability(predicted, observed, sizes[full])


def calibration_error(gold: Bools, probabilities: Floats, bins: int = 10) -> float:
    """Expected calibration error: mean |observed - predicted| over bins (Naeini et al. 2015)."""
    points = reliability(gold, probabilities, bins)
    gaps = np.abs(points.observed - points.predicted)
    return float(np.average(gaps, weights=points.sizes))


def coverage_curve(gold: Bools, probabilities: Floats, thresholds: Floats) -> Floats:
    """Share of decisions kept and accuracy among them, shape (20, 2).

    Decisions (sentence x category) are dropped in the order of their distance from the threshold,
    nearest first (on the logit scale), 5 % at a time.
    """
    logits = np.log(np.clip(probabilities, 1e-12, 1 - 1e-12))
    logits -= np.log1p(-np.clip(probabilities, 1e-12, 1 - 1e-12))
    distance = np.abs(logits - np.log(thresholds / (1 - thresholds))).ravel()
    right = ((probabilities >= thresholds) == gold).ravel()[np.argsort(-distance, kind="stable")]
    kept = (np.arange(20, 0, -1) * len(right) + 19) // 20
    return np.column_stack([kept / len(right), np.cumsum(right)[kept - 1] / kept])


def bootstrap_f1(
    gold: Bools,
    systems: Mapping[str, Bools],
    clusters: NDArray[np.generic],
    B: int,
    seed: int,
) -> dict[str, Floats]:
    """F1 per category of each system in B bootstrap resamples of whole clusters, (B, K) each.

    All systems are scored in the same resamples, so that their differences are paired. `clusters`
    (N,) names the report of every sentence.
    """
    names, index = np.unique(clusters, return_inverse=True)
    sums = {name: _cluster_sums(gold, own, index, len(names)) for name, own in systems.items()}
    found: dict[str, list[Floats]] = {name: [] for name in systems}
    for draws in _cluster_draws(len(names), B, seed):
        for name, (tp, fp, fn) in sums.items():
            hits = 2 * (draws @ tp)
            found[name].append(_ratio(hits, hits + draws @ fp + draws @ fn))
    return {name: np.concatenate(blocks) for name, blocks in found.items()}


def _cluster_sums(
    gold: Bools, assigned: Bools, index: Ints, count: int
) -> tuple[Floats, Floats, Floats]:
    """True positives, false positives and false negatives of each cluster, (clusters, K) each.

    Sentences of a cluster always count alike: weights are kept by cluster, not by sentence.
    """

    def by_cluster(part: Bools) -> Floats:
        columns = [np.bincount(index, column, minlength=count) for column in part.T]
        return np.stack(columns, axis=1)

    return (
        by_cluster(gold & assigned),
        by_cluster(~gold & assigned),
        by_cluster(gold & ~assigned),
    )


def _cluster_draws(count: int, B: int, seed: int) -> Iterator[Floats]:
    """How often each cluster counts in each of B resamples, in blocks (b, clusters)."""
    generator = np.random.default_rng(seed)
    chances = np.full(count, 1.0 / count)
    block = max(1, _BLOCK_CELLS // count)
    for start in range(0, B, block):
        size = min(block, B - start)
        yield generator.multinomial(count, chances, size=size).astype(float)


def interval(values: Floats, level: float = 0.95) -> tuple[float, float]:
    """Percentile interval of B resampled values; NaN where fewer than half are defined."""
    defined = values[np.isfinite(values)]
    if 2 * len(defined) < len(values) or not len(defined):
        return float("nan"), float("nan")
    tail = (1.0 - level) / 2.0
    low, high = np.quantile(defined, [tail, 1.0 - tail])
    return float(low), float(high)
