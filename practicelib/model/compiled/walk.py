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
_THREE, _FOUR, _EIGHT = np.uint64(3), np.uint64(4), np.uint64(8)
_NOWHERE = int(Sizes.NOWHERE)
_HALF, _LOW, _BYTE = np.uint64(32), np.uint64(0xFFFFFFFF), np.uint64(0xFF)
_NUMBER = np.uint64(SHIFT)
FIRST = _FOUR
"""Rounds that are always taken: hardly any word is longer."""


@inlined
def normalise(tables, codes, start, end, watched, work):  # type: ignore[no-untyped-def]
    """Length of the normalised text, and whether it holds a character that is watched for.

    Marks characters that stand more than once.
    """
    characters, text, levels = tables.characters, work.text, work.levels
    last, repeated, offset = work.last, work.repeated, np.uint64(work.clock[1])
    size = _NONE
    flags = np.uint32(0)
    for i in range(start, end):
        character = characters[codes[i]]
        flags |= character
        text[size] = character
        number = np.uint64(character) >> _NUMBER
        levels[size] = number
        before = np.uint64(last[number])
        last[number] = offset + size
        again = before >= offset
        repeated[size] = again
        # Without a branch: where there is no such place, nothing is written twice.
        repeated[before - offset if again else size] = again
        size += np.uint64(not character & SKIPPED)
    # The step past the end leads nowhere.
    text[size] = 0
    levels[size] = 0
    return size, flags & watched != 0


@inlined
def child(tables, node, number):  # type: ignore[no-untyped-def]
    """The node that a character leads to, 0 where there is none."""
    nodes, node = tables.nodes, np.uint64(node)
    slot = np.uint64(tables.slots[np.uint64(nodes[node].base) + np.uint64(number)])
    found = _if_zero((slot ^ node) & _BYTE, slot >> _EIGHT)
    return _if_zero(np.uint64(nodes[found].parent) ^ node, found)


@inlined
def _if_zero(number, value):  # type: ignore[no-untyped-def]
    """A value if a number is 0, otherwise 0; neither has more than 32 bits.

    Sums and shifts, because a choice would be made into a branch, which nobody can foretell here.
    """
    return (number - _ONE) >> _HALF & value


@inlined
def walk(tables, size, work):  # type: ignore[no-untyped-def]
    """Takes all walks; returns the number of rounds and of pattern strings found.

    0 rounds where there is not room enough.
    """
    levels, stride = work.levels, np.uint64(len(work.text))
    most_rounds = np.uint64(len(levels)) // stride
    hits, going = _two_steps(tables, size, work)
    rounds, row = _TWO, _TWO * stride
    while going or rounds < FIRST:
        if rounds == most_rounds or hits + going > np.uint64(len(work.hits)):
            return _NONE, hits
        levels[row : row + size] = 0
        hits, going = _round(tables, work, going, rounds, row, hits)
        rounds += _ONE
        row += stride
    return rounds, hits


@inlined
def _two_steps(tables, size, work):  # type: ignore[no-untyped-def]
    """The first two rounds, where every walk goes on; a character is its own first node."""
    nodes, nowhere = tables.nodes, tables.sizes[_NOWHERE]
    levels, walks, sums, found = work.levels, work.walks, work.deepest, work.hits
    second = np.uint64(len(work.text))
    for i in range(size):
        levels[second + i] = child(tables, levels[i], levels[i + _ONE])
    hits = going = _NONE
    for i in range(size):
        one, node = nodes[levels[i]], np.uint64(levels[second + i])
        two = nodes[node]
        sums[i] = two.sum if node else one.sum
        found[hits] = np.uint64(one.string) << _HALF | i
        hits += np.uint64(one.string != 0)
        found[hits] = np.uint64(two.string) << _HALF | (second + i)
        hits += np.uint64(two.string != 0)
        walks[going] = node << _HALF | i
        going += np.uint64(two.base != nowhere)
    return hits, going


@inlined
def _round(tables, work, going, rounds, row, hits):  # type: ignore[no-untyped-def]
    """Takes the next step, and notes what stands in the nodes that were reached."""
    nodes, nowhere = tables.nodes, tables.sizes[_NOWHERE]
    levels, walks, sums, found = work.levels, work.walks, work.deepest, work.hits
    left = _NONE
    for i in range(going):
        node, place = walks[i] >> _HALF, walks[i] & _LOW
        after = child(tables, node, levels[place + rounds])
        here = nodes[after]
        levels[row + place] = after
        sums[place] = here.sum if after else sums[place]
        found[hits] = np.uint64(here.string) << _HALF | (row + place)
        hits += np.uint64(here.string != 0)
        walks[left] = after << _HALF | place
        left += np.uint64(here.base != nowhere)
    return hits, left


@inlined
def best_cut(tables, size, rounds, work):  # type: ignore[no-untyped-def]
    """Length of the first piece of the best cut from every position."""
    text, levels, route, lengths = work.text, work.levels, work.route, work.lengths
    nodes, stride = tables.nodes, np.uint64(len(text))
    unknown = tables.numbers[0]
    route[size] = after = 0.0
    for back in range(size):
        i = size - _ONE - back
        best, length = -np.inf, _ONE
        # Ties go to the longer word.
        for shorter in range(rounds - FIRST):
            longer = rounds - shorter
            value = nodes[levels[(longer - _ONE) * stride + i]].weight + route[i + longer]
            if value > best:
                best, length = value, longer
        value = nodes[levels[_THREE * stride + i]].weight + route[i + _FOUR]
        if value > best:
            best, length = value, _FOUR
        value = nodes[levels[_TWO * stride + i]].weight + route[i + _THREE]
        if value > best:
            best, length = value, _THREE
        value = nodes[levels[stride + i]].weight + route[i + _TWO]
        if value > best:
            best, length = value, _TWO
        value = nodes[levels[i]].weight + after
        if value > best:
            best, length = value, _ONE
        if best == -np.inf:
            best = unknown + after if text[i] & BLOCK else 0.0
        route[i] = after = best
        lengths[i] = length
