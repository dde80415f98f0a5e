"""Lines of the pages of a PDF, and which of them are no text: running heads and page numbers.

These stand at one height of the margin, or as the outermost lines, of most pages, alike but for
their digits.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

_MARGIN = 0.1
_PAGE_NUMBER = re.compile(r"[\s\-—–·.第页/共ⅠⅡⅢⅣⅤivxIVX\d]*")
_DIGITS = re.compile(r"\d+")
_BREADTH = 1.0
"""Points by which the tops of pieces of one line may differ."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a column with its place on the page; `size` is the height of its characters.

    `hang` is where the text of an item begins after its bullet or number, else 0.
    """

    text: str
    left: float
    right: float
    top: float
    size: float
    box: int
    hang: float = 0.0

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


@dataclass(frozen=True, slots=True)
class Page:
    """Its lines in the order in which they are read."""

    lines: tuple[Line, ...]
    height: float
    pictures: int


_Mark = tuple[int, str]
"""Height of a line, and its text without digits."""


def text_lines(pages: Sequence[Page]) -> list[list[Line]]:
    """The lines of each page without running heads and page numbers."""
    marks = [[_mark(line) for line in page.lines] for page in pages]
    furniture = _furniture(pages, marks)
    return [
        [line for line, mark in zip(page.lines, own, strict=True) if mark not in furniture]
        for page, own in zip(pages, marks, strict=True)
    ]


def _mark(line: Line) -> _Mark:
    return round(line.top / 4), _DIGITS.sub("#", line.text.strip())


def _furniture(pages: Sequence[Page], marks: Sequence[Sequence[_Mark]]) -> set[_Mark]:
    """Marks of running heads (on most of three or more pages) and of page numbers."""
    counts: Counter[_Mark] = Counter()
    outer = [_outer_lines(page, own) for page, own in zip(pages, marks, strict=True)]
    for lines in outer:
        counts.update({mark for line, mark in lines if not _PAGE_NUMBER.fullmatch(line.text)})
    heads = {mark for mark, count in counts.items() if count >= max(3, len(pages) / 2)}
    numbers: set[_Mark] = set()
    told: dict[_Mark, set[str]] = {}
    for page, lines, own in zip(pages, outer, marks, strict=True):
        heights = Counter(mark[0] for mark in own if mark not in heads)
        for line, mark in lines:
            # Figures side by side are a row of a table.
            if heights[mark[0]] == 1 and _PAGE_NUMBER.fullmatch(line.text):
                told.setdefault(mark, set()).add(line.text)
                if _in_margin(line, page):
                    numbers.add(mark)
    # A figure that ends the text of a page is no page number; two at one height are.
    return heads | numbers | {mark for mark, texts in told.items() if len(texts) > 1}


def _outer_lines(page: Page, marks: Sequence[_Mark]) -> list[tuple[Line, _Mark]]:
    """Lines that stand in a margin, or above or below all others of their page."""
    tops = [line.top for line in page.lines] or [0.0]
    low, high = min(tops) + _BREADTH, max(tops) - _BREADTH
    return [
        (line, mark)
        for line, mark in zip(page.lines, marks, strict=True)
        if _in_margin(line, page) or not low < line.top < high
    ]


def _in_margin(line: Line, page: Page) -> bool:
    return not _MARGIN < line.top / page.height < 1 - _MARGIN
