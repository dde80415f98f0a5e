"""The characters of a page in the order of their lines, where a file holds lines in pieces.

A program that takes quotation marks or figures from another font may write them after the line in
which they stand, and into the gap left for them. pdfminer makes lines of characters that follow one
another in the file, so these pieces would become lines of their own. A piece that stands in a gap
of a line, or directly at its end, is put there. A character that is printed twice at one place, to
look bold, is kept once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

MOST = 4_000
"""Lines of text on one page; the widest newspaper has some 1,500."""
_PAIRS = 6_000
"""Pairs of pieces that may be of one line; where there are more, pieces stay where they are."""
_TOUCHING = 0.6
"""Widest gap inside a line, in heights of its characters; cells of a table stand farther apart."""
_SAME_LINE = 0.5
_SAME_PLACE = 0.15


@dataclass(frozen=True, slots=True)
class _Piece:
    """Characters that follow one another in the file and on the page, with their `places` (C, 4):
    left, bottom, right and top, from the left on."""

    characters: list[Any]
    places: NDArray[np.float64]

    @property
    def height(self) -> float:
        return float(np.median(self.places[:, 3] - self.places[:, 1]))


def in_lines(characters: Sequence[Any], gap: float) -> list[Any]:
    """Characters of pdfminer (`LTChar`) so that those of a line follow one another.

    `gap` is the widest one between two characters of a line, in their widths, as pdfminer has it.
    Raises ValueError for a page of more than `MOST` lines.
    """
    runs = list(_runs(characters, gap))
    if len(runs) > MOST:
        raise ValueError(f"a page with more than {MOST} lines")
    pieces = [_piece(run) for run in _printed_once(runs)]
    lines: dict[int, list[int]] = {}
    for number, first in enumerate(_first_pieces(pieces)):
        lines.setdefault(first, []).append(number)
    return [character for numbers in lines.values() for character in _joined(pieces, numbers)]


def _first_pieces(pieces: Sequence[_Piece]) -> list[int]:
    """For each piece the number of the first one of its line.

    Two single characters are of one line only if one of them stands in a longer piece's line: those
    of text that runs from top to bottom stand side by side, too.
    """
    first = list(range(len(pieces)))
    long = [len(piece.characters) > 1 for piece in pieces]
    waiting = list(_together(pieces))
    before = len(waiting) + 1
    while len(waiting) < before:
        before = len(waiting)
        left = []
        for pair in waiting:
            earlier, later = sorted(_root(first, number) for number in pair)
            if long[earlier] or long[later]:
                first[later] = earlier
                long[earlier] = True
            else:
                left.append(pair)
        waiting = left
    return [_root(first, number) for number in range(len(pieces))]


def _joined(pieces: Sequence[_Piece], numbers: Sequence[int]) -> list[Any]:
    characters = [character for number in numbers for character in pieces[number].characters]
    return characters if len(numbers) == 1 else sorted(characters, key=lambda one: one.x0)


def _printed_once(runs: Sequence[list[Any]]) -> Iterator[list[Any]]:
    """Leaves out a character that stands already, but for a hair's breadth, at its place."""
    seen: set[tuple[str, float, int, int]] = set()
    for run in runs:
        kept = []
        for one in run:
            step = max(one.height, 1.0) * _SAME_PLACE
            column, row = round(one.x0 / step), round(one.y0 / step)
            kind = (one.get_text(), round(one.height, 1))
            near = ((*kind, column + dx, row + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1))
            if not any(place in seen for place in near):
                kept.append(one)
            seen.add((*kind, column, row))
        if kept:
            yield kept


def _runs(characters: Sequence[Any], gap: float) -> Iterator[list[Any]]:
    """Parts of the file whose characters stand side by side."""
    run: list[Any] = []
    for one in characters:
        if run and not _beside(run[-1], one, gap):
            yield run
            run = []
        run.append(one)
    if run:
        yield run


def _beside(one: Any, other: Any, gap: float) -> bool:
    overlap = min(one.y1, other.y1) - max(one.y0, other.y0)
    apart = max(one.x0, other.x0) - min(one.x1, other.x1)
    return bool(
        overlap > _SAME_LINE * min(one.height, other.height)
        and apart < gap * max(one.width, other.width)
    )


def _piece(run: list[Any]) -> _Piece:
    run = sorted(run, key=lambda one: one.x0)
    return _Piece(run, np.array([(one.x0, one.y0, one.x1, one.y1) for one in run]))


def _together(pieces: Sequence[_Piece]) -> Iterator[tuple[int, int]]:
    """Pairs of pieces that touch each other at one height and do not lie upon each other."""
    if not pieces:
        return
    low, high = (np.array([f(p.places, axis=0) for p in pieces]) for f in (np.min, np.max))
    heights = np.array([piece.height for piece in pieces])
    candidates: list[tuple[int, int]] = []
    for number in range(len(pieces) - 1):
        rest = slice(number + 1, None)
        overlap = np.minimum(high[number, 3], high[rest, 3])
        overlap = overlap - np.maximum(low[number, 1], low[rest, 1])
        apart = np.maximum(low[number, 0], low[rest, 0])
        apart = apart - np.minimum(high[number, 2], high[rest, 2])
        near = overlap > _SAME_LINE * np.minimum(heights[number], heights[rest])
        near &= apart < _TOUCHING * np.maximum(heights[number], heights[rest])
        candidates += [(number, number + 1 + int(other)) for other in np.flatnonzero(near)]
        if len(candidates) > _PAIRS:
            return
    yield from (pair for pair in candidates if _fits(*(pieces[number] for number in pair)))


def _fits(one: _Piece, other: _Piece) -> bool:
    """Whether the shorter piece stands in gaps or at an end of the longer one, and touches it."""
    short, line = sorted((one, other), key=lambda piece: len(piece.characters))
    size = max(short.height, line.height)
    after = np.searchsorted(line.places[:, 0], short.places[:, 0])
    rights = np.append(-np.inf, np.maximum.accumulate(line.places[:, 2]))
    lefts = np.append(line.places[:, 0], np.inf)
    before = short.places[:, 0] - rights[after]
    behind = lefts[after] - short.places[:, 2]
    width = (short.places[:, 2] - short.places[:, 0]).clip(min=0.1 * size)
    free = np.minimum(before, behind) > -0.5 * width
    return bool(free.all() and np.minimum(before, behind).min() < _TOUCHING * size)


def _root(first: list[int], number: int) -> int:
    while first[number] != number:
        first[number] = first[first[number]]
        number = first[number]
    return number
