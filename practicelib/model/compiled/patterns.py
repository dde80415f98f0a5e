"""The indicator patterns in machine code: which of them stand in a text, masks left aside.

The same as `codebook/matcher.py`, on the places that the scan of the trie left behind. The places
of a word set are a linked list, by start; each start waits in an array over positions, so a chain
costs its places times the length of its gaps.
"""

from __future__ import annotations

import numpy as np

from practicelib.model.compiled.jit import kernel


@kernel
def find_patterns(tables, chains, text, places, count, work, room, found):  # type: ignore[no-untyped-def]
    """Numbers of the patterns found, into `found`; returns how many.

    `chains` are the fields of `Tables` in their order from `chain_pattern`; `text` = (length, limit
    of a tied start, of a tied end, next clause stop, next sentence stop); `places` = (heads,
    follows, begins, finishes) of the lists; `count` word sets were found.
    """
    heads, present, touched = places[0], work.present, work.touched
    plain_starts, plain_patterns = tables.plain_starts, tables.plain_patterns
    wait_starts, wait_chains = tables.wait_starts, tables.wait_chains
    wait_others = tables.wait_others
    chain_pattern, chain_starts, chain_sets = chains[0], chains[1], chains[2]
    if _hide(tables, chains, text, places, count, work, room):
        _drop_hidden(text[0], places, touched, count, work.hidden)
    number = 0
    for i in range(count):
        word_set = touched[i]
        if heads[word_set] < 0:
            continue
        for j in range(plain_starts[word_set], plain_starts[word_set + 1]):
            pattern = plain_patterns[j]
            if not present[pattern]:
                present[pattern] = True
                found[number] = pattern
                number += 1
        for j in range(wait_starts[word_set], wait_starts[word_set + 1]):
            if heads[wait_others[j]] < 0:
                continue
            chain = wait_chains[j]
            pattern = chain_pattern[chain]
            if present[pattern]:
                continue
            missing = False
            for place in range(chain_starts[chain], chain_starts[chain + 1]):
                if heads[chain_sets[place]] < 0:
                    missing = True
                    break
            if not missing and _join(chains, chain, text, places, room, False):
                present[pattern] = True
                found[number] = pattern
                number += 1
    for i in range(number):
        present[found[i]] = False
    return number


@kernel
def _join(chains, chain, text, places, room, keep):  # type: ignore[no-untyped-def]
    """Whether a chain stands in the text; with `keep`, its farthest ends go to `longest`."""
    _, chain_starts, chain_sets, gap_sizes, gap_wide, contexts = chains
    heads, follows, begins, finishes = places
    current, other, longest, marks = room
    first, last = chain_starts[chain], chain_starts[chain + 1] - 1
    before, after = contexts[chain, 0], contexts[chain, 1]
    at_start, at_end = contexts[chain, 2], contexts[chain, 3]
    if after >= 0:
        _mark(marks, begins, heads[after], follows, True)
    place = heads[chain_sets[last]]
    alive = False
    while place >= 0:
        start, end = begins[place], finishes[place]
        place = follows[place]
        if (at_end and end < text[2]) or (after >= 0 and marks[end]):
            continue
        current[start] = max(current[start], end)
        alive = True
    if after >= 0:
        _mark(marks, begins, heads[after], follows, False)
    row = last
    while row > first and alive:
        alive = False
        gap = gap_sizes[row]
        stops = text[4] if gap_wide[row] else text[3]
        place = heads[chain_sets[row - 1]]
        while place >= 0:
            start, end = begins[place], finishes[place]
            place = follows[place]
            best = np.int32(-1)
            for reached in range(end, min(end + gap, stops[end]) + 1):
                best = max(best, current[reached])
            if best >= 0:
                other[start] = max(other[start], best)
                alive = True
        _clear(current, begins, heads[chain_sets[row]], follows)
        current, other = other, current
        row -= 1
    hit = False
    if alive:
        if before >= 0:
            _mark(marks, finishes, heads[before], follows, True)
        place = heads[chain_sets[first]]
        while place >= 0:
            start = begins[place]
            place = follows[place]
            if current[start] < 0 or (at_start and start > text[1]) or marks[start]:
                continue
            hit = True
            if not keep:
                break
            longest[start] = max(longest[start], current[start])
        if before >= 0:
            _mark(marks, finishes, heads[before], follows, False)
    _clear(current, begins, heads[chain_sets[row]], follows)
    return hit


@kernel
def _mark(marks, positions, place, follows, value):  # type: ignore[no-untyped-def]
    while place >= 0:
        marks[positions[place]] = value
        place = follows[place]


@kernel
def _clear(farthest, begins, place, follows):  # type: ignore[no-untyped-def]
    while place >= 0:
        farthest[begins[place]] = -1
        place = follows[place]


@kernel
def _hide(tables, chains, text, places, count, work, room):  # type: ignore[no-untyped-def]
    """Marks what the masks cover in `work.hidden`; whether there is anything."""
    heads, touched = places[0], work.touched
    mask_starts, mask_chains, found = tables.mask_starts, tables.mask_chains, work.waiting
    mask_others = tables.mask_others
    chain_pattern, chain_starts, chain_sets = chains[0], chains[1], chains[2]
    waiting = 0
    for i in range(count):
        word_set = touched[i]
        for j in range(mask_starts[word_set], mask_starts[word_set + 1]):
            if heads[mask_others[j]] < 0:
                continue
            chain = mask_chains[j]
            missing = False
            for place in range(chain_starts[chain], chain_starts[chain + 1]):
                if heads[chain_sets[place]] < 0:
                    missing = True
                    break
            if not missing:
                found[waiting] = chain
                waiting += 1
    if not waiting:
        return False
    # Chains of one mask have neighbouring numbers; their spans compete with each other.
    candidates = found[:waiting]
    candidates.sort()
    size = text[0]
    work.hidden[: size + 1] = 0
    masked = False
    i = 0
    while i < waiting:
        mask = chain_pattern[candidates[i]]
        hit = False
        while i < waiting and chain_pattern[candidates[i]] == mask:
            if _join(chains, candidates[i], text, places, room, True):
                hit = True
            i += 1
        if hit:
            masked = True
            _cover_leftmost(size, work.longest, work.hidden)
    return masked


@kernel
def _cover_leftmost(size, longest, hidden):  # type: ignore[no-untyped-def]
    free = 0
    for start in range(size):
        if longest[start] >= 0:
            if start >= free:
                free = longest[start]
            longest[start] = -1
        if start < free:
            hidden[start + 1] = 1


@kernel
def _drop_hidden(size, places, touched, count, hidden):  # type: ignore[no-untyped-def]
    heads, follows, begins, finishes = places
    for i in range(1, size + 1):
        hidden[i] += hidden[i - 1]
    for i in range(count):
        word_set = touched[i]
        place, last = heads[word_set], -1
        heads[word_set] = -1
        while place >= 0:
            after = follows[place]
            if hidden[begins[place]] == hidden[finishes[place]]:
                if last < 0:
                    heads[word_set] = place
                else:
                    follows[last] = place
                last = place
            place = after
        if last >= 0:
            follows[last] = -1
