"""The indicator patterns in machine code: which of them stand in a text, masks left aside.

The same as `codebook/matcher.py`, on the strings that the walk down the trie left behind. Their
signatures tell for most texts that no chain can stand there; in the others chains are joined.
"""

from __future__ import annotations

import numpy as np

from practicelib.model.compiled.jit import inlined
from practicelib.model.compiled.joining import hide, is_hidden, join, link, unlink
from practicelib.model.compiled.tables import STRING, Sizes

_NONE, _ONE = np.uint64(0), np.uint64(1)
_STRING = np.uint64(STRING)
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
    rows, signature, plain = _sign(tables, hits, work)
    chains, needs, firsts = (
        tables.patterns.row_chains,
        tables.patterns.needs,
        tables.patterns.chain_rows,
    )
    masks = waiting = _NONE
    for i in range(rows):
        row = np.uint64(work.rows[i])
        for j in range(np.uint64(firsts[row]), np.uint64(firsts[row + _ONE])):
            chain = np.uint64(chains[j])
            missing = needs[chain] & ~signature
            of_mask = chain < tables.sizes[_MASKS]
            work.masks[masks] = work.waiting[waiting] = chain
            masks += np.uint64((missing == _NONE) & of_mask)
            waiting += np.uint64((missing == _NONE) & (not of_mask))
    masks = _keep_complete(tables.patterns, work.masks, masks, work)
    waiting = _keep_complete(tables.patterns, work.waiting, waiting, work)
    return np.int64(masks), np.int64(waiting), plain


@inlined
def _keep_complete(patterns, chains, number, work):  # type: ignore[no-untyped-def]
    """Keeps the chains all of whose word sets stand in the text; how many there are."""
    kept = _NONE
    for i in range(number):
        chain = np.uint64(chains[i])
        chains[kept] = chain
        kept += np.uint64(_is_complete(patterns, chain, work))
    return kept


@inlined
def _is_complete(patterns, chain, work):  # type: ignore[no-untyped-def]
    starts, rows, seen, now = patterns.set_starts, patterns.set_rows, work.seen, work.clock[0]
    for i in range(patterns.other_starts[chain], patterns.other_starts[chain + _ONE]):
        word_set = patterns.other_sets[i]
        for j in range(starts[word_set], starts[word_set + 1]):
            if seen[rows[j]] == now:
                break
        else:
            return False
    return True


@inlined
def _sign(tables, hits, work):  # type: ignore[no-untyped-def]
    """Number of rows with chains, signature of all rows, number of strings of plain patterns."""
    string_rows, signatures = tables.patterns.string_rows, tables.patterns.signatures
    chained, with_chains = tables.sizes[_CHAINED], tables.sizes[_ROWS]
    now = work.clock[0]
    rows = plain = signature = _NONE
    for i in range(np.uint64(len(hits))):
        string = hits[i] >> _STRING
        work.plain[plain] = i
        plain += np.uint64(string > chained)
        row = np.uint64(string_rows[string])
        signature |= signatures[row]
        work.rows[rows] = row
        rows += np.uint64((row - _ONE < with_chains) & (work.seen[row] != now))
        work.seen[row] = now
    return rows, signature, plain


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
