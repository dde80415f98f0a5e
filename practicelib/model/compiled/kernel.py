"""Decision values of many texts in one pass over their code points.

Each text is scanned once from its end to its start: the walk down the trie from a position finds
the words (with the best cut of the rest known already), the character n-grams and the words of the
patterns that begin there. The cut is then read from start to end for words and pairs of words.

Axes: N texts, K categories.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from practicelib.model.compiled.characters import (
    ALPHANUMERIC,
    BLOCK,
    CLAUSE_STOP,
    LETTER,
    LOWER,
    SENTENCE_STOP,
    SHIFT,
    SKIPPED,
    TRADITIONAL,
)
from practicelib.model.compiled.jit import kernel
from practicelib.model.compiled.patterns import find_patterns
from practicelib.model.compiled.tables import BEGINS_PAIR, ENDS_PAIR, HASH_FACTOR, WORD, Tables

_LOGARITHMS = np.array([0.0] + [1.0 + math.log(n) for n in range(1, 256)])
_FACTOR = np.uint64(HASH_FACTOR)


class Work(NamedTuple):
    """Room for one text; left as it was found after each text."""

    text: NDArray[np.uint32]
    route: NDArray[np.float64]
    ends: NDArray[np.int32]
    strings: NDArray[np.int32]
    clause: NDArray[np.int32]
    sentence: NDArray[np.int32]
    counts: NDArray[np.int32]
    terms: NDArray[np.int32]
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
        np.zeros(size, np.int32),
        np.zeros(size, np.int32),
        np.zeros(len(tables.terms), np.int32),
        np.zeros(len(tables.terms), np.int32),
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
def score_texts(tables, codes, starts, ends, work, decisions, skipped):  # type: ignore[no-untyped-def]
    """Decision values (N, K) of the texts `codes[starts[i]:ends[i]]`.

    `skipped` (N,) is set where a text holds Traditional characters; its row is not filled then.
    """
    room = 1024
    follows = np.zeros(room, np.int32)
    begins = np.zeros(room, np.int32)
    finishes = np.zeros(room, np.int32)
    for row in range(len(starts)):
        size, first, last = _normalise(tables.characters, codes, starts[row], ends[row], work.text)
        skipped[row] = size < 0
        if size < 0:
            continue
        follows, begins, finishes, touched, terms = _scan(
            tables, size, work, follows, begins, finishes
        )
        terms = _cut(tables, size, work, terms)
        number = 0
        if touched:
            text = (size, first, last, work.clause, work.sentence)
            places = (work.heads, follows, begins, finishes, work.touched, touched)
            number = find_patterns(tables, text, places, work, work.found)
            for i in range(touched):
                work.heads[work.touched[i]] = -1
        _add_up(tables, work, terms, number, decisions[row])


@kernel
def _normalise(characters, codes, start, end, text):  # type: ignore[no-untyped-def]
    """Length of the normalised text, limits of a tied start and end; length -1: Traditional."""
    size = 0
    first, last = -1, -1
    for i in range(start, end):
        character = characters[codes[i]]
        if character & TRADITIONAL:
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
    """Best cut from every position, places of pattern words, counts of character n-grams."""
    text, route, slots = work.text, work.route, tables.slots
    counts, terms, heads = work.counts, work.terms, work.heads
    unknown = tables.numbers[1]
    used = touched = distinct = 0
    route[size] = 0.0
    clause = sentence = size
    work.clause[size] = work.sentence[size] = size
    for start in range(size - 1, -1, -1):
        character = text[start]
        if character & CLAUSE_STOP:
            clause = start
        if character & SENTENCE_STOP:
            sentence = start
        work.clause[start], work.sentence[start] = clause, sentence
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
                    terms[distinct] = term
                    distinct += 1
                counts[term] += 1
            if string < 0:
                continue
            if end == start + 1:
                alone = string
            weight = tables.weights[string]
            # Ties go to the longer word.
            if weight > -np.inf and weight + route[end] >= best:
                best, best_end, best_string = weight + route[end], end, string
            for i in range(tables.output_starts[string], tables.output_starts[string + 1]):
                if used == len(follows):
                    follows = np.concatenate((follows, np.zeros_like(follows)))
                    begins = np.concatenate((begins, np.zeros_like(begins)))
                    finishes = np.concatenate((finishes, np.zeros_like(finishes)))
                word_set = tables.outputs[i]
                if heads[word_set] < 0:
                    work.touched[touched] = word_set
                    touched += 1
                follows[used], begins[used], finishes[used] = heads[word_set], start, end
                heads[word_set] = used
                used += 1
        if not character & BLOCK:
            best = 0.0
        elif best_end == 0:
            best, best_end, best_string = unknown + route[start + 1], start + 1, alone
        route[start] = best
        work.ends[start], work.strings[start] = best_end, best_string
    return follows, begins, finishes, touched, distinct


@kernel
def _cut(tables, size, work, distinct):  # type: ignore[no-untyped-def]
    """Counts words and pairs along the best cut; single letters and digits in a row join."""
    text, ends, strings = work.text, work.ends, work.strings
    start = 0
    while start < size:
        if not text[start] & BLOCK:
            start += 1
            continue
        pending, last = start, -1
        while start < size and text[start] & BLOCK:
            end = ends[start]
            if not (end - start == 1 and text[start] & ALPHANUMERIC):
                if pending < start:
                    string = _letters(tables, text, pending, start)
                    distinct = _count_word(tables, work, last, string, distinct)
                    last = string
                string = strings[start]
                distinct = _count_word(tables, work, last, string, distinct)
                last = string
                pending = end
            start = end
        if pending < start:
            string = _letters(tables, text, pending, start)
            distinct = _count_word(tables, work, last, string, distinct)
    return distinct


@kernel
def _letters(tables, text, start, end):  # type: ignore[no-untyped-def]
    """Number of the string of letters between two positions, -1 where the model has none."""
    node = np.int64(0)
    for i in range(start, end):
        place = tables.slots[node, 0] + np.int64(text[i] >> SHIFT)
        if not text[i] & LOWER or tables.slots[place, 1] != node:
            return np.int32(-1)
        node = place
    return tables.slots[node, 2]


@kernel
def _count_word(tables, work, last, string, distinct):  # type: ignore[no-untyped-def]
    if string < 0:
        return distinct
    kind = tables.kinds[string]
    if not kind & WORD:
        return distinct
    term = tables.unigrams[string]
    if term >= 0:
        if not work.counts[term]:
            work.terms[distinct] = term
            distinct += 1
        work.counts[term] += 1
    if last < 0 or not kind & ENDS_PAIR or not tables.kinds[last] & BEGINS_PAIR:
        return distinct
    key = np.int64(last) << 32 | np.int64(string)
    keys = tables.pair_keys
    place = np.int64(np.uint64(key) * _FACTOR >> _shift(len(keys)))
    while keys[place] != -1:
        if keys[place] == key:
            term = tables.pair_terms[place]
            if not work.counts[term]:
                work.terms[distinct] = term
                distinct += 1
            work.counts[term] += 1
            break
        place = (place + 1) & (len(keys) - 1)
    return distinct


@kernel
def _shift(size):  # type: ignore[no-untyped-def]
    shift = np.uint64(64)
    while size > 1:
        size >>= 1
        shift -= np.uint64(1)
    return shift


@kernel
def _add_up(tables, work, distinct, patterns, decisions):  # type: ignore[no-untyped-def]
    """TF-IDF of both blocks, patterns and intercepts into decisions (K,); counts are cleared."""
    categories = len(decisions)
    boundary = tables.numbers[0]
    sums = np.zeros((2, categories))
    squares = np.zeros(2)
    for i in range(distinct):
        term = work.terms[i]
        count = work.counts[term]
        work.counts[term] = 0
        weight = _LOGARITHMS[count] if count < 256 else 1.0 + math.log(count)
        row = tables.terms[term]
        value = weight * row[0]
        block = 0 if term < boundary else 1
        squares[block] += value * value
        for k in range(categories):
            sums[block, k] += value * row[k + 1]
    for block in range(2):
        factor = 0.0
        if squares[block] > 0.0:
            factor = tables.numbers[2 + block] / math.sqrt(squares[block])
        squares[block] = factor
    for k in range(categories):
        total = tables.intercepts[k] + sums[0, k] * squares[0] + sums[1, k] * squares[1]
        for i in range(patterns):
            total += tables.patterns[work.found[i], k]
        decisions[k] = total
