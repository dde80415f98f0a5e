"""The walk down the trie from every position of a text at once, and the best cut.

All walks take their first step, then those that can go on take their second, and so on. The steps
of one round do not wait for each other, and which walks go on is written down without a branch, so
the processor neither waits for memory nor guesses.
"""

from __future__ import annotations

import numpy as np

from practicelib.model.compiled.characters import BLOCK, SHIFT, SKIPPED
from practicelib.model.compiled.jit import inlined

_NONE, _ONE, _TWO, _THREE = np.uint64(0), np.uint64(1), np.uint64(2), np.uint64(3)
_BY_FOUR = np.uint32(SHIFT - 2)
_NUMBER = np.uint32(0xFFFFFFFC)


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
        steps[size] = character >> _BY_FOUR & _NUMBER
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
    most_rounds = np.uint64(len(work.weights) // len(work.text))
    most_hits = np.uint64(len(work.hits) - len(work.text))
    root = np.uint64(slots[0])
    nowhere = np.uint64(len(slots) - 4)
    used = hits = going = _NONE
    for i in range(size):
        node = root + steps[i]
        if slots[node + _ONE] != 0:
            node = nowhere
        used, hits, going = _stand(tables, work, node, i, _ONE, i, used, hits, going)
    rounds = _ONE
    while going:
        if rounds == most_rounds or hits + going > most_hits:
            return _NONE, used, hits
        row = rounds * np.uint64(len(work.text))
        rounds += _ONE
        for i in range(row, row + size):
            work.weights[i] = -np.inf
        left = going
        going = _NONE
        for i in range(left):
            node, place = np.uint64(work.nodes[i]), np.uint64(work.places[i])
            used, hits, going = _stand(
                tables, work, node, place, rounds, row + place, used, hits, going
            )
    return rounds, used, hits


@inlined
def _stand(tables, work, node, place, rounds, cell, used, hits, going):  # type: ignore[no-untyped-def]
    """Notes what stands in a node that was reached from a place, and whether the walk goes on."""
    slots = tables.slots
    term, string = slots[node + _TWO], np.uint64(slots[node + _THREE])
    work.characters[used] = term
    work.weights[cell] = tables.weights[string]
    work.strings[cell] = string
    end = place + rounds
    work.hits[hits], work.begins[hits], work.finishes[hits] = string, place, end
    after = np.uint64(slots[node]) + work.steps[end]
    work.nodes[going], work.places[going] = after, place
    return (
        used + np.uint64(term != 0),
        hits + np.uint64(string - _ONE < tables.sizes[0]),
        going + np.uint64(slots[after + _ONE] == node),
    )


@inlined
def best_cut(tables, size, rounds, work):  # type: ignore[no-untyped-def]
    """Length of the first piece of the best cut from every position."""
    text, weights, route = work.text, work.weights, work.route
    stride = np.uint64(len(text))
    unknown = tables.numbers[0]
    route[size] = 0.0
    after = 0.0
    for back in range(size):
        i = size - _ONE - back
        best, length = -np.inf, _ONE
        # Ties go to the longer word.
        for shorter in range(rounds - _ONE):
            longer = rounds - shorter
            value = weights[(longer - _ONE) * stride + i] + route[i + longer]
            if value > best:
                best, length = value, longer
        value = weights[i] + after
        if value > best:
            best, length = value, _ONE
        if best == -np.inf:
            best = unknown + after if text[i] & BLOCK else 0.0
        route[i] = best
        work.lengths[i] = length
        after = best
