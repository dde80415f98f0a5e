"""One trie of all strings of a model as a double array (Aoe 1989): a step costs one look-up.

The child of the node in slot s by character c is in slot `base[s] + c` if `check` there is s.
Axes: S slots, W strings.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from practicelib.model.compiled.jit import builder

Ints = NDArray[np.int32]
_TRIES = 16
"""Free slots tried in vain before the crowded stretch is left to nodes of one child."""


def build_trie(characters: Ints, starts: NDArray[np.int64], size: int) -> tuple[Ints, Ints]:
    """Base and check of every slot, shape (S, 2), and the slot of each string, shape (W,).

    String w is `characters[starts[w]:starts[w + 1]]`, numbers from 1 to `size`; strings that begin
    alike must stand next to each other, none may be empty or stand twice. Slot 0 is the root; any
    slot plus any character number is within the array.
    """
    parents, steps, ends = _nodes(characters, starts)
    count = len(parents)
    by_parent = np.argsort(parents[1:], kind="stable").astype(np.int32) + 1
    children = np.bincount(parents[1:], minlength=count)
    firsts = np.concatenate([[0], np.cumsum(children)])
    order = np.argsort(-children, kind="stable")
    order = order[children[order] > 0]
    bases, places = _place(order, by_parent, firsts, steps, count, size)
    slots = np.full((max(int(places.max()), int(bases.max())) + size + 1, 2), -1, np.int32)
    slots[places, 0] = bases
    slots[places[1:], 1] = places[parents[1:]]
    return slots, places[ends]


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
