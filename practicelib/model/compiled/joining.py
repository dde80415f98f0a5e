"""Joins the chains of indicator patterns in machine code, as `codebook/finding.py` does.

The places of a word set are a linked list; each start waits in an array over positions, so a chain
costs its places times the length of its gaps.
"""

from __future__ import annotations

import numpy as np

from practicelib.model.compiled.adding import sort
from practicelib.model.compiled.characters import CLAUSE_STOP, LETTER, SENTENCE_STOP
from practicelib.model.compiled.jit import inlined
from practicelib.model.compiled.tables import MOST_LETTERS, STRING

_NONE, _ONE = np.uint64(0), np.uint64(1)
_HALF, _LOW = np.uint64(32), np.uint64(0xFFFFFFFF)
_STRING, _LENGTH = np.uint64(STRING), np.uint64(MOST_LETTERS)
_UNWANTED, _EMPTY = np.int32(-1), np.int32(-2)


@inlined
def _span(hit):  # type: ignore[no-untyped-def]
    """Start and end of a string that was found."""
    start = np.int32(hit & _LOW)
    return start, start + np.int32(hit >> _HALF & _LENGTH)


@inlined
def is_hidden(hit, work):  # type: ignore[no-untyped-def]
    """Whether a mask covers a part of a string that was found."""
    start, end = _span(hit)
    return work.hidden[start] != work.hidden[end]


@inlined
def link(tables, hits, chains, number, masked, work):  # type: ignore[no-untyped-def]
    """Lists of the places of all word sets of some chains; returns the number of these sets.

    For want of room it is -1 - number.
    """
    patterns = tables.patterns
    wanted = 0
    for i in range(number):
        chain = chains[i]
        for j in range(patterns.chain_starts[chain], patterns.chain_starts[chain + 1]):
            wanted = _want(patterns.chain_sets[j], wanted, work)
        wanted = _want(patterns.chain_context[chain, 0], wanted, work)
        wanted = _want(patterns.chain_context[chain, 1], wanted, work)
    entries = _sets_of_rows(patterns, wanted, work)
    used = _places(patterns, hits, masked, work)
    for i in range(entries):
        work.row_heads[work.entry_rows[i]] = -1
    return wanted if used >= 0 else -1 - wanted


@inlined
def _sets_of_rows(patterns, wanted, work):  # type: ignore[no-untyped-def]
    """Lists of the wanted word sets by the rows of the text that stand for them; how many entries.

    From the sets to the rows, because a common word stands in a hundred sets and few are wanted.
    """
    starts, rows, seen, now = patterns.set_starts, patterns.set_rows, work.seen, work.clock[0]
    entries = 0
    for i in range(wanted):
        word_set = work.wanted[i]
        for j in range(starts[word_set], starts[word_set + 1]):
            row = rows[j]
            if seen[row] == now:
                work.entry_sets[entries], work.entry_rows[entries] = word_set, row
                work.entry_follows[entries] = work.row_heads[row]
                work.row_heads[row] = entries
                entries += 1
    return entries


@inlined
def _places(patterns, hits, masked, work):  # type: ignore[no-untyped-def]
    """Lists of the places of the wanted word sets; how many, -1 for want of room."""
    rows, heads, row_heads = patterns.string_rows, work.heads, work.row_heads
    used = 0
    for hit in hits:
        entry = row_heads[rows[hit >> _STRING]]
        if entry < 0 or (masked and is_hidden(hit, work)):
            continue
        while entry >= 0:
            if used == len(work.starts):
                return -1
            word_set = work.entry_sets[entry]
            entry = work.entry_follows[entry]
            work.starts[used], work.stops[used] = _span(hit)
            work.follows[used] = heads[word_set]
            heads[word_set] = used
            used += 1
    return used


@inlined
def _want(word_set, wanted, work):  # type: ignore[no-untyped-def]
    if word_set < 0 or work.heads[word_set] != _UNWANTED:
        return wanted
    work.heads[word_set] = _EMPTY
    work.wanted[wanted] = word_set
    return wanted + 1


@inlined
def unlink(wanted, work):  # type: ignore[no-untyped-def]
    """Forgets the lists again; `wanted` is what `link` returned."""
    for i in range(wanted if wanted >= 0 else -1 - wanted):
        work.heads[work.wanted[i]] = _UNWANTED


@inlined
def _tied_limits(text):  # type: ignore[no-untyped-def]
    """Limits of a start that is tied to the first letter and of an end tied to the last one."""
    first, last = -1, -1
    for i in range(len(text)):
        if text[i] & LETTER:
            if first < 0:
                first = i
            last = i + 1
    return max(first, 0), len(text) if last < 0 else last


@inlined
def hide(tables, number, text, work):  # type: ignore[no-untyped-def]
    """Counts of hidden characters before each position; whether there are any."""
    hidden, candidates = work.hidden, work.masks
    chain_pattern = tables.patterns.chain_pattern
    # Chains of one mask have neighbouring numbers; their spans compete with each other.
    sort(candidates, number)
    size = np.uint64(len(text))
    hidden[: size + _ONE] = 0
    masked = False
    i = 0
    while i < number:
        mask = chain_pattern[candidates[i]]
        hit = False
        while i < number and chain_pattern[candidates[i]] == mask:
            if join(tables.patterns, candidates[i], text, work, True):
                hit = True
            i += 1
        if hit:
            masked = True
            _cover_leftmost(size, work.longest, hidden)
    for i in range(_ONE, size + _ONE):
        hidden[i] += hidden[i - _ONE]
    return masked


@inlined
def join(patterns, chain, text, work, keep):  # type: ignore[no-untyped-def]
    """Whether a chain stands in the text; with `keep`, its farthest ends go to `longest`."""
    sets, first, last = (
        patterns.chain_sets,
        patterns.chain_starts[chain],
        patterns.chain_starts[chain + 1] - 1,
    )
    heads, follows, starts = work.heads, work.follows, work.starts
    current, other, size = work.current, work.other, np.int64(len(text))
    alive = _last_ends(patterns, chain, heads[sets[last]], text, work)
    row = last
    while row > first and alive:
        gap = np.int64(patterns.gap_sizes[row])
        stop = SENTENCE_STOP if patterns.gap_wide[row] else CLAUSE_STOP
        place = heads[sets[row - 1]]
        alive = False
        while place >= 0:
            start, end = starts[place], np.int64(work.stops[place])
            place = follows[place]
            best = np.int32(-1)
            limit = min(end + gap, size)
            for reached in range(end, limit + 1):
                best = max(best, current[reached])
                if reached < size and text[reached] & stop:
                    break
            if best >= 0:
                other[start] = max(other[start], best)
                alive = True
        _clear(current, starts, heads[sets[row]], follows)
        current, other = other, current
        row -= 1
    hit = alive and _first_starts(patterns, chain, heads[sets[first]], text, work, current, keep)
    _clear(current, starts, heads[sets[row]], follows)
    return hit


@inlined
def _last_ends(patterns, chain, place, text, work):  # type: ignore[no-untyped-def]
    """The ends of a chain's last word set by their starts; whether there are any."""
    follows, starts, marks = work.follows, work.starts, work.marks
    after = patterns.chain_context[chain, 1]
    limit = np.int64(0)
    if patterns.chain_context[chain, 3]:
        limit = _tied_limits(text)[1]
    if after >= 0:
        _mark(marks, starts, work.heads[after], follows, True)
    alive = False
    while place >= 0:
        start, end = starts[place], work.stops[place]
        place = follows[place]
        if end >= limit and not marks[end]:
            work.current[start] = max(work.current[start], end)
            alive = True
    if after >= 0:
        _mark(marks, starts, work.heads[after], follows, False)
    return alive


@inlined
def _first_starts(patterns, chain, place, text, work, current, keep):  # type: ignore[no-untyped-def]
    """Whether a chain begins where it may; with `keep`, its farthest ends go to `longest`."""
    follows, marks, longest = work.follows, work.marks, work.longest
    before = patterns.chain_context[chain, 0]
    limit = np.int64(len(text))
    if patterns.chain_context[chain, 2]:
        limit = _tied_limits(text)[0]
    if before >= 0:
        _mark(marks, work.stops, work.heads[before], follows, True)
    hit = False
    while place >= 0:
        start = work.starts[place]
        place = follows[place]
        if current[start] >= 0 and start <= limit and not marks[start]:
            hit = True
            if keep:
                longest[start] = max(longest[start], current[start])
    if before >= 0:
        _mark(marks, work.stops, work.heads[before], follows, False)
    return hit


@inlined
def _mark(marks, positions, place, follows, value):  # type: ignore[no-untyped-def]
    while place >= 0:
        marks[positions[place]] = value
        place = follows[place]


@inlined
def _clear(farthest, begins, place, follows):  # type: ignore[no-untyped-def]
    while place >= 0:
        farthest[begins[place]] = -1
        place = follows[place]


@inlined
def _cover_leftmost(size, longest, hidden):  # type: ignore[no-untyped-def]
    free = 0
    for start in range(size):
        if longest[start] >= 0:
            if start >= free:
                free = longest[start]
            longest[start] = -1
        if start < free:
            hidden[start + 1] = 1
