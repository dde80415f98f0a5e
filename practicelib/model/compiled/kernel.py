"""Decision values of many texts in one pass over their code points.

Each text is normalised; walks down the trie from all its positions find words, character n-grams
and the words of patterns; the best cut is worked out from its end to its start and read from start
to end for words and pairs of words; then patterns are joined and shares added up.

Axes: N texts, K categories.
"""

from __future__ import annotations

import numpy as np

from practicelib.model.compiled.adding import add_rows, dampen, decide
from practicelib.model.compiled.jit import inlined, kernel
from practicelib.model.compiled.patterns import find_patterns
from practicelib.model.compiled.reading import read_characters, read_cut, read_pairs
from practicelib.model.compiled.tables import Sizes
from practicelib.model.compiled.walk import best_cut, normalise, walk

_WIDTH = int(Sizes.WIDTH)
_NONE = np.uint64(0)
_LAST = np.uint64(0xFFFFFFFF)


@kernel
def score_texts(tables, texts, first, work, watched, decisions, skipped):  # type: ignore[no-untyped-def]
    """Decision values (N, K) of texts from row `first` on.

    `texts` = (codes, starts, ends): text i is `codes[starts[i]:ends[i]]`. Returns the row for which
    there was not room enough, or N. `skipped` (N,) is set where a text holds a character with one
    of the flags `watched`; its row is not filled then.
    """
    codes, starts, ends = texts
    for row in range(first, len(starts)):
        now = _next_text(work, ends[row] - starts[row])
        size, skipped[row] = normalise(tables, codes, starts[row], ends[row], watched, work)
        if skipped[row]:
            continue
        rounds, hits = walk(tables, size, work)
        if rounds == _NONE:
            return row
        patterns = find_patterns(tables, size, hits, now, work)
        if patterns < 0:
            return row
        best_cut(tables, size, rounds, work)
        _add_words(tables, size, now, work)
        _add_characters(tables, size, now, work)
        decide(tables, patterns, work, decisions, row)
    return len(starts)


@inlined
def _next_text(work, size):  # type: ignore[no-untyped-def]
    """The number of the text; its characters count on from those of the text before."""
    clock = work.clock
    if np.uint64(clock[2]) + np.uint64(size) >= _LAST:
        work.last[:] = 0
        work.seconds[:] = 0
        clock[2] = 1
    clock[0] += np.uint32(1)
    clock[1] = clock[2]
    clock[2] += np.uint32(size + 1)
    return clock[0]


@inlined
def _add_words(tables, size, now, work):  # type: ignore[no-untyped-def]
    used, pairs, doubtful = read_cut(tables, size, work)
    used, doubtful = read_pairs(tables, used, pairs, doubtful, work)
    add_rows(tables.rows, tables.sizes[_WIDTH], work.words, used, work.sums, _NONE)
    dampen(tables, doubtful, now, work, _NONE)


@inlined
def _add_characters(tables, size, now, work):  # type: ignore[no-untyped-def]
    width = tables.sizes[_WIDTH]
    add_rows(tables.sums, width, work.deepest, size, work.sums, width)
    dampen(tables, read_characters(tables, size, work), now, work, width)
