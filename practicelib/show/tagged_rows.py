"""Tagged reports as rows: for JSONL, CSV and data frames."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator
from typing import Any

from practicelib.errors import MissingExtraError
from practicelib.files.tables import csv_text, jsonl_text
from practicelib.records.tags import Coding, TaggedReport
from practicelib.records.views import renders

EVIDENCE = ("full", "top", "none")
TOP = 5
DIGITS = 6
_CHINESE = {
    "file": "文件", "part": "部分", "report": "材料", "unit": "单位", "section": "小节",
    "heading": "是否标题", "start": "起", "end": "止", "text": "句子",
    "labels": "类别", "uncertain": "存疑", "codebook": "编码本", "model": "模型",
}  # fmt: skip


def tag_objects(tagged: TaggedReport, evidence: str = "top") -> Iterator[dict[str, Any]]:
    """One JSON object a sentence, as the public contract lists its keys.

    `evidence` is "full", "top" (the strongest of each assigned or uncertain category) or "none".
    """
    report, coding = tagged.report, tagged.coding
    for sentence, tags in tagged:
        row: dict[str, Any] = {
            "report": report.title,
            "unit": report.unit,
            "section": report.section_title(sentence),
            "start": sentence.start,
            "end": sentence.end,
            "text": sentence.text,
            "labels": list(tags.labels),
            "probabilities": {k: round(p, DIGITS) for k, p in tags.probabilities.items()},
            "uncertain": list(tags.uncertain),
        }
        if evidence != "none":
            row["evidence"] = _evidence(tags, evidence)
        row["codebook"], row["model"] = coding.codebook, coding.model
        yield row


def _evidence(tags: Any, how: str) -> dict[str, list[list[Any]]]:
    wanted = tags.probabilities if how == "full" else {*tags.labels, *tags.uncertain}
    if not wanted:
        return {}
    return {
        category: [
            [span.start, span.end, round(span.weight, DIGITS)]
            for span in (found.spans if how == "full" else found.strongest(TOP))
        ]
        for category, found in tags.evidence.items()
        if category in wanted
    }


def to_jsonl(reports: Iterable[TaggedReport], evidence: str = "top") -> str:
    """All sentences of tagged reports as JSON lines."""
    return "".join(jsonl_text(tag_objects(tagged, evidence)) for tagged in reports)


def tag_columns(categories: Iterable[str]) -> list[str]:
    """Column names of the flat table."""
    keys = list(categories)
    return [
        *("file", "part", "report", "unit", "section", "heading", "start", "end", "text", "labels"),
        *keys,
        *(f"p_{key}" for key in keys),
        *("uncertain", "codebook", "model"),
    ]


def tag_rows(tagged: TaggedReport) -> Iterator[list[Any]]:
    """Rows of the flat table: labels joined by ";", one 0/1 and one probability a category."""
    report, coding = tagged.report, tagged.coding
    for row, (sentence, tags) in enumerate(tagged):
        yield [
            report.source.file,
            report.source.part,
            report.title,
            report.unit,
            report.section_title(sentence),
            int(sentence.heading),
            sentence.start,
            sentence.end,
            sentence.text,
            ";".join(tags.labels),
            *tagged.assigned[row].astype(int).tolist(),
            *(round(p, DIGITS) for p in tags.probabilities.values()),
            ";".join(tags.uncertain),
            coding.codebook,
            coding.model,
        ]


def to_csv(reports: Iterable[TaggedReport]) -> str:
    """All sentences of tagged reports as CSV text."""
    every = list(reports)
    columns = tag_columns(every[0].coding.categories if every else ())
    return csv_text(columns, (row for tagged in every for row in tag_rows(tagged)))


def columns_of(reports: Iterable[TaggedReport]) -> dict[str, list[Any]]:
    """The flat table column by column, each of length N."""
    every = list(reports)
    names = tag_columns(every[0].coding.categories if every else ())
    rows = [row for tagged in every for row in tag_rows(tagged)]
    return {name: [row[i] for row in rows] for i, name in enumerate(names)}


def column_names(coding: Coding, lang: str) -> dict[str, str]:
    """Names of the columns for people, by their keys."""
    names = {name: _CHINESE.get(name, name) if lang == "zh" else name for name in tag_columns(())}
    mark = "概率" if lang == "zh" else "probability"
    for key in coding.categories:
        names[key] = coding.display_name(key, lang)
        names[f"p_{key}"] = f"{names[key]} {mark}"
    return names


@renders(TaggedReport, "frame")
def to_frame(tagged: TaggedReport, backend: str = "pandas", lang: str | None = None) -> Any:
    """A pandas or polars frame (`backend`), one row a sentence.

    Columns have the names of the CSV; with `lang` ("zh" or "en"), names for people.
    """
    if backend not in ("pandas", "polars"):
        raise ValueError(f"backend must be pandas or polars, not {backend!r}")
    try:
        library = importlib.import_module(backend)
    except ImportError as cause:
        raise MissingExtraError(f"to_frame needs {backend}", extra=backend) from cause
    columns = columns_of([tagged])
    if lang is not None:
        names = column_names(tagged.coding, lang)
        columns = {names[key]: values for key, values in columns.items()}
    return library.DataFrame(columns)
