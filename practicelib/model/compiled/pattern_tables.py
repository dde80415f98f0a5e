"""The tables of the indicator patterns that the kernel reads.

Axes: W pattern strings, R rows (different lists of word sets), S word sets, C chains.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from practicelib.codebook.tables import TableArrays

ROW_BITS = 64


class PatternTables(NamedTuple):
    """Arrays that are only read; strings and rows count from 1, and row 0 is empty.

    `string_rows` (W + 1,): the row of each string. `row_sets[row_starts[r]:row_starts[r + 1]]`: the
    word sets that a row stands for, as far as chains have them, `row_bits` (R + 1,) a bit for each
    by its number modulo 64; `signatures` (R + 1,) a bit for each of the commonest word sets. Those
    rows come first that hold the rarest set of a chain: these chains are
    `row_chains[chain_rows[r]:chain_rows[r + 1]]`. `needs` (C,) has the bits of the sets of a chain,
    so a chain with a bit that no row of the text has cannot stand there. Of its other sets,
    `other_sets[other_starts[c]:other_starts[c + 1]]`, one of the rows
    `set_rows[set_starts[s]:set_starts[s + 1]]` must be there. A string of a pattern that is one
    word set and no more stands for the patterns `plain_patterns[plain_starts[w]:
    plain_starts[w + 1]]`. `chain_*` and `gap_*` are as
    in `TableArrays`, masks first.
    """

    string_rows: NDArray[np.uint32]
    row_starts: NDArray[np.int32]
    row_sets: NDArray[np.int32]
    row_bits: NDArray[np.uint64]
    signatures: NDArray[np.uint64]
    chain_rows: NDArray[np.int32]
    row_chains: NDArray[np.int32]
    needs: NDArray[np.uint64]
    other_starts: NDArray[np.int32]
    other_sets: NDArray[np.int32]
    set_starts: NDArray[np.int32]
    set_rows: NDArray[np.int32]
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


def pattern_strings(arrays: TableArrays, outputs: Mapping[str, tuple[int, ...]]) -> PatternStrings:
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


def _plain_chains(arrays: TableArrays) -> NDArray[np.bool_]:
    """Which chains are one word set of a pattern, without context."""
    context = arrays.chain_context
    single = np.diff(arrays.chain_starts) == 1
    free = (context[:, :2] < 0).all(axis=1) & (context[:, 2:] == 0).all(axis=1)
    found: NDArray[np.bool_] = (arrays.chain_pattern >= 0) & single & free
    return found


def _sets_of_chains(arrays: TableArrays, plain: NDArray[np.bool_]) -> set[int]:
    starts = arrays.chain_starts
    used: set[int] = set()
    for chain in np.flatnonzero(~plain).tolist():
        used.update(arrays.chain_sets[starts[chain] : starts[chain + 1]].tolist())
        used.update(n for n in arrays.chain_context[chain, :2].tolist() if n >= 0)
    return used


def pattern_tables(
    arrays: TableArrays, strings: Sequence[str], found: PatternStrings
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
    used = [arrays.chain_sets, arrays.chain_context[:, :2].ravel(), arrays.outputs]
    sets = 1 + max((int(array.max()) for array in used if len(array)), default=-1)
    bits = _bits(found.sets, _beside_rarest(arrays, order))
    others = _without_bit(arrays, order, bits)
    plain = [found.plain.get(string, ()) for string in ["", *strings]]
    tables = PatternTables(
        string_rows=np.array(
            [0, *(numbers.get(found.sets.get(s, ()), 0) for s in strings)], np.uint32
        ),
        row_starts=_starts([(), *rows]),
        row_sets=_ints(n for row in rows for n in row),
        row_bits=_signatures([(), *rows], [n % ROW_BITS for n in range(sets)]),
        signatures=_signatures([(), *rows], bits),
        chain_rows=_starts([[], *chains]),
        row_chains=_ints(c for row in chains for c in row),
        needs=_signatures([arrays.chain_sets[span].tolist() for span in spans], bits),
        other_starts=_starts(others),
        other_sets=_ints(n for row in others for n in row),
        **_rows_of_sets(numbers, sets),
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


def _beside_rarest(arrays: TableArrays, chains: NDArray[np.int64]) -> set[int]:
    """Word sets that stand in a chain beside its rarest one, which is there already when it is
    asked what else the chain needs."""
    starts = arrays.chain_starts
    return {
        word_set
        for chain in chains.tolist()
        for word_set in arrays.chain_sets[starts[chain] : starts[chain + 1]].tolist()
        if word_set != arrays.chain_rarest[chain]
    }


def _bits(sets: Mapping[str, tuple[int, ...]], chosen: set[int]) -> list[int]:
    """A bit for each of the commonest of the chosen word sets, -1 for all others."""
    frequencies: dict[int, float] = {}
    for word, numbers in sets.items():
        for number in chosen.intersection(numbers):
            # Only the order matters: a word one character longer is that much rarer.
            frequencies[number] = frequencies.get(number, 0.0) + 25.0 ** -len(word)
    order = sorted(frequencies, key=lambda number: (-frequencies[number], number))
    bits = [-1] * (1 + max(chosen, default=-1))
    for bit, number in enumerate(order[:ROW_BITS]):
        bits[number] = bit
    return bits


def _without_bit(
    arrays: TableArrays, chains: NDArray[np.int64], bits: Sequence[int]
) -> list[list[int]]:
    """The word sets of each chain that have no bit, its rarest one left aside."""
    starts = arrays.chain_starts
    spans = [arrays.chain_sets[starts[c] : starts[c + 1]].tolist() for c in chains.tolist()]
    rarest = arrays.chain_rarest[chains].tolist()
    return [
        [n for n in dict.fromkeys(span) if n != rare and bits[n] < 0]
        for span, rare in zip(spans, rarest, strict=True)
    ]


def _rows_of_sets(rows: Mapping[tuple[int, ...], int], sets: int) -> dict[str, NDArray[np.int32]]:
    """The rows that hold each word set."""
    found: list[list[int]] = [[] for _ in range(sets)]
    for row, number in rows.items():
        for word_set in row:
            found[word_set].append(number)
    return {"set_starts": _starts(found), "set_rows": _ints(n for row in found for n in row)}


def _signatures(rows: Sequence[Sequence[int]], bits: Sequence[int]) -> NDArray[np.uint64]:
    found = np.zeros(len(rows), np.uint64)
    for row, numbers in enumerate(rows):
        for number in numbers:
            bit = bits[number] if number < len(bits) else -1
            if bit >= 0:
                found[row] |= np.uint64(1 << bit)
    return found


def _starts(rows: Sequence[Sequence[int]]) -> NDArray[np.int32]:
    return np.cumsum([0, *map(len, rows)]).astype(np.int32)


def _ints(values: Iterable[int]) -> NDArray[np.int32]:
    return np.array(list(values), np.int32)
