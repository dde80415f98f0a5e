"""The walk down the trie from every position at once, and the best cut.

All walks take their first step, then those that can go on take their second, and so on. The steps
of one round do not wait for each other, which walks go on is written down without a branch, and
what the next pass will read is fetched in this one: so the processor neither guesses nor waits for
memory.
"""

from __future__ import annotations

import numpy as np

from practicelib.model.compiled.characters import BLOCK
from practicelib.model.compiled.jit import inlined
from practicelib.model.compiled.memory import prefetch
from practicelib.model.compiled.tables import STRING, Sizes

_NONE, _ONE, _TWO = np.uint64(0), np.uint64(1), np.uint64(2)
_THREE, _EIGHT = np.uint64(3), np.uint64(8)
_HALF, _LOW, _BYTE = np.uint64(32), np.uint64(0xFFFFFFFF), np.uint64(0xFF)
_BITS = np.uint64(31)
_STRING = np.uint64(STRING)
_WIDTH, _DEPTH = int(Sizes.WIDTH), int(Sizes.DEPTH)


@inlined
def if_zero(number, value):  # type: ignore[no-untyped-def]
    """A value if a number is 0, otherwise 0; neither has more than 32 bits.

    Sums and shifts, because a choice would be made into a branch, which nobody can foretell here.
    """
    return (number - _ONE) >> _HALF & value


@inlined
def child(tables, node, number):  # type: ignore[no-untyped-def]
    """The node that a character leads to, 0 where there is none."""
    nodes, node = tables.nodes, np.uint64(node)
    slot = np.uint64(tables.slots[np.uint64(nodes[node].base) + np.uint64(number)])
    found = if_zero((slot ^ node) & _BYTE, slot >> _EIGHT)
    return if_zero(np.uint64(nodes[found].parent) ^ node, found)


@inlined
def walk(tables, size, work):  # type: ignore[no-untyped-def]
    """Takes all walks; returns the number of pattern strings found.

    -1 where there is not room enough.
    """
    levels, stride = work.levels, np.uint64(len(work.text))
    hits, going = _two_steps(tables, size, work)
    rounds, row = _TWO, _TWO * stride
    # As far as there are character n-grams, all nodes are looked at later.
    while going or rounds < tables.sizes[_DEPTH]:
        if row + stride > np.uint64(len(levels)) or hits + going > np.uint64(len(work.hits)):
            return -1
        if rounds < tables.sizes[_DEPTH]:
            for i in range(row, row + size):
                levels[i] = 0
        hits, going = _round(tables, work, going, rounds, row, hits)
        rounds += _ONE
        row += stride
    return np.int64(hits)


@inlined
def _two_steps(tables, size, work):  # type: ignore[no-untyped-def]
    """The first two rounds, where every walk goes on; a character is its own first node."""
    nodes, slots = tables.nodes, tables.slots
    levels, walks = work.levels, work.walks
    second = np.uint64(len(work.text))
    for i in range(size):
        slot = np.uint64(nodes[levels[i]].base) + np.uint64(levels[i + _ONE])
        walks[i] = slot
        prefetch(slots, slot)
    for i in range(size):
        slot = np.uint64(slots[walks[i]])
        found = if_zero((slot ^ np.uint64(levels[i])) & _BYTE, slot >> _EIGHT)
        levels[second + i] = found
        prefetch(nodes, found)
    return _read_two(tables, size, work)


@inlined
def _read_two(tables, size, work):  # type: ignore[no-untyped-def]
    """Notes what stands in the nodes of the first two rounds, and who goes on."""
    nodes = tables.nodes
    levels, walks, deepest, found = work.levels, work.walks, work.deepest, work.hits
    second = np.uint64(len(work.text))
    hits = going = _NONE
    for i in range(size):
        first, node = np.uint64(levels[i]), np.uint64(levels[second + i])
        node = if_zero(np.uint64(nodes[node].parent) ^ first, node)
        levels[second + i] = node
        one, two = nodes[first], nodes[node]
        deepest[i] = two.sum if node else one.sum
        found[hits] = np.uint64(one.string) << _STRING | _ONE << _HALF | i
        hits += np.uint64(one.string != 0)
        found[hits] = np.uint64(two.string) << _STRING | _TWO << _HALF | i
        hits += np.uint64(two.string != 0)
        after = np.uint64(levels[i + _TWO])
        slot = np.uint64(two.base) + after
        walks[going] = slot << _HALF | i
        prefetch(tables.slots, slot)
        going += np.uint64(two.follows) >> (after & _BITS) & _ONE
    return hits, going


@inlined
def _round(tables, work, going, rounds, row, hits):  # type: ignore[no-untyped-def]
    """Takes the next step, and notes what stands in the nodes that were reached."""
    nodes, slots = tables.nodes, tables.slots
    levels, walks, deepest, found = work.levels, work.walks, work.deepest, work.hits
    before, length = row - np.uint64(len(work.text)), rounds + _ONE
    for i in range(going):
        place, slot = walks[i] & _LOW, np.uint64(slots[walks[i] >> _HALF])
        node = if_zero((slot ^ np.uint64(levels[before + place])) & _BYTE, slot >> _EIGHT)
        levels[row + place] = node
        prefetch(nodes, node)
    left = _NONE
    for i in range(going):
        place = walks[i] & _LOW
        node = np.uint64(levels[row + place])
        node = if_zero(np.uint64(nodes[node].parent) ^ np.uint64(levels[before + place]), node)
        levels[row + place] = node
        here = nodes[node]
        deepest[place] = here.sum if node else deepest[place]
        longest = np.uint64(work.reached[place])
        work.reached[place] = length if here.weight > -np.inf else longest
        found[hits] = np.uint64(here.string) << _STRING | length << _HALF | place
        hits += np.uint64(here.string != 0)
        after = np.uint64(levels[place + length])
        slot = np.uint64(here.base) + after
        walks[left] = slot << _HALF | place
        prefetch(slots, slot)
        left += np.uint64(here.follows) >> (after & _BITS) & _ONE
    return hits, left


@inlined
def best_cut(tables, size, work):  # type: ignore[no-untyped-def]
    """Length of the first piece of the best cut from every position."""
    text, levels, route, lengths = work.text, work.levels, work.route, work.lengths
    nodes, stride, reached = tables.nodes, np.uint64(len(text)), work.reached
    unknown, width, deepest = tables.numbers[0], tables.sizes[_WIDTH], work.deepest
    route[size] = after = 0.0
    for back in range(size):
        i = size - _ONE - back
        # Read when the cut is; here there is time to spare.
        prefetch(tables.sums, np.uint64(deepest[i]) * width)
        best, length = -np.inf, _ONE
        # Ties go to the longer word.
        longer = np.uint64(reached[i])
        while longer > _TWO:
            value = nodes[levels[(longer - _ONE) * stride + i]].weight + route[i + longer]
            if value > best:
                best, length = value, longer
            longer -= _ONE
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
