"""Shares that units would have if their reports had the same mix of types, years or the like.

Axes: U units, K categories, C reports, T values of a column that every unit has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from practicelib.measures.shares import korn_graubard
from practicelib.practices.estimates import Question, measure_sums, raw_estimates
from practicelib.practices.gather import Gathered
from practicelib.records.practices import (
    NO_OVERLAP,
    Estimates,
    Measure,
    Reason,
    Settings,
    Strata,
)

Floats = NDArray[np.float64]


def strata_of(gathered: Gathered, column: str, own: Sequence[str]) -> Strata:
    """Values of a column that every unit has, those that some lack, and what is left of each unit.

    `own` is what the column says of each report, (C,). A unit has a value where sentences that
    count have it; those left out (headings, repeated passages) do not.
    """
    values = sorted(set(own))
    place = np.array([values.index(value) for value in own], np.int64)
    sizes = np.zeros((len(gathered.units), len(values)))
    np.add.at(sizes, (gathered.unit_of_sentence, place[gathered.report]), gathered.weight)
    shared: NDArray[np.bool_] = np.greater(sizes, 0).min(axis=0)
    kept = np.zeros(len(gathered.units), np.int64)
    np.add.at(kept, gathered.unit_of_sentence, shared[place][gathered.report].astype(np.int64))
    used = tuple(v for v, every in zip(values, shared, strict=True) if every)
    return Strata(column, used, tuple(v for v in values if v not in used), kept)


def standardise(
    gathered: Gathered, settings: Settings, measure: Measure, strata: Strata
) -> Estimates:
    """Shares that units would have if all had the same mix of `strata.used`, (U, K).

    Direct standardisation: shares within each value, weighted by the value's part of all sentences
    (Fleiss, Levin and Paik 2003, ch. 19). Only values that every unit has are used; if there is
    none, every figure is NaN. Limits over reports where these are a sample.
    """
    if not strata.used:
        units = len(gathered.units)
        unknown = np.full((units, gathered.assigned.shape[1]), np.nan)
        reasons: list[Reason] = [NO_OVERLAP] * units
        return Estimates(unknown, unknown, unknown, "", tuple(reasons))
    question = Question(settings.estimand, settings.level, settings.least)
    own = gathered.values(strata.column)
    parts, sizes = [], []
    for value in strata.used:
        inside = np.array([v == value for v in own], float)
        within = replace(gathered, weight=gathered.weight * inside[gathered.report])
        parts.append(raw_estimates(measure_sums(within, measure, question), measure, question))
        sizes.append(float(within.weight.sum()))
    return _together(parts, np.array(sizes) / sum(sizes), settings)


def _together(parts: Sequence[Estimates], weights: Floats, settings: Settings) -> Estimates:
    """Weighted means of T estimates, weights (T,); a unit lacks what it lacks in any of them."""
    share = np.tensordot(weights, np.stack([part.value for part in parts]), 1)
    first = replace(parts[0], reasons=_reasons(parts))
    if settings.estimand == "these":
        return replace(first, value=share, low=share, high=share)
    variance = np.tensordot(weights**2, np.stack([part.variance for part in parts]), 1)
    df = np.min(np.stack([part.df for part in parts]), axis=0)
    size = np.sum(np.stack([part.size for part in parts]), axis=0)
    low, high = korn_graubard(share, variance, size, df, settings.level)
    return replace(first, value=share, low=low, high=high, variance=variance, df=df, size=size)


def _reasons(parts: Sequence[Estimates]) -> tuple[Reason, ...]:
    every = zip(*(part.reasons for part in parts), strict=True)
    found: list[Reason] = [next((reason for reason in own if reason), "") for own in every]
    return tuple(found)
