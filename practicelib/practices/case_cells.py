"""What people type into case tables: names of columns, years and places, each in one spelling."""

from __future__ import annotations

import re
from collections.abc import Iterable

from practicelib.errors import Fault
from practicelib.records.cases import column_named
from practicelib.text.bodies import YEAR_DIGITS

PLACES = ("unit", "place", "level")
"""Columns whose values are names of bodies and places."""

_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_YEAR = re.compile(r"\s*([0-9]{4})(?:\.0+)?\s*年?\s*")
_HAN = r"[\u3007\u3400-\u4DBF\u4E00-\u9FFF\uF900-\uFAFF\U00020000-\U0003FFFF]"
_GAP = re.compile(rf"(?<={_HAN})\s+(?={_HAN})")


def year_of(cell: str) -> str:
    """A year as four plain digits (of 2024.0, ２０２４, 二〇二四年); whatever else as it stands."""
    found = _YEAR.fullmatch(cell.translate(_WIDTH).translate(YEAR_DIGITS))
    return found[1] if found else cell


def without_gaps(name: str) -> str:
    """A name without white space between two Han characters: 柳荫 街道 is 柳荫街道.

    Short names are spaced out in titles, and a spaced one would be another unit.
    """
    return _GAP.sub("", name)


def plain_cell(column: str, cell: str) -> str:
    """A cell of a column as it is compared."""
    text = cell.strip()
    if column == "year":
        return year_of(text)
    return without_gaps(text) if column in PLACES else text


def column_faults(names: Iterable[str], file: str) -> list[Fault]:
    """A fault for every two columns that mean the same: one would hide the other."""
    by_meaning: dict[str, list[str]] = {}
    for name in names:
        by_meaning.setdefault(column_named(name), []).append(name)
    return [
        Fault(f"columns that mean the same: {', '.join(alike)}; keep one of them", file, 1)
        for alike in by_meaning.values()
        if len(alike) > 1
    ]
