"""The order in which the boxes of a page are read, and which lines lie across columns.

Two rules of Breuel (2003, "High performance document layout analysis", section 5): of two boxes
that overlap sideways the upper one is read first; a box wholly to the left of another is read
first unless a third lies between their heights and overlaps sideways with both.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Place = tuple[float, float, float, float]
"""Left, bottom, right and top."""
MOST = 200
"""Boxes of a page that are ordered here; time and memory grow with the cube."""
_PAIRS = 500
_ROWS = 3
_INDENT = 2.6
_LEADING = 1.6
"""Widest indent of a paragraph and gap between its lines, in heights of a line."""


def reading_order(places: Sequence[Place], sizes: Sequence[float] = ()) -> list[int]:
    """Indices of the boxes as they are read; as given where they are more than `MOST`.

    `sizes` are the heights of their lines, where they are known.
    Where the rules lead round in a circle, the uppermost of what is left goes first.
    """
    if len(places) > MOST:
        return list(range(len(places)))
    boxes = np.array(places, dtype=float).reshape(-1, 4)
    if sizes:
        boxes = _without_indents(_reaching_across(boxes, np.array(sizes)), np.array(sizes))
    before = _before(boxes)
    by_height = sorted(range(len(places)), key=lambda i: (-places[i][3], places[i][0]))
    waiting = before.sum(axis=0)
    order: list[int] = []
    left = dict.fromkeys(by_height)
    while left:
        chosen = next((i for i in left if waiting[i] == 0), next(iter(left)))
        del left[chosen]
        order.append(chosen)
        waiting -= before[chosen]
    return order


def _reaching_across(boxes: NDArray[np.float64], sizes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Boxes (B, 4) of which those in the middle of the page, with none beside, are as wide as it.

    Such a title parts what is above from what is below, although it may be narrower than a column.
    """
    x0, y0, x1, y1 = boxes.T
    left, right = x0.min(initial=np.inf), x1.max(initial=-np.inf)
    beside = (np.minimum(y1[:, None], y1) - np.maximum(y0[:, None], y0)) > 0
    centred = (abs(x0 + x1 - left - right) < 2 * sizes) & (beside.sum(axis=1) == 1)
    lefts, rights = np.where(centred, left, x0), np.where(centred, right, x1)
    return np.column_stack([lefts, y0, rights, y1])


def _without_indents(boxes: NDArray[np.float64], sizes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Boxes (B, 4) that reach out from an indent to the one or two characters below them.

    Those are the rest of the last paragraph, a line that stands wholly to its left.
    """
    x0, y0, x1, y1 = boxes.T
    height = sizes[:, None]
    single = y1 - y0 < 1.5 * sizes
    gap = y0[:, None] - y1
    rest = single & (gap > -0.5 * height) & (gap < _LEADING * height)
    rest &= abs(height - sizes) < 0.2 * height
    rest &= (x1 <= x0[:, None] + 0.2 * height) & (x0 > x0[:, None] - _INDENT * height)
    lefts = np.where(rest, x0, x0[:, None]).min(axis=1, initial=np.inf)
    return np.column_stack([lefts, y0, x1, y1])


def _before(boxes: NDArray[np.float64]) -> NDArray[np.bool_]:
    """(B, B): whether the first box is to be read before the second."""
    x0, y0, x1, y1 = boxes.T
    aside = (x0[:, None] < x1) & (x0 < x1[:, None])
    middle = (y0 + y1) / 2
    before: NDArray[np.bool_] = aside & (middle[:, None] > middle)
    for one in range(len(boxes)):
        # Boxes that overlap sideways with this one, and every other that they overlap with and
        # that lies on their other side.
        third = aside[one][:, None] & aside
        upper = np.minimum(middle[one], middle)
        lower = np.maximum(middle[one], middle)
        third &= (middle[:, None] > upper) & (middle[:, None] < lower)
        before[one] |= (x1[one] <= x0) & ~third.any(axis=0)
    np.fill_diagonal(before, False)
    return before


def across_columns(lines: Sequence[Place]) -> list[bool]:
    """Whether each line lies across two columns: over the gap between lines of one height.

    At least three pairs of lines must stand side by side at that gap, since two pieces of one
    line make no columns.
    """
    gaps = np.array(_gaps(lines)).reshape(-1, 2)
    over = []
    for left, bottom, right, top in lines:
        size = top - bottom
        count = int(((left < gaps[:, 0] - size) & (right > gaps[:, 1] + size)).sum())
        over.append(count >= _ROWS)
    return over


def _gaps(lines: Sequence[Place]) -> list[tuple[float, float]]:
    """Right edge of the left line and left edge of the right one, of lines side by side."""
    found: list[tuple[float, float]] = []
    by_height = sorted(lines, key=lambda line: -line[3])
    for number, one in enumerate(by_height):
        for other in by_height[number + 1 :]:
            if other[3] <= (one[1] + one[3]) / 2 or len(found) >= _PAIRS:
                break
            first, second = sorted((one, other))
            if first[2] <= second[0]:
                found.append((first[2], second[0]))
    return found
