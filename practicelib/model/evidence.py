"""What decided a category: every term and pattern of the sentence with its share.

A feature's contribution is coefficient x value; it is shared equally among the places where the
feature stands. Contributions and intercept add up to the decision value (linear model), which is
checked to 1e-9 by a property test.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from practicelib.model.features import FeatureSpace, prepare
from practicelib.model.parameters import ModelParameters
from practicelib.records.tags import CategoryEvidence, Evidence
from practicelib.text.normalise import Normalised

Place = tuple[int, int, str]


def explain(
    text: str, space: FeatureSpace, parameters: ModelParameters
) -> dict[str, CategoryEvidence]:
    """Evidence of every category for one text, in codebook order; spans in text order."""
    normalised = prepare(text)
    row = space.row(normalised)
    places = _places(normalised, space)
    found = {}
    for k, category in enumerate(parameters.categories):
        weights = parameters.coefficients[k]
        spans: list[Evidence] = []
        for column, value in row.items():
            contribution = float(weights[column]) * value
            if contribution:
                where = places[column]
                share = contribution / len(where)
                spans.extend(Evidence(a, b, text[a:b], share, kind) for a, b, kind in where)
        spans.sort(key=lambda span: (span.start, span.end, span.kind))
        intercept = float(parameters.intercepts[k])
        decision = math.fsum([intercept, *(span.weight for span in spans)])
        found[category] = CategoryEvidence(tuple(spans), 0.0, intercept, decision)
    return found


def _places(normalised: Normalised, space: FeatureSpace) -> dict[int, list[Place]]:
    places: dict[int, list[Place]] = {}
    for column, place in _occurrences(normalised, space):
        places.setdefault(column, []).append(place)
    return places


def _occurrences(normalised: Normalised, space: FeatureSpace) -> Iterator[tuple[int, Place]]:
    for block, kind in zip(space.blocks, ("word", "characters"), strict=True):
        for term, start, end in block.occurrences(normalised.text):
            column = block.index.get(term)
            if column is not None:
                first, last = normalised.positions[start], normalised.positions[end - 1]
                yield block.first + column, (first, last + 1, kind)
    for found in space.matcher.find_normalised(normalised):
        yield space.first_pattern + found.pattern, (found.start, found.end, "pattern")
