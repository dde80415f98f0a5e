"""Finds the list of contents of a text, whose lines look like the titles that they announce."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from practicelib.text.script import to_simplified
from practicelib.text.splitting import CONTENTS, Line

_HEAD = re.compile(r"(?:目\s*[录次]|contents)\s*", re.IGNORECASE)
_LEADERS = re.compile(r"\s*(?:…|[.．·]\s*){3,}|\s*…{2,}|\t")
_PAGE = re.compile(r"\s+[（(]?\d{1,4}[)）]?$")
_NUMBER = re.compile(
    r"^(?:第[一二三四五六七八九十百\d]+[章节部篇编]|[（(][一二三四五六七八九十\d]{1,3}[)）]"
    r"|[一二三四五六七八九十\d]{1,3}[、.．])\s*"
)
_SPACE = re.compile(r"\s+")
_HEAD_LIMIT = 20
_LONGEST = 200
"""Characters of a line of contents. In longer ones the search could cost quadratic time."""


def mark_contents(text: str, lines: Sequence[Line]) -> list[Line]:
    """The same lines, those of the list of contents marked as `CONTENTS`.

    They are what follows the line 目录 as long as it has leaders to a page number or stands again
    further down.
    """
    head = next((i for i, one in enumerate(lines) if _is_head(text, one)), None)
    if head is None:
        return list(lines)
    last = {_told(_of(text, one)): i for i, one in enumerate(lines) if _is_short(one)}
    end = head + 1
    while end < len(lines) and _is_short(lines[end]):
        content = _of(text, lines[end])
        if not _LEADERS.search(content) and last[_told(content)] == end:
            break
        end += 1
    # The word alone makes no list.
    first = head if end > head + 1 else end
    marked = [replace(line, kind=CONTENTS) for line in lines[first:end]]
    return [*lines[:first], *marked, *lines[end:]]


def _is_head(text: str, line: Line) -> bool:
    return line.end - line.start <= _HEAD_LIMIT and bool(_HEAD.fullmatch(_of(text, line)))


def _is_short(line: Line) -> bool:
    return line.end - line.start <= _LONGEST


def _of(text: str, line: Line) -> str:
    return to_simplified(text[line.start : line.end])


def _told(content: str) -> str:
    """What a line of contents announces: without number, leaders and page."""
    bare = _LEADERS.split(content)[0]
    return _SPACE.sub("", _NUMBER.sub("", _PAGE.sub("", bare)))
