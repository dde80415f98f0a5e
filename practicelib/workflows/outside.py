"""Labelled sentences from outside the label folder, to measure on and never to train on."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from practicelib.errors import Fault, LabelError
from practicelib.files.tables import read_jsonl
from practicelib.measures.scores import macro_f1
from practicelib.model.tagger import Tagger
from practicelib.records.evaluation import CoderScore
from practicelib.records.labelled import LabelledSentences, SentenceInfo


def read_labelled(
    path: str | os.PathLike[str],
    categories: Sequence[str],
    *,
    reports: Sequence[str] | None = None,
) -> LabelledSentences:
    """Read JSONL rows with the keys text, labels and, optionally, id and report.

    `reports` keeps only the sentences of those reports. Raises LabelError naming every row without
    text, with labels that are no list, or with an unknown category.
    """
    wanted = None if reports is None else set(reports)
    faults: list[Fault] = []
    sentences: list[SentenceInfo] = []
    rows: list[list[bool]] = []
    for line, row in read_jsonl(path):
        causes = _row_faults(row, categories)
        faults.extend(Fault(cause, str(path), line) for cause in causes)
        report = str(row.get("report", line))
        if causes or (wanted is not None and report not in wanted):
            continue
        sentences.append(SentenceInfo(str(row.get("id", line)), row["text"], report, "test"))
        rows.append([key in row["labels"] for key in categories])
    if faults:
        raise LabelError(faults)
    labels = np.array(rows, dtype=bool).reshape(len(rows), len(categories))
    return LabelledSentences(tuple(sentences), tuple(categories), labels)


def _row_faults(row: dict[str, Any], categories: Sequence[str]) -> list[str]:
    causes = []
    if not isinstance(row.get("text"), str) or not row["text"].strip():
        causes.append("no text")
    if "model" in row and "probabilities" in row:
        causes.append("tagged by a model, not coded: no labels to measure against")
    labels = row.get("labels")
    if not isinstance(labels, list):
        causes.append("labels are no list")
    else:
        causes.extend(f"unknown category {key!r}" for key in labels if key not in categories)
    return causes


def read_part(path: str | os.PathLike[str], part: str) -> list[str]:
    """Report ids of one part from a JSON file that maps parts to lists of report ids.

    Raises LabelError where the file or the part is missing.
    """
    try:
        parts = json.loads(Path(path).read_text(encoding="utf-8"))
        return [str(report) for report in parts[part]]
    except (OSError, ValueError, KeyError, TypeError) as cause:
        raise LabelError(f"no part {part!r} there: {cause}", file=path) from cause


def pooled(sets: Sequence[LabelledSentences]) -> LabelledSentences:
    """Several sets of labelled sentences as one; raises LabelError for unlike categories."""
    if len({one.categories for one in sets}) != 1:
        raise LabelError("the sets do not have the same categories")
    return LabelledSentences(
        tuple(sentence for one in sets for sentence in one.sentences),
        sets[0].categories,
        np.concatenate([one.labels for one in sets]),
    )


def coder_scores(
    path: str | os.PathLike[str], tagger: Tagger, *, reports: Sequence[str] | None = None
) -> tuple[CoderScore, ...]:
    """How each coder whose codes stand in the rows (`coder1`, `coder2`, ...) fares against gold.

    The model is scored on the same sentences. Empty where no row has a coder's codes.
    """
    wanted = None if reports is None else set(reports)
    rows = [row for _, row in read_jsonl(path) if wanted is None or str(row["report"]) in wanted]
    names = sorted({key for row in rows for key in row if key.startswith("coder")})
    keys = tagger.categories
    scores = []
    for name in names:
        coded = [row for row in rows if isinstance(row.get(name), list)]
        gold, codes = (
            np.array([[key in row[field] for key in keys] for row in coded], dtype=bool)
            for field in ("labels", name)
        )
        assigned = tagger.tag_batch([row["text"] for row in coded]).assigned
        scores.append(CoderScore(name, len(coded), macro_f1(gold, codes), macro_f1(gold, assigned)))
    return tuple(scores)
