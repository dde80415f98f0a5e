"""Traditional characters are coded as their Simplified form, character for character.

`opencc` with its `t2s` rules keeps the length of every text, so that offsets into the original
stay true; that is asserted, never assumed.
"""

from __future__ import annotations

import threading
from functools import cache

import opencc

_LOCAL = threading.local()


def to_simplified(text: str) -> str:
    """The text in Simplified characters, equally long; unchanged where it has no Traditional ones.

    Raises AssertionError where a rule would change the length.
    """
    if text.isascii() or traditional_characters().isdisjoint(text):
        return text
    converted: str = _converter().convert(text)
    if len(converted) != len(text):
        raise AssertionError(f"conversion changed the length of {text!r}")
    return converted


@cache
def traditional_characters() -> frozenset[str]:
    """All characters that have another, Simplified form."""
    ranges = ((0x3400, 0xA000), (0xF900, 0xFB00), (0x20000, 0x2A6E0))
    every = "".join(chr(code) for first, last in ranges for code in range(first, last))
    pairs = zip(every, _converter().convert(every), strict=True)
    return frozenset(before for before, after in pairs if before != after)


def _converter() -> opencc.OpenCC:
    # One a thread: the library does not promise that a converter may be shared.
    if not hasattr(_LOCAL, "converter"):
        _LOCAL.converter = opencc.OpenCC("t2s")
    converter: opencc.OpenCC = _LOCAL.converter
    return converter
