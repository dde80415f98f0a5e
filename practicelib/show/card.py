"""The model card in Markdown: what a model is, what it was trained on, how it fares outside."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from practicelib.files.data import data_path
from practicelib.labels.provenance import MODEL_PASS, is_shipped
from practicelib.measures.scores import Counts, f1, precision, recall
from practicelib.model.tagger import Tagger
from practicelib.records.codebook import Codebook
from practicelib.show.evaluation_table import (
    evaluation_from_data,
    evaluation_markdown,
    markdown_table,
    number,
)
from practicelib.show.page import environment


def model_card(tagger: Tagger, outside: Mapping[str, Any]) -> str:
    """The card of a tagger; `outside` is the content of its `outside.json` (may be empty).

    What is said of the labels is what the model recorded when it was trained; the rest is said to
    be not recorded.
    """
    facts = tagger.parameters.facts
    labelling = facts.get("labelling")
    is_default = Path(tagger.path) == data_path("models/default").resolve()
    return (
        environment()
        .get_template("card.md")
        .render(
            name=tagger.name,
            **_book(tagger.parameters.codebook),
            facts=facts,
            shipped=labelling is None and is_shipped(facts.get("report_ids", ())),
            is_default=is_default,
            labels=_labels(labelling if isinstance(labelling, dict) else {}),
            settings=json.dumps(facts.get("settings", {}), sort_keys=True),
            thresholds=tagger.thresholds,
            outside=_measured(outside, MODEL_PASS if is_default else ""),
            out_of_fold=_out_of_fold(facts.get("error_counts", {})),
        )
    )


def _book(codebook: Codebook) -> dict[str, Any]:
    return {
        "categories": [f"{c.key} {c.zh}" for c in codebook.categories],
        "codebook_version": codebook.version,
        "codebook_hash": codebook.hash[:16],
        "patterns": sum(len(category.patterns) for category in codebook.categories),
    }


def _measured(outside: Mapping[str, Any], coder_kind: str) -> list[dict[str, str]]:
    """The evaluations in a record; of the coders there only those of the shipped one are known."""
    return [
        {
            "on": entry["on"],
            "date": entry["date"],
            "tables": evaluation_markdown(evaluation_from_data(entry), coder_kind),
        }
        for _, entry in sorted(outside.items())
    ]


_KINDS = {
    "person": ("person", "people"),
    MODEL_PASS: ("pass of a language model", "passes of a language model"),
    "unknown": (
        "coder not recorded as a person or a model",
        "coders not recorded as people or models",
    ),
}


def _labels(labelling: Mapping[str, Any]) -> dict[str, Any]:
    """What the card says of the labels, in words; empty for what is not recorded."""
    coders = labelling.get("coders", {})
    apart = labelling.get("apart", {})
    return {
        "coders": " and ".join(f"{n} {_KINDS[kind][n != 1]}" for kind, n in coders.items()),
        "no_person": set(coders) == {MODEL_PASS},
        "apart": f"{apart['sentences']} sentences of {apart['reports']} reports" if apart else "",
        **{name: _counted(labelling.get(name, {})) for name in ("how", "types", "origins")},
    }


def _counted(counts: Mapping[str, int]) -> str:
    # What a user typed into a cell stays on its line.
    return ", ".join(f"{' '.join(name.split())} {count}" for name, count in counts.items())


def _out_of_fold(counts: Mapping[str, Mapping[str, int]]) -> str:
    if not counts:
        return ""
    names = ("true_positives", "false_positives", "false_negatives", "true_negatives")
    table = Counts(*(np.array([row[name] for row in counts.values()]) for name in names))
    scores = zip(precision(table), recall(table), f1(table), strict=True)
    rows = [[key, *map(number, values)] for key, values in zip(counts, scores, strict=True)]
    return markdown_table(("category", "precision", "recall", "F1"), rows)
