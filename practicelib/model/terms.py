"""Which features stand in texts, and how often: many texts at a time, as arrays.

The same terms as `features.py` gives one by one with their places, but without the places, which
only the evidence needs.

Axes: N texts, n different terms of the model found in each, one after the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import repeat
from operator import add
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from practicelib.model.features import FeatureSpace
from practicelib.text.normalise import Normalised

_HAN_RUN = re.compile(r"[\u4E00-\u9FD5]+")
Ints = NDArray[np.int64]


class Counted(NamedTuple):
    """Features of N texts: columns of the terms (n,), ascending in each text, and their counts.

    `bounds` (N, 3): where the words and the character n-grams of a text begin, and where it ends.
    `patterns`: the numbers of the patterns of each text, ascending.
    """

    terms: Ints
    counts: Ints
    bounds: Ints
    patterns: list[list[int]]


class Counter:
    """Counts the features of a model in texts; threads may share it."""

    def __init__(self, space: FeatureSpace) -> None:
        self._space = space
        self._firsts = np.array([block.first for block in space.blocks])

    def count(self, texts: Iterable[Normalised]) -> Counted:
        """The features of N texts."""
        words: list[int] = []
        characters: list[int] = []
        ends = [(0, 0)]
        patterns = []
        for normalised in texts:
            words.extend(self._words(normalised.text))
            characters.extend(self._characters(normalised.text))
            ends.append((len(words), len(characters)))
            patterns.append(self._space.matcher.present(normalised.text))
        # One number for a term of a text: sorted, they stand by text and column.
        begins = np.arange(len(patterns)) * self._space.size
        sizes = np.diff(np.array(ends), axis=0).T
        keys = np.concatenate([
            (np.repeat(begins + first, size) + numbers)[numbers >= 0]
            for first, size, numbers in zip(
                self._firsts, sizes, map(_ints, (words, characters)), strict=True
            )
        ])  # fmt: skip
        keys.sort()
        heads = np.flatnonzero(np.diff(keys, prepend=-1))
        counts = np.diff(heads, append=len(keys))
        keys = keys[heads]
        firsts = np.append(self._firsts, self._space.size)
        bounds = np.searchsorted(keys, np.add.outer(begins, firsts))
        return Counted(keys % self._space.size, counts, bounds, patterns)

    def _words(self, text: str) -> list[int]:
        """Numbers of the words and pairs of words that touch, -1 for one that is no feature."""
        index = self._space.blocks[0].index
        numbers: list[int] = []
        last, last_end = "", -1
        for start, end in self._space.segmenter.words(text):
            word = text[start:end]
            numbers.append(index.get(word, -1))
            if start == last_end:
                numbers.append(index.get(f"{last} {word}", -1))
            last, last_end = word, end
        return numbers

    def _characters(self, text: str) -> list[int]:
        """Numbers of the character n-grams, -1 for one that is no feature."""
        lengths = self._space.parameters.character_lengths
        numbers: list[int] = []
        for _, _, found in character_numbers(text, lengths, self._space.blocks[1].index):
            numbers.extend(found)
        return numbers


def character_numbers(
    text: str, lengths: tuple[int, int], index: Mapping[str, int]
) -> Iterator[tuple[int, int, Iterator[int]]]:
    """For each run of Han characters and length of n-grams the start of the run, that length, and
    the numbers of the n-grams from there on, -1 for one that is not in the index."""
    shortest, longest = lengths
    for match in _HAN_RUN.finditer(text):
        run, terms = match[0], list(match[0])
        for size in range(1, longest + 1):
            if size > 1:
                # Each n-gram grows by the character behind it; the last has none.
                terms = list(map(add, terms, run[size - 1 :]))
            if size >= shortest:
                yield match.start(), size, map(index.get, terms, repeat(-1))


def _ints(numbers: list[int]) -> Ints:
    return np.array(numbers, np.int64)
