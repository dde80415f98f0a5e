"""Wrapped lines of a PDF put together into paragraphs, by their places and their ends."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise
from statistics import median

from practicelib.text.bodies import body_name, is_date
from practicelib.text.formats.pdf_order import across_columns
from practicelib.text.formats.pdf_page import Line

# Official documents are set with up to 1.8 lines from line to line.
_SPACING = 2.6
_APART = 1.3
"""Steps from line to line, in heights of a line and in usual steps, that part paragraphs."""
_BLOCK_LINES = 3
"""Lines of one width, and characters of it, from which a box of text is a block."""
_BLOCK_WIDTH = 12
_INDENT = 4.5
"""Widest indent of a first line, in characters."""
_NARROWEST = 8
"""Characters of a full line of running text; narrower ones are in cells of tables."""
NUMBER = re.compile(
    r"[（(]?[一二三四五六七八九十]+[）)、]|[（(]?\d{1,2}[）)、.．](?!\d)|第[一二三四五六七八九十]+[章部]"
)
MARK = re.compile(r"\s*(?:[●▪■◆◇□▲►➢➤✓❖※\uf000-\uf0ff]|[•·○–-]\s)\s*")
"""A bullet; some are interpuncts, zeros and dashes too, but for the space after them."""
_LEADERS = frozenset(".…·．‥_")
_NOTE = re.compile(r"\s*(?:[①-⑳*＊※†]|[\[［〔]?\d{1,2}(?![\d.．、]))")
_NOTE_SIZE = 0.85
"""Height of notes at the foot of a page, in heights of its text."""
_ENDS = "。！？!?；;：:"
_CLOSERS = "”’」』）)"
_CLOSED = _ENDS + _CLOSERS
_WORD = r"[（《〈【「『(“‘]*(?:[A-Za-z0-9.,%+/-]+|\S)[，。、；：？！）》〉】」』)”’,;:?!%…—]*"
_UNBROKEN = re.compile(
    rf"{_WORD}(?:(?:(?<=[“‘”’])|(?=[“‘])|(?<=[，。、；：？！,;:])(?=[A-Za-z0-9])){_WORD})*"
)
"""What is not parted at the end of a line: rules GL, OP, CL, NU and QU of Unicode's annex 14."""


@dataclass(frozen=True, slots=True)
class _Column:
    """Edges of a column, its number of lines, and what is usual from line to line."""

    left: float
    right: float
    lines: int
    pitch: float
    firsts: frozenset[int] = frozenset()
    """Where indented lines begin that go on at the left edge."""
    room: float = 0.0
    """Width of all text above and below a line, whatever its size."""

    @property
    def width(self) -> float:
        return self.right - self.left


_Placed = tuple[Line, _Column]


def put_together(pages: Sequence[Sequence[Line]]) -> tuple[str, tuple[int, ...]]:
    """Paragraphs of all pages, a line each, and the offset at which each page begins."""
    text = _Text()
    for lines in pages:
        text.add_page(lines)
    text.add_notes()
    return "\n".join(text.paragraphs), tuple(text.starts)


class _Text:
    """Paragraphs as they grow, and the offsets at which pages begin.

    Notes at the foot of a page wait until its last paragraph is over: it may go on overleaf.
    """

    def __init__(self) -> None:
        self.paragraphs: list[str] = []
        self.starts: list[int] = []
        self._before: _Placed | None = None
        self._notes: list[_Placed] = []
        self._done = 0

    def add_page(self, lines: Sequence[Line]) -> None:
        """Add the lines of a page, but keep its notes back."""
        placed = list(_placed(lines))
        count = len(lines) - _notes(lines)
        for number, following in enumerate(placed[:count]):
            joined = self._before is not None and _goes_on(*self._before, *following)
            if number == 0 and self._before is not None:
                joined = _runs_on(self.paragraphs[-1], *self._before, *following)
            if not joined:
                self.add_notes()
            if number == 0:
                self.starts.append(self._end() + (not joined) if self.paragraphs else 0)
            self._add(following, joined)
        if not placed:
            self.starts.append(self._end())
        self._notes += placed[count:]

    def add_notes(self) -> None:
        """Add the notes that wait."""
        for number, note in enumerate(self._notes):
            self._add(note, number > 0 and _goes_on(*self._notes[number - 1], *note))
        self._notes = []

    def _end(self) -> int:
        return self._done + len(self.paragraphs[-1]) if self.paragraphs else 0

    def _add(self, following: _Placed, joined: bool) -> None:
        line, column = following
        if joined:
            self.paragraphs[-1] = _glue(self.paragraphs[-1], line.text)
        else:
            self._done += len(self.paragraphs[-1]) + 1 if self.paragraphs else 0
            self.paragraphs.append(line.text.strip(" "))
        if joined and self._before is not None and _hangs(self._before[0], line):
            line = replace(line, hang=self._before[0].hang)
        self._before = line, column


def _notes(lines: Sequence[Line]) -> int:
    """How many of the last lines of a page are notes: small, below its text, with a mark."""
    if not lines:
        return 0
    largest = _NOTE_SIZE * median(line.size for line in lines)
    count = 0
    while lines[-1 - count].size < largest:
        count += 1
    text, notes = lines[: len(lines) - count], lines[len(lines) - count :]
    fitting = notes and _NOTE.match(notes[0].text) and notes[0].top < min(o.top for o in text)
    return count if fitting else 0


def _placed(lines: Sequence[Line]) -> Iterator[_Placed]:
    """Lines of one page with their columns."""
    over = _with_last_lines(lines)
    alike = {
        own: [o for o, wide in zip(lines, over, strict=True) if wide == own] for own in set(over)
    }
    for line, own in zip(lines, over, strict=True):
        beside = [
            o
            for o in (lines if own else alike[own])
            if own or (o.left < line.right and line.left < o.right)
        ]
        room = max(o.right for o in beside) - min(o.left for o in beside)
        yield line, replace(_column(line, alike[own]), room=room)


def _with_last_lines(lines: Sequence[Line]) -> list[bool]:
    """Whether each line lies across columns, or ends a paragraph of such lines.

    That last line may be too short to do so, but none stands beside it.
    """
    over = across_columns([(o.left, o.top - o.size, o.right, o.top) for o in lines])
    heights = sorted(line.top - line.size / 2 for line in lines)
    for number, (before, line) in enumerate(pairwise(lines), start=1):
        half, middle = line.size / 2, line.top - line.size / 2
        alone = bisect_left(heights, middle + half) - bisect_left(heights, middle - half) == 1
        near = 0 < before.top - line.top < _SPACING * line.size
        over[number] |= over[number - 1] and alone and near
    return over


def _goes_on(line: Line, own: _Column, following: Line, other: _Column) -> bool:
    """Whether a paragraph goes on: a full line does in the next unless that is indented."""
    if abs(line.size - following.size) > 0.2 * line.size:
        return False
    if MARK.match(following.text) or _is_of_contents(line.text):
        return False
    if line.right - line.left < _NARROWEST * line.size:
        return False
    hangs = _hangs(line, following)
    if not hangs and _are_centred(line, following, other):
        return _is_wrapped_title(line, own, following)
    indented = following.left > other.left + 1.2 * following.size
    indented = indented and not (hangs or _is_inset(line, own, following))
    indented = indented or following.text[:1] in ("\u3000", " ")
    # What stands far from the left edge is a cell, a signature or set in the middle; a number after
    # a full stop opens a paragraph.
    aside = line.left > own.left + 6 * line.size
    opens = line.text[-1:] in _ENDS and NUMBER.match(following.text)
    if not _is_full(line, own, following) or indented or aside or opens:
        return False
    if hangs or max(abs(own.left - other.left), abs(own.right - other.right)) < line.size:
        step = line.top - following.top
        # Paragraphs that are set apart by space and not by an indent: after the end of a sentence.
        apart = line.text[-1:] in _CLOSED and step > _APART * own.pitch
        beside = abs(step) < 0.3 * line.size
        return step < _SPACING * line.size and not (apart or beside)
    # On to the next column: both hold running text, and the sentence is not over.
    alike = abs(own.width - other.width) < 0.1 * own.width
    return min(own.lines, other.lines) > 1 and alike and line.text[-1:] not in _ENDS


def _is_full(line: Line, own: _Column, following: Line) -> bool:
    room = own.right - line.right
    if line.text[-1:] in _ENDS:
        return room <= 1.6 * line.size
    # Inside a sentence a line may also be short because what comes next had no room.
    return room < max(1.6 * line.size, _unbroken_width(following) + 0.7 * line.size)


def _hangs(line: Line, following: Line) -> bool:
    """Whether the next line begins below the text of an item, to the right of its mark."""
    return line.hang > 0 and abs(following.left - line.hang) < 0.5 * line.size


def _is_inset(line: Line, own: _Column, following: Line) -> bool:
    """Whether a sentence goes on in a block that is indented as a whole, as items are on pages.

    Where first lines stand is told by the others, below which text goes on at the edge.
    """
    aligned = abs(line.left - following.left) < 0.3 * line.size
    first = any(abs(line.left - place) < 0.3 * line.size for place in own.firsts)
    return aligned and not first and line.text[-1:] not in _ENDS


def _are_centred(line: Line, following: Line, other: _Column) -> bool:
    """Whether two lines stand in the middle above each other, and at neither edge.

    A first line may be as short at its right end as it is indented: what fills the column below it
    is running text.
    """
    beside = abs(line.left - following.left) > 0.4 * line.size
    fills = following.right - following.left > other.width - 2 * line.size
    return beside and not fills and abs(line.middle - following.middle) < 0.2 * line.size


def _is_wrapped_title(line: Line, own: _Column, following: Line) -> bool:
    """Whether the upper of two centred lines had no room for more; a name or date is a new line."""
    free = own.room - (line.right - line.left)
    longer = line.right - line.left > following.right - following.left
    full = longer and free < _unbroken_width(following) + 0.7 * line.size
    text = following.text.strip()
    return full and line.text[-1:] not in _CLOSED and not (is_date(text) or body_name(text))


def _is_of_contents(text: str) -> bool:
    """Whether a line ends in dots and the number of a page."""
    bare = text.rstrip("0123456789 ")
    return bare != text and len(bare) > 3 and _LEADERS.issuperset(bare[-3:].replace(" ", "."))


def _unbroken_width(line: Line) -> float:
    """Width of what opens a line and cannot be parted, in points, as the characters are high."""
    found = _UNBROKEN.match(line.text[:40].lstrip())
    text = found.group() if found else ""
    return sum(0.5 if character.isascii() else 1.0 for character in text) * line.size


def _column(line: Line, lines: Sequence[Line]) -> _Column:
    """The column of a line: the lines that overlap with it sideways; a block has its own edges."""
    block = [o for o in lines if o.box == line.box]
    # The last characters of a paragraph may stand wholly below the indent of other lines.
    right = max(line.right, line.left + 5 * line.size)
    own = (
        block
        if _is_block(block)
        else [
            other
            for other in lines
            if abs(other.size - line.size) <= 0.2 * line.size
            and min(other.right, right) - max(other.left, line.left)
            > 0.5 * min(other.right - other.left, right - line.left)
        ]
    )
    left = _edge(sorted(o.left for o in own), line.size)
    right = _edge(sorted((o.right for o in own), reverse=True), line.size)
    tops = sorted(o.top for o in own)
    steps = [upper - lower for lower, upper in pairwise(tops) if upper - lower > 0.5 * line.size]
    pitch = median(steps) if steps else _SPACING * line.size
    firsts = frozenset(
        round(o.left)
        for o, below in pairwise(own)
        if below.left < left + 0.5 * line.size < o.left < left + _INDENT * line.size
    )
    return _Column(left, right, len(own), pitch, firsts)


def _is_block(lines: Sequence[Line]) -> bool:
    """Whether lines are running text set flush: such as stands narrow beside a picture."""
    *body, last = lines
    if len(body) < _BLOCK_LINES:
        return False
    right = max(line.right for line in lines)
    wide = right - min(line.left for line in lines) > _BLOCK_WIDTH * last.size
    return wide and all(right - line.right < 0.7 * line.size for line in body)


def _edge(places: Sequence[float], size: float) -> float:
    """The outermost place that two lines share; a single line may stand out of its column."""
    for place, following in islice(pairwise(places), 2):
        if abs(place - following) < size:
            return place
    return places[0]


def _glue(before: str, after: str) -> str:
    after = after.strip(" ")
    latin = before[-1:].isascii() and before[-1:].isalnum() and after[:1].isascii()
    return before + (" " if latin and after[:1].isalnum() and before[-1:].isalpha() else "") + after


def _runs_on(paragraph: str, line: Line, own: _Column, following: Line, other: _Column) -> bool:
    """Whether the first line of a page goes on from the paragraph that ends the page before."""
    if following.text[:1] in ("\u3000", " "):
        return False
    if paragraph[-1:] in ("，", "、", ","):
        return True
    if paragraph.rstrip(_CLOSERS)[-1:] in _ENDS:
        return False
    long = len(paragraph) > 64 and paragraph[-1:] not in _CLOSERS
    return long or _goes_on(line, own, following, other)
