"""Texts as one run of code points: cheap to send to another process, and read there as they are.

Axes: N texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import overload

import numpy as np
from numpy.typing import NDArray

_UTF32 = "utf-32-le"
_NEWLINE = ord("\n")


class JoinedTexts(Sequence[str]):
    """A sequence of N texts; `ends` (N,) says where in the code points each text ends.

    The next one begins `between` code points behind.
    """

    __slots__ = ("_between", "_codes", "ends")

    def __init__(
        self,
        codes: NDArray[np.uint16] | NDArray[np.uint32],
        ends: NDArray[np.int64],
        between: int = 0,
    ) -> None:
        self._codes = codes
        self._between = between
        self.ends = ends

    @classmethod
    def of(cls, texts: Sequence[str]) -> JoinedTexts:
        """The same texts, joined; lone surrogates stand for themselves."""
        ends = np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)))
        return cls(_code_points("".join(texts)), ends)

    @classmethod
    def lines(cls, content: bytes) -> JoinedTexts:
        """The lines of UTF-8, as `content.decode().split("\\n")` gives them, without taking them
        apart; UnicodeDecodeError as there."""
        codes = _code_points(content.decode("utf-8"))
        return cls(codes, np.append(np.flatnonzero(codes == _NEWLINE), len(codes)), between=1)

    @property
    def size(self) -> int:
        """Code points of all texts together, and what stands between them."""
        return len(self._codes)

    @property
    def codes(self) -> NDArray[np.uint32]:
        """The code points of all texts."""
        return self._codes.astype(np.dtype("<u4"), copy=False)

    @property
    def starts(self) -> NDArray[np.int64]:
        """Where each text begins, (N,)."""
        return np.append(0, self.ends[:-1] + self._between) if len(self.ends) else self.ends

    def __len__(self) -> int:
        return len(self.ends)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> list[str]: ...
    def __getitem__(self, place: int | slice) -> str | list[str]:
        # A range takes the place as a list does, counted from the end or out of bounds.
        places = range(len(self))[place]
        return self._text(places) if isinstance(places, int) else list(map(self._text, places))

    def _text(self, place: int) -> str:
        # Not of `starts`, which are worked out for all texts at once.
        start = self.ends[place - 1] + self._between if place else 0
        codes = self._codes[start : self.ends[place]].astype(np.dtype("<u4"))
        return codes.tobytes().decode(_UTF32, "surrogatepass")


def _code_points(text: str) -> NDArray[np.uint16] | NDArray[np.uint32]:
    content = text.encode("utf-16-le", "surrogatepass")
    # Without pairs of surrogates two bytes are enough for a code point, and half to send.
    if len(content) == 2 * len(text):
        return np.frombuffer(content, np.dtype("<u2"))
    return np.frombuffer(text.encode(_UTF32, "surrogatepass"), np.dtype("<u4"))
