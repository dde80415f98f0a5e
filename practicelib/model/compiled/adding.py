"""From counts of terms to decision values in machine code, to the last bit as the pure path does.

Axes: K categories.
"""

from __future__ import annotations

import math

import numpy as np

from practicelib.model.compiled.jit import kernel

_LOGARITHMS = np.array([0.0] + [1.0 + math.log(n) for n in range(1, 256)])
_ONE = np.uint64(1)
# The place of a single bit, by the top six bits of its product with a de Bruijn sequence
# (Leiserson, Prokop & Randall 1998).
_DE_BRUIJN = np.uint64(0x03F79D71B4CB0A89)
_TOP, _SIX = np.uint64(58), np.uint64(6)
_POSITIONS = np.zeros(64, np.uint64)
_POSITIONS[[(0x03F79D71B4CB0A89 << n & (1 << 64) - 1) >> 58 for n in range(64)]] = range(64)


@kernel
def _collect(bits, groups, terms):  # type: ignore[no-untyped-def]
    """The terms whose bits are set, ascending; clears the bits and returns how many there were."""
    distinct = 0
    for group in range(len(groups)):
        left = groups[group]
        groups[group] = 0
        while left:
            lowest = left & (~left + _ONE)
            left ^= lowest
            row = np.uint64(group) << _SIX | _POSITIONS[lowest * _DE_BRUIJN >> _TOP]
            word = bits[row]
            bits[row] = 0
            while word:
                lowest = word & (~word + _ONE)
                word ^= lowest
                terms[distinct] = row << _SIX | _POSITIONS[lowest * _DE_BRUIJN >> _TOP]
                distinct += 1
    return distinct


@kernel
def add_up(tables, work, patterns, decisions):  # type: ignore[no-untyped-def]
    """TF-IDF of both blocks, patterns and intercepts into decisions (K,); counts are cleared.

    Columns are added in ascending order and squares exactly but for one rounding, as the pure path
    does: so both give the same decision values to the last bit.
    """
    idf, rows, counts = tables.idf, tables.terms, work.counts
    terms, values = work.terms, work.values
    numbers, found = tables.numbers, work.found
    distinct = _collect(work.bits, work.groups, terms)
    boundary = np.uint64(numbers[0])
    first = 0
    for i in range(distinct):
        term = terms[i]
        count = counts[term]
        counts[term] = 0
        weight = _LOGARITHMS[count] if count < 256 else 1.0 + math.log(count)
        values[i] = weight * idf[term]
        if term < boundary:
            first = i + 1
    _scale(values, 0, first, numbers[2])
    _scale(values, first, distinct, numbers[3])
    coefficients, intercepts = tables.patterns, tables.intercepts
    if patterns > 1:
        found[:patterns].sort()
    # Four categories at a time: their sums stay in registers.
    for k in range(0, rows.shape[1], 4):
        a, b, c, d = 0.0, 0.0, 0.0, 0.0
        for i in range(distinct):
            term, value = terms[i], values[i]
            a += value * rows[term, k]
            b += value * rows[term, k + 1]
            c += value * rows[term, k + 2]
            d += value * rows[term, k + 3]
        for i in range(patterns):
            pattern = found[i]
            a += coefficients[pattern, k]
            b += coefficients[pattern, k + 1]
            c += coefficients[pattern, k + 2]
            d += coefficients[pattern, k + 3]
        sums = (a, b, c, d)
        for j in range(min(4, len(decisions) - k)):
            decisions[k + j] = sums[j] + intercepts[k + j]


@kernel
def _scale(values, begin, stop, scale):  # type: ignore[no-untyped-def]
    """Scale values to that Euclidean length; the sum of squares keeps what additions round away.

    Twofold sum (Knuth 1969, section 4.2.2, theorem B), cascaded (Ogita, Rump & Oishi 2005, Sum2).
    """
    total, lost = 0.0, 0.0
    for i in range(begin, stop):
        square = values[i] * values[i]
        after = total + square
        part = after - total
        lost += (total - (after - part)) + (square - part)
        total = after
    total += lost
    if total > 0.0:
        factor = scale / math.sqrt(total)
        for i in range(begin, stop):
            values[i] *= factor
