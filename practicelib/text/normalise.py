"""One-to-one normalisation for matching, with the way back to the original offsets.

Full-width forms (FF01-FF5E) become ASCII, letters become lower case where that keeps their length,
white space and zero-width characters are skipped. Nothing else is touched (no NFKC), so every
character of the normalised text is one character of the original.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_ZERO_WIDTH = frozenset("\u200b\u200c\u200d\u2060\ufeff")


@dataclass(frozen=True, slots=True)
class Normalised:
    """A normalised text; `positions[i]` is where `text[i]` stands in the original."""

    text: str
    positions: Sequence[int]

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in the original of `text[start:end]`; the span must not be empty."""
        return self.positions[start], self.positions[end - 1] + 1


def normalise(text: str) -> Normalised:
    """Width folded, letters lowered, white space skipped; see the module."""
    folded = _lower(text.translate(_WIDTH))
    if len("".join(folded.split())) == len(folded) and _ZERO_WIDTH.isdisjoint(folded):
        return Normalised(folded, range(len(folded)))
    kept = [
        (character, position)
        for position, character in enumerate(folded)
        if not character.isspace() and character not in _ZERO_WIDTH
    ]
    return Normalised(
        "".join(character for character, _ in kept), tuple(position for _, position in kept)
    )


def _lower(text: str) -> str:
    if text.lower() == text:
        return text
    # Character by character: a string's own lower() looks at neighbours (final sigma).
    return "".join(
        lowered if len(lowered := character.lower()) == 1 else character for character in text
    )


def folded_name(name: str) -> str:
    """A name without what people type now this way, now that: width, case of letters, spaces."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())
