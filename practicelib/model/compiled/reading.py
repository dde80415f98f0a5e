"""Reads the words of the best cut and their pairs, and the character n-grams that stand twice.

What may stand twice is told by its first character.
"""

from __future__ import annotations

import numpy as np

from practicelib.model.compiled.adding import correct
from practicelib.model.compiled.characters import ALPHANUMERIC, LOWER, SHIFT
from practicelib.model.compiled.jit import inlined
from practicelib.model.compiled.memory import prefetch
from practicelib.model.compiled.tables import Sizes
from practicelib.model.compiled.walk import child
from practicelib.model.compiled.word_tables import HASH_FACTOR, PAIR_BITS, PAIR_TERM
from practicelib.model.compiled.work import SECONDS

_SECONDS, _SHIFT, _WIDTH = int(Sizes.SECONDS), int(Sizes.SHIFT), int(Sizes.WIDTH)
_DEPTH = int(Sizes.DEPTH)
_FACTOR = np.uint64(HASH_FACTOR)
_NONE, _ONE, _TWO, _FOUR, _SIX = (np.uint64(n) for n in (0, 1, 2, 4, 6))
_PLACES, _TERM = np.uint64(PAIR_BITS), np.uint64(PAIR_TERM)
_LOW_TERM, _LOW_SIX = np.uint64((1 << PAIR_TERM) - 1), np.uint64(63)
_SEEN, _HALF = np.uint64(SECONDS - 1), np.uint64(32)


@inlined
def read_cuts(tables, size, number, work):  # type: ignore[no-untyped-def]
    """Puts the word terms of texts into `work.words` and those that may stand twice into
    `work.twice`, both by `work.bounds`; returns the number of pairs that may be terms."""
    _read_pieces(tables, size, work)
    bounds, ends = work.bounds, work.piece_ends
    used = pairs = twice = piece = _NONE
    for k in range(number):
        bounds[k, 0], bounds[k, 1] = used, twice
        used, pairs, twice = _read_words(tables, piece, ends[k], used, pairs, twice, work)
        piece = np.uint64(ends[k])
    bounds[number, 0], bounds[number, 1] = used, twice
    return pairs


@inlined
def _read_pieces(tables, size, work):  # type: ignore[no-untyped-def]
    """The words of the pieces of the best cut; single letters in a row are one piece."""
    text, lengths, levels = work.text, work.lengths, work.levels
    pieces, repeated, ends = work.pieces, work.repeated, work.piece_ends
    nodes, stride = tables.nodes, np.uint64(len(text))
    number, start = _NONE, _ONE
    while start < size:
        length = np.uint64(lengths[start])
        node = np.uint64(levels[(length - _ONE) * stride + start])
        pieces[number, 1] = repeated[start]
        if text[start] & ALPHANUMERIC and length == _ONE:
            begin = start
            while text[start] & ALPHANUMERIC and lengths[start] == 1:
                start += _ONE
            node = _letters(tables, text, begin, start)
            start -= _ONE
        word = nodes[node].word
        pieces[number, 0] = word
        prefetch(tables.words, np.uint64(word) * _FOUR)
        number += _ONE
        ends[work.owners[start]] = number
        start += length


@inlined
def _read_words(tables, piece, last, used, pairs, twice, work):  # type: ignore[no-untyped-def]
    """Pairs that may be terms are left a place among the terms."""
    words, bits, pieces = tables.words, tables.pair_bits, work.pieces
    seconds, shift, width = tables.sizes[_SECONDS], tables.sizes[_SHIFT], tables.sizes[_WIDTH]
    first = before = _NONE
    nobody = np.uint64(len(work.twice) - 1)
    for i in range(piece, last):
        # What stands outside the blocks that are cut is no word and has zeros here.
        word, again = np.uint64(pieces[i, 0]) * _FOUR, np.uint64(pieces[i, 1])
        term, second = np.uint64(words[word]), np.uint64(words[word + _TWO])
        prefetch(tables.rows, term * width)
        work.words[used] = work.twice[twice] = term
        used += np.uint64(term != _NONE)
        twice += np.uint64(term != _NONE) & again
        key = first * seconds + second
        bit = key * _FACTOR >> shift
        known = bits[bit >> _SIX] >> (bit & _LOW_SIX) & _ONE
        known &= np.uint64((first != _NONE) & (second != _NONE))
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
        prefetch(pairs, work.keys[i] * _FACTOR >> shift)
    for i in range(number):
        key = work.keys[i]
        place = key * _FACTOR >> shift
        while pairs[place] >> _TERM != key and pairs[place] != _NONE:
            place = (place + _ONE) & mask
        term = pairs[place] & _LOW_TERM
        prefetch(tables.rows, term * width)
        work.words[work.places[i, 0]] = work.twice[work.places[i, 1]] = term


@inlined
def dampen_characters(tables, begin, end, work):  # type: ignore[no-untyped-def]
    """What characters that stand more than once count less than all their places together."""
    places, width, number = work.walks, tables.sizes[_WIDTH], _NONE
    for i in range(begin, end):
        places[number] = i
        number += np.uint64(work.final[i])
    for j in range(number):
        i = places[j]
        term, count = np.uint64(tables.nodes[work.levels[i]].sum), np.uint64(work.ranks[i])
        correct(tables.sums, width, term, _NONE, count, work.sums, width)


@inlined
def read_longer(tables, begin, end, work):  # type: ignore[no-untyped-def]
    """Number of the n-grams of two characters and more that may stand more than once."""
    places, seen, marked = work.walks, work.seconds, work.repeated
    second, offset = np.uint64(len(work.text)), np.uint64(work.clock[1])
    number = doubtful = _NONE
    for i in range(begin, end):
        places[number] = i
        number += np.uint64(marked[i]) & np.uint64(work.levels[second + i] != 0)
    for j in range(number):
        i = places[j]
        place = np.uint64(work.levels[second + i]) & _SEEN
        # What differs may share a place, but what is alike does share one.
        before = np.uint64(seen[place])
        seen[place] = offset + i
        again = before >= offset + begin
        marked[i] = again
        marked[before - offset if again else _NONE] = True
    for j in range(number):
        i = places[j]
        if marked[i]:
            doubtful = _read_longer_at(tables, i, doubtful, work)
    return doubtful


@inlined
def _read_longer_at(tables, place, doubtful, work):  # type: ignore[no-untyped-def]
    nodes, stride = tables.nodes, np.uint64(len(work.text))
    row, shorter = stride + place, np.uint64(nodes[work.levels[place]].sum)
    for _ in range(_ONE, tables.sizes[_DEPTH]):
        term = np.uint64(nodes[work.levels[row]].sum)
        work.doubtful[doubtful] = shorter << _HALF | term
        doubtful += np.uint64((term != _NONE) & (term != shorter))
        shorter = term
        row += stride
    return doubtful
