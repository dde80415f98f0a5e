"""The trie of all strings of a model, and what is kept of each of its nodes.

Axes: S trie slots, M nodes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from practicelib.model.compiled.characters import character_table, is_block, is_han
from practicelib.model.compiled.trie import build_trie
from practicelib.model.parameters import FeatureParameters

NODE = np.dtype(
    [
        ("weight", np.float64),
        ("base", np.uint32),
        ("parent", np.uint32),
        ("word", np.uint32),
        ("sum", np.uint32),
        ("string", np.uint32),
        ("follows", np.uint32),
    ]
)
"""What is kept of a beginning of strings, half a line of the cache.

`weight`: its log-probability as a word of the segmentation (-inf: none). `base`, `parent`:
`trie.py`. `word`: its row in `words`. `sum`: the character term that it is or, failing that, the
longest that it begins with. `string`: its number among the strings of patterns. 0: none, of these
three. `follows`: a bit for the number of each character that goes on, modulo 32.
"""


def trie_fields(
    features: FeatureParameters,
    pattern_strings: Sequence[str],
    words: Mapping[str, int],
    places: NDArray[np.int64],
) -> tuple[dict[str, Any], tuple[int, int]]:
    """Numbers of characters, slots and nodes; how many characters, length of the longest
    character term.

    `words` are the rows of words, `places` the rows of terms.
    """
    terms = character_terms(features, places)
    weights = {word: weight for word, weight in features.table.weights.items() if _is_cut(word)}
    strings = {*weights, *terms, *words, *pattern_strings}
    frequencies = _frequencies(features, strings)
    numbers = _number_characters(frequencies)
    every = sorted(strings.union(numbers))
    trie = build_trie(
        np.array([numbers[c] for string in every for c in string], np.int32),
        np.cumsum([0, *map(len, every)]).astype(np.int64),
        len(numbers),
        np.array([frequencies.get(string, 0.0) for string in every]),
    )
    where = dict(zip(every, trie.ends.tolist(), strict=True))
    nodes = np.zeros(len(trie.bases), NODE)
    nodes["base"], nodes["parent"], nodes["weight"] = trie.bases, trie.parents, -np.inf
    nodes["follows"] = trie.follows
    numbered = {string: number for number, string in enumerate(pattern_strings, start=1)}
    fields: dict[str, Mapping[str, float]] = {
        "weight": weights,
        "word": words,
        "sum": terms,
        "string": numbered,
    }
    for name, values in fields.items():
        nodes[name][[where[string] for string in values]] = list(values.values())
    _inherit(nodes["sum"], trie.parents, max(map(len, every), default=0))
    depth = max(map(len, terms), default=0)
    found = {"characters": character_table(numbers), "slots": trie.slots, "nodes": nodes}
    return found, (len(numbers), depth)


def character_terms(features: FeatureParameters, places: NDArray[np.int64]) -> dict[str, int]:
    """The character n-grams that can be found, and their numbers from 1."""
    first = len(features.word_terms)
    shortest, longest = features.character_lengths
    numbers = (places[first:] - first).tolist()
    return {
        term: number
        for term, number in zip(features.character_terms, numbers, strict=True)
        if shortest <= len(term) <= longest and all(map(is_han, term))
    }


def _inherit(sums: NDArray[np.uint32], parents: NDArray[np.uint32], depth: int) -> None:
    """Nodes without a sum of their own take that of their parent."""
    own = sums > 0
    for _ in range(depth):
        sums[~own] = sums[parents[~own]]


def _is_cut(word: str) -> bool:
    return bool(word) and all(map(is_block, word))


def _frequencies(features: FeatureParameters, strings: set[str]) -> dict[str, float]:
    """About how often each string is met; only the order of the nodes in memory hangs on it."""
    table = features.table
    total = float(sum(table.frequencies))
    found = {
        word: frequency / total
        for word, frequency in zip(table.words, table.frequencies, strict=True)
        if word in strings
    }
    for terms, idf in (
        (features.word_terms, features.word_idf),
        (features.character_terms, features.character_idf),
    ):
        # The idf is of sentences; one has some twenty words.
        shares = (np.exp(1.0 - np.asarray(idf, float)) / 20.0).tolist()
        for term, share in zip(terms, shares, strict=True):
            if term in strings:
                found[term] = max(found.get(term, 0.0), share)
    return {string: found.get(string, 0.0) for string in strings}


def _number_characters(frequencies: Mapping[str, float]) -> dict[str, int]:
    counts: defaultdict[str, float] = defaultdict(float)
    for string, frequency in frequencies.items():
        for character in string:
            counts[character] += frequency
    ordered = sorted(counts, key=lambda c: (-counts[c], c))
    return {character: number for number, character in enumerate(ordered, start=1)}
