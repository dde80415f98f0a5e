"""All patterns of a codebook compiled together into one set of tables.

A *word set* is a set of literals that some chain waits for; equal sets are kept once. One pass
over the text finds the places of all word sets; a chain is looked at only where its rarest word
set was found and all its others too. The same tables as plain arrays (`TableArrays`) drive an
engine that is compiled to machine code.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from practicelib.codebook.chains import Chain, Classes, Words, expand
from practicelib.codebook.grammar import Gap, parse

Ints = NDArray[np.int32]
NO_SET = -1
# Only the order of rarities matters: a literal one character longer counts as this much rarer.
RARITY_PER_CHARACTER = 25.0


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


@dataclass(frozen=True)
class ChainIndex:
    """Chains by their rarest word set; `plain`: patterns that are one word set and no more."""

    chains: Mapping[int, tuple[CompiledChain, ...]]
    plain: Mapping[int, tuple[int, ...]]


@dataclass(frozen=True)
class Tables:
    """What the matcher runs on. Patterns, and masks for themselves, count from 0 as given.

    `short` gives the word sets of a one-character word, `lengths` the lengths of the longer words
    that begin with two given characters, `long` the word sets of such a word.
    """

    short: Mapping[str, tuple[int, ...]]
    long: Mapping[str, tuple[int, ...]]
    lengths: Mapping[str, tuple[int, ...]]
    patterns: ChainIndex
    masks: ChainIndex

    def to_arrays(self) -> TableArrays:
        """The same as plain arrays."""
        return _to_arrays(self)


@dataclass(frozen=True)
class TableArrays:
    """The tables as arrays, all int32.

    The trie: `transitions` of shape (T, 3) holds (state, code point, next state), sorted; state 0
    is the root. `outputs[output_starts[s]:output_starts[s + 1]]` are the word sets of the word
    that ends in state s. Chain c belongs to pattern `chain_pattern[c]` (-1 - m for mask m), waits
    first for `chain_rarest[c]` and is the run of `chain_sets` from `chain_starts[c]` up to
    `chain_starts[c + 1]`; `gap_sizes` and `gap_wide` stand beside the sets and bound the gap before
    each (0 for the first). `chain_context` of shape (C, 4): word set that must not end at the start
    (-1: any may), word set that must not start at the end, tied to the sentence's start, its end.
    """

    transitions: Ints
    output_starts: Ints
    outputs: Ints
    chain_pattern: Ints
    chain_rarest: Ints
    chain_starts: Ints
    chain_sets: Ints
    gap_sizes: Ints
    gap_wide: Ints
    chain_context: Ints


def build_tables(sources: Iterable[str], masks: Iterable[str], classes: Classes) -> Tables:
    """Tables of patterns and masks. Raises GrammarError for the first that is faulty."""
    numbers: dict[Words, int] = {}
    patterns = _index(sources, classes, numbers)
    hiding = _index(masks, classes, numbers)
    by_word: dict[str, list[int]] = {}
    for words, number in numbers.items():
        for word in words:
            by_word.setdefault(word, []).append(number)
    lengths: dict[str, set[int]] = {}
    for word in by_word:
        if len(word) > 1:
            lengths.setdefault(word[:2], set()).add(len(word))
    return Tables(
        {word: tuple(found) for word, found in by_word.items() if len(word) == 1},
        {word: tuple(found) for word, found in by_word.items() if len(word) > 1},
        {begin: tuple(sorted(sizes)) for begin, sizes in lengths.items()},
        patterns,
        hiding,
    )


def _index(sources: Iterable[str], classes: Classes, numbers: dict[Words, int]) -> ChainIndex:
    chains: dict[int, list[CompiledChain]] = {}
    plain: dict[int, list[int]] = {}
    for pattern, source in enumerate(sources):
        for chain in expand(parse(source), classes):
            compiled, rarest = _compile(pattern, chain, numbers)
            if len(compiled.sets) == 1 and _is_bare(compiled):
                plain.setdefault(rarest, []).append(pattern)
            else:
                chains.setdefault(rarest, []).append(compiled)
    return ChainIndex(
        {number: tuple(group) for number, group in chains.items()},
        {number: tuple(group) for number, group in plain.items()},
    )


def _compile(pattern: int, chain: Chain, numbers: dict[Words, int]) -> tuple[CompiledChain, int]:
    def number(words: Words) -> int:
        return numbers.setdefault(words, len(numbers)) if words else NO_SET

    sets = tuple(number(words) for words in chain.words)
    rarest = min(zip(map(_frequency, chain.words), sets, strict=True))[1]
    others = tuple(sorted(set(sets) - {rarest}))
    before, after = number(chain.before), number(chain.after)
    ties = chain.at_start, chain.at_end
    return CompiledChain(pattern, sets, chain.gaps, others, before, after, *ties), rarest


def _is_bare(chain: CompiledChain) -> bool:
    free = chain.before == NO_SET and chain.after == NO_SET
    return free and not chain.at_start and not chain.at_end


def _frequency(words: Words) -> float:
    return math.fsum(RARITY_PER_CHARACTER ** -len(word) for word in words)


def _to_arrays(tables: Tables) -> TableArrays:
    transitions, outputs = _trie({**tables.short, **tables.long})
    chains = [*_all_chains(tables.patterns)]
    chains += [
        (rarest, replace(chain, pattern=-1 - chain.pattern))
        for rarest, chain in _all_chains(tables.masks)
    ]
    gaps = [(Gap(0, False), *chain.gaps) for _, chain in chains]
    return TableArrays(
        _ints(transitions).reshape(-1, 3),
        _starts(outputs),
        _ints([number for numbers in outputs for number in numbers]),
        _ints([chain.pattern for _, chain in chains]),
        _ints([rarest for rarest, _ in chains]),
        _starts([chain.sets for _, chain in chains]),
        _ints([number for _, chain in chains for number in chain.sets]),
        _ints([gap.size for row in gaps for gap in row]),
        _ints([gap.wide for row in gaps for gap in row]),
        _ints([(c.before, c.after, c.at_start, c.at_end) for _, c in chains]).reshape(-1, 4),
    )


def _all_chains(index: ChainIndex) -> Iterator[tuple[int, CompiledChain]]:
    for number, patterns in index.plain.items():
        for pattern in patterns:
            yield number, CompiledChain(pattern, (number,), (), (), NO_SET, NO_SET, False, False)
    for rarest, group in index.chains.items():
        for chain in group:
            yield rarest, chain


def _trie(
    words: Mapping[str, tuple[int, ...]],
) -> tuple[list[tuple[int, int, int]], list[tuple[int, ...]]]:
    states: dict[str, int] = {"": 0}
    for word in sorted(words):
        for end in range(1, len(word) + 1):
            states.setdefault(word[:end], len(states))
    transitions = sorted(
        (states[prefix[:-1]], ord(prefix[-1]), state) for prefix, state in states.items() if prefix
    )
    return transitions, [words.get(prefix, ()) for prefix in states]


def _starts(rows: Sequence[Sequence[int]]) -> Ints:
    return _ints(np.cumsum([0, *map(len, rows)]).tolist())


def _ints(values: Sequence[object]) -> Ints:
    return np.array(values, np.int32)
