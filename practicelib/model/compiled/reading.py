"""Reads the words of the best cut and their pairs, and the character n-grams that stand twice."""

from __future__ import annotations

import numpy as np

from practicelib.model.compiled.characters import ALPHANUMERIC, LOWER, SHIFT
from practicelib.model.compiled.jit import inlined
from practicelib.model.compiled.tables import Sizes
from practicelib.model.compiled.walk import child
from practicelib.model.compiled.word_tables import HASH_FACTOR, PAIR_BITS, PAIR_TERM
from practicelib.model.compiled.work import SECONDS

_SECONDS, _SHIFT = int(Sizes.SECONDS), int(Sizes.SHIFT)
_WORDS, _DEPTH = int(Sizes.WORDS), int(Sizes.DEPTH)
_FACTOR = np.uint64(HASH_FACTOR)
_NONE, _ONE, _TWO, _FOUR, _SIX = (np.uint64(n) for n in (0, 1, 2, 4, 6))
_PLACES, _TERM = np.uint64(PAIR_BITS), np.uint64(PAIR_TERM)
_LOW_TERM, _LOW_SIX = np.uint64((1 << PAIR_TERM) - 1), np.uint64(63)
_SEEN = np.uint64(SECONDS - 1)


@inlined
def read_cut(tables, size, work):  # type: ignore[no-untyped-def]
    """Numbers of word terms, of pairs that may be terms, and of terms that may stand twice.

    Single letters in a row are one piece.
    """
    text, lengths, levels, repeated = work.text, work.lengths, work.levels, work.repeated
    nodes, words, bits = tables.nodes, tables.words, tables.pair_bits
    seconds, shift = tables.sizes[_SECONDS], tables.sizes[_SHIFT]
    stride = np.uint64(len(text))
    used = pairs = doubtful = start = first = before = _NONE
    while start < size:
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
        term, second = words[word], np.uint64(words[word + _TWO])
        work.words[used] = work.doubtful[doubtful] = term
        used += np.uint64(term != 0)
        doubtful += np.uint64(term != 0) & again
        key = first * seconds + second
        bit = key * _FACTOR >> shift
        work.keys[pairs] = key << _ONE | before
        known = bits[bit >> _SIX] >> (bit & _LOW_SIX) & _ONE
        pairs += np.uint64((first != _NONE) & (second != _NONE)) & known
        first, before = np.uint64(words[word + _ONE]), again
    return used, pairs, doubtful


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
def read_pairs(tables, used, number, doubtful, work):  # type: ignore[no-untyped-def]
    """Adds the terms of pairs of words; returns the numbers of terms and of doubtful ones."""
    pairs, shift = tables.pairs, tables.sizes[_SHIFT] + _PLACES
    mask = np.uint64(len(pairs) - 1)
    for i in range(number):
        key, again = work.keys[i] >> _ONE, work.keys[i] & _ONE
        place = key * _FACTOR >> shift
        while pairs[place] >> _TERM != key and pairs[place] != _NONE:
            place = (place + _ONE) & mask
        term = pairs[place] & _LOW_TERM
        work.words[used] = work.doubtful[doubtful] = term
        used += np.uint64(term != _NONE)
        doubtful += np.uint64(term != _NONE) & again
    return used, doubtful


@inlined
def read_characters(tables, size, work):  # type: ignore[no-untyped-def]
    """Number of the character terms that may stand twice: their first character does."""
    nodes, words = tables.nodes, tables.sizes[_WORDS]
    levels, places, seen, marked = work.levels, work.walks, work.seconds, work.repeated
    second, offset = np.uint64(len(work.text)), np.uint64(work.clock[1])
    number = doubtful = _NONE
    for i in range(size):
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
        again = before >= offset
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
    for _ in range(_ONE, tables.sizes[_DEPTH]):
        term = nodes[work.levels[row]].sum
        work.doubtful[doubtful] = words + term
        doubtful += np.uint64((term != 0) & (term != shorter))
        shorter = term
        row += stride
    return doubtful
