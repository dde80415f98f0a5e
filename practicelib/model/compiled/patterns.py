"""The indicator patterns in machine code: which of them stand in a text, masks left aside.

The same as `codebook/matcher.py`, on the strings that the walk down the trie left behind. A chain
is joined only where its rarest word set was met and all its others too.
"""

from __future__ import annotations

import numpy as np

from practicelib.model.compiled.jit import inlined
from practicelib.model.compiled.joining import hide, is_hidden, join, link, unlink
from practicelib.model.compiled.tables import STRING, Sizes

_NONE, _ONE = np.uint64(0), np.uint64(1)
_STRING = np.uint64(STRING)
_CHAINED, _SETS = int(Sizes.CHAINED), int(Sizes.SETS)
_ROWS, _MASKS = int(Sizes.ROWS), int(Sizes.MASKS)


@inlined
def find_patterns(tables, text, work):  # type: ignore[no-untyped-def]
    """Numbers of the patterns found, into `work.found`; returns how many, -1 for want of room."""
    hits = work.ordered[work.firsts[text] : work.firsts[text + _ONE]]
    masks, waiting, plain = _find_chains(tables, hits, work)
    if masks or waiting:
        begin, end = work.begins[text], work.begins[text + _ONE] - 1
        letters = work.text[begin:end]
        return _join_all(tables, letters, hits, masks, waiting, plain, work)
    number = _find_plain(tables, hits, plain, False, work)
    _unmark(number, work)
    return number


@inlined
def _find_chains(tables, hits, work):  # type: ignore[no-untyped-def]
    """Chains of masks and of patterns that may stand in the text; strings of plain patterns.

    Returns how many; they are put into `work`.
    """
    rows, plain = _read_rows(tables, hits, work)
    patterns, met, now = tables.patterns, work.met, work.clock[0]
    chains, seconds, firsts = patterns.row_chains, patterns.row_seconds, patterns.chain_rows
    # For chains of one set: there is none beside it to be met.
    met[tables.sizes[_SETS]] = now
    masks = waiting = _NONE
    for i in range(rows):
        row = np.uint64(work.rows[i])
        for j in range(np.uint64(firsts[row]), np.uint64(firsts[row + _ONE])):
            if met[seconds[j]] != now:
                continue
            chain = np.uint64(chains[j])
            if not _is_complete(patterns, chain, met, now):
                continue
            if chain < tables.sizes[_MASKS]:
                work.masks[masks] = chain
                masks += _ONE
            else:
                work.waiting[waiting] = chain
                waiting += _ONE
    return np.int64(masks), np.int64(waiting), plain


@inlined
def _is_complete(patterns, chain, met, now):  # type: ignore[no-untyped-def]
    """Whether all word sets of a chain stand in the text, the two rarest left aside."""
    for i in range(patterns.other_starts[chain], patterns.other_starts[chain + _ONE]):
        if met[patterns.other_sets[i]] != now:
            return False
    return True


@inlined
def _read_rows(tables, hits, work):  # type: ignore[no-untyped-def]
    """Number of rows with chains, and of strings of plain patterns; marks the word sets met."""
    patterns, seen, met = tables.patterns, work.seen, work.met
    string_rows, starts, sets = patterns.string_rows, patterns.told_starts, patterns.told_sets
    chained, with_chains = tables.sizes[_CHAINED], tables.sizes[_ROWS]
    now = work.clock[0]
    rows = plain = _NONE
    for i in range(np.uint64(len(hits))):
        string = hits[i] >> _STRING
        work.plain[plain] = i
        plain += np.uint64(string > chained)
        row = np.uint64(string_rows[string])
        if seen[row] == now:
            continue
        seen[row] = now
        work.rows[rows] = row
        rows += np.uint64(row - _ONE < with_chains)
        for j in range(np.uint64(starts[row]), np.uint64(starts[row + _ONE])):
            met[sets[j]] = now
    return rows, plain


@inlined
def _find_plain(tables, hits, strings, masked, work):  # type: ignore[no-untyped-def]
    """Numbers of the patterns that are one word set, into `work.found`; how many."""
    starts, patterns = tables.patterns.plain_starts, tables.patterns.plain_patterns
    number = 0
    for i in range(strings):
        hit = hits[work.plain[i]]
        string = hit >> _STRING
        if masked and is_hidden(hit, work):
            continue
        for j in range(starts[string], starts[string + _ONE]):
            pattern = patterns[j]
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
def _join_all(tables, text, hits, masks, waiting, plain, work):  # type: ignore[no-untyped-def]
    """The patterns of a text in which chains have to be joined, those of masks first."""
    masked = False
    if masks:
        wanted = link(tables, hits, work.masks, masks, False, work)
        if wanted >= 0:
            masked = hide(tables, masks, text, work)
        unlink(wanted, work)
        if wanted < 0:
            return -1
    wanted = link(tables, hits, work.waiting, waiting, masked, work)
    number = 0
    if wanted >= 0:
        number = _find_plain(tables, hits, plain, masked, work)
        for i in range(waiting):
            pattern = tables.patterns.chain_pattern[work.waiting[i]]
            if work.marked[pattern]:
                continue
            if join(tables.patterns, work.waiting[i], text, work, False):
                work.marked[pattern] = True
                work.found[number] = pattern
                number += 1
        _unmark(number, work)
    unlink(wanted, work)
    return number if wanted >= 0 else -1
