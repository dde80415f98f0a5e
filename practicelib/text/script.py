"""Traditional characters are coded as their Simplified form, character for character.

So are radicals and compatibility forms, as the characters that they look like.

`opencc` with its `t2s` rules keeps the length of every text, so that offsets into the original
stay true; that is asserted, never assumed.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from functools import cache

import opencc

_LOCAL = threading.local()
_BETWEEN = re.compile("([\ud800-\udfff]+)")
"""Lone surrogates: they have no UTF-8, in which opencc takes its text."""

# A font has one glyph for a radical (U+2E80 on) and for the character that looks like it. Programs
# that write PDF often name the glyph by the lower of the two, so that 居民 is read, and copied
# elsewhere, as 居 and U+2EA0. Unicode's NFKC knows what the Kangxi radicals (U+2F00 on) and the
# compatibility ideographs stand for; of the older radicals, only two.
_RADICALS = (
    "⺂乛⺃乚⺅亻⺉刂⺎兀⺏尣⺐尢⺒巳⺓幺⺔彑⺕彐⺖忄⺘扌⺙攵⺛旡⺞歺⺟母⺠民⺡氵⺣灬"
    "⺤爫⺦丬⺨犭⺫罒⺭礻⺯糹⺰纟⺱罓⺹耂⺺肀⺾艹⻁虎⻂衤⻃覀⻄西⻅见⻆角⻈讠⻉贝⻋车"
    "⻌辶⻐钅⻑長⻒镸⻓长⻔门⻖阝⻘青⻙韦⻚页⻛风⻜飞⻝食⻟飠⻠饣⻢马⻣骨⻤鬼⻥鱼⻦鸟"
    "⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐⻮齿⻯竜⻰龙⻱龜⻲亀⻳龟"
)
LOOK_ALIKES = {ord(form): real for form, real in zip(_RADICALS[::2], _RADICALS[1::2], strict=True)}
LOOK_ALIKES |= {
    code: real
    for code in (*range(0x2F00, 0x2FD6), *range(0xF900, 0xFADA))
    if len(real := unicodedata.normalize("NFKC", chr(code))) == 1 and real != chr(code)
}
"""Code points of radicals and compatibility forms with the characters that they look like."""
# NFKC knows it as 戶, but in fonts for Simplified characters it is the glyph of 户.
LOOK_ALIKES[0x2F3E] = "户"
_RANGES = ((0x2E80, 0x2FE0), (0x3400, 0xA000), (0xF900, 0xFB00), (0x20000, 0x2A6E0))
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
    parts[::2] = map(_converted, parts[::2])
    converted = "".join(parts)
    if len(converted) != len(text):
        raise AssertionError(f"conversion changed the length of {text!r}")
    return converted


@cache
def traditional_characters() -> frozenset[str]:
    """All characters that have another, Simplified form."""
    every = "".join(chr(code) for first, last in _RANGES for code in range(first, last))
    pairs = zip(every, _converted(every), strict=True)
    return frozenset(before for before, after in pairs if before != after)


def _is_traditional(text: str) -> bool:
    """Whether any character of a text has another, Simplified form."""
    for character in set(text) - _PLAIN - _TRADITIONAL:
        within = any(first <= ord(character) < last for first, last in _RANGES)
        changes = within and _converted(character) != character
        (_TRADITIONAL if changes else _PLAIN).add(character)
    return not _TRADITIONAL.isdisjoint(text)


def _converted(text: str) -> str:
    converted: str = _converter().convert(text.translate(LOOK_ALIKES))
    return converted


def _converter() -> opencc.OpenCC:
    # One a thread: the library does not promise that a converter may be shared.
    if not hasattr(_LOCAL, "converter"):
        _LOCAL.converter = opencc.OpenCC("t2s")
    converter: opencc.OpenCC = _LOCAL.converter
    return converter
