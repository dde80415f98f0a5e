"""Text for a terminal: width of Chinese, colour, and nothing in the text that steers it."""

from __future__ import annotations

import os
import re
import sys
import unicodedata
from collections.abc import Sequence

_COLOURS = {
    "bold": "1",
    "dim": "2",
    "red": "31",
    "green": "32",
    "yellow": "33",
    "blue": "34",
    "magenta": "35",
    "cyan": "36",
}
CATEGORY_COLOURS = ("blue", "green", "magenta", "yellow", "cyan", "red")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def safe(text: str) -> str:
    """Text in which control and direction marks are shown as U+FFFD instead of acting."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n"))


def use_colour(stream: object = None) -> bool:
    """Whether a stream (stdout by default) is a terminal that wants colour (`NO_COLOR`)."""
    out = stream or sys.stdout
    return bool(getattr(out, "isatty", lambda: False)()) and not os.environ.get("NO_COLOR")


def paint(text: str, *styles: str, on: bool) -> str:
    """Text in colours where colour is on."""
    if not on or not styles:
        return text
    return f"\x1b[{';'.join(_COLOURS[style] for style in styles)}m{text}\x1b[0m"


def width(text: str) -> int:
    """Columns that a text takes: wide characters count two, combining ones none."""
    total = 0
    for character in text:
        if unicodedata.combining(character):
            continue
        total += 2 if unicodedata.east_asian_width(character) in "WF" else 1
    return total


def fit(text: str, columns: int) -> str:
    """Text cut (with …) or padded to exactly that many columns."""
    if width(text) > columns:
        kept = ""
        for character in text:
            if width(kept + character) > columns - 1:
                break
            kept += character
        text = kept + "…"
    return text + " " * (columns - width(text))


def wrap(text: str, columns: int) -> list[str]:
    """Text in lines of at most that many columns, broken anywhere as Chinese is."""
    lines = [""]
    for character in text.replace("\n", " "):
        if width(lines[-1] + character) > columns:
            lines.append("")
        lines[-1] += character
    return lines


def table(header: Sequence[str], rows: Sequence[Sequence[str]], gap: str = "  ") -> str:
    """Rows in aligned columns under a header."""
    every = [list(header), *(list(row) for row in rows)]
    widths = [max(width(row[i]) for row in every) for i in range(len(header))]
    lines = [
        gap.join(fit(cell, w) for cell, w in zip(row, widths, strict=True)).rstrip()
        for row in every
    ]
    lines.insert(1, gap.join("-" * w for w in widths))
    return "\n".join(lines)
