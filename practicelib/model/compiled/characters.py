"""What every code point is to the model, in one number, so that no string is normalised.

The low bits are flags, the rest the number of the character in the trie (0: in no string of the
model). All is said of the character as `normalise` leaves it: width folded and in lower case.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np
from numpy.typing import NDArray

from practicelib.codebook.finding import CLAUSE_STOPS, SENTENCE_STOPS
from practicelib.text.normalise import normalise
from practicelib.text.script import traditional_characters

SKIPPED = 1
"""White space and zero-width characters."""
BLOCK = 2
"""What the segmentation cuts; anything else stands alone."""
ALPHANUMERIC = 4
HAN = 8
LOWER = 16
LETTER = 32
"""A letter or digit of any script: what `^` and `$` of a pattern are tied to."""
CLAUSE_STOP = 64
SENTENCE_STOP = 128
TRADITIONAL = 256
"""The text must be converted before it is read (said of the character as it was given)."""
SHIFT = 9

CODE_POINTS = 0x110000
_ASCII_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_DIGITS = "0123456789"


def character_table(numbers: Mapping[str, int]) -> NDArray[np.uint32]:
    """Number and flags of every code point, shape (0x110000,)."""
    folded, flags = _every_character()
    by_code = np.zeros(CODE_POINTS, np.uint32)
    by_code[[ord(character) for character in numbers]] = list(numbers.values())
    found = by_code[folded]
    found[flags & SKIPPED != 0] = 0
    return found << np.uint32(SHIFT) | flags


@cache
def _every_character() -> tuple[NDArray[np.int32], NDArray[np.uint32]]:
    """What each code point is folded to (itself where it is skipped), and its flags."""
    folded = [_folded(chr(code)) for code in range(CODE_POINTS)]
    codes = np.array([ord(c) if c else n for n, c in enumerate(folded)], np.int32)
    flags = np.array([_flags(c) for c in folded], np.uint32)
    flags[[ord(c) for c in traditional_characters()]] |= np.uint32(TRADITIONAL)
    return codes, flags


def is_han(character: str) -> bool:
    """Whether jieba and the character n-grams take it for a Han character."""
    return "\u4e00" <= character <= "\u9fd5"


def is_block(character: str) -> bool:
    """Whether it belongs to the runs that the segmentation cuts."""
    return is_han(character) or character in f"{_ASCII_LETTERS}{_DIGITS}+#&._%-"


def _folded(character: str) -> str:
    return normalise(character).text


def _flags(folded: str) -> int:
    if not folded:
        return SKIPPED
    kinds = (
        (BLOCK, is_block(folded)),
        (ALPHANUMERIC, folded in _ASCII_LETTERS or folded in _DIGITS),
        (HAN, is_han(folded)),
        (LOWER, folded in _ASCII_LETTERS),
        (LETTER, folded.isalnum()),
        (CLAUSE_STOP, folded in CLAUSE_STOPS),
        (SENTENCE_STOP, folded in SENTENCE_STOPS),
    )
    return sum(flag for flag, holds in kinds if holds)
