"""Cuts text into sentences; nothing is changed or lost, only white space lies between them.

A sentence ends at a full stop, exclamation or question mark (full or half width) together with
the closing quotes and brackets that follow, and at a line break. A semicolon, a decimal point, an
ellipsis or a mark inside a URL ends none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

TERMINATORS = "。！？!?｡"
CLOSERS = "”’」』）)】》〉］]｝}〕〗〙＂＇"
LINE_BREAK = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")

# Marks inside an address are not ends; the last mark of an address is.
_ADDRESS = re.compile(r"(?:https?|ftp)://[!-~]+|www\.[!-~]+", re.IGNORECASE)
_END = re.compile(f"[{TERMINATORS}]+")
# A hard-wrapped line is nearly as long as the longest; shorter ones end a paragraph.
_WRAP_SHARE = 0.85
_WRAP_MINIMUM = 16
# Of 1,384 reports as people write them none has so many.
_FEWEST_WRAPPED = 3
_SHARE_WRAPPED = 0.25
NO_CELLS: Mapping[int, str] = MappingProxyType({})


ROW, CELL, LABEL, CONTENTS = "row", "cell", "label", "contents"
"""What a line may be: a row of a table, a cell, one with text beside it, a line of contents."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line without its break and without white space at its ends: `text[start:end]`."""

    start: int
    end: int
    kind: str = ""
    """`ROW`, `CELL`, `LABEL`, `CONTENTS`, or "" for other text."""


def split_lines(
    text: str, *, rejoin: bool = False, cells: Mapping[int, str] = NO_CELLS
) -> list[Line]:
    """Lines that hold more than white space; with `rejoin`, hard-wrapped lines are put together.

    A rejoined line keeps its breaks inside, so that offsets stay those of the text. `cells` says of
    the lines of tables, by their starts, what they are; these are not joined.
    """
    lines: list[Line] = []
    start = 0
    for match in LINE_BREAK.finditer(text):
        _add_trimmed(lines, text, start, match.start())
        start = match.end()
    _add_trimmed(lines, text, start, len(text))
    if cells:
        lines = [Line(line.start, line.end, cells.get(line.start, "")) for line in lines]
    return _rejoined(lines, text) if rejoin else lines


def _add_trimmed(lines: list[Line], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip())
    right = len(piece.rstrip())
    if right > left:
        lines.append(Line(start + left, start + right))


def _rejoined(lines: list[Line], text: str) -> list[Line]:
    width = max((line.end - line.start for line in lines), default=0)
    full = max(_WRAP_MINIMUM, _WRAP_SHARE * width)
    result: list[Line] = []
    wrapped = False
    for line in lines:
        gap = text[result[-1].end : line.start] if result else ""
        same_paragraph = len(LINE_BREAK.findall(gap)) == 1 and not gap.endswith(("\u3000", " "))
        if wrapped and same_paragraph and not line.kind:
            result[-1] = Line(result[-1].start, line.end)
        else:
            result.append(line)
        ends = text[line.start : line.end].rstrip(CLOSERS)[-1:]
        wrapped = line.end - line.start >= full and ends not in TERMINATORS and not line.kind
    return result


def looks_wrapped(text: str) -> bool:
    """Whether a good part of the lines break off as hard-wrapped ones do."""
    lines = split_lines(text)
    joined = len(lines) - len(_rejoined(lines, text))
    return joined >= max(_FEWEST_WRAPPED, _SHARE_WRAPPED * len(lines))


def split_sentences(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
    """Offsets of the sentences of one line, in order.

    `text[start:end]` is the line. Every character that is not white space belongs to exactly one
    sentence.
    """
    end = len(text) if end is None else end
    begin = start
    addresses = _ADDRESS.finditer(text, start, end)
    inside = next(addresses, None)
    for match in _END.finditer(text, start, end):
        stop = match.end()
        while inside and inside.end() <= match.start():
            inside = next(addresses, None)
        if stop <= begin or (inside and inside.start() < match.start() and stop < inside.end()):
            continue
        stop = _take_closers(text, begin, stop, end)
        yield from _trimmed(text, begin, stop)
        begin = stop
    yield from _trimmed(text, begin, end)


def _take_closers(text: str, begin: int, stop: int, end: int) -> int:
    while stop < end:
        mark = text[stop]
        straight = mark in "\"'" and text.count(mark, begin, stop) % 2 == 1
        if not (mark in CLOSERS or mark in TERMINATORS or straight):
            break
        stop += 1
    return stop


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip())
    right = len(piece.rstrip())
    if right > left:
        yield start + left, start + right
