"""What decided a category: every term and pattern of the sentence with its share.

A feature's contribution is coefficient x value; it is shared equally among the places where the
feature stands. Contributions and intercept add up to the decision value (linear model), which is
checked to 1e-9 by a property test.

Axes: P places, K categories.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import compress, starmap
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from practicelib.model.features import FeatureSpace, prepare
from practicelib.model.parameters import ModelParameters
from practicelib.model.terms import character_numbers
from practicelib.records.tags import CategoryEvidence, Evidence

Floats = NDArray[np.float64]
Place = tuple[int, int, str, int]
"""Start and end in the sentence, kind, column."""


class SentenceEvidence(Mapping[str, CategoryEvidence]):
    """Evidence by category, in codebook order; each is worked out when it is asked for first.

    `spans` (start, end, text, kind) of the P places in text order, `shares` (P, K).
    """

    def __init__(
        self,
        categories: tuple[str, ...],
        spans: tuple[list[int], list[int], list[str], list[str]],
        shares: Floats,
        intercepts: Floats,
    ) -> None:
        self._categories = categories
        self._spans = spans
        self._shares = shares
        self._intercepts = intercepts
        self._known: dict[str, CategoryEvidence] = {}

    def __getitem__(self, category: str) -> CategoryEvidence:
        if category not in self._known:
            if category not in self._categories:
                raise KeyError(category)
            self._known[category] = self._of(self._categories.index(category))
        return self._known[category]

    def __iter__(self) -> Iterator[str]:
        return iter(self._categories)

    def __len__(self) -> int:
        return len(self._categories)

    def __repr__(self) -> str:
        return repr(dict(self))

    def _of(self, k: int) -> CategoryEvidence:
        weights = self._shares[:, k].tolist()
        intercept = float(self._intercepts[k])
        decision = math.fsum([intercept, *weights])
        starts, ends, texts, kinds = self._spans
        return CategoryEvidence(
            Spans(starts, ends, texts, weights, kinds), 0.0, intercept, decision
        )


class Spans(Sequence[Evidence]):
    """The spans of one category that add something; each `Evidence` is made when it is read.

    What places they have is the same for all categories and kept once: a sentence has some hundred
    spans a category, and few of them are ever looked at.
    """

    __slots__ = ("_parts",)

    def __init__(
        self,
        starts: list[int],
        ends: list[int],
        texts: list[str],
        weights: list[float],
        kinds: list[str],
    ) -> None:
        parts: tuple[list[Any], ...] = (starts, ends, texts, weights, kinds)
        if 0.0 in weights:
            parts = tuple(list(compress(part, weights)) for part in parts)
        self._parts = parts

    def __iter__(self) -> Iterator[Evidence]:
        return starmap(Evidence, zip(*self._parts, strict=True))

    def __len__(self) -> int:
        return len(self._parts[0])

    @overload
    def __getitem__(self, place: int) -> Evidence: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Evidence, ...]: ...
    def __getitem__(self, place: int | slice) -> Evidence | tuple[Evidence, ...]:
        if isinstance(place, slice):
            return tuple(self)[place]
        return Evidence(*[part[place] for part in self._parts])

    def __eq__(self, other: object) -> bool:
        return tuple(self) == tuple(other) if isinstance(other, (Spans, tuple)) else NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return repr(tuple(self))


class Explainer:
    """Finds what decided; threads may share it. `parameters` are those of the features' model."""

    def __init__(self, space: FeatureSpace, parameters: ModelParameters) -> None:
        self._space = space
        self._parameters = parameters
        self._weights = np.ascontiguousarray(parameters.coefficients.T)

    def explain(self, text: str) -> SentenceEvidence:
        """Evidence of every category for one text."""
        normalised = prepare(text)
        found = self._words(normalised.text), self._characters(normalised.text)
        patterns = self._patterns(normalised.text)
        values = dict.fromkeys(
            [column for _, _, _, column in patterns], self._parameters.features.pattern_scale
        )
        for block, places in zip(self._space.blocks, found, strict=True):
            first = block.first
            values.update(block.values(Counter([place[3] - first for place in places])))
        # Of places alike the patterns stay in the order of their numbers, as they are found.
        every = sorted([*found[0], *found[1], *patterns], key=_in_text_order)
        if len(normalised.text) < len(text):
            span = normalised.original_span
            every = [(*span(start, end), kind, column) for start, end, kind, column in every]
        return self._shared(text, every, values)

    def _shared(self, text: str, places: list[Place], values: dict[int, float]) -> SentenceEvidence:
        """Contributions of the features, by column, shared among their places."""
        columns = [column for _, _, _, column in places]
        counts = Counter(columns)
        factors = np.array([(values[column], counts[column]) for column in columns]).reshape(-1, 2)
        shares = self._weights[columns] * factors[:, :1] / factors[:, 1:]
        spans = (
            [start for start, _, _, _ in places],
            [end for _, end, _, _ in places],
            [text[start:end] for start, end, _, _ in places],
            [kind for _, _, kind, _ in places],
        )
        parameters = self._parameters
        return SentenceEvidence(parameters.categories, spans, shares, parameters.intercepts)

    def _words(self, text: str) -> list[Place]:
        get = self._space.blocks[0].index.get
        places: list[Place] = []
        last, last_start, last_end = "", -1, -1
        for start, end in self._space.segmenter.words(text):
            word = text[start:end]
            number = get(word)
            if number is not None:
                places.append((start, end, "word", number))
            if start == last_end:
                number = get(f"{last} {word}")
                if number is not None:
                    places.append((last_start, end, "word", number))
            last, last_start, last_end = word, start, end
        return places

    def _characters(self, text: str) -> list[Place]:
        block = self._space.blocks[1]
        first = block.first
        return [
            (start, start + size, "characters", first + number)
            for begin, size, numbers in character_numbers(
                text, self._space.parameters.character_lengths, block.index
            )
            for start, number in enumerate(numbers, begin)
            if number >= 0
        ]

    def _patterns(self, text: str) -> list[Place]:
        first = self._space.first_pattern
        return [
            (start, end, "pattern", first + pattern)
            for pattern, start, end in self._space.matcher.spans(text)
        ]


def _in_text_order(place: Place) -> tuple[int, int, str]:
    return place[:3]
