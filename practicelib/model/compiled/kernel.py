"""Decision values of many texts in one pass over their code points.

Some texts at a time are normalised; walks down the trie from all their positions find words,
character n-grams and the words of patterns; the best cut is worked out from the end to the start
and read from start to end for words and pairs of words; then, text by text, patterns are joined and
shares added up.

Axes: N texts, K categories.
"""

from __future__ import annotations

import numpy as np

from practicelib.model.compiled.adding import add_rows, dampen, decide
from practicelib.model.compiled.gathering import gather, order_hits
from practicelib.model.compiled.jit import inlined, kernel
from practicelib.model.compiled.patterns import find_patterns
from practicelib.model.compiled.reading import (
    dampen_characters,
    read_cuts,
    read_longer,
    read_pairs,
)
from practicelib.model.compiled.tables import Sizes
from practicelib.model.compiled.walk import best_cut, walk

_WIDTH = int(Sizes.WIDTH)
_NONE, _ONE = np.uint64(0), np.uint64(1)


@kernel
def score_texts(tables, texts, first, work, watched, decisions, skipped):  # type: ignore[no-untyped-def]
    """Decision values (N, K) of texts from row `first` on.

    `texts` = (codes, starts, ends): text i is `codes[starts[i]:ends[i]]`. Returns the row for which
    there was not room enough, or N. `skipped` (N,) is set where a text holds a character with one
    of the flags `watched`; its row is not filled then.
    """
    row = first
    while row < len(texts[1]):
        after, size = gather(tables, texts, row, watched, skipped, work)
        number = np.uint64(after - row)
        hits = walk(tables, size, work)
        if hits < 0:
            return row
        order_hits(tables, hits, number, work)
        best_cut(tables, size, work)
        read_pairs(tables, read_cuts(tables, size, number, work), work)
        for k in range(number):
            if not skipped[row]:
                work.clock[0] += np.uint32(1)
                patterns = find_patterns(tables, k, work)
                if patterns < 0:
                    return row
                _add_words(tables, k, work)
                _add_characters(tables, k, work)
                decide(tables, patterns, work, decisions, row)
            row += 1
    return len(texts[1])


@inlined
def _add_words(tables, text, work):  # type: ignore[no-untyped-def]
    bounds = work.bounds
    add_rows(
        tables.rows, tables.sizes[_WIDTH], work.words, bounds[text, 0], bounds[text + _ONE, 0],
        work.sums, _NONE,
    )  # fmt: skip
    dampen(
        tables.rows, tables.sizes[_WIDTH], work.twice, bounds[text, 1], bounds[text + _ONE, 1],
        work, _NONE,
    )  # fmt: skip


@inlined
def _add_characters(tables, text, work):  # type: ignore[no-untyped-def]
    sums, width, begins = tables.sums, tables.sizes[_WIDTH], work.begins
    begin, end = np.uint64(begins[text]), np.uint64(begins[text + _ONE]) - _ONE
    add_rows(sums, width, work.deepest, begin, end, work.sums, width)
    dampen_characters(tables, begin, end, work)
    doubtful = read_longer(tables, begin, end, work)
    dampen(sums, width, work.doubtful, _NONE, doubtful, work, width)
