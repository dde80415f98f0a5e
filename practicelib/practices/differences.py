"""Differences between units with limits that hold together.

Axes: U units, K categories, P pairs.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from practicelib.measures.shares import (
    ClusterSums,
    difference_limits,
    exact_limits,
    holm,
    korn_graubard,
    p_of_limits,
)
from practicelib.measures.simultaneous import all_pairs, sidak_level, simultaneous_level
from practicelib.practices.estimates import (
    Question,
    corrected_sums,
    measure_sums,
)
from practicelib.practices.gather import Gathered
from practicelib.practices.sample import Laid
from practicelib.records.practices import (
    Differences,
    Estimates,
    Measure,
    MeasureTable,
    PracticeProfile,
    Settings,
)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def differences(
    estimates: Estimates,
    sums: ClusterSums | None,
    settings: Settings,
    measure: Measure,
    *,
    tested: bool = True,
) -> Differences:
    """All pairwise differences of one table.

    `sums` are the reports' sums where whole reports are a sample: the common level then comes from
    the max-t bootstrap; else it is Sidak's. Counted figures differ by what they differ, without
    limits. p values are those of each difference's own interval, Holm-adjusted; NaN unless
    `tested`.
    """
    pairs = all_pairs(len(estimates.value))
    first, second = pairs.T
    value = estimates.value[first] - estimates.value[second]
    unknown = np.full(value.shape, np.nan)
    if estimates.method == "counted" or not len(pairs):
        return Differences(
            pairs, value, value, value, unknown, unknown, settings.level, estimates.method
        )
    each = _common_level(estimates, sums, settings, pairs)

    def limits(level: Floats) -> tuple[Floats, Floats]:
        sides = (_limits_at(estimates, rows, level, measure) for rows in (first, second))
        return difference_limits(*sides)

    lower, upper = limits(np.full(value.shape, each))
    p = p_of_limits(value, limits) if tested else unknown
    return Differences(
        pairs, value, lower, upper, p, holm(p.ravel()).reshape(p.shape), each, estimates.method
    )


def _common_level(
    estimates: Estimates, sums: ClusterSums | None, settings: Settings, pairs: Ints
) -> float:
    known = np.isfinite(estimates.low).min(axis=1)
    usable = known[pairs].min(axis=1)
    cells = int(usable.sum()) * estimates.value.shape[1]
    if sums is None or not known.all():
        return sidak_level(cells, settings.level)
    return simultaneous_level(
        sums, pairs, level=settings.level, resamples=settings.resamples, seed=settings.seed
    )


def _limits_at(
    estimates: Estimates, rows: Ints, level: Floats, measure: Measure
) -> tuple[Floats, Floats, Floats]:
    """Values of some units and their limits at a level for each, all (P, K)."""
    value, size = estimates.value[rows], estimates.size[rows]
    if measure == "present":
        low, high = exact_limits(value, size, level)
        several = np.where(np.greater(size, 1), 0.0, np.nan)
        return value, low + several, high + several
    capped = estimates.method != "design"
    variance, df = estimates.variance[rows], estimates.df[rows]
    return value, *korn_graubard(value, variance, size, df, level, capped=capped)


def agreement_of_measures(
    gathered: Gathered, profile: PracticeProfile, chosen: Differences, laid: Laid | None
) -> tuple[Ints, Ints]:
    """How many measures agree with the chosen one's differences, both (P, K).

    First: measures whose simultaneous interval lies wholly on the same side of 0. Second: measures
    whose difference has the same sign. Corrected shares stand for raw ones where there are any.
    """
    sign = np.sign(np.nan_to_num(chosen.value))
    survives, same = np.zeros(sign.shape, np.int64), np.zeros(sign.shape, np.int64)
    for table in profile.tables:
        found = table_differences(gathered, profile, table, laid, tested=False)
        same += (sign != 0) & (np.sign(np.nan_to_num(found.value)) == sign)
        if found.method != "counted":
            survives += (sign > 0) & (found.low > 0)
            survives += (sign < 0) & (found.high < 0)
    return survives, same


def table_differences(
    gathered: Gathered,
    profile: PracticeProfile,
    table: MeasureTable,
    laid: Laid | None,
    *,
    tested: bool = True,
) -> Differences:
    """Differences of a measure's best figures: corrected ones where there are any.

    `laid` is the coded sample, which corrected tables come from.
    """
    settings, measure = profile.settings, table.measure
    best = table.corrected or table.raw
    if settings.estimand == "these":
        return differences(best, None, settings, measure, tested=tested)
    if table.corrected is not None and laid is not None:
        sums = corrected_sums(gathered, measure, laid).sums
    else:
        question = Question(settings.estimand, settings.level, settings.least)
        sums = measure_sums(gathered, measure, question)
    return differences(best, sums, settings, measure, tested=tested)
