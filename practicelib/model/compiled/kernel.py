"""Decision values of many texts in one pass over their code points.

Each text is normalised; walks down the trie from all its positions find words, character n-grams
and the words of patterns; the best cut is worked out from its end to its start and read from start
to end for words and pairs of words; then patterns are joined and shares added up.

Axes: N texts, K categories.
"""

from __future__ import annotations

import numpy as np

from practicelib.model.compiled.adding import add_terms, decide
from practicelib.model.compiled.characters import ALPHANUMERIC, LOWER, SHIFT
from practicelib.model.compiled.jit import inlined, kernel
from practicelib.model.compiled.patterns import find_patterns
from practicelib.model.compiled.tables import HASH_FACTOR, Sizes
from practicelib.model.compiled.walk import best_cut, normalise, walk

_SECONDS, _SHIFT, _WIDTH = int(Sizes.SECONDS), int(Sizes.SHIFT), int(Sizes.WIDTH)
_FACTOR = np.uint64(HASH_FACTOR)
_NONE, _ONE, _TWO = np.uint64(0), np.uint64(1), np.uint64(2)
_FOUR, _HALF, _LOW = np.uint64(4), np.uint64(32), np.uint64(0xFFFFFFFF)


@kernel
def score_texts(tables, texts, first, work, watched, decisions, skipped):  # type: ignore[no-untyped-def]
    """Decision values (N, K) of texts from row `first` on.

    `texts` = (codes, starts, ends): text i is `codes[starts[i]:ends[i]]`. Returns the row for which
    there was not room enough, or N. `skipped` (N,) is set where a text holds a character with one
    of the flags `watched`; its row is not filled then.
    """
    codes, starts, ends = texts
    for row in range(first, len(starts)):
        size, skipped[row] = normalise(tables, codes, starts[row], ends[row], watched, work)
        if skipped[row]:
            continue
        rounds, characters, hits = walk(tables, size, work)
        if rounds == _NONE:
            return row
        work.clock[0] += np.uint32(1)
        now = work.clock[0]
        patterns = find_patterns(tables, size, hits, now, work)
        if patterns < 0:
            return row
        best_cut(tables, size, rounds, work)
        words = _read_pairs(tables, *_read_cut(tables, size, work), work)
        add_terms(tables, work.words, words, now, work, _NONE)
        add_terms(tables, work.characters, characters, now, work, tables.sizes[_WIDTH])
        decide(tables, patterns, work, decisions, row)
    return len(starts)


@inlined
def _read_cut(tables, size, work):  # type: ignore[no-untyped-def]
    """Numbers of word terms and of pairs in the best cut; single letters in a row are one piece."""
    text, lengths, words = work.text, work.lengths, tables.words
    seconds = np.int64(tables.sizes[_SECONDS])
    used = pairs = start = _NONE
    first = np.int64(0)
    while start < size:
        string = np.uint64(work.chosen[start])
        if text[start] & ALPHANUMERIC and lengths[start] == 1:
            begin = start
            while text[start] & ALPHANUMERIC and lengths[start] == 1:
                start += _ONE
            string = _letters(tables.slots, text, begin, start)
        else:
            start += lengths[start]
        # What stands outside the blocks that are cut is no word and has zeros here.
        string *= _FOUR
        work.words[used] = words[string]
        used += np.uint64(words[string] != 0)
        second = np.int64(words[string + _TWO])
        work.keys[pairs] = first * seconds + second
        pairs += np.uint64((first != 0) & (second != 0))
        first = np.int64(words[string + _ONE])
    return used, pairs


@inlined
def _letters(slots, text, start, end):  # type: ignore[no-untyped-def]
    """Number of the string of letters between two positions, 0 where the model has none."""
    node = _NONE
    for i in range(start, end):
        after = (slots[node] & _LOW) + np.uint64(text[i] >> SHIFT) * _TWO
        if not text[i] & LOWER or slots[after] >> _HALF != node:
            return _NONE
        node = after
    return slots[node + _ONE] >> _HALF


@inlined
def _read_pairs(tables, used, number, work):  # type: ignore[no-untyped-def]
    """Adds the terms of pairs of words to the word terms; returns their number."""
    pairs = tables.pairs
    mask = np.uint64(len(pairs) - 1)
    for i in range(number):
        key = work.keys[i]
        place = np.uint64(key) * _FACTOR >> tables.sizes[_SHIFT] << _ONE
        while pairs[place] != -1:
            if pairs[place] == key:
                work.words[used] = pairs[place + _ONE]
                used += _ONE
                break
            place = (place + _TWO) & mask
    return used
