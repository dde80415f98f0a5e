"""The words that a model knows something about, and the pairs of them.

Axes: W words, H places of the hash table, B blocks of 64 bits, E second words of pairs and none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from practicelib.model.compiled.characters import is_han
from practicelib.model.parameters import FeatureParameters

HASH_FACTOR = 0x9E3779B97F4A7C15
PAIR_TERM = 24
"""The lowest bits of a place in the hash table: the term of the pair; its key is above."""
PAIR_BITS = 3
"""The bits that tell of most pairs that they are none: two to this power for each place."""


def word_fields(
    features: FeatureParameters, places: NDArray[np.int64]
) -> tuple[dict[str, int], dict[str, Any], tuple[int, int]]:
    """Rows of words from 1, the most frequent first; words and pairs; E and the hash's shift."""
    terms = dict(zip(features.word_terms, places.tolist(), strict=False))
    known = {
        pair: place
        for pair, place in ((_pair(term), place) for term, place in terms.items())
        if pair and all(map(_is_word, pair))
    }
    first = _numbers(pair[0] for pair in known)
    second = _numbers(pair[1] for pair in known)
    single = {term for term in terms if _is_word(term)}
    last = len(terms) + 1
    words = sorted(single.union(first, second), key=lambda word: (terms.get(word, last), word))
    found = np.zeros((len(words) + 1, 4), np.uint32)
    for number, word in enumerate(words, start=1):
        found[number, :3] = terms.get(word, 0), first.get(word, 0), second.get(word, 0)
    ends = len(second) + 1
    keys = {first[pair[0]] * ends + second[pair[1]]: place for pair, place in known.items()}
    pairs, pair_bits, shift = _hashed(keys, len(first) * ends + ends)
    fields = {"words": found.ravel(), "pairs": pairs, "pair_bits": pair_bits}
    return {word: number for number, word in enumerate(words, start=1)}, fields, (ends, shift)


def _pair(term: str) -> tuple[str, str] | None:
    first, space, second = term.partition(" ")
    return (first, second) if space and first and second else None


def _is_word(string: str) -> bool:
    if all(map(is_han, string)):
        return bool(string)
    return len(string) > 1 and all("a" <= c <= "z" for c in string)


def _numbers(words: Iterable[str]) -> dict[str, int]:
    return {word: number for number, word in enumerate(dict.fromkeys(words), start=1)}


def _hashed(
    terms: Mapping[int, int], most: int
) -> tuple[NDArray[np.uint64], NDArray[np.uint64], int]:
    """Keys and terms by open addressing, at most half full; bits by the same hash; its shift."""
    if most >> (64 - PAIR_TERM) or max(terms.values(), default=0) >> PAIR_TERM:
        raise ValueError("pairs of words have too many different words, or terms, for the tables")
    bits = max(6, (2 * len(terms)).bit_length())
    pairs, filled = [0] * (1 << bits), [0] * (1 << (bits + PAIR_BITS - 6))
    for key, term in terms.items():
        hashed = key * HASH_FACTOR & (1 << 64) - 1
        bit = hashed >> (64 - bits - PAIR_BITS)
        filled[bit >> 6] |= 1 << (bit & 63)
        place = bit >> PAIR_BITS
        while pairs[place]:
            place = (place + 1) % len(pairs)
        pairs[place] = key << PAIR_TERM | term
    return np.array(pairs, np.uint64), np.array(filled, np.uint64), 64 - bits - PAIR_BITS
