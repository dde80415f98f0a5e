"""From terms that were found to decision values in machine code, as the pure path does.

Shares are whole numbers (`fixed.py`), so that the order of the terms does not matter.

Axes: K categories.
"""

from __future__ import annotations

import math

import numpy as np

from practicelib.model.compiled.jit import inlined
from practicelib.model.compiled.tables import ROW, Sizes
from practicelib.model.compiled.word_tables import HASH_FACTOR

_WEIGHTS = np.array([0.0] + [1.0 + math.log(n) for n in range(1, 256)])
_NONE, _ONE, _TWO, _THREE = np.uint64(0), np.uint64(1), np.uint64(2), np.uint64(3)
_FOUR, _FIVE = np.uint64(4), np.uint64(5)
_SIX = np.uint64(6)
_FACTOR = np.uint64(HASH_FACTOR)
_HALF, _LOW = np.uint64(32), np.uint64(0xFFFFFFFF)
_END = np.uint32(0xFFFFFFFF)
_LINE = np.uint64(ROW)
_WIDTH = int(Sizes.WIDTH)


@inlined
def add_rows(rows, width, chosen, first, last, sums, to):  # type: ignore[no-untyped-def]
    """Sums of the rows `chosen[first:last]`, into `sums[to:]`; one chosen twice counts twice."""
    # A mark past the end: a loop of known length would be made into gathers, which are slower.
    kept = chosen[last]
    chosen[last] = _END
    _add_five(chosen, first, rows, width, sums, to)
    if width > _LINE:
        for k in range(_FIVE, width - _THREE, _FOUR):
            _add_four(chosen, first, rows, width, k, sums, to + k)
    chosen[last] = kept


@inlined
def _add_five(chosen, i, rows, width, sums, to):  # type: ignore[no-untyped-def]
    """The squares and four categories: their sums stay in registers."""
    a = b = c = d = e = np.int64(0)
    while chosen[i] != _END:
        place = np.uint64(chosen[i]) * width
        a += rows[place]
        b += rows[place + _ONE]
        c += rows[place + _TWO]
        d += rows[place + _THREE]
        e += rows[place + _FOUR]
        i += _ONE
    sums[to], sums[to + _ONE], sums[to + _TWO] = a, b, c
    sums[to + _THREE], sums[to + _FOUR] = d, e


@inlined
def _add_four(chosen, i, rows, width, k, sums, to):  # type: ignore[no-untyped-def]
    a = b = c = d = np.int64(0)
    while chosen[i] != _END:
        place = np.uint64(chosen[i]) * width + k
        a += rows[place]
        b += rows[place + _ONE]
        c += rows[place + _TWO]
        d += rows[place + _THREE]
        i += _ONE
    sums[to], sums[to + _ONE], sums[to + _TWO], sums[to + _THREE] = a, b, c, d


@inlined
def dampen(rows, width, doubtful, first, last, work, to):  # type: ignore[no-untyped-def]
    """What terms that stand more than once count less than their rows, which were all added.

    All places of these terms are in `doubtful[first:last]`. A term is the number of its row
    and, in the upper half, of one that is to be subtracted.
    """
    for i in range(_count(doubtful, first, last, work)):
        place = work.again[i]
        term, count = work.terms[place], np.uint64(work.counts[place])
        correct(rows, width, term & _LOW, term >> _HALF, count, work.sums, to)


@inlined
def _count(doubtful, first, last, work):  # type: ignore[no-untyped-def]
    """Number of terms that stand more than once; `work.again` says where their counts are."""
    stamps, terms, counts, again = work.stamps, work.terms, work.counts, work.again
    work.clock[0] += np.uint32(1)
    now = work.clock[0]
    # Few terms keep to a small part of the tables, which then stays in the cache.
    bits = _SIX
    while _ONE << bits < _FOUR * (last - first):
        bits += _ONE
    shift, mask = np.uint64(64) - bits, (_ONE << bits) - _ONE
    repeated = _NONE
    for i in range(first, last):
        term = np.uint64(doubtful[i])
        place = term * _FACTOR >> shift
        while stamps[place] == now and terms[place] != term:
            place = (place + _ONE) & mask
        count = counts[place] * np.uint32(stamps[place] == now) + np.uint32(1)
        stamps[place], terms[place], counts[place] = now, term, count
        again[repeated] = place
        repeated += np.uint64(count == np.uint32(2))
    return repeated


@inlined
def correct(rows, width, term, other, count, sums, to):  # type: ignore[no-untyped-def]
    """The same of one term that stands some times."""
    weight = _WEIGHTS[count] if count < np.uint64(256) else 1.0 + math.log(count)
    place, less, times = term * width, other * width, np.int64(count)
    sums[to] += _more(rows[place] - rows[less], weight * weight, times)
    for k in range(_ONE, width - _THREE, _FOUR):
        at, here, there = to + k, place + k, less + k
        sums[at] += _more(rows[here] - rows[there], weight, times)
        for j in (_ONE, _TWO, _THREE):
            sums[at + j] += _more(rows[here + j] - rows[there + j], weight, times)


@inlined
def _more(number, weight, times):  # type: ignore[no-untyped-def]
    return np.int64(np.rint(weight * number)) - times * number


@inlined
def decide(tables, number, work, decisions, row):  # type: ignore[no-untyped-def]
    """Both blocks at their lengths, patterns and intercepts, into `decisions[row]`."""
    sums, found, width = work.sums, work.found, tables.sizes[_WIDTH]
    numbers, patterns, intercepts = tables.numbers, tables.coefficients, tables.intercepts
    share, square = numbers[3], numbers[4]
    length = math.sqrt(sums[0] * square)
    words = numbers[1] / length if length else 0.0
    length = math.sqrt(sums[width] * square)
    characters = numbers[2] / length if length else 0.0
    sort(found, number)
    for k in range(np.uint64(len(intercepts))):
        of_words = sums[_ONE + k] * share * words
        of_characters = sums[width + _ONE + k] * share * characters
        of_patterns = 0.0
        for i in range(number):
            of_patterns += patterns[found[i], k]
        decisions[row, k] = of_words + of_characters + (of_patterns + intercepts[k])


@inlined
def sort(numbers, size):  # type: ignore[no-untyped-def]
    """Sorts the first numbers, by insertion: there are hardly ever more than a few."""
    for i in range(1, size):
        number = numbers[i]
        place = np.int64(i)
        while place > 0 and numbers[place - 1] > number:
            numbers[place] = numbers[place - 1]
            place -= 1
        numbers[place] = number
