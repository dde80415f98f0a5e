"""The tables that the kernel reads, derived from a model's parameters and from nothing else.

Axes: S trie slots, M nodes, W words, T word terms, C character terms, K categories, P patterns, H
places of the hash table, B blocks of 64 bits, E second words of pairs and none, R numbers of a
term.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from practicelib.codebook.matcher import Matcher
from practicelib.model.compiled.nodes import character_terms, trie_fields
from practicelib.model.compiled.pattern_tables import (
    PatternStrings,
    PatternTables,
    pattern_strings,
    pattern_tables,
)
from practicelib.model.compiled.word_tables import word_fields
from practicelib.model.fixed import FixedScores
from practicelib.model.parameters import FeatureParameters, ModelParameters
from practicelib.text.words import WordTable

STRING = 42
"""A string of a pattern that was found: its number from this bit on, its length from bit 32 on, and
its place."""
MOST_LETTERS = (1 << (STRING - 32)) - 1
LINE = 64
"""Bytes of a line of the cache. Rows that begin where a line does are read at once."""
ROW = 8
"""Terms have rows of a multiple of this many whole numbers: one line of the cache."""


class Tables(NamedTuple):
    """All tables as arrays that are only read.

    `characters` (0x110000,): `characters.py`. `slots` (S,): `trie.py`. `nodes` (M + 1,): `NODE`.
    `words` (W + 1, 4) as one array: word term, number among the first and among the second words
    of pairs (0: none), 0. A pair is looked up as `first * E + second` in `pairs` (H,), key and
    word term in one number (`PAIR_TERM`), 0: none; only if it has a bit in `pair_bits` (B,).
    `rows` (T + 1, R) as one array: square and shares (`fixed.py`) of each word term, made up with
    zeros. `sums` (C + 1, R) as one array: the same of each character term together with all that it
    begins with. Terms count from 1, the commonest first.
    `coefficients` (P, K) of the patterns are multiplied by their scale. `numbers`: unknown word's
    log-probability, scales of the two blocks, units of shares and squares. `sizes`: see `Sizes`.
    `patterns`: `pattern_tables.py`.
    """

    characters: NDArray[np.uint32]
    slots: NDArray[np.uint32]
    nodes: NDArray[np.void]
    words: NDArray[np.uint32]
    pairs: NDArray[np.uint64]
    pair_bits: NDArray[np.uint64]
    rows: NDArray[np.int64]
    sums: NDArray[np.int64]
    coefficients: NDArray[np.float64]
    intercepts: NDArray[np.float64]
    numbers: NDArray[np.float64]
    sizes: NDArray[np.uint64]
    patterns: PatternTables


class Sizes(IntEnum):
    """Places in `Tables.sizes`.

    Pattern strings that are in chains only, the first ones; word sets; rows with chains; chains of
    masks; R; E; shift of the hash of pairs; characters; length of the longest character term.
    """

    CHAINED = 0
    SETS = 1
    ROWS = 2
    MASKS = 3
    WIDTH = 4
    SECONDS = 5
    SHIFT = 6
    CHARACTERS = 7
    DEPTH = 8


def build_tables(parameters: ModelParameters, matcher: Matcher) -> Tables:
    """The tables of a model; `matcher` holds the patterns of its codebook."""
    features = parameters.features
    arrays = matcher.tables
    found = pattern_strings(arrays, arrays.sets_of_words)
    strings = _pattern_order(found, features.table)
    if len(strings) >> (64 - STRING) or max(map(len, strings), default=0) > MOST_LETTERS:
        raise ValueError("the patterns have too many or too long words for the tables")
    order = _term_order(features)
    places = np.empty(len(order), np.int64)
    places[order] = np.arange(1, len(order) + 1)
    patterns, sizes = pattern_tables(arrays, strings, found)
    words, of_words, pair_sizes = word_fields(features, places)
    scores, width = _score_fields(parameters, order, places)
    of_trie, trie_sizes = trie_fields(features, strings, words, places)
    every = [len(strings) - len(found.plain), *sizes, width, *pair_sizes, *trie_sizes]
    fields: dict[str, Any] = {**of_trie, **of_words, **scores, "sizes": np.array(every, np.uint64)}
    return Tables(
        **{name: _frozen(array) for name, array in fields.items()},
        patterns=PatternTables(*[_frozen(array) for array in patterns._asdict().values()]),
    )


def _frozen(array: NDArray[Any]) -> NDArray[Any]:
    """The same, read-only, from the start of a line of the cache on."""
    plain = np.ascontiguousarray(array)
    room = np.empty(plain.nbytes + LINE, np.uint8)
    first = -room.ctypes.data % LINE
    frozen = room[first : first + plain.nbytes].view(plain.dtype).reshape(plain.shape)
    frozen[...] = plain
    # Tables from the cache are read-only; numba would compile twice if these were not.
    frozen.flags.writeable = False
    return frozen


def _term_order(features: FeatureParameters) -> NDArray[np.int64]:
    """Terms from the commonest to the rarest, words before characters."""
    words = np.argsort(features.word_idf, kind="stable")
    characters = np.argsort(features.character_idf, kind="stable") + len(words)
    return np.concatenate([words, characters]).astype(np.int64)


def _pattern_order(patterns: PatternStrings, table: WordTable) -> list[str]:
    """Strings of chains only, then those of patterns that are one word set.

    Each group begins with the most frequent: that keeps what is looked up often close together in
    memory.
    """
    frequencies = dict(zip(table.words, table.frequencies, strict=True))
    plain = set(patterns.plain)
    chained = set(patterns.sets) - plain
    return [
        word
        for group in (chained, plain)
        for word in sorted(group, key=lambda word: (-frequencies.get(word, 0), word))
    ]


def _score_fields(
    parameters: ModelParameters, order: NDArray[np.int64], places: NDArray[np.int64]
) -> tuple[dict[str, Any], int]:
    """Numbers of the scores, and R."""
    features = parameters.features
    fixed = FixedScores(parameters)
    found = fixed.rows(order)
    # Categories are read four at a time.
    width = -(-(1 + -(-len(parameters.intercepts) // 4) * 4) // ROW) * ROW
    rows = np.zeros((len(order) + 1, width), np.int64)
    rows[1:, : found.shape[1]] = found
    fields = {
        "rows": rows[: len(features.word_terms) + 1].ravel(),
        "sums": _sums(features, rows, places).ravel(),
        "coefficients": parameters.coefficients[:, len(order) :].T * features.pattern_scale,
        "intercepts": parameters.intercepts.astype(float),
        "numbers": np.array(
            [
                -features.table.log_total,
                features.word_scale,
                features.character_scale,
                *fixed.units,
            ]
        ),
    }
    return fields, width


def _sums(
    features: FeatureParameters, rows: NDArray[np.int64], places: NDArray[np.int64]
) -> NDArray[np.int64]:
    first = len(features.word_terms)
    found = np.zeros((len(features.character_terms) + 1, rows.shape[1]), np.int64)
    found[1:] = rows[first + 1 :]
    terms = character_terms(features, places)
    shorter = {term: _longest_beginning(term, terms) for term in terms}
    # What a term begins with is shorter, so its own sum is there already.
    for term in sorted(terms, key=len):
        if shorter[term]:
            found[terms[term]] += found[shorter[term]]
    return found


def _longest_beginning(term: str, terms: Mapping[str, int]) -> int:
    return next((terms[term[:n]] for n in range(len(term) - 1, 0, -1) if term[:n] in terms), 0)
