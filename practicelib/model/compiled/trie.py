"""One trie of all strings of a model as a double array (Aoe 1989): a step costs one look-up.

The child of a node by character c is named in slot `base + c` of the node's base. A slot holds the
child's number and the last byte of its parent's: nearly every slot that is another's is told from
that alone, and the node itself says whose child it is.

Axes: S slots, M nodes, W strings.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from practicelib.model.compiled.jit import builder

Ints = NDArray[np.int32]
MOST_NODES = 1 << 24
"""A slot has three bytes for the number of a node."""
_TRIES = 16
"""Free slots tried in vain before the crowded stretch is left to nodes of one child."""


class Trie(NamedTuple):
    """Nodes are numbered from 1: those of one character as the characters are, then the others,
    the most frequent first; 0 is no node.

    `slots` (S,): node and, in the lowest byte, its parent's lowest byte. `bases` and `parents`
    (M + 1,): a node without children has a base from where all slots are empty. `follows` (M + 1,):
    a bit for the number of each child's character, modulo 32. `ends` (W,): the node of each string.
    """

    slots: NDArray[np.uint32]
    bases: NDArray[np.uint32]
    parents: NDArray[np.uint32]
    follows: NDArray[np.uint32]
    ends: NDArray[np.int64]


def build_trie(
    characters: Ints, starts: NDArray[np.int64], size: int, frequencies: NDArray[np.float64]
) -> Trie:
    """The trie of W strings with their frequencies, shape (W,).

    String w is `characters[starts[w]:starts[w + 1]]`, numbers from 1 to `size`; strings that begin
    alike must stand next to each other, none may be empty or stand twice, and each character must
    be a string of its own. Any base plus any character number is within the slots.
    """
    parents, steps, ends = _nodes(characters, starts)
    count = len(parents)
    if count > MOST_NODES:
        raise ValueError(f"{count} beginnings of strings are too many for the tables")
    numbers = _number(parents, steps, ends, size, frequencies)
    by_parent = np.argsort(parents[1:], kind="stable").astype(np.int32) + 1
    children = np.bincount(parents[1:], minlength=count)
    firsts = np.concatenate([[0], np.cumsum(children)])
    # The children of the root are their characters and need no slots.
    order = np.argsort(-children[1:], kind="stable") + 1
    order = order[children[order] > 0]
    bases, places = _place(order, by_parent, firsts, steps, count, size)
    nowhere = max(int(places.max()), int(bases.max()) + size) + 1
    deeper = np.flatnonzero(parents > 0)
    slots = np.zeros(nowhere + size + 1, np.uint32)
    slots[places[deeper]] = numbers[deeper] << 8 | numbers[parents[deeper]] & 0xFF
    of_nodes = np.full(count, nowhere, np.uint32)
    of_nodes[numbers[order]] = bases[order]
    of_parents = np.zeros(count, np.uint32)
    of_parents[numbers] = numbers[parents]
    follows = np.zeros(count, np.uint32)
    np.bitwise_or.at(
        follows, numbers[parents[deeper]], np.left_shift(1, steps[deeper] % 32).astype(np.uint32)
    )
    return Trie(slots, of_nodes, of_parents, follows, numbers[ends])


def _number(
    parents: Ints, steps: Ints, ends: Ints, size: int, frequencies: NDArray[np.float64]
) -> NDArray[np.int64]:
    """The number of each node; one is met as often as all that goes on from it."""
    totals = np.zeros(len(parents))
    totals[ends] = frequencies
    _add_to_parents(totals, parents)
    numbers = np.zeros(len(parents), np.int64)
    first = parents == 0
    first[0] = False
    numbers[first] = steps[first]
    deeper = np.flatnonzero(parents > 0)
    numbers[deeper[np.argsort(-totals[deeper], kind="stable")]] = size + 1 + np.arange(len(deeper))
    return numbers


@builder
def _add_to_parents(totals, parents):  # type: ignore[no-untyped-def]
    for node in range(len(parents) - 1, 0, -1):
        totals[parents[node]] += totals[node]


@builder
def _nodes(characters, starts):  # type: ignore[no-untyped-def]
    most = len(characters) + 1
    parents = np.zeros(most, np.int32)
    steps = np.zeros(most, np.int32)
    ends = np.zeros(len(starts) - 1, np.int32)
    path = np.zeros(most, np.int32)
    count = 1
    for word in range(len(starts) - 1):
        begin, stop = starts[word], starts[word + 1]
        shared = 0
        if word > 0:
            before = starts[word - 1]
            limit = min(stop - begin, begin - before)
            while shared < limit and characters[before + shared] == characters[begin + shared]:
                shared += 1
        for depth in range(shared, stop - begin):
            parents[count] = path[depth]
            steps[count] = characters[begin + depth]
            path[depth + 1] = count
            count += 1
        ends[word] = path[stop - begin]
    return parents[:count].copy(), steps[:count].copy(), ends


@builder
def _place(order, by_parent, firsts, steps, count, size):  # type: ignore[no-untyped-def]
    """Base and place of every node; nodes of many children choose first."""
    capacity = 2 * count + 4 * size + 1024
    taken = np.zeros(capacity, np.bool_)
    after = np.arange(1, capacity + 1).astype(np.int32)
    before = np.arange(-1, capacity - 1).astype(np.int32)
    bases = np.zeros(count, np.int32)
    places = np.zeros(count, np.int32)
    head, hint, top = 1, 1, 1
    for node in order:
        first, last = firsts[node], firsts[node + 1]
        lead = size
        for child in range(first, last):
            lead = min(lead, steps[by_parent[child]])
        slot = hint if last - first > 1 else head
        tries = 0
        while True:
            base = slot - lead
            if base >= 0:
                free = True
                for child in range(first, last):
                    if taken[base + steps[by_parent[child]]]:
                        free = False
                        break
                if free:
                    break
                tries += 1
            slot = after[slot]
            if tries >= _TRIES and last - first > 1:
                hint = slot
        bases[node] = base
        for child in range(first, last):
            number = by_parent[child]
            place = base + steps[number]
            taken[place] = True
            places[number] = place
            top = max(top, place)
            if place == hint:
                hint = after[place]
            if place == head:
                head = after[place]
            else:
                after[before[place]] = after[place]
            before[after[place]] = before[place]
        if top + 2 * size + 2 > capacity:
            # The last link points at the first new slot already.
            more = capacity
            taken = np.concatenate((taken, np.zeros(more, np.bool_)))
            more_after = np.arange(capacity + 1, capacity + more + 1).astype(np.int32)
            more_before = np.arange(capacity - 1, capacity + more - 1).astype(np.int32)
            after = np.concatenate((after, more_after))
            before = np.concatenate((before, more_before))
            capacity += more
    return bases, places
