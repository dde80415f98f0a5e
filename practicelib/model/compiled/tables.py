"""The tables that the kernel reads, derived from a model's parameters and from nothing else.

Axes: S trie slots, W strings, T TF-IDF terms (words first, then characters), K categories,
P patterns, G word sets of the patterns, C chains, H places of the hash table, R numbers of a term.
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
from practicelib.model.fixed import FixedScores
from practicelib.model.parameters import FeatureParameters, ModelParameters

HASH_FACTOR = 0x9E3779B97F4A7C15
ROW = 8
"""Terms have rows of a multiple of this many whole numbers: one line of the cache."""


class Tables(NamedTuple):
    """All tables as arrays that are only read.

    `characters` (0x110000,): `characters.py`. `slots` (S, 4) as one array: base and own number of
    the parent, both times 4; character term; string that ends here (0: none, of both); the last
    slot is no node. Strings count from 1, those of patterns first. For each string: `weights`
    (W + 1,) its log-probability as a word of the segmentation (-inf: none), `words` (W + 1, 4) as
    one array: its word term, its number among the first and among the second words of pairs (0:
    none), 0. A pair is looked up as `first * E + second` in `pairs` (H, 2) as one array: key (-1:
    none) and word term; E is the last of `sizes`. `rows` (T + 1, R) as one array: square and shares
    (`fixed.py`) of each term, made up to a multiple of `ROW`; terms count from 1, words first, the
    commonest first. `patterns` (P, K) are coefficients x scale. A string of a pattern stands for
    the word sets `outputs[output_starts[w]:output_starts[w + 1]]`; `awaited` (G,) says which sets
    some chain waits for. `plain_*`, `mask_*`, `wait_*` list, by the word set that is waited for,
    patterns without context, chains of masks and chains of patterns, beside each chain the rarest
    of its other sets; `chain_*` and `gap_*` are as in `TableArrays`. `numbers`: unknown word's
    log-probability, scales of the two blocks, units of shares and squares. `sizes`: number of the
    pattern strings, R, shift of the hash, E.
    """

    characters: NDArray[np.uint32]
    slots: NDArray[np.uint32]
    weights: NDArray[np.float64]
    words: NDArray[np.uint32]
    pairs: NDArray[np.int64]
    rows: NDArray[np.int64]
    patterns: NDArray[np.float64]
    intercepts: NDArray[np.float64]
    output_starts: NDArray[np.uint32]
    outputs: NDArray[np.uint32]
    awaited: NDArray[np.uint8]
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
    sizes: NDArray[np.uint64]


def build_tables(parameters: ModelParameters, matcher: Matcher) -> Tables:
    """The tables of a model; `matcher` holds the patterns of its codebook."""
    features = parameters.features
    pairs = [_pair(term) for term in features.word_terms]
    outputs = _outputs(matcher)
    strings, frequencies = _strings(features, pairs, outputs)
    order = _term_order(features)
    places = np.empty(len(order), np.int64)
    places[order] = np.arange(1, len(order) + 1)
    fields: dict[str, Any] = {
        **_trie_fields(features, strings, frequencies, places),
        **_string_fields(strings, features, outputs),
        **_word_fields(strings, features, pairs, places),
        **_score_fields(parameters, order),
        **_chain_fields(matcher.tables.to_arrays(), outputs),
    }
    fields["sizes"] = np.array(
        [len(outputs), fields.pop("width"), fields.pop("shift"), fields.pop("ends")],
        np.uint64,
    )
    return Tables(**{name: _frozen(array) for name, array in fields.items()})


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
    full = np.zeros((len(slots) + 1, 4), np.uint32)
    # A free slot has the parent -1, which no slot is.
    full[:-1, :2] = np.where(slots < 0, -1, 4 * slots.astype(np.int64)).astype(np.uint32)
    full[-1, 1] = np.iinfo(np.uint32).max
    full[[where[s] for s in strings], 3] = np.arange(1, len(strings) + 1)
    full[[where[t] for t in character_terms], 2] = list(character_terms.values())
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
    outputs: Iterable[str],
) -> tuple[list[str], dict[str, int]]:
    """Words of patterns; then words, unigrams and parts of bigrams; the most frequent first.

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
    first = {*outputs}
    rest = {*frequencies, *others} - first - {""}

    def by_frequency(words: set[str]) -> list[str]:
        return sorted(words, key=lambda word: (-frequencies.get(word, 0), word))

    return by_frequency(first) + by_frequency(rest), frequencies


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
    rows = [outputs.get(string, ()) for string in ["", *strings[: len(outputs)]]]
    return {
        "weights": np.array(
            [-np.inf]
            + [weights.get(s, -np.inf) if all(map(is_block, s)) else -np.inf for s in strings]
        ),
        "output_starts": _starts(rows).astype(np.uint32),
        "outputs": _ints(number for row in rows for number in row).astype(np.uint32),
    }


def _is_word(string: str) -> bool:
    if all(map(is_han, string)):
        return True
    return len(string) > 1 and all("a" <= c <= "z" for c in string)


def _word_fields(
    strings: Sequence[str],
    features: FeatureParameters,
    pairs: Sequence[tuple[str, str] | None],
    places: NDArray[np.int64],
) -> dict[str, Any]:
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
    return {"words": words.ravel(), "ends": ends, **_hashed(keys)}


def _numbers(words: Iterable[str]) -> dict[str, int]:
    return {word: number for number, word in enumerate(dict.fromkeys(words), start=1)}


def _hashed(terms: dict[int, int]) -> dict[str, Any]:
    """Keys and terms by open addressing, at most half full."""
    bits = max(4, (2 * len(terms)).bit_length())
    pairs = np.full((1 << bits, 2), -1, np.int64)
    for key, term in terms.items():
        place = (key * HASH_FACTOR & (1 << 64) - 1) >> (64 - bits)
        while pairs[place, 0] != -1:
            place = (place + 1) % len(pairs)
        pairs[place] = key, term
    return {"pairs": pairs.ravel(), "shift": 64 - bits}


def _score_fields(parameters: ModelParameters, order: NDArray[np.int64]) -> dict[str, Any]:
    features = parameters.features
    fixed = FixedScores(parameters)
    found = fixed.rows(order)
    # Categories are read four at a time.
    width = -(-(1 + -(-len(parameters.intercepts) // 4) * 4) // ROW) * ROW
    rows = np.zeros((len(order) + 1, width), np.int64)
    rows[1:, : found.shape[1]] = found
    return {
        "rows": rows.ravel(),
        "width": width,
        "patterns": parameters.coefficients[:, len(order) :].T * features.pattern_scale,
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
        "awaited": np.array(
            [bool(a or b or c) for a, b, c in zip(plain, masks, waits, strict=True)], np.uint8
        ),
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
