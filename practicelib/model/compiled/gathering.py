"""Gathers some short texts, so that each pass over them is long enough to be quick.

They stand one after the other in `work.text`, each between two places that hold no character: no
string and no cut goes over these.
"""

from __future__ import annotations

import numpy as np

from practicelib.model.compiled.characters import SHIFT, SKIPPED
from practicelib.model.compiled.jit import inlined
from practicelib.model.compiled.memory import prefetch
from practicelib.model.compiled.pattern_tables import BIT_WORDS
from practicelib.model.compiled.tables import STRING
from practicelib.model.compiled.work import GATHERED

_NONE, _ONE, _TWO = np.uint64(0), np.uint64(1), np.uint64(2)
_NUMBER, _ENOUGH = np.uint64(SHIFT), np.uint64(GATHERED)
_FIRST = np.uint32(1)
_STRING, _WORDS = np.uint64(STRING), np.uint64(BIT_WORDS)
_LOW, _LAST = np.uint64(0xFFFFFFFF), np.uint64(0xFFFFFFFF)


@inlined
def gather(tables, texts, row, watched, skipped, work):  # type: ignore[no-untyped-def]
    """Normalises texts from a row on; returns the row after the last, and the size of them all.

    Notes which texts hold a character that is watched for: these are to be `skipped`.
    """
    codes, starts, ends = texts
    begins = work.begins
    _count_on(work)
    _separate(_NONE, work)
    work.ranks[0] = 0
    size, number = _ONE, _NONE
    begins[0] = size
    while row < len(starts) and size < _ENOUGH:
        size, flags = _normalise(tables, codes, starts[row], ends[row], size, work)
        skipped[row] = flags & watched != 0
        _separate(size, work)
        for i in range(begins[number], size + _ONE):
            work.owners[i] = number
        size += _ONE
        row += 1
        number += _ONE
        begins[number] = size
    for i in range(size):
        work.reached[i] = 0
    return row, size


@inlined
def _count_on(work):  # type: ignore[no-untyped-def]
    """Places are counted over all texts; what was met before this count is of another text."""
    clock, size = work.clock, np.uint64(len(work.text))
    if np.uint64(clock[1]) + _TWO * size >= _LAST:
        work.last[:] = 0
        work.seconds[:] = 0
        clock[1] = 0
    clock[1] += np.uint32(size)


@inlined
def _separate(place, work):  # type: ignore[no-untyped-def]
    work.text[place] = work.levels[place] = 0


@inlined
def _normalise(tables, codes, start, end, begin, work):  # type: ignore[no-untyped-def]
    """Where the normalised text ends, and all flags of its characters.

    Marks characters that stand more than once, and the last place of each of these.
    """
    characters, text, levels = tables.characters, work.text, work.levels
    last, offset = work.last, np.uint64(work.clock[1])
    repeated, ranks, final = work.repeated, work.ranks, work.final
    size = begin
    flags = np.uint32(0)
    for i in range(start, end):
        character = characters[codes[i]]
        flags |= character
        text[size] = character
        name = np.uint64(character) >> _NUMBER
        levels[size] = name
        before = np.uint64(last[name])
        last[name] = offset + size
        again = (before >= offset + begin) & (name != _NONE)
        # Without a branch: where the character is new, this is place 0, which holds none.
        before = before - offset if again else _NONE
        ranks[size] = ranks[before] + _FIRST
        final[before] = False
        repeated[before] = True
        repeated[size] = final[size] = again
        size += np.uint64(not character & SKIPPED)
    return size, flags


@inlined
def order_hits(tables, hits, number, work):  # type: ignore[no-untyped-def]
    """Puts the pattern strings found in `number` texts in the order of the texts.

    Those of text k are `work.ordered[work.firsts[k]:work.firsts[k + 1]]`, with places counted from
    its begin.
    """
    found, ordered, firsts, owners = work.hits, work.ordered, work.firsts, work.owners
    for k in range(number + _TWO):
        firsts[k] = 0
    for i in range(hits):
        firsts[np.uint64(owners[found[i] & _LOW]) + _TWO] += np.uint32(1)
    for k in range(number):
        firsts[k + _TWO] += firsts[k + _ONE]
    rows, bits = tables.patterns.string_rows, tables.patterns.bits
    for i in range(hits):
        hit = found[i]
        prefetch(bits, np.uint64(rows[hit >> _STRING]) * _WORDS)
        owner = np.uint64(owners[hit & _LOW])
        place = np.uint64(firsts[owner + _ONE])
        firsts[owner + _ONE] = place + _ONE
        ordered[place] = hit - np.uint64(work.begins[owner])
