"""Labelled sentences from outside the label folder, to measure on and never to train on."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from practicelib.errors import Fault, LabelError
from practicelib.files.tables import read_jsonl
from practicelib.files.xlsx import read_table
from practicelib.labels.names import key_of, keys_by_name
from practicelib.labels.rows import is_tagged, parse_labels
from practicelib.measures.scores import macro_f1
from practicelib.model.tagger import Tagger
from practicelib.records.evaluation import CoderScore
from practicelib.records.labelled import LabelledSentences, SentenceInfo
from practicelib.records.tags import IN_CHINESE

# A column `coder` says who coded a row and holds no codes.
_CODER = re.compile(r"coder[0-9]+")

_PEOPLE = {IN_CHINESE[name]: name for name in ("text", "labels", "report")} | {"编码员": "coder"}
"""Columns of tables for people, which may be corrected and given as gold."""


def read_labelled(
    path: str | os.PathLike[str],
    categories: Sequence[str],
    *,
    names: Sequence[tuple[str, str]] = (),
    reports: Sequence[str] | None = None,
) -> LabelledSentences:
    """Read rows with text, labels and, optionally, id (or sentence) and report: JSONL, CSV, XLSX.

    Labels are a list, or text as in coding files. `names` are the Chinese and English names of the
    `categories`, which may stand for their keys; `reports` keeps only the sentences of those
    reports. Raises LabelError naming every row without text or labels, with an unknown category,
    with the codes of a second coder, or tagged by a model.
    """
    known = keys_by_name(categories, names)
    wanted = None if reports is None else set(reports)
    faults: list[Fault] = []
    sentences: list[SentenceInfo] = []
    rows: list[list[bool]] = []
    seen: set[str] = set()
    read = _rows(path)
    _refuse_no_gold([row for _, row in read], path)
    for line, row in read:
        causes = _row_faults(row, known)
        faults.extend(Fault(cause, str(path), line) for cause in causes)
        report = _report(row, line)
        if causes or (wanted is not None and report not in wanted):
            continue
        place = str(row.get("id") or row.get("sentence") or f"#{line}")
        if place in seen:
            faults.append(Fault(f"the sentence {place!r} is given twice", str(path), line))
        seen.add(place)
        sentences.append(SentenceInfo(place, row["text"], report, "test"))
        rows.append(_codes(row["labels"], categories, known))
    if not sentences and not faults:
        raise LabelError("no labelled sentence in it", file=path)
    if faults:
        raise LabelError(faults)
    labels = np.array(rows, dtype=bool).reshape(len(rows), len(categories))
    return LabelledSentences(tuple(sentences), tuple(categories), labels)


def _rows(path: str | os.PathLike[str]) -> Sequence[tuple[int, Mapping[str, Any]]]:
    ending = Path(path).suffix.lower()
    if ending not in (".csv", ".xlsx"):
        return read_jsonl(path)
    return [(line, _in_english(row)) for line, row in read_table(path)]


def _in_english(row: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        name if (own := _PEOPLE.get(name, name)) in row else own: cell for name, cell in row.items()
    }


def _refuse_no_gold(rows: Sequence[Mapping[str, Any]], path: str | os.PathLike[str]) -> None:
    if len({row.get("coder") for row in rows}) > 1:
        raise LabelError("the codes of several coders; `practicelib adjudicate` first", file=path)
    if is_tagged(rows):
        raise LabelError(
            "tagged by a model, not coded: no labels to measure against; where a person has"
            " corrected them, take out 'model' (模型)",
            file=path,
        )
    missing = [column for column in ("text", "labels") if not any(column in row for row in rows)]
    if rows and missing:
        raise LabelError(f"no column {' and no column '.join(map(repr, missing))}", file=path)


def _report(row: Mapping[str, Any], line: int) -> str:
    # A sentence of no report stands for itself.
    report = row.get("report")
    return f"#{line}" if report in (None, "") else str(report)


def _codes(labels: Any, categories: Sequence[str], known: Mapping[str, str]) -> list[bool]:
    keys = {key_of(label, known) for label in parse_labels(labels)}
    return [key in keys for key in categories]


def _row_faults(row: Mapping[str, Any], known: Mapping[str, str]) -> list[str]:
    causes = []
    if not isinstance(row.get("text"), str) or not row["text"].strip():
        causes.append("no text")
    if "" in row:
        causes.append(f"a cell without a column name: {row['']}")
    if "labels" not in row:
        return [*causes, "no column 'labels'"]
    if "inclusion" in row and not str(row.get("labels") or "").strip():
        causes.append("a row of a sample that is not coded; type - for no category")
    return [*causes, *_label_faults(row.get("labels"), known)]


def _label_faults(cell: Any, known: Mapping[str, str]) -> list[str]:
    try:
        labels = parse_labels(cell)
    except ValueError as cause:
        return [str(cause)]
    return [f"unknown category {label!r}" for label in labels if key_of(label, known) is None]


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

    Codes are a list, or text as labels are; an empty cell is not coded. The model is scored on the
    same sentences. Empty where no row has a coder's codes. Raises LabelError for unknown ones.
    """
    wanted = None if reports is None else set(reports)
    rows = [one for one in _rows(path) if wanted is None or _report(one[1], one[0]) in wanted]
    names = sorted({key for _, row in rows for key in row if _CODER.fullmatch(key)})
    coded = {name: [one for one in rows if _is_coded(one[1].get(name))] for name in names}
    known = keys_by_name(tagger.categories, tagger.category_names)
    faults = [
        Fault(f"{name}: {cause}", str(path), line)
        for name, own in coded.items()
        for line, row in own
        for cause in _label_faults(row[name], known)
    ]
    if faults:
        raise LabelError(faults)
    return tuple(
        _coder_score(name, [row for _, row in own], tagger) for name, own in coded.items() if own
    )


def _is_coded(cell: Any) -> bool:
    return isinstance(cell, list) or (isinstance(cell, str) and bool(cell.strip()))


def _coder_score(name: str, rows: Sequence[Mapping[str, Any]], tagger: Tagger) -> CoderScore:
    keys = tagger.categories
    known = keys_by_name(keys, tagger.category_names)
    gold, codes = (
        np.array([_codes(row[field], keys, known) for row in rows], dtype=bool)
        for field in ("labels", name)
    )
    assigned = tagger.tag_batch([row["text"] for row in rows]).assigned
    return CoderScore(name, len(rows), macro_f1(gold, codes), macro_f1(gold, assigned))
