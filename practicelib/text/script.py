"""Traditional characters are coded as their Simplified form, character for character.

`opencc` with its `t2s` rules keeps the length of every text, so that offsets into the original
stay true; that is asserted, never assumed.
"""

from __future__ import annotations

import re
import threading
from functools import cache

import opencc

_LOCAL = threading.local()
_BETWEEN = re.compile("([\ud800-\udfff]+)")
"""Lone surrogates: they have no UTF-8, in which opencc takes its text."""

_RANGES = ((0x3400, 0xA000), (0xF900, 0xFB00), (0x20000, 0x2A6E0))
"""Where characters that have another, Simplified form are."""

_PLAIN: set[str] = set()
_TRADITIONAL: set[str] = set()
# What was found of the characters met so far; a text has few of all there are.


def to_simplified(text: str) -> str:
    """The text in Simplified characters, equally long; unchanged where it has no Traditional ones.

    Raises AssertionError where a rule would change the length.
    """
    if text.isascii() or _PLAIN.issuperset(text) or not _is_traditional(text):
        return text
    parts = _BETWEEN.split(text)
    parts[::2] = map(_converter().convert, parts[::2])
    converted = "".join(parts)
    if len(converted) != len(text):
        raise AssertionError(f"conversion changed the length of {text!r}")
    return converted


@cache
def traditional_characters() -> frozenset[str]:
    """All characters that have another, Simplified form."""
    every = "".join(chr(code) for first, last in _RANGES for code in range(first, last))
    pairs = zip(every, _converter().convert(every), strict=True)
    return frozenset(before for before, after in pairs if before != after)


def _is_traditional(text: str) -> bool:
    """Whether any character of a text has another, Simplified form."""
    for character in set(text) - _PLAIN - _TRADITIONAL:
        within = any(first <= ord(character) < last for first, last in _RANGES)
        changes = within and _converter().convert(character) != character
        (_TRADITIONAL if changes else _PLAIN).add(character)
    return not _TRADITIONAL.isdisjoint(text)


def _converter() -> opencc.OpenCC:
    # One a thread: the library does not promise that a converter may be shared.
    if not hasattr(_LOCAL, "converter"):
        _LOCAL.converter = opencc.OpenCC("t2s")
    converter: opencc.OpenCC = _LOCAL.converter
    return converter
