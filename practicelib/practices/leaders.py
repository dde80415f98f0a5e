"""Which unit has the largest share in each category, and whether the next one is left behind.

Axes: U units, K categories, P pairs.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from practicelib.records.practices import Comparison, Differences, MeasureTable

Verdict = Literal[
    "none", "tie", "apart", "not_apart", "counted", "one_report", "bands_apart", "bands_overlap"
]


@dataclass(frozen=True)
class Leader:
    """The unit with the largest share in a category, the next one, and their difference.

    `alike` units besides the next one have the same share as it.
    `low` and `high` are the simultaneous limits of the difference, NaN where there are none.
    `verdict`: "none" has the category, it is a "tie", the interval of the difference leaves 0 out
    ("apart") or holds it ("not_apart"), figures are "counted" and have no interval, there is none
    from "one_report"; a model's counts without a coded sample are compared by their bands.
    """

    category: int
    first: int
    second: int
    value: float
    next_value: float
    low: float
    high: float
    verdict: Verdict
    alike: int = 0


def leaders(comparison: Comparison) -> tuple[Leader, ...]:
    """The leader of every category by the comparison's measure, in codebook order."""
    profile = comparison.profile
    table = profile.table(comparison.measure)
    gaps = comparison.corrected_differences or comparison.differences
    return tuple(_leader(k, table, gaps) for k in range(len(profile.categories)))


def ranked(table: MeasureTable, k: int) -> list[int]:
    """Units by their share in a category, the largest first, unknown ones last, (U,)."""
    value = np.nan_to_num((table.corrected or table.raw).value[:, k], nan=-1.0)
    order: list[int] = np.argsort(-value, kind="stable").tolist()
    return order


def _leader(k: int, table: MeasureTable, gaps: Differences) -> Leader:
    value = (table.corrected or table.raw).value[:, k]
    first, second = ranked(table, k)[:2]
    low, high = _limits(gaps, first, second, k)
    return Leader(
        k, first, second, float(value[first]), float(value[second]), low, high,
        _verdict(k, table, gaps, (first, second), low),
        int((np.delete(value, [first, second]) == value[second]).sum()),
    )  # fmt: skip


def _limits(gaps: Differences, first: int, second: int, k: int) -> tuple[float, float]:
    """Limits of first less second, whichever way round the pair stands."""
    if gaps.method == "counted":
        return float("nan"), float("nan")
    for p, pair in enumerate(gaps.pairs.tolist()):
        if pair == [first, second]:
            return float(gaps.low[p, k]), float(gaps.high[p, k])
        if pair == [second, first]:
            return -float(gaps.high[p, k]), -float(gaps.low[p, k])
    raise ValueError("the two units are no pair of the comparison")


def _verdict(
    k: int,
    table: MeasureTable,
    gaps: Differences,
    pair: tuple[int, int],
    low: float,
) -> Verdict:
    first, second = pair
    value = (table.corrected or table.raw).value[:, k]
    if not value[first] > 0:
        return "none"
    if value[first] == value[second]:
        return "tie"
    if gaps.method == "counted":
        if table.band is None or not math.isfinite(table.band.low[first, k]):
            return "counted"
        over = table.band.low[first, k] > table.band.high[second, k]
        return "bands_apart" if over else "bands_overlap"
    if not math.isfinite(low):
        return "one_report"
    return "apart" if low > 0 else "not_apart"
