"""What the matcher asks of the tables, made when it is first asked for and then remembered.

A codebook may have tens of thousands of words and chains, of which a report meets a few hundred;
so nothing is made of the tables as a whole. Threads may share all of it.
"""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from practicelib.codebook.grammar import Gap
from practicelib.codebook.tables import NO_SET, Tables

_KEPT = 1 << 17
"""Beginnings that are remembered at most: text holds more pairs than words begin with."""

NO_ROW = -1
Beginning = tuple[int, tuple[int, ...]]
"""Of two characters: row of the first as a word or `NO_ROW`, lengths of the longer words."""


@dataclass(frozen=True, slots=True)
class CompiledChain:
    """A chain with its word sets by number; `others` are the sets beside the rarest one."""

    pattern: int
    sets: tuple[int, ...]
    gaps: tuple[Gap, ...]
    others: tuple[int, ...]
    before: int
    after: int
    at_start: bool
    at_end: bool


class Waiting(NamedTuple):
    """What waits first for a word set: patterns that are that set and no more, and chains."""

    plain: tuple[int, ...]
    chains: tuple[CompiledChain, ...]


class WordLookup:
    """The words that stand at a place of a text.

    Words of the same word sets are one *row*; rows count from 0 in the order in which they are met.
    """

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._beginnings: dict[str, Beginning] = {}
        self._numbers: dict[tuple[int, ...], int] = {}
        self.beginnings = self._beginnings.get
        self.longer: dict[str, int] = {}
        """Rows of the words of two and more characters that were met so far."""
        self.rows: list[tuple[int, ...]] = []
        """Word sets of each row."""
        self.holding: dict[int, list[int]] = {}
        """Rows of each word set."""
        self._adding = threading.Lock()

    def __reduce__(self) -> tuple[type[WordLookup], tuple[Tables]]:
        """Locks cannot be pickled, and what was met can be looked up again."""
        return WordLookup, (self._tables,)

    def look_up(self, pair: str) -> Beginning:
        """What begins with two characters, or with the last one of a text; also in `longer`."""
        words = self._tables.words
        alone, first = NO_ROW, pair[0]
        place = bisect_left(words, first)
        if place < len(words) and words[place] == first:
            alone = self._row(place)
        lengths: set[int] = set()
        if len(pair) > 1:
            place = bisect_left(words, pair, place)
            while place < len(words) and words[place].startswith(pair):
                word = words[place]
                self.longer[word] = self._row(place)
                lengths.add(len(word))
                place += 1
        if len(self._beginnings) >= _KEPT:
            self._beginnings.clear()
        found = self._beginnings[pair] = alone, tuple(sorted(lengths))
        return found

    def _row(self, place: int) -> int:
        first, stop = self._tables.word_starts[place : place + 2].tolist()
        sets = tuple(self._tables.word_sets[first:stop].tolist())
        with self._adding:
            if sets not in self._numbers:
                row = self._numbers[sets] = len(self.rows)
                self.rows.append(sets)
                for number in sets:
                    self.holding.setdefault(number, []).append(row)
            return self._numbers[sets]


class ChainLookup:
    """The chains of all patterns, or of all masks, by their rarest word set.

    Masks have their own numbers, from 0.
    """

    def __init__(self, tables: Tables, *, masks: bool) -> None:
        self._tables = tables
        self._masks = masks
        chains = np.flatnonzero((tables.chain_pattern < 0) == masks)
        chains = chains[np.argsort(tables.chain_rarest[chains], kind="stable")]
        self._chains: NDArray[np.int64] = chains
        rarest, firsts = np.unique(tables.chain_rarest[chains], return_index=True)
        runs = pairwise([*firsts.tolist(), len(chains)])
        self._runs = dict(zip(rarest.tolist(), runs, strict=True))
        self._known: dict[int, Waiting] = {}

    def waiting(self, numbers: set[int]) -> Iterator[tuple[int, Waiting]]:
        """Those of some word sets for which something waits first, with what does."""
        for number in self._runs.keys() & numbers:
            yield number, self._known.get(number) or self._make(number)

    def _make(self, number: int) -> Waiting:
        first, stop = self._runs[number]
        chains = [self._chain(chain, number) for chain in self._chains[first:stop].tolist()]
        plain = tuple(chain.pattern for chain in chains if _is_plain(chain))
        rest = tuple(chain for chain in chains if not _is_plain(chain))
        found = self._known[number] = Waiting(plain, rest)
        return found

    def _chain(self, chain: int, rarest: int) -> CompiledChain:
        tables = self._tables
        pattern = int(tables.chain_pattern[chain])
        first, stop = tables.chain_starts[chain : chain + 2].tolist()
        sets = tuple(tables.chain_sets[first:stop].tolist())
        sizes, wide = (a[first + 1 : stop].tolist() for a in (tables.gap_sizes, tables.gap_wide))
        gaps = tuple(Gap(size, bool(one)) for size, one in zip(sizes, wide, strict=True))
        others = tuple(sorted(set(sets) - {rarest}))
        before, after, at_start, at_end = tables.chain_context[chain].tolist()
        number = -1 - pattern if self._masks else pattern
        return CompiledChain(
            number, sets, gaps, others, before, after, bool(at_start), bool(at_end)
        )


def _is_plain(chain: CompiledChain) -> bool:
    free = chain.before == NO_SET and chain.after == NO_SET
    return len(chain.sets) == 1 and free and not chain.at_start and not chain.at_end
