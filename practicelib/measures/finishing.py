"""A coefficient from its sums: value, reason, notes and interval.

Axes: N sentences, A coders, P profiles, V values.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from practicelib.measures.comparisons import RatioSums
from practicelib.measures.intervals import interval_of, no_disagreement_bound
from practicelib.measures.resampling import Resampling, Units, units_of
from practicelib.measures.sums import ChanceSums, Sums
from practicelib.measures.values import Profiles
from practicelib.records.agreement import FEW, Coefficient, Interval, Note, Reason

SKEW = 0.6
SKEW_GAP = 0.15
_SHARE_UNDEFINED = 0.1
_KAPPA_LIKE = frozenset({"krippendorff_alpha", "fleiss_kappa", "conger_kappa", "cohen_kappa"})
Bools = NDArray[np.bool_]


def finish(
    name: str,
    sums: Sums,
    groups: Profiles,
    resampling: Resampling | None,
    n_values: int,
    *,
    bounded: bool = True,
    alone: bool = False,
    paired: Bools | None = None,
) -> Coefficient:
    """The coefficient `name` of `groups`, whose rows are `sums.rows`.

    `paired` (P,) marks the profiles that it rests on, by default those with two codings or more:
    they are counted, they are the units of the interval, and notes are of them. With `alone`
    codings that stand alone bear on chance agreement and are drawn beside them. `bounded` is
    False for differences, which have no upper limit of 1.
    """
    m = (groups.values >= 0).sum(axis=1)
    paired = m >= 2 if paired is None else paired
    kept = m >= 1 if alone else paired
    sizes, rows = groups.sizes, np.flatnonzero(paired)
    agreeing = ChanceSums(groups.values[rows], n_values, "none")
    found = Coefficient(
        name,
        float(sums.value(sizes @ sums.rows)),
        float(agreeing.value(sizes[rows] @ agreeing.rows)),
        int(sizes[rows].sum()),
        int((sizes * m)[rows].sum()),
        notes=_notes_of_values(name, groups, kept, n_values),
    )
    if not np.isfinite(found.value):
        return replace(found, value=float("nan"), reason=_reason(found, m))
    if resampling is None:
        return found
    units = units_of(sums.rows, groups, resampling.clusters, kept, paired)
    if resampling.clusters is not None and units.count < FEW:
        found = replace(found, notes=(*found.notes, "few_clusters"))
    if bounded and found.value == 1.0:
        return _bounded_below(found, sums, groups, units, resampling, paired)
    return _with_interval(found, sums, units, resampling, bounded=bounded)


def _reason(found: Coefficient, m: NDArray[np.int64]) -> Reason:
    if not (m > 0).any():
        return "no_codings"
    return "no_variation" if found.sentences else "no_pairs"


def _with_interval(
    found: Coefficient, sums: Sums, units: Units, resampling: Resampling, *, bounded: bool
) -> Coefficient:
    interval = interval_of(sums, units, resampling, bounded=bounded)
    notes = found.notes
    if interval.undefined > _SHARE_UNDEFINED or not interval.method:
        notes = (*notes, "unstable")
    return replace(found, interval=interval, notes=notes)


def _bounded_below(
    found: Coefficient,
    sums: Sums,
    groups: Profiles,
    units: Units,
    resampling: Resampling,
    paired: Bools,
) -> Coefficient:
    """No disagreement was seen: the exact one-sided bound instead of the interval [1, 1]."""
    exposed = paired & (sums.rows[:, 1] > 0) if isinstance(sums, RatioSums) else paired
    count = units_of(sums.rows, groups, resampling.clusters, exposed).count
    low = no_disagreement_bound(sums, units.sums, count, resampling.level)
    bound = Interval(low, 1.0, "exact", resampling.level, count)
    return replace(found, interval=bound, notes=(*found.notes, "no_disagreement"))


def _notes_of_values(name: str, groups: Profiles, kept: Bools, v: int) -> tuple[Note, ...]:
    """Notes on the prevalence of values among the kept profiles (Feinstein and Cicchetti 1990).

    "skewed": four fifths or more of codings hold one value, and the kappa-like figure lies 0.15 or
    more below the one with uniform chance agreement, so that it says little about the coders.
    """
    chance = ChanceSums(groups.values[kept], v, "fleiss")
    sums = groups.sizes[kept] @ chance.rows
    if not sums[2]:
        return ()
    largest = float(np.max(sums[3:] / sums[2]))
    if largest > 1.0 - 1e-12:
        return ("one_value",)
    uniform = ChanceSums(groups.values[kept], v, "uniform").value(sums)
    gap = float(uniform - chance.value(sums))
    skewed = name in _KAPPA_LIKE and 2.0 * largest - 1.0 >= SKEW and gap >= SKEW_GAP
    return ("skewed",) if skewed else ()
