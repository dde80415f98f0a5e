"""Finds words in a normalised text and joins them to chains, from the end to the start.

Spans are offsets in the normalised text, start and end.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence

from practicelib.codebook.grammar import Gap
from practicelib.codebook.lookup import NO_ROW, ChainLookup, CompiledChain, WordLookup
from practicelib.codebook.tables import NO_SET

# What a gap does not pass, as it looks once normalised.
CLAUSE_STOPS = ",;:!?。｡"
SENTENCE_STOPS = ";!?。｡"
_CLAUSE_STOP = re.compile(f"[{CLAUSE_STOPS}]")
_SENTENCE_STOP = re.compile(f"[{SENTENCE_STOPS}]")
_LETTER = re.compile(r"[^\W_]")
_LAST_LETTER = re.compile(r"[^\W_](?=[\W_]*$)")

Span = tuple[int, int]
Found = dict[int, list[Span]]
"""Where each row of words was found, by start and then length."""


def scan(text: str, words: WordLookup) -> Found:
    """Where each row of words stands. Each place is looked up at most once per word length."""
    found: Found = {}
    known, longer, size = words.beginnings, words.longer, len(text)
    for start in range(size):
        pair = text[start : start + 2]
        row, lengths = known(pair) or words.look_up(pair)
        if row != NO_ROW:
            found.setdefault(row, []).append((start, start + 1))
        for length in lengths:
            end = start + length
            if end > size:
                break
            other = longer.get(text[start:end], NO_ROW)
            if other != NO_ROW:
                found.setdefault(other, []).append((start, end))
    return found


class Places:
    """Where the word sets stand in a text, put together from the rows that were found there."""

    def __init__(self, found: Found, words: WordLookup) -> None:
        self._found = found
        self._holding = words.holding
        self._spans: dict[int, list[Span]] = {}
        self.sets: set[int] = set().union(*map(words.rows.__getitem__, found))
        """All word sets that were found."""

    def of(self, number: int) -> list[Span]:
        """The spans of a word set, by start and then length; of one that is not there none."""
        if number not in self.sets:
            return []
        spans = self._spans.get(number)
        if spans is None:
            rows = [self._found[row] for row in self._holding[number] if row in self._found]
            spans = rows[0] if len(rows) == 1 else sorted(span for row in rows for span in row)
            self._spans[number] = spans
        return spans


def join_all(text: str, places: Places, chains: ChainLookup) -> dict[int, dict[int, int]]:
    """For each pattern that is found, each start with its farthest end."""
    found: dict[int, dict[int, int]] = {}
    present = places.sets.issuperset
    for number, waiting in chains.waiting(places.sets):
        for pattern in waiting.plain:
            _keep_farthest(found.setdefault(pattern, {}), places.of(number))
        for one in waiting.chains:
            if present(one.others):
                joined = _join(text, one, places)
                if joined:
                    _keep_farthest(found.setdefault(one.pattern, {}), joined.items())
    return found


def _join(text: str, chain: CompiledChain, places: Places) -> dict[int, int]:
    """For each start of a chain its farthest end, by start."""
    farthest = _last_ends(text, chain, places)
    for number, gap in zip(chain.sets[-2::-1], chain.gaps[::-1], strict=True):
        if not farthest:
            break
        farthest = _step_back(text, places.of(number), gap, farthest)
    if chain.at_start:
        first = _LETTER.search(text)
        limit = first.start() if first else 0
        farthest = {start: end for start, end in farthest.items() if start <= limit}
    if chain.before != NO_SET:
        blocked = {end for _, end in places.of(chain.before)}
        farthest = {start: end for start, end in farthest.items() if start not in blocked}
    return farthest


def _last_ends(text: str, chain: CompiledChain, places: Places) -> dict[int, int]:
    spans: Iterable[Span] = places.of(chain.sets[-1])
    if chain.at_end:
        last = _LAST_LETTER.search(text)
        limit = last.end() if last else len(text)
        spans = [span for span in spans if span[1] >= limit]
    if chain.after != NO_SET:
        blocked = {start for start, _ in places.of(chain.after)}
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


def leftmost(longest: Mapping[int, int]) -> list[Span]:
    """The leftmost-longest spans that do not overlap, of each start with its farthest end."""
    spans: list[Span] = []
    free = 0
    for start in sorted(longest):
        if start >= free:
            free = longest[start]
            spans.append((start, free))
    return spans


def hidden_counts(text: str, masks: Iterable[Mapping[int, int]]) -> list[int]:
    """For each boundary of the text the number of hidden characters before it."""
    covered = [0] * len(text)
    for longest in masks:
        for start, end in leftmost(longest):
            covered[start:end] = [1] * (end - start)
    counts = [0]
    for one in covered:
        counts.append(counts[-1] + one)
    return counts


def uncovered(found: Found, hidden: Sequence[int]) -> Found:
    """What was found and touches nothing hidden."""
    visible = (
        (row, [span for span in spans if hidden[span[0]] == hidden[span[1]]])
        for row, spans in found.items()
    )
    return {row: spans for row, spans in visible if spans}
