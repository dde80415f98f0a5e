"""Decision values of many texts in one pass over their code points.

Each text is scanned once from its end to its start: the walk down the trie from a position finds
the words (with the best cut of the rest known already), the character n-grams and the words of the
patterns that begin there. The cut is then read from start to end for words and pairs of words.

Axes: N texts, K categories.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from practicelib.model.compiled.adding import add_up
from practicelib.model.compiled.characters import (
    ALPHANUMERIC,
    BLOCK,
    CLAUSE_STOP,
    LETTER,
    LOWER,
    SENTENCE_STOP,
    SHIFT,
    SKIPPED,
)
from practicelib.model.compiled.jit import kernel
from practicelib.model.compiled.patterns import find_patterns
from practicelib.model.compiled.tables import BEGINS_PAIR, ENDS_PAIR, HASH_FACTOR, WORD, Tables

_FACTOR = np.uint64(HASH_FACTOR)
_ONE = np.uint64(1)


class Work(NamedTuple):
    """Room for one text; left as it was found after each text."""

    text: NDArray[np.uint32]
    route: NDArray[np.float64]
    ends: NDArray[np.int32]
    strings: NDArray[np.int32]
    pieces: NDArray[np.int32]
    clause: NDArray[np.int32]
    sentence: NDArray[np.int32]
    counts: NDArray[np.int32]
    bits: NDArray[np.uint64]
    groups: NDArray[np.uint64]
    terms: NDArray[np.uint64]
    values: NDArray[np.float64]
    heads: NDArray[np.int32]
    touched: NDArray[np.int32]
    found: NDArray[np.int32]
    present: NDArray[np.bool_]
    waiting: NDArray[np.int32]
    current: NDArray[np.int32]
    other: NDArray[np.int32]
    longest: NDArray[np.int32]
    hidden: NDArray[np.int32]
    marks: NDArray[np.bool_]


def make_work(tables: Tables, longest: int) -> Work:
    """Room for texts of up to `longest` code points."""
    size = longest + 2
    sets = len(tables.plain_starts) - 1
    none = np.full((4, size), -1, np.int32)
    return Work(
        np.zeros(size, np.uint32),
        np.zeros(size),
        np.zeros(size, np.int32),
        np.zeros(size, np.int32),
        np.zeros(2 * size, np.int32),
        np.zeros(size, np.int32),
        np.zeros(size, np.int32),
        np.zeros(len(tables.terms), np.int32),
        np.zeros((len(tables.terms) >> 6) + 1, np.uint64),
        np.zeros((len(tables.terms) >> 12) + 1, np.uint64),
        np.zeros(len(tables.terms), np.uint64),
        np.zeros(len(tables.terms)),
        np.full(sets, -1, np.int32),
        np.zeros(sets, np.int32),
        np.zeros(len(tables.patterns) + 1, np.int32),
        np.zeros(len(tables.patterns) + 1, np.bool_),
        np.zeros(len(tables.mask_chains) + 1, np.int32),
        none[0],
        none[1],
        none[2],
        none[3],
        np.zeros(size, np.bool_),
    )


@kernel
def score_texts(tables, codes, starts, ends, work, watched, decisions, skipped):  # type: ignore[no-untyped-def]
    """Decision values (N, K) of the texts `codes[starts[i]:ends[i]]`.

    `skipped` (N,) is set where a text holds a character with one of the flags `watched`; its row is
    not filled then.
    """
    room = 1024
    follows = np.zeros(room, np.int32)
    begins = np.zeros(room, np.int32)
    finishes = np.zeros(room, np.int32)
    chains = (
        tables.chain_pattern,
        tables.chain_starts,
        tables.chain_sets,
        tables.gap_sizes,
        tables.gap_wide,
        tables.chain_context,
    )
    room_for_joins = (work.current, work.other, work.longest, work.marks)
    for row in range(len(starts)):
        size, first, last = _normalise(
            tables.characters, codes, starts[row], ends[row], watched, work.text
        )
        skipped[row] = size < 0
        if size < 0:
            continue
        used, touched = _scan(tables, size, work, follows, begins, finishes)
        if used > len(follows):
            _forget(work, touched)
            room = 2 * used
            follows = np.zeros(room, np.int32)
            begins = np.zeros(room, np.int32)
            finishes = np.zeros(room, np.int32)
            used, touched = _scan(tables, size, work, follows, begins, finishes)
        pieces = _cut(tables.slots, work.text, work.ends, work.strings, size, work.pieces)
        _count_words(tables, work.pieces, pieces, work)
        number = 0
        if touched:
            text = (size, first, last, work.clause, work.sentence)
            places = (work.heads, follows, begins, finishes)
            number = find_patterns(
                tables, chains, text, places, touched, work, room_for_joins, work.found
            )
            for i in range(touched):
                work.heads[work.touched[i]] = -1
        add_up(tables, work, number, decisions[row])


@kernel
def _forget(work, touched):  # type: ignore[no-untyped-def]
    for i in range(touched):
        work.heads[work.touched[i]] = -1
    work.counts[:] = 0
    work.bits[:] = 0
    work.groups[:] = 0


@kernel
def _normalise(characters, codes, start, end, watched, text):  # type: ignore[no-untyped-def]
    """Length of the normalised text, limits of a tied start and end; length -1: watched for."""
    size = 0
    first, last = -1, -1
    for i in range(start, end):
        character = characters[codes[i]]
        if character & watched:
            return -1, 0, 0
        if character & SKIPPED:
            continue
        if character & LETTER:
            if first < 0:
                first = size
            last = size + 1
        text[size] = character
        size += 1
    return size, max(first, 0), size if last < 0 else last


@kernel
def _scan(tables, size, work, follows, begins, finishes):  # type: ignore[no-untyped-def]
    """Best cut from every position, places of pattern words, counts of character n-grams.

    Returns the number of places and of word sets; places that found no room are counted and not
    kept.
    """
    # Fields are taken out here: each time one is taken out costs a count of references.
    slots, weights = tables.slots, tables.weights
    output_starts, outputs = tables.output_starts, tables.outputs
    text, route, ends, strings = work.text, work.route, work.ends, work.strings
    clauses, sentences = work.clause, work.sentence
    counts, bits, groups = work.counts, work.bits, work.groups
    heads, sets = work.heads, work.touched
    unknown = tables.numbers[1]
    room = len(follows)
    used = touched = 0
    route[size] = 0.0
    clause = sentence = size
    clauses[size] = sentences[size] = size
    for start in range(size - 1, -1, -1):
        character = text[start]
        if character & CLAUSE_STOP:
            clause = start
        if character & SENTENCE_STOP:
            sentence = start
        clauses[start], sentences[start] = clause, sentence
        best, best_end, best_string, alone = -np.inf, 0, -1, -1
        node = np.int64(0)
        end = start
        while end < size:
            place = slots[node, 0] + np.int64(text[end] >> SHIFT)
            if slots[place, 1] != node:
                break
            node = place
            end += 1
            string, term = slots[node, 2], slots[node, 3]
            if term >= 0:
                if not counts[term]:
                    bits[term >> 6] |= _ONE << np.uint64(term & 63)
                    groups[term >> 12] |= _ONE << np.uint64(term >> 6 & 63)
                counts[term] += 1
            if string < 0:
                continue
            if end == start + 1:
                alone = string
            weight = weights[string]
            # Ties go to the longer word.
            if weight > -np.inf and weight + route[end] >= best:
                best, best_end, best_string = weight + route[end], end, string
            for i in range(output_starts[string], output_starts[string + 1]):
                if used < room:
                    word_set = outputs[i]
                    head = heads[word_set]
                    if head < 0:
                        sets[touched] = word_set
                        touched += 1
                    follows[used], begins[used], finishes[used] = head, start, end
                    heads[word_set] = used
                used += 1
        if not character & BLOCK:
            best = 0.0
        elif best_end == 0:
            best, best_end, best_string = unknown + route[start + 1], start + 1, alone
        route[start] = best
        ends[start], strings[start] = best_end, best_string
    return used, touched


@kernel
def _cut(slots, text, ends, strings, size, pieces):  # type: ignore[no-untyped-def]
    """Pieces of the best cut in order, -1 where a stretch ends; single letters in a row join."""
    number = 0
    start = 0
    while start < size:
        if not text[start] & BLOCK:
            start += 1
            continue
        pending = start
        pieces[number] = -1
        number += 1
        while start < size and text[start] & BLOCK:
            end = ends[start]
            if not (end - start == 1 and text[start] & ALPHANUMERIC):
                if pending < start:
                    pieces[number] = _letters(slots, text, pending, start)
                    number += 1
                pieces[number] = strings[start]
                number += 1
                pending = end
            start = end
        if pending < start:
            pieces[number] = _letters(slots, text, pending, start)
            number += 1
    return number


@kernel
def _letters(slots, text, start, end):  # type: ignore[no-untyped-def]
    """Number of the string of letters between two positions, -1 where the model has none."""
    node = np.int64(0)
    for i in range(start, end):
        place = slots[node, 0] + np.int64(text[i] >> SHIFT)
        if not text[i] & LOWER or slots[place, 1] != node:
            return np.int32(-1)
        node = place
    return slots[node, 2]


@kernel
def _count_words(tables, pieces, number, work):  # type: ignore[no-untyped-def]
    """Counts words and pairs of words that touch each other."""
    kinds, unigrams = tables.kinds, tables.unigrams
    keys, pair_terms = tables.pair_keys, tables.pair_terms
    counts, bits, groups = work.counts, work.bits, work.groups
    mask = len(keys) - 1
    shift = np.uint64(tables.numbers[4])
    last, begins_pair = np.int64(-1), False
    for i in range(number):
        string = np.int64(pieces[i])
        kind = kinds[string] if string >= 0 else 0
        if not kind & WORD:
            begins_pair = False
            continue
        term = unigrams[string]
        if term >= 0:
            if not counts[term]:
                bits[term >> 6] |= _ONE << np.uint64(term & 63)
                groups[term >> 12] |= _ONE << np.uint64(term >> 6 & 63)
            counts[term] += 1
        if begins_pair and kind & ENDS_PAIR:
            key = last << 32 | string
            place = np.int64(np.uint64(key) * _FACTOR >> shift)
            while keys[place] != -1:
                if keys[place] == key:
                    term = pair_terms[place]
                    if not counts[term]:
                        bits[term >> 6] |= _ONE << np.uint64(term & 63)
                        groups[term >> 12] |= _ONE << np.uint64(term >> 6 & 63)
                    counts[term] += 1
                    break
                place = (place + 1) & mask
        last, begins_pair = string, kind & BEGINS_PAIR != 0
