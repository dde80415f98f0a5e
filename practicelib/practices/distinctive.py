"""Words that set a unit apart within one category, counted by report.

Axes: U units, K categories, W words, C reports.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy import special

from practicelib.measures.keyness import discoveries, distinctive_words
from practicelib.practices.gather import Gathered
from practicelib.records.practices import DistinctiveWord
from practicelib.text.normalise import normalise
from practicelib.text.script import to_simplified
from practicelib.text.words import Segmenter, build_word_table

MOST_WORDS = 12
_LEAST_REPORTS = 2
_LEAST_LENGTH = 2


@cache
def _segmenter() -> Segmenter:
    return Segmenter(build_word_table())


def distinctive(gathered: Gathered, level: float = 0.95) -> tuple[DistinctiveWord, ...]:
    """For each unit and category the words that others use less, strongest first.

    Words are many, so that some would stand out by chance: at most one in twenty of those listed
    is expected to (Benjamini and Hochberg 1995, within unit and category).

    A word counts once for a report that uses it in a sentence of the category; reports without
    such a sentence are no part of the count. Words of one character and words of a single report
    of the unit are left out, so that one long report can set nothing apart; at most `MOST_WORDS`
    each.
    """
    found: list[DistinctiveWord] = []
    for k in range(gathered.assigned.shape[1]):
        rows = np.flatnonzero((gathered.assigned[:, k] > 0) & (gathered.weight > 0))
        reports = np.bincount(gathered.unit[np.unique(gathered.report[rows])])
        # Else no word can pass, and reading the dictionary takes a second.
        if (reports > 0).sum() >= 2 and reports.max() >= _LEAST_REPORTS:
            found.extend(_of_category(gathered, k, _words_by_report(gathered, rows), level))
    return tuple(found)


def _words_by_report(gathered: Gathered, rows: NDArray[np.int64]) -> dict[int, set[str]]:
    """The words that each report uses in the sentences (M,) of a category."""
    words: dict[int, set[str]] = {}
    for row in rows:
        report = int(gathered.report[row])
        sentence = gathered.reports[report].report.sentences[int(gathered.sentence[row])]
        text = normalise(to_simplified(sentence.text)).text
        cut = {text[a:b] for a, b in _segmenter().words(text) if b - a >= _LEAST_LENGTH}
        words.setdefault(report, set()).update(cut)
    return words


def _of_category(
    gathered: Gathered, k: int, words: dict[int, set[str]], level: float
) -> list[DistinctiveWord]:
    counts: dict[str, NDArray[np.float64]] = {}
    reports = np.zeros(len(gathered.units))
    for report, own in words.items():
        unit = int(gathered.unit[report])
        reports[unit] += 1
        for word in own:
            counts.setdefault(word, np.zeros(len(gathered.units)))[unit] += 1
    kept = sorted(word for word, count in counts.items() if count.sum() >= _LEAST_REPORTS)
    if not kept:
        return []
    table = np.column_stack([counts[word] for word in kept])
    odds = distinctive_words(table, reports)
    low, high = odds.limits(level)
    found = []
    for unit in range(len(gathered.units)):
        order = np.lexsort((np.arange(len(kept)), -odds.z[unit]))
        found_true = discoveries(special.ndtr(-odds.z[unit]), 1.0 - level)
        chosen = [w for w in order.tolist() if found_true[w] and table[unit, w] >= _LEAST_REPORTS]
        found += [
            DistinctiveWord(
                unit,
                k,
                kept[w],
                float(odds.value[unit, w]),
                float(low[unit, w]),
                float(high[unit, w]),
                int(table[unit, w]),
                int(reports[unit]),
                int(table[:, w].sum() - table[unit, w]),
                int(reports.sum() - reports[unit]),
            )
            for w in chosen[:MOST_WORDS]
        ]
    return found
