"""The model card in Markdown: what a model is, what it was trained on, how it fares outside."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from practicelib.measures.scores import Counts, f1, precision, recall
from practicelib.model.tagger import Tagger
from practicelib.show.evaluation_table import (
    evaluation_from_data,
    evaluation_markdown,
    markdown_table,
    number,
)
from practicelib.show.page import environment


def model_card(tagger: Tagger, outside: Mapping[str, Any]) -> str:
    """The card of a tagger; `outside` is the content of its `outside.json` (may be empty)."""
    parameters = tagger.parameters
    codebook = parameters.codebook
    return (
        environment()
        .get_template("card.md")
        .render(
            name=tagger.name,
            categories=[f"{c.key} {c.zh}" for c in codebook.categories],
            codebook_version=codebook.version,
            codebook_hash=codebook.hash[:16],
            patterns=sum(len(category.patterns) for category in codebook.categories),
            facts=parameters.facts,
            settings=json.dumps(parameters.facts["settings"], sort_keys=True),
            thresholds=tagger.thresholds,
            outside=[
                {
                    "on": entry["on"],
                    "date": entry["date"],
                    "tables": evaluation_markdown(evaluation_from_data(entry)),
                }
                for _, entry in sorted(outside.items())
            ],
            out_of_fold=_out_of_fold(parameters.facts["error_counts"]),
        )
    )


def _out_of_fold(counts: Mapping[str, Mapping[str, int]]) -> str:
    names = ("true_positives", "false_positives", "false_negatives", "true_negatives")
    table = Counts(*(np.array([row[name] for row in counts.values()]) for name in names))
    scores = zip(precision(table), recall(table), f1(table), strict=True)
    rows = [[key, *map(number, values)] for key, values in zip(counts, scores, strict=True)]
    return markdown_table(("category", "precision", "recall", "F1"), rows)
