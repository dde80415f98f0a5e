"""Tables inside documents: a row of short cells is one line, and no cell begins a report.

A table that is there for the layout, with a text in one of its cells, is read as the text is. Where
it lists things, a cell says too little by itself: 单位 is no sentence, and a unit's name in a list
no beginning of a report. A cell is text, empty for nothing, None for more than one paragraph.
"""

from __future__ import annotations

from collections.abc import Sequence

from practicelib.text.splitting import CELL, LABEL, ROW, TERMINATORS

Row = Sequence[str | None]
FoundLine = tuple[str, int, str]
"""A line, its level where it is a heading, and what it is in a table: `ROW`, `CELL` or nothing."""

# A clause ends at it, so that no pattern reaches from one cell into the next.
_BETWEEN = "；"
_CELL_LIMIT = 64


def is_list(rows: Sequence[Row]) -> bool:
    """Whether a table lists things: at least two of its rows have several cells."""
    return sum(sum(cell != "" for cell in row) > 1 for row in rows) > 1


def row_line(row: Row) -> str:
    """The cells of a row as one line; empty where one holds more than a few words."""
    told = [cell for cell in row if cell != ""]
    if len(told) < 2 or not all(map(is_short, told)):
        return ""
    return _BETWEEN.join(filter(None, told))


def cell_kinds(row: Row) -> list[str]:
    """What each cell is in a row that is no one line: `CELL`, `LABEL` before text, "" for text."""
    kinds = [CELL if is_short(cell) else "" for cell in row]
    for place, beside in enumerate(row[1:]):
        if kinds[place] and not is_short(beside):
            kinds[place] = LABEL
    return kinds


def is_short(cell: str | None) -> bool:
    """Whether a cell holds a few words, and no sentence."""
    return cell is not None and len(cell) <= _CELL_LIMIT and not set(cell) & set(TERMINATORS + "\n")


def table_lines(rows: Sequence[Sequence[Sequence[FoundLine]]]) -> list[FoundLine]:
    """The lines of a table, of which the rows of cells of lines are given."""
    texts = [[_text(cell) for cell in row] for row in rows]
    if not is_list(texts):
        return [line for row in rows for cell in row for line in cell]
    found: list[FoundLine] = []
    for row, told in zip(rows, texts, strict=True):
        joined = row_line(told)
        if joined:
            found.append((joined, 0, ROW))
            continue
        for cell, own in zip(row, cell_kinds(told), strict=True):
            found.extend((line, level, own or kind) for line, level, kind in cell)
    return found


def _text(cell: Sequence[FoundLine]) -> str | None:
    return None if len(cell) > 1 else "".join(line for line, *_ in cell).strip()
