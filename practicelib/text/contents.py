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
_LONGEST = 200
"""Characters of a line of contents. In longer ones the search could cost quadratic time."""


def mark_contents(text: str, lines: Sequence[Line]) -> list[Line]:
    """The same lines, those of the list of contents marked as `CONTENTS`.

    They are what follows the line 目录 as long as it has leaders to a page number or stands again
    further down.
    """
    done = list(lines)
    short = [line.end - line.start <= _LONGEST for line in lines]
    of = (i for i, one in enumerate(lines) if short[i] and _HEAD.fullmatch(_of(text, one)))
    head = next(of, None)
    if head is None:
        return done
    last: dict[str, int] = {}
    for number, line in enumerate(lines):
        if short[number]:
            last[_told(text[line.start : line.end])] = number
    for number in range(head + 1, len(lines)):
        if not short[number]:
            break
        content = _of(text, lines[number])
        if not _LEADERS.search(content) and last.get(_told(content), number) == number:
            break
        done[number] = replace(lines[number], kind=CONTENTS)
    if done[head + 1 : head + 2] != list(lines[head + 1 : head + 2]):
        done[head] = replace(lines[head], kind=CONTENTS)
    return done


def _of(text: str, line: Line) -> str:
    return to_simplified(text[line.start : line.end])


def _told(content: str) -> str:
    """What a line of contents announces: without number, leaders and page."""
    bare = _LEADERS.split(to_simplified(content))[0]
    return _SPACE.sub("", _NUMBER.sub("", _PAGE.sub("", bare)))
