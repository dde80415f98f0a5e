"""The walk down the trie from every position of a text at once, and the best cut.

All walks take their first step, then those that can go on take their second, and so on. The steps
of one round do not wait for each other, and which walks go on is written down without a branch, so
the processor neither waits for memory nor guesses.
"""

from __future__ import annotations

import numpy as np

from practicelib.model.compiled.characters import BLOCK, SHIFT, SKIPPED
from practicelib.model.compiled.jit import inlined
from practicelib.model.compiled.tables import Sizes

_NONE, _ONE, _TWO = np.uint64(0), np.uint64(1), np.uint64(2)
_THREE, _FOUR = np.uint64(3), np.uint64(4)
_STRINGS = int(Sizes.STRINGS)
_HALF, _LOW = np.uint64(32), np.uint64(0xFFFFFFFF)
_BY_TWO = np.uint32(SHIFT - 1)
_NUMBER = np.uint32(0xFFFFFFFE)
FIRST = _FOUR
"""Rounds that are always taken: hardly any word is longer."""


@inlined
def normalise(tables, codes, start, end, watched, work):  # type: ignore[no-untyped-def]
    """Length of the normalised text, and whether it holds a character that is watched for."""
    characters, text, steps = tables.characters, work.text, work.steps
    size = _NONE
    flags = np.uint32(0)
    for i in range(start, end):
        character = characters[codes[i]]
        flags |= character
        text[size] = character
        steps[size] = character >> _BY_TWO & _NUMBER
        size += np.uint64(not character & SKIPPED)
    # The step past the end leads nowhere.
    text[size] = 0
    steps[size] = 0
    return size, flags & watched != 0


@inlined
def walk(tables, size, work):  # type: ignore[no-untyped-def]
    """Takes all walks; returns the numbers of rounds, character terms and pattern strings found.

    0 rounds where there is not room enough.
    """
    slots, steps = tables.slots, work.steps
    stride = np.uint64(len(work.text))
    most_rounds = np.uint64(len(work.strings)) // stride
    root = slots[0] & _LOW
    nowhere = np.uint64(len(slots) - 2)
    for i in range(size):
        node = root + steps[i]
        # Where no walk can begin, its first step leads to a node where nothing is.
        work.walks[i] = (node if slots[node] >> _HALF == _NONE else nowhere) << _HALF | i
    going, rounds, row = size, _NONE, _NONE
    used = hits = _NONE
    while going or rounds < FIRST:
        if rounds == most_rounds or hits + going > np.uint64(len(work.hits)):
            return _NONE, used, hits
        rounds += _ONE
        if rounds > _ONE:
            work.strings[row : row + size] = 0
        used, hits, going = _round(tables, work, going, rounds, row, used, hits)
        row += stride
    return rounds, used, hits


@inlined
def _round(tables, work, going, rounds, row, used, hits):  # type: ignore[no-untyped-def]
    """Notes what stands in the nodes that were reached, and takes the next step from them."""
    slots, patterns = tables.slots, tables.sizes[_STRINGS]
    walks, steps, terms = work.walks, work.steps, work.characters
    strings, found = work.strings, work.hits
    left = _NONE
    for i in range(going):
        node, place = walks[i] >> _HALF, walks[i] & _LOW
        here = slots[node + _ONE]
        string = here >> _HALF
        terms[used] = here
        used += np.uint64(here & _LOW != _NONE)
        strings[row + place] = string
        found[hits] = string << _HALF | (row + place)
        hits += np.uint64(string - _ONE < patterns)
        after = (slots[node] & _LOW) + steps[place + rounds]
        walks[left] = after << _HALF | place
        left += np.uint64(slots[after] >> _HALF == node)
    return used, hits, left


@inlined
def best_cut(tables, size, rounds, work):  # type: ignore[no-untyped-def]
    """First piece of the best cut from every position: its length and its string."""
    text, strings, route = work.text, work.strings, work.route
    weights = tables.weights
    stride = np.uint64(len(text))
    unknown = tables.numbers[0]
    route[size] = after = 0.0
    for back in range(size):
        i = size - _ONE - back
        best, length, chosen = -np.inf, _ONE, np.uint32(0)
        # Ties go to the longer word.
        for shorter in range(rounds - FIRST):
            longer = rounds - shorter
            string = strings[(longer - _ONE) * stride + i]
            value = weights[string] + route[i + longer]
            if value > best:
                best, length, chosen = value, longer, string
        string = strings[_THREE * stride + i]
        value = weights[string] + route[i + _FOUR]
        if value > best:
            best, length, chosen = value, _FOUR, string
        string = strings[_TWO * stride + i]
        value = weights[string] + route[i + _THREE]
        if value > best:
            best, length, chosen = value, _THREE, string
        string = strings[stride + i]
        value = weights[string] + route[i + _TWO]
        if value > best:
            best, length, chosen = value, _TWO, string
        string = strings[i]
        value = weights[string] + after
        if value > best:
            best, length, chosen = value, _ONE, string
        if best == -np.inf:
            best, chosen = (unknown + after if text[i] & BLOCK else 0.0), string
        route[i] = after = best
        work.lengths[i], work.chosen[i] = length, chosen
