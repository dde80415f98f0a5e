"""Finds patterns with nothing but `Tables`: shows that the arrays say all that is needed."""

from __future__ import annotations

from practicelib.codebook.tables import Tables
from practicelib.text.normalise import normalise
from practicelib.text.script import to_simplified
from tests.codebook.reference import CLAUSE, SENTENCE

Spans = list[tuple[int, int]]


def find(arrays: Tables, text: str) -> dict[int, Spans]:
    """Spans of each pattern found, in the original text."""
    normalised = normalise(to_simplified(text))
    plain = normalised.text
    places = _scan(arrays, plain)
    masks = {p: s for p, s in _chains(arrays, plain, places).items() if p < 0}
    hidden = {i for spans in masks.values() for a, b in spans for i in range(a, b)}
    seen = {
        number: [(a, b) for a, b in spans if hidden.isdisjoint(range(a, b))]
        for number, spans in places.items()
    }
    found = {p: s for p, s in _chains(arrays, plain, seen).items() if p >= 0 and s}
    return {p: [normalised.original_span(a, b) for a, b in spans] for p, spans in found.items()}


def _scan(arrays: Tables, text: str) -> dict[int, Spans]:
    words = arrays.sets_of_words
    places: dict[int, Spans] = {}
    for start in range(len(text)):
        for end in range(start + 1, len(text) + 1):
            for number in words.get(text[start:end], ()):
                places.setdefault(number, []).append((start, end))
    return places


def _chains(arrays: Tables, text: str, places: dict[int, Spans]) -> dict[int, Spans]:
    longest: dict[int, dict[int, int]] = {}
    letters = [i for i, c in enumerate(text) if c.isalnum()]
    first = letters[0] if letters else 0
    last = letters[-1] + 1 if letters else len(text)
    for number, pattern in enumerate(arrays.chain_pattern.tolist()):
        before, after, at_start, at_end = arrays.chain_context[number].tolist()
        bad_starts = {end for _, end in places.get(before, [])}
        bad_ends = {start for start, _ in places.get(after, [])}
        for start, end in _join(arrays, text, places, number):
            tied = (at_start and start > first) or (at_end and end < last)
            if not tied and start not in bad_starts and end not in bad_ends:
                ends = longest.setdefault(pattern, {})
                ends[start] = max(end, ends.get(start, 0))
    return {pattern: _leftmost(ends) for pattern, ends in longest.items()}


def _join(arrays: Tables, text: str, places: dict[int, Spans], number: int) -> set:
    begin, stop = arrays.chain_starts[number : number + 2]
    assert arrays.chain_rarest[number] in arrays.chain_sets[begin:stop]
    spans = set(places.get(int(arrays.chain_sets[begin]), []))
    for place in range(begin + 1, stop):
        size, stops = arrays.gap_sizes[place], SENTENCE if arrays.gap_wide[place] else CLAUSE
        spans = {
            (a, d)
            for a, b in spans
            for c, d in places.get(int(arrays.chain_sets[place]), [])
            if b <= c <= b + size and not any(mark in stops for mark in text[b:c])
        }
    return spans


def _leftmost(ends: dict[int, int]) -> Spans:
    spans: Spans = []
    for start in sorted(ends):
        if not spans or start >= spans[-1][1]:
            spans.append((start, ends[start]))
    return spans
