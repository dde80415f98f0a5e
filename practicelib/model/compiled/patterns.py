"""The indicator patterns in machine code: which of them stand in a text, masks left aside.

The same as `codebook/finding.py`, on the strings that the walk down the trie left behind. A chain
is joined only where its rarest word set was met and all its others too.
"""

from __future__ import annotations

import numpy as np

from practicelib.model.compiled.jit import inlined
from practicelib.model.compiled.joining import hide, is_hidden, join, link, unlink
from practicelib.model.compiled.pattern_tables import BIT_WORDS
from practicelib.model.compiled.tables import STRING, Sizes

_NONE, _ONE = np.uint64(0), np.uint64(1)
_STRING, _WORDS = np.uint64(STRING), np.uint64(BIT_WORDS)
_SIX, _LAST = np.uint64(6), np.uint64(63)
_CHAINED, _ROWS, _MASKS = int(Sizes.CHAINED), int(Sizes.ROWS), int(Sizes.MASKS)


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
    patterns, bits, begun, now = tables.patterns, work.bits, work.begun, work.clock[0]
    chains, row_bits, firsts = patterns.row_chains, patterns.row_bits, patterns.chain_rows
    masks = waiting = _NONE
    for i in range(rows):
        row = np.uint64(work.rows[i])
        if begun[row] == now:
            continue
        begun[row] = now
        for j in range(np.uint64(firsts[row]), np.uint64(firsts[row + _ONE])):
            bit = np.uint64(row_bits[j])
            if not bits[bit >> _SIX] >> (bit & _LAST) & _ONE:
                continue
            chain = np.uint64(chains[j])
            if not _is_complete(patterns, chain, work.seen, now):
                continue
            if chain < tables.sizes[_MASKS]:
                work.masks[masks] = chain
                masks += _ONE
            else:
                work.waiting[waiting] = chain
                waiting += _ONE
    return np.int64(masks), np.int64(waiting), plain


@inlined
def _is_complete(patterns, chain, seen, now):  # type: ignore[no-untyped-def]
    """Whether all word sets of a chain stand in the text, the rarest left aside."""
    starts, rows = patterns.set_starts, patterns.set_rows
    for i in range(patterns.other_starts[chain], patterns.other_starts[chain + _ONE]):
        word_set = np.uint64(patterns.other_sets[i])
        found = False
        for j in range(starts[word_set], starts[word_set + _ONE]):
            if seen[np.uint64(rows[j])] == now:
                found = True
                break
        if not found:
            return False
    return True


@inlined
def _read_rows(tables, hits, work):  # type: ignore[no-untyped-def]
    """Number of rows with chains, which may come twice, and of strings of plain patterns.

    Notes which rows were seen, and the bits of their word sets.
    """
    patterns, seen, bits = tables.patterns, work.seen, tables.patterns.bits
    string_rows, chained, with_chains = (
        patterns.string_rows,
        tables.sizes[_CHAINED],
        tables.sizes[_ROWS],
    )
    now = work.clock[0]
    rows = plain = _NONE
    # One name each, so that they stay in registers.
    bits_0 = bits_1 = bits_2 = bits_3 = bits_4 = bits_5 = bits_6 = bits_7 = _NONE
    for i in range(np.uint64(len(hits))):
        string = hits[i] >> _STRING
        work.plain[plain] = i
        plain += np.uint64(string > chained)
        row = np.uint64(string_rows[string])
        seen[row] = now
        work.rows[rows] = row
        rows += np.uint64(row - _ONE < with_chains)
        at = row * _WORDS
        bits_0 |= bits[at]
        bits_1 |= bits[at + np.uint64(1)]
        bits_2 |= bits[at + np.uint64(2)]
        bits_3 |= bits[at + np.uint64(3)]
        bits_4 |= bits[at + np.uint64(4)]
        bits_5 |= bits[at + np.uint64(5)]
        bits_6 |= bits[at + np.uint64(6)]
        bits_7 |= bits[at + np.uint64(7)]
    every = (bits_0, bits_1, bits_2, bits_3, bits_4, bits_5, bits_6, bits_7)
    for k in range(len(every)):
        work.bits[k] = every[k]
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
