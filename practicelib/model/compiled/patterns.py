"""The indicator patterns in machine code: which of them stand in a text, masks left aside.

The same as `codebook/matcher.py`, on the places that the scan of the trie left behind. The places
of a word set are a linked list, by start; each start waits in an array over positions, so a chain
costs its places times the length of its gaps.
"""

from __future__ import annotations

from practicelib.model.compiled.jit import kernel


@kernel
def find_patterns(tables, text, places, work, found):  # type: ignore[no-untyped-def]
    """Numbers of the patterns found, into `found`; returns how many.

    `text` = (length, limit of a tied start, of a tied end, next clause stop, next sentence stop);
    `places` = (heads, follows, begins, finishes, touched, number touched).
    """
    heads, follows, begins, finishes, touched, count = places
    present = work.present
    masked = _hide(tables, text, places, work)
    if masked:
        _drop_hidden(text[0], places, work.hidden)
    number = 0
    for i in range(count):
        word_set = touched[i]
        if heads[word_set] < 0:
            continue
        for j in range(tables.plain_starts[word_set], tables.plain_starts[word_set + 1]):
            pattern = tables.plain_patterns[j]
            if not present[pattern]:
                present[pattern] = True
                found[number] = pattern
                number += 1
        for j in range(tables.wait_starts[word_set], tables.wait_starts[word_set + 1]):
            chain = tables.wait_chains[j]
            pattern = tables.chain_pattern[chain]
            if present[pattern] or not _all_found(tables, chain, heads):
                continue
            if _join(tables, chain, text, places, work, False):
                present[pattern] = True
                found[number] = pattern
                number += 1
    for i in range(number):
        present[found[i]] = False
    return number


@kernel
def _all_found(tables, chain, heads):  # type: ignore[no-untyped-def]
    for place in range(tables.chain_starts[chain], tables.chain_starts[chain + 1]):
        if heads[tables.chain_sets[place]] < 0:
            return False
    return True


@kernel
def _join(tables, chain, text, places, work, keep):  # type: ignore[no-untyped-def]
    """Whether a chain stands in the text; with `keep`, farthest ends go to `work.longest`."""
    heads, follows, begins, finishes = places[0], places[1], places[2], places[3]
    clause, sentence = text[3], text[4]
    first, last = tables.chain_starts[chain], tables.chain_starts[chain + 1] - 1
    before, after = tables.chain_context[chain, 0], tables.chain_context[chain, 1]
    at_start, at_end = tables.chain_context[chain, 2], tables.chain_context[chain, 3]
    current, other = work.current, work.other
    if after >= 0:
        place = heads[after]
        while place >= 0:
            work.marks[begins[place]] = True
            place = follows[place]
    place = heads[tables.chain_sets[last]]
    alive = False
    while place >= 0:
        start, end = begins[place], finishes[place]
        place = follows[place]
        if (at_end and end < text[2]) or (after >= 0 and work.marks[end]):
            continue
        current[start] = max(current[start], end)
        alive = True
    if after >= 0:
        place = heads[after]
        while place >= 0:
            work.marks[begins[place]] = False
            place = follows[place]
    row = last
    while row > first and alive:
        alive = False
        gap, stops = tables.gap_sizes[row], clause
        if tables.gap_wide[row]:
            stops = sentence
        place = heads[tables.chain_sets[row - 1]]
        while place >= 0:
            start, end = begins[place], finishes[place]
            place = follows[place]
            best = -1
            for reached in range(end, min(end + gap, stops[end]) + 1):
                best = max(best, current[reached])
            if best >= 0:
                other[start] = max(other[start], best)
                alive = True
        _clear(current, heads[tables.chain_sets[row]], places)
        current, other = other, current
        row -= 1
    hit = False
    if alive:
        hit = _take(tables.chain_sets[first], before, at_start, text, places, work, current, keep)
    _clear(current, heads[tables.chain_sets[row]], places)
    return hit


@kernel
def _take(word_set, before, at_start, text, places, work, current, keep):  # type: ignore[no-untyped-def]
    heads, follows, begins, finishes = places[0], places[1], places[2], places[3]
    if before >= 0:
        place = heads[before]
        while place >= 0:
            work.marks[finishes[place]] = True
            place = follows[place]
    hit = False
    place = heads[word_set]
    while place >= 0:
        start = begins[place]
        place = follows[place]
        if current[start] < 0 or (at_start and start > text[1]):
            continue
        if before >= 0 and work.marks[start]:
            continue
        hit = True
        if not keep:
            break
        work.longest[start] = max(work.longest[start], current[start])
    if before >= 0:
        place = heads[before]
        while place >= 0:
            work.marks[finishes[place]] = False
            place = follows[place]
    return hit


@kernel
def _clear(farthest, place, places):  # type: ignore[no-untyped-def]
    while place >= 0:
        farthest[places[2][place]] = -1
        place = places[1][place]


@kernel
def _hide(tables, text, places, work):  # type: ignore[no-untyped-def]
    """Marks what the masks cover in `work.hidden`; whether there is anything."""
    heads, touched, count = places[0], places[4], places[5]
    waiting = 0
    for i in range(count):
        word_set = touched[i]
        for j in range(tables.mask_starts[word_set], tables.mask_starts[word_set + 1]):
            chain = tables.mask_chains[j]
            if _all_found(tables, chain, heads):
                work.waiting[waiting] = chain
                waiting += 1
    if not waiting:
        return False
    # Chains of one mask have neighbouring numbers; their spans compete with each other.
    chains = work.waiting[:waiting]
    chains.sort()
    size = text[0]
    work.hidden[: size + 1] = 0
    masked = False
    i = 0
    while i < waiting:
        mask = tables.chain_pattern[chains[i]]
        hit = False
        while i < waiting and tables.chain_pattern[chains[i]] == mask:
            if _join(tables, chains[i], text, places, work, True):
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
def _drop_hidden(size, places, hidden):  # type: ignore[no-untyped-def]
    heads, follows, begins, finishes, touched, count = places
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
