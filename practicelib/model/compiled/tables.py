"""The tables that the kernel reads, derived from a model's parameters and from nothing else.

Axes: S trie slots, W strings, T TF-IDF terms (words first, then characters), K categories,
P patterns, G word sets of the patterns, C chains, H places of the hash table.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from practicelib.codebook.matcher import Matcher
from practicelib.codebook.tables import TableArrays
from practicelib.model.compiled.characters import character_table, is_block, is_han
from practicelib.model.compiled.trie import build_trie
from practicelib.model.parameters import FeatureParameters, ModelParameters

WORD, BEGINS_PAIR, ENDS_PAIR = 1, 2, 4
HASH_FACTOR = 0x9E3779B97F4A7C15


class Tables(NamedTuple):
    """All tables as arrays that are only read.

    `characters` (0x110000,): `characters.py`. `slots` (S, 4): base, check, number of the string
    that ends here, character term; -1 where there is none. For each string: `weights` (W,) its
    log-probability as a word of the segmentation (-inf: none), `kinds` (W,), `unigrams` (W,) its
    word term, and the word sets `outputs[output_starts[w]:output_starts[w + 1]]`. A pair of
    strings is looked up as `first << 32 | second` in `pair_keys` (H,), open addressing, with its
    term in `pair_terms`. `idf` (T,), `terms` (T, K') the coefficients and `patterns` (P, K') those
    x scale, K' being K made up to a multiple of 4 with zeros. `plain_*`, `mask_*`, `wait_*` list,
    by the word set that is waited for, patterns without context, chains of masks and chains of
    patterns, beside each chain the rarest of its other sets; `chain_*` and `gap_*` are as in
    `TableArrays`. `numbers`: word terms, unknown word's log-probability, scales of the two blocks,
    shift of the hash.
    """

    characters: NDArray[np.uint32]
    slots: NDArray[np.int32]
    weights: NDArray[np.float64]
    kinds: NDArray[np.uint8]
    unigrams: NDArray[np.int32]
    output_starts: NDArray[np.int32]
    outputs: NDArray[np.int32]
    pair_keys: NDArray[np.int64]
    pair_terms: NDArray[np.int32]
    idf: NDArray[np.float64]
    terms: NDArray[np.float64]
    patterns: NDArray[np.float64]
    intercepts: NDArray[np.float64]
    plain_starts: NDArray[np.int32]
    plain_patterns: NDArray[np.int32]
    mask_starts: NDArray[np.int32]
    mask_chains: NDArray[np.int32]
    mask_others: NDArray[np.int32]
    wait_starts: NDArray[np.int32]
    wait_chains: NDArray[np.int32]
    wait_others: NDArray[np.int32]
    chain_pattern: NDArray[np.int32]
    chain_starts: NDArray[np.int32]
    chain_sets: NDArray[np.int32]
    gap_sizes: NDArray[np.int32]
    gap_wide: NDArray[np.int32]
    chain_context: NDArray[np.int32]
    numbers: NDArray[np.float64]


def build_tables(parameters: ModelParameters, matcher: Matcher) -> Tables:
    """The tables of a model; `matcher` holds the patterns of its codebook."""
    features = parameters.features
    pairs = [_pair(term) for term in features.word_terms]
    outputs = _outputs(matcher)
    strings, frequencies = _strings(features, pairs, outputs)
    character_terms = {
        term: len(features.word_terms) + number
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
    places = dict(zip(every, ends.tolist(), strict=True))
    full = np.full((len(slots), 4), -1, np.int32)
    full[:, :2] = slots
    full[[places[s] for s in strings], 2] = np.arange(len(strings), dtype=np.int32)
    full[[places[t] for t in character_terms], 3] = list(character_terms.values())
    fields: dict[str, Any] = {
        "characters": character_table(numbers),
        "slots": full,
        **_string_fields(strings, features, outputs),
        **(pair_fields := _pair_fields(strings, pairs)),
        **_score_fields(parameters, len(pair_fields["pair_keys"])),
        **_chain_fields(matcher.tables.to_arrays(), outputs),
    }
    fields["kinds"] = _kinds(strings, pairs)
    return Tables(**{name: _frozen(array) for name, array in fields.items()})


def _frozen(array: NDArray[Any]) -> NDArray[Any]:
    # Tables from the cache are read-only; numba would compile twice if these were not.
    frozen = np.ascontiguousarray(array)
    frozen.flags.writeable = False
    return frozen


def _pair(term: str) -> tuple[str, str] | None:
    first, space, second = term.partition(" ")
    return (first, second) if space and first and second else None


def _outputs(matcher: Matcher) -> dict[str, tuple[int, ...]]:
    return {**matcher.tables.short, **matcher.tables.long}


def _is_character_term(term: str, lengths: tuple[int, int]) -> bool:
    return lengths[0] <= len(term) <= lengths[1] and all(map(is_han, term))


def _strings(
    features: FeatureParameters,
    pairs: Sequence[tuple[str, str] | None],
    outputs: Iterable[str],
) -> tuple[list[str], dict[str, int]]:
    """Words, unigrams, parts of bigrams and pattern words, the most frequent first.

    That order keeps what is looked up often close together in memory.
    """
    table = features.table
    frequencies = {
        word: frequency
        for word, frequency in zip(table.words, table.frequencies, strict=True)
        if word and all(map(is_block, word))
    }
    others = {term for term, pair in zip(features.word_terms, pairs, strict=True) if pair is None}
    others.update(part for pair in pairs if pair for part in pair)
    others.update(outputs)
    strings = sorted({*frequencies, *others} - {""}, key=lambda s: (-frequencies.get(s, 0), s))
    return strings, frequencies


def _number_characters(every: Iterable[str], frequencies: dict[str, int]) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for string in every:
        for character in string:
            counts[character] += 1 + frequencies.get(string, 0)
    ordered = sorted(counts, key=lambda c: (-counts[c], c))
    return {character: number for number, character in enumerate(ordered, start=1)}


def _string_fields(
    strings: Sequence[str], features: FeatureParameters, outputs: dict[str, tuple[int, ...]]
) -> dict[str, Any]:
    weights = features.table.weights
    terms = {term: number for number, term in enumerate(features.word_terms)}
    rows = [outputs.get(string, ()) for string in strings]
    return {
        "weights": np.array(
            [weights.get(s, -np.inf) if all(map(is_block, s)) else -np.inf for s in strings]
        ),
        "unigrams": np.array([terms.get(s, -1) if _is_word(s) else -1 for s in strings], np.int32),
        "output_starts": _starts(rows),
        "outputs": _ints(number for row in rows for number in row),
    }


def _is_word(string: str) -> bool:
    if all(map(is_han, string)):
        return True
    return len(string) > 1 and all("a" <= c <= "z" for c in string)


def _kinds(strings: Sequence[str], pairs: Sequence[tuple[str, str] | None]) -> NDArray[np.uint8]:
    begins = {pair[0] for pair in pairs if pair}
    ends = {pair[1] for pair in pairs if pair}
    return np.array(
        [
            WORD * _is_word(s) + BEGINS_PAIR * (s in begins) + ENDS_PAIR * (s in ends)
            for s in strings
        ],
        np.uint8,
    )


def _pair_fields(strings: Sequence[str], pairs: Sequence[tuple[str, str] | None]) -> dict[str, Any]:
    numbers = {string: number for number, string in enumerate(strings)}
    found = {
        numbers[pair[0]] << 32 | numbers[pair[1]]: term
        for term, pair in enumerate(pairs)
        if pair and all(map(_is_word, pair))
    }
    bits = max(4, (2 * len(found)).bit_length() + 1)
    keys = np.full(1 << bits, -1, np.int64)
    terms = np.full(1 << bits, -1, np.int32)
    for key, term in found.items():
        place = (key * HASH_FACTOR & (1 << 64) - 1) >> (64 - bits)
        while keys[place] != -1:
            place = (place + 1) % len(keys)
        keys[place], terms[place] = key, term
    return {"pair_keys": keys, "pair_terms": terms}


def _score_fields(parameters: ModelParameters, places: int) -> dict[str, Any]:
    features = parameters.features
    size = sum(features.sizes)
    filling = ((0, -len(parameters.coefficients) % 4), (0, 0))
    coefficients = np.pad(parameters.coefficients, filling)
    idf = np.concatenate([features.word_idf, features.character_idf])
    return {
        "idf": idf,
        "terms": coefficients[:, :size].T,
        "patterns": coefficients[:, size:].T * features.pattern_scale,
        "intercepts": parameters.intercepts.astype(float),
        "numbers": np.array(
            [
                float(len(features.word_terms)),
                -features.table.log_total,
                features.word_scale,
                features.character_scale,
                65.0 - places.bit_length(),
            ]
        ),
    }


def _chain_fields(arrays: TableArrays, outputs: dict[str, tuple[int, ...]]) -> dict[str, Any]:
    contexts = arrays.chain_context
    rows = _rows_by_mask(arrays)
    starts = arrays.chain_starts
    spans = [range(starts[row], starts[row + 1]) for row in rows]
    places = [place for span in spans for place in span]
    sizes = [len(span) for span in spans]
    patterns, rarest, context = (
        arrays.chain_pattern[rows],
        arrays.chain_rarest[rows],
        contexts[rows].reshape(-1, 4),
    )
    bare = np.array(sizes, int) == 1
    bare &= (context[:, :2] < 0).all(axis=1) & (context[:, 2:] == 0).all(axis=1)
    used = [arrays.chain_sets, contexts[:, :2].ravel(), arrays.outputs]
    count = 1 + max((int(array.max()) for array in used if len(array)), default=-1)
    plain = _by_set(rarest, (patterns >= 0) & bare, count)
    masks = _by_set(rarest, patterns < 0, count)
    waits = _by_set(rarest, (patterns >= 0) & ~bare, count)
    frequencies = np.zeros(count)
    for word, numbers in outputs.items():
        frequencies[list(numbers)] += 25.0 ** -len(word)
    others = [
        min(
            (n for n in arrays.chain_sets[span].tolist() if n != rare),
            key=frequencies.__getitem__,
            default=rare,
        )
        for span, rare in zip(spans, rarest.tolist(), strict=True)
    ]
    return {
        "plain_starts": _starts(plain),
        "plain_patterns": _ints(patterns[chain] for row in plain for chain in row),
        "mask_starts": _starts(masks),
        "mask_chains": _ints(chain for row in masks for chain in row),
        "mask_others": _ints(others[chain] for row in masks for chain in row),
        "wait_starts": _starts(waits),
        "wait_chains": _ints(chain for row in waits for chain in row),
        "wait_others": _ints(others[chain] for row in waits for chain in row),
        "chain_pattern": patterns,
        "chain_starts": np.cumsum([0, *sizes]).astype(np.int32),
        "chain_sets": arrays.chain_sets[places],
        "gap_sizes": arrays.gap_sizes[places],
        "gap_wide": arrays.gap_wide[places],
        "chain_context": context,
    }


def _rows_by_mask(arrays: TableArrays) -> NDArray[np.int64]:
    """Order of the chains in which those of one mask stand together."""
    return np.argsort(arrays.chain_pattern, kind="stable").astype(np.int64)


def _by_set(rarest: NDArray[np.int32], chosen: NDArray[np.bool_], count: int) -> list[list[int]]:
    rows: list[list[int]] = [[] for _ in range(count)]
    for chain in np.flatnonzero(chosen).tolist():
        rows[int(rarest[chain])].append(chain)
    return rows


def _starts(rows: Sequence[Sequence[int]]) -> NDArray[np.int32]:
    return np.cumsum([0, *map(len, rows)]).astype(np.int32)


def _ints(values: Iterable[Any]) -> NDArray[np.int32]:
    return np.array(list(values), np.int32)
