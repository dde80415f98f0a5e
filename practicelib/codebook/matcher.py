"""Finds the indicator patterns of a codebook in text: linear time, exact spans.

One pass finds where the words of all patterns stand; then each chain whose word sets were all
found is joined, from its end to its start, which gives for every start the farthest end. Of each
pattern the leftmost-longest spans that do not overlap are kept. Spans of masks hide what they
touch from all other patterns.

Axes: N texts, P patterns, K categories.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from practicelib.codebook.chains import Classes, plain_words
from practicelib.codebook.grammar import Gap, GrammarError, parse
from practicelib.codebook.tables import NO_SET, ChainIndex, CompiledChain, Tables, build_tables
from practicelib.errors import CodebookError, Fault
from practicelib.records.codebook import Codebook, Pattern
from practicelib.text.normalise import Normalised, normalise
from practicelib.text.script import to_simplified

if TYPE_CHECKING:
    from scipy import sparse

# What a gap does not pass, as it looks once normalised.
CLAUSE_STOPS = ",;:!?。｡"
SENTENCE_STOPS = ";!?。｡"
_CLAUSE_STOP = re.compile(f"[{CLAUSE_STOPS}]")
_SENTENCE_STOP = re.compile(f"[{SENTENCE_STOPS}]")
_LETTER = re.compile(r"[^\W_]")
_LAST_LETTER = re.compile(r"[^\W_](?=[\W_]*$)")

Span = tuple[int, int]
Places = dict[int, list[Span]]
"""Where each word set was found: spans in the normalised text, by start."""


class PatternMatch(NamedTuple):
    """A pattern that was found: number over all categories, offsets in the original text."""

    category: str
    pattern: int
    start: int
    end: int


class Matcher:
    """The patterns of all categories of a codebook, compiled; threads may share it.

    Raises CodebookError with every faulty class word, mask, stance and pattern.
    """

    def __init__(self, codebook: Codebook) -> None:
        self.codebook = codebook
        patterns = [(c.key, pattern) for c in codebook.categories for pattern in c.patterns]
        self.names: tuple[str, ...] = tuple(f"{key}: {p.source}" for key, p in patterns)
        self._categories = tuple(key for key, _ in patterns)
        classes = class_words(codebook)
        stances = [(name, p) for name, group in codebook.stances for p in group]
        self._stance_names = tuple(name for name, _ in stances)
        masks = codebook.masks
        self._found = PatternSet([p for _, p in patterns], masks, classes)
        self._stances = PatternSet([p for _, p in stances], masks, classes)
        self._weights = np.zeros((len(patterns), len(codebook.categories)))
        for row, (key, pattern) in enumerate(patterns):
            self._weights[row, codebook.keys.index(key)] = pattern.weight

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

    def stances(self, text: str) -> tuple[str, ...]:
        """Names of the stances ("planned", "lacking" ...) found in a text, in codebook order."""
        present = self._stances.present(normalise(to_simplified(text)).text)
        found = {self._stance_names[pattern] for pattern in present}
        return tuple(name for name, _ in self.codebook.stances if name in found)

    @property
    def tables(self) -> Tables:
        """The tables of all patterns and masks, for an engine that is to do the same."""
        return self._found.tables


@lru_cache(maxsize=8)
def matcher_of(codebook: Codebook) -> Matcher:
    """The matcher of a codebook, built once: a model's check and its use share it."""
    return Matcher(codebook)


class PatternSet:
    """Some patterns with the masks and classes that go with them, on normalised text."""

    def __init__(
        self, patterns: Sequence[Pattern], masks: Sequence[Pattern], classes: Classes
    ) -> None:
        try:
            self.tables = build_tables(
                [pattern.source for pattern in patterns], [mask.source for mask in masks], classes
            )
        except GrammarError:
            faulty = ((p, pattern_fault(p.source, classes)) for p in (*masks, *patterns))
            faults = [Fault(cause, line=p.line, value=p.source) for p, cause in faulty if cause]
            raise CodebookError(faults) from None

    def present(self, text: str) -> list[int]:
        """Numbers of the patterns found, ascending."""
        return sorted(self._longest(text))

    def spans(self, text: str) -> list[tuple[int, int, int]]:
        """Pattern, start and end of every match: leftmost-longest, without overlap in a pattern."""
        longest = self._longest(text)
        return [
            (pattern, *span) for pattern in sorted(longest) for span in _leftmost(longest[pattern])
        ]

    def _longest(self, text: str) -> dict[int, dict[int, int]]:
        """For each pattern that is found, each start with its farthest end."""
        tables = self.tables
        places = _scan(text, tables)
        masked = _join_all(text, places, tables.masks)
        if masked:
            places = _uncovered(places, _hidden(text, masked.values()))
        return _join_all(text, places, tables.patterns)


def pattern_fault(source: str, classes: Classes) -> str:
    """What is wrong with a pattern; empty where nothing is."""
    try:
        build_tables([source], [], classes)
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


def _scan(text: str, tables: Tables) -> Places:
    """Where each word set stands. Each place is looked up at most once per word length."""
    places: Places = {}
    short, long, lengths = tables.short, tables.long, tables.lengths
    size = len(text)
    for start, character in enumerate(text):
        numbers = short.get(character)
        if numbers:
            for number in numbers:
                places.setdefault(number, []).append((start, start + 1))
        for length in lengths.get(text[start : start + 2], ()):
            end = start + length
            if end > size:
                break
            for number in long.get(text[start:end], ()):
                places.setdefault(number, []).append((start, end))
    return places


def _join_all(text: str, places: Places, index: ChainIndex) -> dict[int, dict[int, int]]:
    found: dict[int, dict[int, int]] = {}
    chains, plain = index.chains, index.plain
    for number, spans in places.items():
        for pattern in plain.get(number, ()):
            _keep_farthest(found.setdefault(pattern, {}), spans)
        for chain in chains.get(number, ()):
            for other in chain.others:
                if other not in places:
                    break
            else:
                joined = _join(text, chain, places)
                if joined:
                    _keep_farthest(found.setdefault(chain.pattern, {}), joined.items())
    return found


def _join(text: str, chain: CompiledChain, places: Places) -> dict[int, int]:
    """For each start of a chain its farthest end, by start."""
    farthest = _last_ends(text, chain, places)
    for number, gap in zip(chain.sets[-2::-1], chain.gaps[::-1], strict=True):
        if not farthest:
            break
        farthest = _step_back(text, places[number], gap, farthest)
    if chain.at_start:
        first = _LETTER.search(text)
        limit = first.start() if first else 0
        farthest = {start: end for start, end in farthest.items() if start <= limit}
    if chain.before != NO_SET:
        blocked = {end for _, end in places.get(chain.before, ())}
        farthest = {start: end for start, end in farthest.items() if start not in blocked}
    return farthest


def _last_ends(text: str, chain: CompiledChain, places: Places) -> dict[int, int]:
    spans: Iterable[Span] = places[chain.sets[-1]]
    if chain.at_end:
        last = _LAST_LETTER.search(text)
        limit = last.end() if last else len(text)
        spans = [span for span in spans if span[1] >= limit]
    if chain.after != NO_SET:
        blocked = {start for start, _ in places.get(chain.after, ())}
        spans = [span for span in spans if span[1] not in blocked]
    # Spans of one start come by growing length, so the last one wins.
    return dict(spans)


def _step_back(
    text: str, spans: Sequence[Span], gap: Gap, farthest: Mapping[int, int]
) -> dict[int, int]:
    """The farthest ends one word set earlier: each span is joined to the starts it can reach."""
    found: dict[int, int] = {}
    if not gap.size:
        for start, end in spans:
            reached = farthest.get(end, -1)
            if reached > found.get(start, -1):
                found[start] = reached
        return found
    starts = sorted(farthest)
    stop = _SENTENCE_STOP if gap.wide else _CLAUSE_STOP
    for start, end in spans:
        first = bisect_left(starts, end)
        if first == len(starts) or starts[first] > end + gap.size:
            continue
        blocked = stop.search(text, end, end + gap.size)
        limit = blocked.start() if blocked else end + gap.size
        best = found.get(start, -1)
        for reached in starts[first : bisect_left(starts, limit + 1, first)]:
            best = max(best, farthest[reached])
        if best >= 0:
            found[start] = best
    return found


def _keep_farthest(longest: dict[int, int], spans: Iterable[Span]) -> None:
    for start, end in spans:
        if end > longest.get(start, -1):
            longest[start] = end


def _leftmost(longest: Mapping[int, int]) -> list[Span]:
    spans: list[Span] = []
    free = 0
    for start in sorted(longest):
        if start >= free:
            free = longest[start]
            spans.append((start, free))
    return spans


def _hidden(text: str, masks: Iterable[Mapping[int, int]]) -> list[int]:
    """For each boundary of the text the number of hidden characters before it."""
    covered = [0] * len(text)
    for longest in masks:
        for start, end in _leftmost(longest):
            covered[start:end] = [1] * (end - start)
    counts = [0]
    for one in covered:
        counts.append(counts[-1] + one)
    return counts


def _uncovered(places: Places, hidden: Sequence[int]) -> Places:
    visible = (
        (number, [span for span in spans if hidden[span[0]] == hidden[span[1]]])
        for number, spans in places.items()
    )
    return {number: spans for number, spans in visible if spans}
