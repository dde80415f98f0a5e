"""Lines of a page put together as one text: white space as a browser shows it, offsets noted."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from practicelib.records.report import Source
from practicelib.text.formats.base import Extracted
from practicelib.text.formats.cells import FoundLine

_SPACE = re.compile(r"[ \t\n\r\f]+")


def collapse(text: str) -> str:
    """White space as a browser shows it: one space, none around a line break between wide ones."""

    def shown(match: re.Match[str]) -> str:
        a, b = match.start(), match.end()
        if a == 0 or b == len(text):
            return ""
        wide = _is_wide(text[a - 1]) and _is_wide(text[b])
        return "" if wide and "\n" in match[0] else " "

    return _SPACE.sub(shown, text)


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF" or character in "“”‘’—…"


def joined_lines(lines: Iterable[FoundLine], source: Source) -> Extracted:
    """Lines as a text, with the starts of headings and of lines of tables."""
    levels: dict[int, int] = {}
    cells: dict[int, str] = {}
    pieces: list[str] = []
    offset = 0
    for line, level, cell in lines:
        start = offset + len(line) - len(line.lstrip())
        if level:
            levels[start] = level
        if cell:
            cells[start] = cell
        pieces.append(line)
        offset += len(line) + 1
    return Extracted("\n".join(pieces), source, levels=levels, cells=cells)
