"""All patterns of a codebook compiled together into one set of tables.

A *word set* is a set of words that some chain waits for; equal sets are kept once. One pass over
the text finds the places of all word sets; a chain is looked at only where its rarest word set was
found and all its others too. The tables are plain arrays: the matcher reads them through
`lookup.py`, the compiled engine makes its own from them, and a model keeps them with its numbers.

Axes: W words, S word sets, C chains, D word sets of all chains.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from practicelib.codebook.chains import Chain, Classes, Words, expand
from practicelib.codebook.grammar import parse

Ints = NDArray[np.int32]
TABLES_VERSION = 1
"""Raised when a pattern of the same codebook gets other tables: models keep theirs."""
NO_SET = -1
# Only the order of rarities matters: a word one character longer counts as this much rarer.
RARITY_PER_CHARACTER = 25.0


@dataclass(frozen=True, eq=False)
class Tables:
    """What finds the patterns; all arrays are int32. Patterns and masks count from 0 as given.

    `words` (W,) ascending; word w is in the word sets from `word_sets[word_starts[w]]` up to
    `word_sets[word_starts[w + 1]]`, which ascend. Chain c belongs to pattern `chain_pattern[c]`
    (-1 - m for mask m), waits first for `chain_rarest[c]` and is the run of `chain_sets` (D,) from
    `chain_starts[c]` up to `chain_starts[c + 1]`; `gap_sizes` and `gap_wide` (D,) stand beside the
    sets and bound the gap before each (0 for the first). `chain_context` (C, 4): word set that must
    not end at the start (-1: any may), word set that must not start at the end, tied to the
    sentence's start, its end.
    """

    words: tuple[str, ...]
    word_starts: Ints
    word_sets: Ints
    chain_pattern: Ints
    chain_rarest: Ints
    chain_starts: Ints
    chain_sets: Ints
    gap_sizes: Ints
    gap_wide: Ints
    chain_context: Ints

    @property
    def sets_of_words(self) -> dict[str, tuple[int, ...]]:
        """The word sets of each word."""
        bounds, sets = self.word_starts.tolist(), self.word_sets.tolist()
        return {
            word: tuple(sets[first:stop])
            for word, first, stop in zip(self.words, bounds, bounds[1:], strict=False)
        }


def build_tables(sources: Iterable[str], masks: Iterable[str], classes: Classes) -> Tables:
    """Tables of patterns and masks. Raises GrammarError for the first that is faulty."""
    numbers: dict[Words, int] = {}
    hiding = [(-1 - mask, source) for mask, source in enumerate(masks)]
    numbered = list(_numbered([*enumerate(sources), *hiding], classes, numbers))
    by_word: dict[str, list[int]] = {}
    for words, number in numbers.items():
        for word in words:
            by_word.setdefault(word, []).append(number)
    ordered = sorted(by_word)
    found = [by_word[word] for word in ordered]
    chains = [chain for _, chain, _, _ in numbered]
    sets = [row for _, _, row, _ in numbered]
    return Tables(
        tuple(ordered),
        _starts(found),
        _joined(found),
        _ints([pattern for pattern, *_ in numbered]),
        _ints([_rarest(chain, row) for chain, row in zip(chains, sets, strict=True)]),
        _starts(sets),
        _joined(sets),
        _joined([(0, *(gap.size for gap in chain.gaps)) for chain in chains]),
        _joined([(0, *(gap.wide for gap in chain.gaps)) for chain in chains]),
        _ints([context for *_, context in numbered]).reshape(-1, 4),
    )


Numbered = tuple[int, Chain, tuple[int, ...], tuple[int, int, bool, bool]]
"""A pattern's number, a chain of it, the numbers of its word sets, and of its context."""


def _numbered(
    sources: Iterable[tuple[int, str]], classes: Classes, numbers: dict[Words, int]
) -> Iterator[Numbered]:
    def number(words: Words) -> int:
        return numbers.setdefault(words, len(numbers)) if words else NO_SET

    for pattern, source in sources:
        for chain in expand(parse(source), classes):
            sets = tuple(map(number, chain.words))
            context = number(chain.before), number(chain.after), chain.at_start, chain.at_end
            yield pattern, chain, sets, context


def _rarest(chain: Chain, sets: Sequence[int]) -> int:
    if len(sets) == 1:
        return sets[0]
    return min(zip(map(_frequency, chain.words), sets, strict=True))[1]


def _frequency(words: Words) -> float:
    return math.fsum(RARITY_PER_CHARACTER ** -len(word) for word in words)


def _starts(rows: Sequence[Sequence[int]]) -> Ints:
    return np.cumsum([0, *map(len, rows)]).astype(np.int32)


def _joined(rows: Iterable[Iterable[int]]) -> Ints:
    return _ints([number for row in rows for number in row])


def _ints(values: Sequence[object]) -> Ints:
    return np.array(values, np.int32)
