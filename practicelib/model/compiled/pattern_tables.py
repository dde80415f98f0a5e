"""The tables of the indicator patterns that the kernel reads.

Axes: W pattern strings, R rows (different lists of word sets), S word sets, C chains.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from practicelib.codebook.tables import RARITY_PER_CHARACTER, Tables

BIT_WORDS = 8
"""Numbers of 64 bits: one line of the cache."""
BITS = 64 * BIT_WORDS


class PatternTables(NamedTuple):
    """Arrays that are only read; strings and rows count from 1, and row 0 is empty.

    `string_rows` (W + 1,): the row of each string. `set_rows[set_starts[s]:set_starts[s + 1]]`: the
    rows that stand for a word set. Those rows come first that hold the rarest set of a chain: these
    chains are `row_chains[chain_rows[r]:chain_rows[r + 1]]`. What a chain has beside its rarest set
    is `other_sets[other_starts[c]:other_starts[c + 1]]`, the rarest of these first; `row_bits`
    beside `row_chains` has the bit of that one, `BITS` where there is none. `bits` (R + 1,
    `BIT_WORDS`) as one array: the bits of a row's word sets. Word sets share bits, so a bit tells
    only of what is not there. A string of a pattern that is one word set and no more stands for
    the patterns `plain_patterns[plain_starts[w]:plain_starts[w + 1]]`. `chain_*` and `gap_*` are as
    in `Tables`, masks first.
    """

    string_rows: NDArray[np.uint32]
    set_starts: NDArray[np.int32]
    set_rows: NDArray[np.int32]
    bits: NDArray[np.uint64]
    chain_rows: NDArray[np.int32]
    row_chains: NDArray[np.int32]
    row_bits: NDArray[np.int32]
    other_starts: NDArray[np.int32]
    other_sets: NDArray[np.int32]
    plain_starts: NDArray[np.int32]
    plain_patterns: NDArray[np.int32]
    chain_pattern: NDArray[np.int32]
    chain_starts: NDArray[np.int32]
    chain_sets: NDArray[np.int32]
    gap_sizes: NDArray[np.int32]
    gap_wide: NDArray[np.int32]
    chain_context: NDArray[np.int32]


class PatternStrings(NamedTuple):
    """What each string of a pattern stands for: word sets of chains, patterns of one word set."""

    sets: dict[str, tuple[int, ...]]
    plain: dict[str, tuple[int, ...]]


def pattern_strings(arrays: Tables, outputs: Mapping[str, tuple[int, ...]]) -> PatternStrings:
    """By string, for all strings of `outputs` that chains or patterns wait for."""
    plain = _plain_chains(arrays)
    by_set: dict[int, list[int]] = {}
    for chain in np.flatnonzero(plain).tolist():
        word_set = int(arrays.chain_rarest[chain])
        by_set.setdefault(word_set, []).append(int(arrays.chain_pattern[chain]))
    used = _sets_of_chains(arrays, plain)
    sets = {word: tuple(n for n in numbers if n in used) for word, numbers in outputs.items()}
    patterns = {
        word: tuple(sorted({p for n in numbers for p in by_set.get(n, ())}))
        for word, numbers in outputs.items()
    }
    return PatternStrings(
        {word: found for word, found in sets.items() if found},
        {word: found for word, found in patterns.items() if found},
    )


def _plain_chains(arrays: Tables) -> NDArray[np.bool_]:
    """Which chains are one word set of a pattern, without context."""
    context = arrays.chain_context
    single = np.diff(arrays.chain_starts) == 1
    free = (context[:, :2] < 0).all(axis=1) & (context[:, 2:] == 0).all(axis=1)
    found: NDArray[np.bool_] = (arrays.chain_pattern >= 0) & single & free
    return found


def _sets_of_chains(arrays: Tables, plain: NDArray[np.bool_]) -> set[int]:
    starts = arrays.chain_starts
    used: set[int] = set()
    for chain in np.flatnonzero(~plain).tolist():
        used.update(arrays.chain_sets[starts[chain] : starts[chain + 1]].tolist())
        used.update(n for n in arrays.chain_context[chain, :2].tolist() if n >= 0)
    return used


def pattern_tables(
    arrays: Tables, strings: Sequence[str], found: PatternStrings
) -> tuple[PatternTables, list[int]]:
    """Tables, and the numbers of word sets, of rows with chains, and of chains of masks.

    `strings` are those of `found` by their numbers.
    """
    kept = np.flatnonzero(~_plain_chains(arrays))
    # Chains of masks come first, and those of one mask stand together.
    order = kept[np.argsort(arrays.chain_pattern[kept], kind="stable")]
    waiting: dict[int, list[int]] = {}
    for chain, rare in enumerate(arrays.chain_rarest[order].tolist()):
        waiting.setdefault(rare, []).append(chain)
    rows = sorted(
        set(found.sets.values()), key=lambda row: (not any(n in waiting for n in row), row)
    )
    numbers = {row: number for number, row in enumerate(rows, start=1)}
    chains = [[c for n in row for c in waiting.get(n, ())] for row in rows]
    spans = [range(arrays.chain_starts[c], arrays.chain_starts[c + 1]) for c in order]
    places = [place for span in spans for place in span]
    used = [arrays.chain_sets, arrays.chain_context[:, :2].ravel(), arrays.word_sets]
    sets = 1 + max((int(array.max()) for array in used if len(array)), default=-1)
    frequencies = _rarities(found.sets)
    others = _beside_rarest(arrays, order, frequencies)
    bit_of = _bits_of_sets({row[0] for row in others if row}, frequencies)
    holding = _rows_of_sets(numbers, sets)
    plain = [found.plain.get(string, ()) for string in ["", *strings]]
    tables = PatternTables(
        string_rows=np.array(
            [0, *(numbers.get(found.sets.get(s, ()), 0) for s in strings)], np.uint32
        ),
        set_starts=_starts(holding),
        set_rows=_ints(row for one in holding for row in one),
        bits=_bits_of_rows(rows, bit_of),
        chain_rows=_starts([[], *chains]),
        row_chains=_ints(c for row in chains for c in row),
        row_bits=_ints(bit_of[others[c][0]] if others[c] else BITS for row in chains for c in row),
        other_starts=_starts(others),
        other_sets=_ints(n for row in others for n in row),
        plain_starts=_starts(plain),
        plain_patterns=_ints(p for row in plain for p in row),
        chain_pattern=arrays.chain_pattern[order],
        chain_starts=_starts(spans),
        chain_sets=arrays.chain_sets[places],
        gap_sizes=arrays.gap_sizes[places],
        gap_wide=arrays.gap_wide[places],
        chain_context=arrays.chain_context[order].reshape(-1, 4),
    )
    masks = int((tables.chain_pattern < 0).sum())
    return tables, [sets, sum(map(bool, chains)), masks]


def _rarities(sets: Mapping[str, tuple[int, ...]]) -> dict[int, float]:
    """A frequency of each word set, of which only the order matters: a word one character longer is
    that much rarer."""
    frequencies: dict[int, float] = {}
    for word, numbers in sets.items():
        for number in numbers:
            frequencies[number] = frequencies.get(number, 0.0) + RARITY_PER_CHARACTER ** -len(word)
    return frequencies


def _beside_rarest(
    arrays: Tables, chains: NDArray[np.int64], frequencies: Mapping[int, float]
) -> list[list[int]]:
    """The other word sets of each chain than its rarest one, the rarest of them first."""
    starts = arrays.chain_starts
    found = []
    for chain in chains.tolist():
        others = set(arrays.chain_sets[starts[chain] : starts[chain + 1]].tolist())
        others.discard(int(arrays.chain_rarest[chain]))
        found.append(sorted(others, key=lambda number: (frequencies.get(number, 0.0), number)))
    return found


def _bits_of_sets(sets: Iterable[int], frequencies: Mapping[int, float]) -> dict[int, int]:
    """The bit of each of some word sets; those that are about as frequent share one.

    So a rare set does not share the bit of one that is nearly always there.
    """
    ordered = sorted(sets, key=lambda number: (frequencies.get(number, 0.0), number))
    return {number: rank * BITS // len(ordered) for rank, number in enumerate(ordered)}


def _bits_of_rows(rows: Sequence[tuple[int, ...]], bit_of: Mapping[int, int]) -> NDArray[np.uint64]:
    found = np.zeros((len(rows) + 1, BIT_WORDS), np.uint64)
    for number, row in enumerate(rows, start=1):
        for bit in {bit_of[word_set] for word_set in row if word_set in bit_of}:
            found[number, bit // 64] |= np.uint64(1 << bit % 64)
    return found.ravel()


def _rows_of_sets(rows: Mapping[tuple[int, ...], int], sets: int) -> list[list[int]]:
    """The rows that hold each word set."""
    found: list[list[int]] = [[] for _ in range(sets)]
    for row, number in rows.items():
        for word_set in row:
            found[word_set].append(number)
    return found


def _starts(rows: Sequence[Sequence[int]]) -> NDArray[np.int32]:
    return np.cumsum([0, *map(len, rows)]).astype(np.int32)


def _ints(values: Iterable[int]) -> NDArray[np.int32]:
    return np.array(list(values), np.int32)
