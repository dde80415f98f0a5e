"""Finds the indicator patterns of a codebook in text: linear time, exact spans.

One pass finds where the words of all patterns stand; then each chain whose word sets were all
found is joined, from its end to its start, which gives for every start the farthest end. Of each
pattern the leftmost-longest spans that do not overlap are kept. Spans of masks hide what they
touch from all other patterns.

Axes: N texts, P patterns, K categories.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from practicelib.codebook.chains import Classes, expand, plain_words
from practicelib.codebook.finding import (
    Places,
    hidden_counts,
    join_all,
    leftmost,
    scan,
    uncovered,
)
from practicelib.codebook.grammar import GrammarError, parse
from practicelib.codebook.lookup import ChainLookup, WordLookup
from practicelib.codebook.tables import Tables, build_tables
from practicelib.errors import CodebookError, Fault
from practicelib.records.codebook import Codebook, Pattern
from practicelib.text.normalise import Normalised, normalise
from practicelib.text.script import to_simplified

if TYPE_CHECKING:
    from scipy import sparse


class PatternMatch(NamedTuple):
    """A pattern that was found: number over all categories, offsets in the original text."""

    category: str
    pattern: int
    start: int
    end: int


class Matcher:
    """The patterns of all categories of a codebook, compiled; threads may share it.

    `tables` are those of a matcher of the same codebook, which spares compiling its patterns.
    Raises CodebookError with every faulty class word, mask and pattern.
    """

    def __init__(self, codebook: Codebook, tables: Tables | None = None) -> None:
        self.codebook = codebook
        patterns = [(c.key, pattern) for c in codebook.categories for pattern in c.patterns]
        self.names: tuple[str, ...] = tuple(f"{key}: {p.source}" for key, p in patterns)
        self._categories = tuple(key for key, _ in patterns)
        classes = class_words(codebook)
        self._found = PatternSet([p for _, p in patterns], codebook.masks, classes, tables)
        keys = {key: column for column, key in enumerate(codebook.keys)}
        self._weights = np.zeros((len(patterns), len(codebook.categories)))
        for row, (key, pattern) in enumerate(patterns):
            self._weights[row, keys[key]] = pattern.weight

    def find(self, text: str) -> list[PatternMatch]:
        """All patterns found in a text, by pattern and start; the text is taken as one sentence."""
        return self.find_normalised(normalise(to_simplified(text)))

    def find_normalised(self, normalised: Normalised) -> list[PatternMatch]:
        """The same for a text that is normalised already (and in Simplified characters)."""
        categories, span = self._categories, normalised.original_span
        return [
            PatternMatch(categories[pattern], pattern, *span(start, end))
            for pattern, start, end in self.spans(normalised.text)
        ]

    def spans(self, text: str) -> list[tuple[int, int, int]]:
        """Number, start and end of all patterns found in a normalised text, in that order."""
        return self._found.spans(text)

    def present(self, text: str) -> list[int]:
        """Numbers of the patterns found in a normalised text, ascending."""
        return self._found.present(text)

    def matrix(self, texts: Iterable[str]) -> sparse.csr_matrix:
        """1 where a pattern is found in a text, shape (N, P), columns in the order of `names`."""
        return self.matrix_normalised(normalise(to_simplified(text)) for text in texts)

    def matrix_normalised(self, texts: Iterable[Normalised]) -> sparse.csr_matrix:
        """The same for texts that are normalised already."""
        from scipy import sparse

        columns: list[int] = []
        ends = [0]
        for normalised in texts:
            columns.extend(self.present(normalised.text))
            ends.append(len(columns))
        values = np.ones(len(columns))
        shape = (len(ends) - 1, len(self.names))
        return sparse.csr_matrix((values, np.array(columns, int), np.array(ends)), shape=shape)

    def score(self, texts: Iterable[str]) -> NDArray[np.float64]:
        """Sums of the weights of the patterns found, shape (N, K): the patterns-alone baseline."""
        return np.asarray(self.matrix(texts) @ self._weights, float)

    def assign(self, texts: Iterable[str]) -> NDArray[np.bool_]:
        """Where that sum reaches 1, shape (N, K)."""
        return np.asarray(self.score(texts) >= 1.0 - 1e-9)

    @property
    def tables(self) -> Tables:
        """The tables of all patterns and masks, for an engine that is to do the same."""
        return self._found.tables


class StanceMatcher:
    """The stances of a codebook, compiled; threads may share it.

    Raises CodebookError with every faulty class word, mask and stance.
    """

    def __init__(self, codebook: Codebook) -> None:
        stances = [(name, p) for name, group in codebook.stances for p in group]
        self._names = tuple(name for name, _ in stances)
        self._order = tuple(name for name, _ in codebook.stances)
        self._found = PatternSet([p for _, p in stances], codebook.masks, class_words(codebook))

    def stances(self, text: str) -> tuple[str, ...]:
        """Names of the stances ("planned", "lacking" ...) found in a text, in codebook order."""
        present = self._found.present(normalise(to_simplified(text)).text)
        found = {self._names[pattern] for pattern in present}
        return tuple(name for name in self._order if name in found)


@lru_cache(maxsize=2)
def matcher_of(codebook: Codebook, tables: Tables | None = None) -> Matcher:
    """The matcher of a codebook, built once: a model's check and its use share it."""
    return Matcher(codebook, tables)


class PatternSet:
    """Some patterns with the masks and classes that go with them, on normalised text."""

    def __init__(
        self,
        patterns: Sequence[Pattern],
        masks: Sequence[Pattern],
        classes: Classes,
        tables: Tables | None = None,
    ) -> None:
        try:
            self.tables = tables or build_tables(
                [pattern.source for pattern in patterns], [mask.source for mask in masks], classes
            )
        except GrammarError:
            faulty = ((p, pattern_fault(p.source, classes)) for p in (*masks, *patterns))
            faults = [Fault(cause, line=p.line, value=p.source) for p, cause in faulty if cause]
            raise CodebookError(faults) from None
        self._words = WordLookup(self.tables)
        self._patterns = ChainLookup(self.tables, masks=False)
        self._masks = ChainLookup(self.tables, masks=True)

    def present(self, text: str) -> list[int]:
        """Numbers of the patterns found, ascending."""
        return sorted(self._longest(text))

    def spans(self, text: str) -> list[tuple[int, int, int]]:
        """Pattern, start and end of every match: leftmost-longest, without overlap in a pattern."""
        longest = self._longest(text)
        return [
            (pattern, *span) for pattern in sorted(longest) for span in leftmost(longest[pattern])
        ]

    def _longest(self, text: str) -> dict[int, dict[int, int]]:
        """For each pattern that is found, each start with its farthest end."""
        found = scan(text, self._words)
        places = Places(found, self._words)
        masked = join_all(text, places, self._masks)
        if masked:
            places = Places(uncovered(found, hidden_counts(text, masked.values())), self._words)
        return join_all(text, places, self._patterns)


def pattern_fault(source: str, classes: Classes) -> str:
    """What is wrong with a pattern; empty where nothing is."""
    try:
        expand(parse(source), classes)
    except GrammarError as cause:
        return str(cause)
    return ""


def class_words(codebook: Codebook) -> dict[str, frozenset[str]]:
    """The words of each class, alternatives and optional parts written out.

    Raises CodebookError with every entry that is more than words.
    """
    faults: list[Fault] = []
    found: dict[str, frozenset[str]] = {}
    for name, entries in codebook.classes:
        words: set[str] = set()
        for entry in entries:
            try:
                words |= plain_words(parse(entry))
            except GrammarError as cause:
                faults.append(Fault(f"class <{name}>: {cause}", value=entry))
        found[name] = frozenset(words)
    if faults:
        raise CodebookError(faults)
    return found
