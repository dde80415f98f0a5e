"""Tagged reports as rows: for JSONL, CSV and data frames."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator
from typing import Any

from practicelib.errors import LabelError, MissingExtraError
from practicelib.files.tables import csv_text, jsonl_text
from practicelib.records.cases import CONFIRMED, GUESSED, STATUS, Case
from practicelib.records.tags import IN_CHINESE, Coding, TaggedReport
from practicelib.records.views import renders

EVIDENCE = ("full", "top", "none")
TOP = 5
DIGITS = 6
_CASE = ("place", "level", "year", "type", "source")
_NESTED = ("probabilities", "evidence")


def tag_objects(
    tagged: TaggedReport, evidence: str = "top", beside: Iterable[str] | None = None
) -> Iterator[dict[str, Any]]:
    """One JSON object a sentence, as the public contract lists its keys.

    `evidence` is "full", "top" (the strongest of each assigned or uncertain category) or "none".
    Last come the columns of cases, `beside`; by default those of the report's own case.
    """
    report, coding = tagged.report, tagged.coding
    known = case_values(tagged.case, case_columns([tagged]) if beside is None else beside)
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
        row.update(known)
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
    every = list(reports)
    beside = case_columns(every)
    return "".join(jsonl_text(tag_objects(tagged, evidence, beside)) for tagged in every)


def case_columns(reports: Iterable[TaggedReport]) -> tuple[str, ...]:
    """Columns of the reports' cases that stand beside each sentence; none without cases.

    Title and unit have their columns already. Raises LabelError for a column of the user's own
    that has the name of a column of tags.
    """
    every = [tagged for tagged in reports if tagged.case is not None]
    if not every:
        return ()
    cases = [tagged.case for tagged in every if tagged.case is not None]
    return columns_of_cases(cases, every[0].coding.categories)


def columns_of_cases(
    cases: Iterable[Case], categories: Iterable[str], file: str = ""
) -> tuple[str, ...]:
    """See `case_columns`; `file` is the table, for the error."""
    own = tuple(dict.fromkeys(name for case in cases for name, _ in case.extra))
    taken = {*tag_columns(categories), *_NESTED}
    twice = [name for name in own if name in taken]
    if twice:
        raise LabelError(
            f"the case table has columns named like columns of tags: {', '.join(twice)};"
            " rename them",
            file=file, line=1,
        )  # fmt: skip
    return (*_CASE, STATUS, *own)


def case_values(case: Case | None, columns: Iterable[str]) -> dict[str, str]:
    """What a case says in each column, empty for a report without one."""
    if case is None:
        return dict.fromkeys(columns, "")
    status = {STATUS: CONFIRMED if case.confirmed else GUESSED}
    own = {name: str(getattr(case, name)) for name in _CASE} | status | dict(case.extra)
    return {name: own.get(name, "") for name in columns}


def tag_columns(categories: Iterable[str], beside: Iterable[str] = ()) -> list[str]:
    """Column names of the flat table; `beside` are those of cases."""
    keys = list(categories)
    return [
        *("file", "part", "report", "unit", "section", "heading", "start", "end", "text", "labels"),
        *keys,
        *(f"p_{key}" for key in keys),
        *("uncertain", "codebook", "model"),
        *beside,
    ]


def tag_rows(
    tagged: TaggedReport, beside: Iterable[str] = (), lang: str | None = None
) -> Iterator[list[Any]]:
    """Rows of the flat table: labels joined by ";", one 0/1 and one probability a category.

    `beside` are the columns of cases (`case_columns`). Labels are keys; with `lang` they are the
    names that the columns have (`column_names`), by which they can be read back as well.
    """
    report, coding = tagged.report, tagged.coding
    shown = {k: k if lang is None else coding.display_name(k, lang) for k in coding.categories}
    known = case_values(tagged.case, beside).values()
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
            ";".join(shown[key] for key in tags.labels),
            *tagged.assigned[row].astype(int).tolist(),
            *(round(p, DIGITS) for p in tags.probabilities.values()),
            ";".join(shown[key] for key in tags.uncertain),
            coding.codebook,
            coding.model,
            *known,
        ]


def to_csv(reports: Iterable[TaggedReport]) -> str:
    """All sentences of tagged reports as CSV text."""
    every = list(reports)
    beside = case_columns(every)
    columns = tag_columns(every[0].coding.categories if every else (), beside)
    return csv_text(columns, (row for tagged in every for row in tag_rows(tagged, beside)))


def columns_of(reports: Iterable[TaggedReport], lang: str | None = None) -> dict[str, list[Any]]:
    """The flat table column by column, each of length N; `lang` as in `tag_rows`."""
    every = list(reports)
    beside = case_columns(every)
    names = tag_columns(every[0].coding.categories if every else (), beside)
    rows = [row for tagged in every for row in tag_rows(tagged, beside, lang)]
    return {name: [row[i] for row in rows] for i, name in enumerate(names)}


def column_names(coding: Coding, lang: str, beside: Iterable[str] = ()) -> dict[str, str]:
    """Names of the columns for people, by their keys; the user's own keep theirs."""
    every = tag_columns((), beside)
    names = {name: IN_CHINESE.get(name, name) if lang == "zh" else name for name in every}
    mark = "概率" if lang == "zh" else "probability"
    for key in coding.categories:
        names[key] = coding.display_name(key, lang)
        names[f"p_{key}"] = f"{names[key]} {mark}"
    own = [name for name in beside if name not in (*_CASE, STATUS)]
    shown = {name for key, name in names.items() if key not in own}
    # A column of the user's that is called like one of ours, such as 单位, must not hide it.
    names.update({name: f"{name} *" for name in own if name in shown})
    return names


@renders(TaggedReport, "frame")
def to_frame(tagged: TaggedReport, backend: str = "pandas", lang: str | None = None) -> Any:
    """A pandas or polars frame (`backend`), one row a sentence.

    Columns and categories have the names of the CSV; with `lang` ("zh" or "en"), names for people.
    """
    if backend not in ("pandas", "polars"):
        raise ValueError(f"backend must be pandas or polars, not {backend!r}")
    try:
        library = importlib.import_module(backend)
    except ImportError as cause:
        raise MissingExtraError(f"to_frame needs {backend}", extra=backend) from cause
    columns = columns_of([tagged], lang)
    if lang is not None:
        names = column_names(tagged.coding, lang, case_columns([tagged]))
        columns = {names[key]: values for key, values in columns.items()}
    return library.DataFrame(columns)
