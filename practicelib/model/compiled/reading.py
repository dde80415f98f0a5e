"""Reads the words of the best cut and their pairs, and the character n-grams that stand twice."""

from __future__ import annotations

import numpy as np

from practicelib.model.compiled.characters import ALPHANUMERIC, LOWER, SHIFT
from practicelib.model.compiled.jit import inlined
from practicelib.model.compiled.memory import prefetch
from practicelib.model.compiled.tables import Sizes
from practicelib.model.compiled.walk import ALWAYS, child
from practicelib.model.compiled.word_tables import HASH_FACTOR, PAIR_BITS, PAIR_TERM
from practicelib.model.compiled.work import SECONDS

_SECONDS, _SHIFT, _WIDTH = int(Sizes.SECONDS), int(Sizes.SHIFT), int(Sizes.WIDTH)
_WORDS, _DEPTH = int(Sizes.WORDS), int(Sizes.DEPTH)
_FACTOR = np.uint64(HASH_FACTOR)
_NONE, _ONE, _TWO, _FOUR, _SIX = (np.uint64(n) for n in (0, 1, 2, 4, 6))
_PLACES, _TERM = np.uint64(PAIR_BITS), np.uint64(PAIR_TERM)
_LOW_TERM, _LOW_SIX = np.uint64((1 << PAIR_TERM) - 1), np.uint64(63)
_SEEN = np.uint64(SECONDS - 1)


@inlined
def read_cuts(tables, number, work):  # type: ignore[no-untyped-def]
    """Puts the word terms of texts into `work.words` and those that may stand twice into
    `work.twice`, both by `work.bounds`; returns the number of pairs that may be terms."""
    bounds, begins = work.bounds, work.begins
    used = pairs = twice = _NONE
    for k in range(number):
        bounds[k, 0], bounds[k, 1] = used, twice
        begin, end = np.uint64(begins[k]), np.uint64(begins[k + _ONE]) - _ONE
        used, pairs, twice = _read_cut(tables, begin, end, used, pairs, twice, work)
    bounds[number, 0], bounds[number, 1] = used, twice
    return pairs


@inlined
def _read_cut(tables, start, end, used, pairs, twice, work):  # type: ignore[no-untyped-def]
    """Single letters in a row are one piece; pairs are left a place among the terms."""
    text, lengths, levels, repeated = work.text, work.lengths, work.levels, work.repeated
    nodes, words, bits = tables.nodes, tables.words, tables.pair_bits
    seconds, shift, width = tables.sizes[_SECONDS], tables.sizes[_SHIFT], tables.sizes[_WIDTH]
    stride = np.uint64(len(text))
    first = before = _NONE
    nobody = np.uint64(len(work.twice) - 1)
    while start < end:
        length, again = np.uint64(lengths[start]), np.uint64(repeated[start])
        node = np.uint64(levels[(length - _ONE) * stride + start])
        if text[start] & ALPHANUMERIC and length == _ONE:
            begin = start
            while text[start] & ALPHANUMERIC and lengths[start] == 1:
                start += _ONE
            node = _letters(tables, text, begin, start)
        else:
            start += length
        # What stands outside the blocks that are cut is no word and has zeros here.
        word = np.uint64(nodes[node].word) * _FOUR
        term, second = np.uint64(words[word]), np.uint64(words[word + _TWO])
        prefetch(tables.rows, term * width)
        work.words[used] = work.twice[twice] = term
        used += np.uint64(term != _NONE)
        twice += np.uint64(term != _NONE) & again
        key = first * seconds + second
        bit = key * _FACTOR >> shift
        known = bits[bit >> _SIX] >> (bit & _LOW_SIX) & _ONE
        known &= np.uint64((first != _NONE) & (second != _NONE))
        prefetch(tables.pairs, bit >> _PLACES)
        work.keys[pairs], work.places[pairs, 0] = key, used
        # Where the first word stands once, so does the pair.
        work.places[pairs, 1] = twice if before else nobody
        pairs += known
        used += known
        twice += known & before
        first, before = np.uint64(words[word + _ONE]), again
    return used, pairs, twice


@inlined
def _letters(tables, text, start, end):  # type: ignore[no-untyped-def]
    """The node of the letters between two positions, 0 where the model has none."""
    node = np.uint64(text[start] >> SHIFT)
    for i in range(start, end):
        if not text[i] & LOWER:
            return _NONE
        if i > start:
            node = child(tables, node, text[i] >> SHIFT)
    return node


@inlined
def read_pairs(tables, number, work):  # type: ignore[no-untyped-def]
    """Puts the terms of pairs of words into the places that were left for them; 0 for none."""
    pairs, shift, width = tables.pairs, tables.sizes[_SHIFT] + _PLACES, tables.sizes[_WIDTH]
    mask = np.uint64(len(pairs) - 1)
    for i in range(number):
        key = work.keys[i]
        place = key * _FACTOR >> shift
        while pairs[place] >> _TERM != key and pairs[place] != _NONE:
            place = (place + _ONE) & mask
        term = pairs[place] & _LOW_TERM
        prefetch(tables.rows, term * width)
        work.words[work.places[i, 0]] = work.twice[work.places[i, 1]] = term


@inlined
def read_characters(tables, begin, end, work):  # type: ignore[no-untyped-def]
    """Number of the character terms that may stand twice: their first character does."""
    nodes, words = tables.nodes, tables.sizes[_WORDS]
    levels, places, seen, marked = work.levels, work.walks, work.seconds, work.repeated
    second, offset = np.uint64(len(work.text)), np.uint64(work.clock[1])
    number = doubtful = _NONE
    for i in range(begin, end):
        places[number] = i
        number += np.uint64(marked[i])
    for j in range(number):
        i = places[j]
        node, term = np.uint64(levels[second + i]), nodes[levels[i]].sum
        work.doubtful[doubtful] = words + term
        doubtful += np.uint64(term != 0)
        # The same of pairs: what differs may share a place, but what is alike does share one.
        before = np.uint64(seen[node & _SEEN])
        seen[node & _SEEN] = offset + i
        again = before >= offset + begin
        marked[i] = again
        marked[before - offset if again else i] = again
    for j in range(number):
        i = places[j]
        if marked[i]:
            doubtful = _longer(tables, i, doubtful, work)
    return doubtful


@inlined
def _longer(tables, place, doubtful, work):  # type: ignore[no-untyped-def]
    """The character terms of two and more characters that begin at a place."""
    nodes, words, stride = tables.nodes, tables.sizes[_WORDS], np.uint64(len(work.text))
    row, shorter = stride + place, nodes[work.levels[place]].sum
    rounds = max(np.uint64(work.reached[place]), ALWAYS)
    for _ in range(_ONE, min(rounds, tables.sizes[_DEPTH])):
        term = nodes[work.levels[row]].sum
        work.doubtful[doubtful] = words + term
        doubtful += np.uint64((term != 0) & (term != shorter))
        shorter = term
        row += stride
    return doubtful
