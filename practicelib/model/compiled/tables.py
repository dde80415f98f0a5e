"""The tables that the kernel reads, derived from a model's parameters and from nothing else.

Axes: S trie slots, W strings, T TF-IDF terms (words first, then characters), K categories,
P patterns, H places of the hash table, E second words of pairs and none, R numbers of a term.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from enum import IntEnum
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from practicelib.codebook.matcher import Matcher
from practicelib.model.compiled.characters import character_table, is_block, is_han
from practicelib.model.compiled.pattern_tables import (
    PatternStrings,
    PatternTables,
    pattern_strings,
    pattern_tables,
)
from practicelib.model.compiled.trie import build_trie
from practicelib.model.fixed import FixedScores
from practicelib.model.parameters import FeatureParameters, ModelParameters

HASH_FACTOR = 0x9E3779B97F4A7C15
ROW = 8
"""Terms have rows of a multiple of this many whole numbers: one line of the cache."""


class Tables(NamedTuple):
    """All tables as arrays that are only read.

    `characters` (0x110000,): `characters.py`. `slots` (S, 2) as one array: base and own number of
    the parent, both times 2; character term and string that ends here (0: none, of both); the
    second of a pair in the upper half. The last slot is no node. Strings count from 1, those of
    patterns first. For each string: `weights` (W + 1,) its log-probability as a word of the
    segmentation (-inf: none), `words` (W + 1, 4) as one array: its word term, its number among the
    first and among the second words of pairs (0: none), 0. A pair is looked up as
    `first * E + second` in `pairs` (H, 2) as one array: key (-1: none) and word term. `rows`
    (T + 1, R) as one array: square and shares (`fixed.py`) of each term, made up with zeros; terms
    count from 1, words first, the commonest first. `coefficients` (P, K) of the patterns are
    multiplied by their scale. `numbers`: unknown word's log-probability, scales of the two blocks,
    units of shares and squares. `sizes`: see `Sizes`. `patterns`: `pattern_tables.py`.
    """

    characters: NDArray[np.uint32]
    slots: NDArray[np.uint64]
    weights: NDArray[np.float64]
    words: NDArray[np.uint32]
    pairs: NDArray[np.int64]
    rows: NDArray[np.int64]
    coefficients: NDArray[np.float64]
    intercepts: NDArray[np.float64]
    numbers: NDArray[np.float64]
    sizes: NDArray[np.uint64]
    patterns: PatternTables


class Sizes(IntEnum):
    """Places in `Tables.sizes`.

    Pattern strings; how many of them, the first ones, are in chains only; word sets; rows with
    chains; chains of masks; R; E; shift of the hash of pairs.
    """

    STRINGS = 0
    CHAINED = 1
    SETS = 2
    ROWS = 3
    MASKS = 4
    WIDTH = 5
    SECONDS = 6
    SHIFT = 7


def build_tables(parameters: ModelParameters, matcher: Matcher) -> Tables:
    """The tables of a model; `matcher` holds the patterns of its codebook."""
    features = parameters.features
    pairs = [_pair(term) for term in features.word_terms]
    arrays = matcher.tables.to_arrays()
    found = pattern_strings(arrays, _outputs(matcher))
    strings, frequencies = _strings(features, pairs, found)
    order = _term_order(features)
    places = np.empty(len(order), np.int64)
    places[order] = np.arange(1, len(order) + 1)
    of_patterns = len({*found.sets, *found.plain})
    patterns, sizes = pattern_tables(arrays, strings[:of_patterns], found)
    words, pair_sizes = _word_fields(strings, features, pairs, places)
    scores, width = _score_fields(parameters, order)
    every = [of_patterns, of_patterns - len(found.plain), *sizes, width, *pair_sizes]
    fields: dict[str, Any] = {
        **_trie_fields(features, strings, frequencies, places),
        "weights": _weights(strings, features),
        **words,
        **scores,
        "sizes": np.array(every, np.uint64),
    }
    return Tables(
        **{name: _frozen(array) for name, array in fields.items()},
        patterns=PatternTables(*[_frozen(array) for array in patterns._asdict().values()]),
    )


def _term_order(features: FeatureParameters) -> NDArray[np.int64]:
    """Terms from the commonest to the rarest, words before characters."""
    words = np.argsort(features.word_idf, kind="stable")
    characters = np.argsort(features.character_idf, kind="stable") + len(words)
    return np.concatenate([words, characters]).astype(np.int64)


def _trie_fields(
    features: FeatureParameters,
    strings: Sequence[str],
    frequencies: dict[str, int],
    places: NDArray[np.int64],
) -> dict[str, Any]:
    first = len(features.word_terms)
    character_terms = {
        term: int(places[first + number])
        for number, term in enumerate(features.character_terms)
        if _is_character_term(term, features.character_lengths)
    }
    every = sorted({*strings, *character_terms})
    numbers = _number_characters(every, frequencies)
    slots, ends = build_trie(
        np.array([numbers[c] for string in every for c in string], np.int32),
        np.cumsum([0, *map(len, every)]).astype(np.int64),
        max(len(numbers), 1),
    )
    where = dict(zip(every, ends.tolist(), strict=True))
    halves = np.zeros((len(slots) + 1, 4), np.uint64)
    # A free slot has the parent -1, which no slot is.
    halves[:-1, :2] = np.where(slots < 0, 0xFFFFFFFF, 2 * slots.astype(np.int64))
    halves[-1, 1] = 0xFFFFFFFF
    halves[[where[s] for s in strings], 3] = np.arange(1, len(strings) + 1)
    halves[[where[t] for t in character_terms], 2] = list(character_terms.values())
    full = halves[:, ::2] | halves[:, 1::2] << np.uint64(32)
    return {"characters": character_table(numbers), "slots": full.ravel()}


def _frozen(array: NDArray[Any]) -> NDArray[Any]:
    # Tables from the cache are read-only; numba would compile twice if these were not.
    frozen = np.ascontiguousarray(array)
    frozen.flags.writeable = False
    return frozen


def _pair(term: str) -> tuple[str, str] | None:
    first, space, second = term.partition(" ")
    return (first, second) if space and first and second else None


def _outputs(matcher: Matcher) -> dict[str, tuple[int, ...]]:
    found = {**matcher.tables.short, **matcher.tables.long}
    found.pop("", None)
    return found


def _is_character_term(term: str, lengths: tuple[int, int]) -> bool:
    return lengths[0] <= len(term) <= lengths[1] and all(map(is_han, term))


def _strings(
    features: FeatureParameters,
    pairs: Sequence[tuple[str, str] | None],
    patterns: PatternStrings,
) -> tuple[list[str], dict[str, int]]:
    """Strings of chains only, of patterns that are one word set, all others; with frequencies.

    Others are words, unigrams and parts of bigrams. Each group begins with the most frequent: that
    keeps what is looked up often close together in memory.
    """
    table = features.table
    frequencies = {
        word: frequency
        for word, frequency in zip(table.words, table.frequencies, strict=True)
        if word and all(map(is_block, word))
    }
    others = {term for term, pair in zip(features.word_terms, pairs, strict=True) if pair is None}
    others.update(part for pair in pairs if pair for part in pair)
    plain = set(patterns.plain)
    chained = set(patterns.sets) - plain
    rest = {*frequencies, *others} - plain - chained - {""}
    strings = [
        word
        for group in (chained, plain, rest)
        for word in sorted(group, key=lambda word: (-frequencies.get(word, 0), word))
    ]
    return strings, frequencies


def _number_characters(every: Iterable[str], frequencies: dict[str, int]) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for string in every:
        for character in string:
            counts[character] += 1 + frequencies.get(string, 0)
    ordered = sorted(counts, key=lambda c: (-counts[c], c))
    return {character: number for number, character in enumerate(ordered, start=1)}


def _weights(strings: Sequence[str], features: FeatureParameters) -> NDArray[np.float64]:
    weights = features.table.weights
    of_blocks = (weights.get(s, -np.inf) if all(map(is_block, s)) else -np.inf for s in strings)
    return np.array([-np.inf, *of_blocks])


def _is_word(string: str) -> bool:
    if all(map(is_han, string)):
        return True
    return len(string) > 1 and all("a" <= c <= "z" for c in string)


def _word_fields(
    strings: Sequence[str],
    features: FeatureParameters,
    pairs: Sequence[tuple[str, str] | None],
    places: NDArray[np.int64],
) -> tuple[dict[str, Any], tuple[int, int]]:
    """Words and pairs; E and the shift of the hash."""
    terms = dict(zip(features.word_terms, places.tolist(), strict=False))
    known = [
        (pair, place)
        for pair, place in zip(pairs, places.tolist(), strict=False)
        if pair and all(map(_is_word, pair))
    ]
    first = _numbers(pair[0] for pair, _ in known)
    second = _numbers(pair[1] for pair, _ in known)
    words = np.zeros((len(strings) + 1, 4), np.uint32)
    for number, string in enumerate(strings, start=1):
        if _is_word(string):
            words[number, :3] = terms.get(string, 0), first.get(string, 0), second.get(string, 0)
    ends = len(second) + 1
    keys = {first[pair[0]] * ends + second[pair[1]]: place for pair, place in known}
    found, shift = _hashed(keys)
    return {"words": words.ravel(), "pairs": found}, (ends, shift)


def _numbers(words: Iterable[str]) -> dict[str, int]:
    return {word: number for number, word in enumerate(dict.fromkeys(words), start=1)}


def _hashed(terms: dict[int, int]) -> tuple[NDArray[np.int64], int]:
    """Keys and terms by open addressing, at most half full; the shift of the hash."""
    bits = max(4, (2 * len(terms)).bit_length())
    pairs = np.full((1 << bits, 2), -1, np.int64)
    for key, term in terms.items():
        place = (key * HASH_FACTOR & (1 << 64) - 1) >> (64 - bits)
        while pairs[place, 0] != -1:
            place = (place + 1) % len(pairs)
        pairs[place] = key, term
    return pairs.ravel(), 64 - bits


def _score_fields(
    parameters: ModelParameters, order: NDArray[np.int64]
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
        "rows": rows.ravel(),
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
