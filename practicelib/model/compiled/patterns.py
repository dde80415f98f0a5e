"""The indicator patterns in machine code: which of them stand in a text, masks left aside.

The same as `codebook/matcher.py`, on the strings that the walk down the trie left behind. Most
texts have no chain whose word sets all stand in them: only in the others places are looked at. The
places of a word set are a linked list; each start waits in an array over positions, so a chain
costs its places times the length of its gaps.
"""

from __future__ import annotations

import numpy as np

from practicelib.model.compiled.adding import sort
from practicelib.model.compiled.characters import CLAUSE_STOP, LETTER, SENTENCE_STOP
from practicelib.model.compiled.jit import inlined, kernel

_NONE, _ONE = np.uint64(0), np.uint64(1)


@inlined
def find_patterns(tables, size, hits, now, work):  # type: ignore[no-untyped-def]
    """Numbers of the patterns found, into `work.found`; returns how many, -1 for want of room."""
    count, places = _find_sets(tables, hits, now, work)
    group = (tables.mask_starts, tables.mask_chains, tables.mask_others)
    masks = _find_chains(tables, count, group, now, work)
    waiting = masks
    if not masks:
        group = (tables.wait_starts, tables.wait_chains, tables.wait_others)
        waiting = _find_chains(tables, count, group, now, work)
        if not waiting:
            found = _find_plain(tables, count, work)
            _unmark(found, work)
            return found
    if places > len(work.follows):
        return -1
    return _join_all(tables, np.int64(size), hits, count, masks, waiting, now, work)


@inlined
def _find_sets(tables, hits, now, work):  # type: ignore[no-untyped-def]
    """Number of the word sets that stand in the text and are waited for, put into `work.sets`.

    Second, the number of places of all word sets.
    """
    output_starts, outputs, awaited = tables.output_starts, tables.outputs, tables.awaited
    present, sets = work.present, work.sets
    count = places = _NONE
    for hit in range(hits):
        string = np.uint64(work.hits[hit])
        begin, end = np.uint64(output_starts[string]), np.uint64(output_starts[string + _ONE])
        places += end - begin
        for i in range(begin, end):
            word_set = outputs[i]
            sets[count] = word_set
            count += np.uint64(awaited[word_set] & (present[word_set] != now))
            present[word_set] = now
    return np.int64(count), np.int64(places)


@inlined
def _find_plain(tables, count, work):  # type: ignore[no-untyped-def]
    """Numbers of the patterns that are one of the word sets, into `work.found`; how many."""
    starts, sets = tables.plain_starts, work.sets
    number = 0
    for i in range(count):
        for j in range(starts[sets[i]], starts[sets[i] + 1]):
            pattern = tables.plain_patterns[j]
            if not work.marked[pattern]:
                work.marked[pattern] = True
                work.found[number] = pattern
                number += 1
    return number


@inlined
def _unmark(number, work):  # type: ignore[no-untyped-def]
    for i in range(number):
        work.marked[work.found[i]] = False


@inlined
def _find_chains(tables, count, group, now, work):  # type: ignore[no-untyped-def]
    """Chains all of whose word sets stand in the text, into `work.waiting`; how many.

    `group` = (starts, chains, others) of the chains by the set that is waited for.
    """
    starts, chains, others = group
    sets, present = work.sets, work.present
    number = 0
    for i in range(count):
        for j in range(starts[sets[i]], starts[sets[i] + 1]):
            if present[others[j]] != now:
                continue
            chain = chains[j]
            missing = False
            for place in range(tables.chain_starts[chain], tables.chain_starts[chain + 1]):
                if present[tables.chain_sets[place]] != now:
                    missing = True
                    break
            if not missing:
                work.waiting[number] = chain
                number += 1
    return number


@kernel
def _join_all(tables, size, hits, count, masks, waiting, now, work):  # type: ignore[no-untyped-def]
    """The patterns of a text in which chains have to be joined, those of masks first."""
    chains = (
        tables.chain_pattern,
        tables.chain_starts,
        tables.chain_sets,
        tables.gap_sizes,
        tables.gap_wide,
        tables.chain_context,
    )
    room = (work.current, work.other, work.longest, work.marks)
    lists = (work.heads, work.follows, work.starts, work.stops)
    limits = _limits(size, work)
    _link(tables, hits, work)
    if masks:
        if _hide(chains, masks, limits, lists, room, work):
            count = _drop_hidden(lists, count, work)
        group = (tables.wait_starts, tables.wait_chains, tables.wait_others)
        waiting = _find_chains(tables, count, group, now, work)
    number = _find_plain(tables, count, work)
    for i in range(waiting):
        pattern = tables.chain_pattern[work.waiting[i]]
        if work.marked[pattern]:
            continue
        if _join(chains, work.waiting[i], limits, lists, room, False):
            work.marked[pattern] = True
            work.found[number] = pattern
            number += 1
    _unmark(number, work)
    for hit in range(hits):
        string = work.hits[hit]
        for i in range(tables.output_starts[string], tables.output_starts[string + 1]):
            work.heads[tables.outputs[i]] = -1
    return number


@inlined
def _link(tables, hits, work):  # type: ignore[no-untyped-def]
    """The places of every word set as a list."""
    heads, used = work.heads, 0
    for hit in range(hits):
        string = work.hits[hit]
        for i in range(tables.output_starts[string], tables.output_starts[string + 1]):
            word_set = tables.outputs[i]
            work.follows[used] = heads[word_set]
            work.starts[used], work.stops[used] = work.begins[hit], work.finishes[hit]
            heads[word_set] = used
            used += 1


@inlined
def _limits(size, work):  # type: ignore[no-untyped-def]
    """Length, limits of a tied start and end, next stop of a clause and of a sentence."""
    text, clause, sentence = work.text, work.clause, work.sentence
    first, last = size, -1
    stop = end = np.int32(size)
    clause[size] = sentence[size] = stop
    for i in range(size - 1, -1, -1):
        if text[i] & LETTER:
            first = i
            last = max(last, i + 1)
        if text[i] & CLAUSE_STOP:
            stop = np.int32(i)
        if text[i] & SENTENCE_STOP:
            end = np.int32(i)
        clause[i], sentence[i] = stop, end
    return size, first if last >= 0 else 0, last if last >= 0 else size, clause, sentence


@inlined
def _hide(chains, number, limits, lists, room, work):  # type: ignore[no-untyped-def]
    """Counts of hidden characters before each position; whether there are any."""
    size, hidden, candidates = limits[0], work.hidden, work.waiting
    # Chains of one mask have neighbouring numbers; their spans compete with each other.
    sort(candidates, number)
    hidden[: size + 1] = 0
    masked = False
    i = 0
    while i < number:
        mask = chains[0][candidates[i]]
        hit = False
        while i < number and chains[0][candidates[i]] == mask:
            if _join(chains, candidates[i], limits, lists, room, True):
                hit = True
            i += 1
        if hit:
            masked = True
            _cover_leftmost(size, work.longest, hidden)
    for i in range(1, size + 1):
        hidden[i] += hidden[i - 1]
    return masked


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
def _drop_hidden(lists, count, work):  # type: ignore[no-untyped-def]
    """Takes what is hidden off the lists; word sets that are left come first; their number."""
    heads, follows, starts, stops = lists
    hidden, sets = work.hidden, work.sets
    for word_set in range(len(heads)):
        place, last = heads[word_set], -1
        heads[word_set] = -1
        while place >= 0:
            after = follows[place]
            if hidden[starts[place]] == hidden[stops[place]]:
                if last < 0:
                    heads[word_set] = place
                else:
                    follows[last] = place
                last = place
            place = after
        if last >= 0:
            follows[last] = -1
    left = 0
    for i in range(count):
        if heads[sets[i]] >= 0:
            sets[left] = sets[i]
            left += 1
    return left
