"""What a coded sentence says of its mechanism: done, planned, lacking.

The patterns are the codebook's. A stance `planned` is looked for in the sentence; a group named
`planned_heading` is looked for in headings, and everything below such a heading is planned (under
下一步打算) unless its own words say something else.

Axes: N sentences, S stances.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import numpy as np
from numpy.typing import NDArray

from practicelib.codebook.matcher import StanceMatcher
from practicelib.practices.gather import Gathered
from practicelib.records.codebook import Codebook
from practicelib.records.report import Report, Sentence

Floats = NDArray[np.float64]

HEADING = "_heading"
"""What ends the name of a group of patterns that are looked for in headings only."""


def stance_names(codebook: Codebook) -> tuple[str, ...]:
    """The stances that a codebook has patterns for, in its order, those of headings folded in."""
    return tuple(dict.fromkeys(name.removesuffix(HEADING) for name, _ in codebook.stances))


class Stances:
    """Finds the stances of sentences in their reports by the patterns of one codebook."""

    def __init__(self, codebook: Codebook) -> None:
        self.names = stance_names(codebook)
        self._found = cache(StanceMatcher(codebook).stances)

    def of(self, report: Report, sentence: Sentence) -> tuple[str, ...]:
        """Stances of a sentence: of its own words, else of the nearest heading above with any."""
        own = tuple(n for n in self._found(sentence.text) if not n.endswith(HEADING))
        if own:
            return own
        titles = (self._titled(title) for title in enclosing_titles(report, sentence))
        return next((found for found in titles if found), ())

    def _titled(self, title: str) -> tuple[str, ...]:
        found = self._found(title)
        return tuple(n.removesuffix(HEADING) for n in found if n.endswith(HEADING))

    def carried(self, gathered: Gathered) -> Floats:
        """1 where a coded sentence has a stance, (N, S); sentences without a category stay 0."""
        carries = np.zeros((len(gathered.report), len(self.names)))
        coded = gathered.assigned.max(axis=1)
        pairs = ((t.report, s) for t in gathered.reports for s in t.report.sentences)
        for row, (report, sentence) in enumerate(pairs):
            if coded[row]:
                own = self.of(report, sentence)
                carries[row, [self.names.index(name) for name in own]] = 1.0
        return carries


def enclosing_titles(report: Report, sentence: Sentence) -> Iterator[str]:
    """Titles of the sections that a sentence stands in, innermost first; its own for a heading."""
    level = None
    for place in range(sentence.section, -1, -1):
        section = report.sections[place]
        if level is None or section.level < level:
            yield section.title
            level = section.level
