"""Coding files as rows: long, wide and yes/no sheets in CSV, JSONL and XLSX.

Long: `sentence,labels` and, where given, `coder` (else the file's name), `round` (else 1),
`codebook`, `text`, `report`. Labels are joined by ";" and empty for none.

Wide: `sentence` and one column a coder, labels in the cells; a blank cell is missing, none is typed
as "-", "无" or "none". Columns of context (`CONTEXT`) belong to no coder.

Yes/no: `sentence` and one column a category (`labels.yes_no`); the file's name is the coder unless
there is a column `coder`.

A coded sheet of `practicelib sample` names sentences by their place (`file`, `part`, `start`,
`end`) instead; there a blank cell of `labels` is missing.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from practicelib.codebook.reading import BETWEEN_LABELS, NONE
from practicelib.errors import Fault, LabelError
from practicelib.files.tables import read_jsonl
from practicelib.files.xlsx import read_table
from practicelib.labels.names import key_of
from practicelib.labels.yes_no import cell_text, columns_of_categories, has_a_no, labels_of
from practicelib.records.tags import IN_CHINESE

CONTEXT = frozenset(
    {"sentence", "id", "text", "report", "round", "codebook", "previous", "next", "heading"}
    | {"section", "title", "unit", "source", "note", "start", "end", "sha256", "number"}
    | {"file", "part", "序号", "编号", "备注"}
    | {"adjudicated", ""}
)
_OF_SAMPLES = frozenset(
    {"labels", "stratum", "class", "size", "drawn", "inclusion", "model", "categories", "seed"}
)
ENDINGS = (".csv", ".jsonl", ".xlsx")

_MODEL = frozenset({"model", IN_CHINESE["model"]})
_NOTED_OF_MODEL = frozenset({"probabilities", "uncertain", IN_CHINESE["uncertain"]})


@dataclass(frozen=True, slots=True)
class CodingRow:
    """One coder's set for one sentence as written; `labels` are not checked yet."""

    sentence: str
    coder: str
    labels: tuple[str, ...]
    round: str = "1"
    codebook: str = ""
    text: str | None = None
    report: str = ""
    file: str = ""
    line: int = 0
    columns: tuple[str, ...] = ()
    """Keys of the columns of the yes/no sheet that it is from."""


def read_rows(path: Path, faults: list[Fault], names: Mapping[str, str]) -> list[CodingRow]:
    """All codings of a file; faults of form are added to `faults`.

    `names` maps what a category may be called to its key, for yes/no sheets. Raises LabelError for
    a file that cannot be read at all.
    """
    ending = path.suffix.lower()
    rows: Iterable[tuple[int, Mapping[str, Any]]]
    if ending == ".jsonl":
        rows = read_jsonl(path)
    elif ending in ENDINGS:
        rows = read_table(path)
    else:
        raise LabelError(f"not a coding file; known are {', '.join(ENDINGS)}", file=path)
    rows = list(rows)
    try:
        sheet = _sheet([row for _, row in rows], names, path.stem)
    except ValueError as cause:
        faults.append(Fault(str(cause), str(path), 1))
        return []
    found: list[CodingRow] = []
    for line, row in rows:
        if "" in row and ending == ".csv":
            faults.append(Fault("more cells than columns", str(path), line, row[""]))
        try:
            found.extend(_codings(row, str(path), line, sheet))
        except ValueError as cause:
            faults.append(Fault(str(cause), str(path), line))
    return found


@dataclass(frozen=True, slots=True)
class _Sheet:
    """Columns of a yes/no sheet with their keys (none in other sheets), what blank rows say there,
    columns that hold no codes, and the coder where no column names one."""

    columns: Mapping[str, str]
    blank_is_uncoded: bool
    context: frozenset[str]
    coder: str


def is_tagged(rows: Iterable[Mapping[str, Any]]) -> bool:
    """Whether a model wrote the labels: `tag` notes probabilities, or what is in doubt.

    Its workbooks name these columns in Chinese.
    """
    return any(_MODEL & row.keys() and _NOTED_OF_MODEL & row.keys() for row in rows)


def _sheet(rows: Sequence[Mapping[str, Any]], names: Mapping[str, str], coder: str) -> _Sheet:
    if is_tagged(rows):
        raise ValueError("tagged by a model, not coded")
    present = list(dict.fromkeys(key for row in rows for key in row))
    context = CONTEXT | {"coder", "labels"}
    if "inclusion" in present:
        context |= _OF_SAMPLES
    if "labels" in present:
        # Beside a list of labels only columns that are categories by name can be meant.
        context |= {name for name in present if key_of(name.strip(), names) is None}
    columns = columns_of_categories(rows, [n for n in present if n not in context], names)
    if columns and any(cell_text(row.get("labels")) for row in rows):
        raise ValueError(f"codes in the column 'labels' and under {', '.join(columns)}: keep one")
    return _Sheet(columns, has_a_no(rows, columns), context, coder)


def is_of_sample(row: Mapping[str, Any]) -> bool:
    """Whether a row is of a sheet of `practicelib sample`, which names sentences by their place."""
    return {"file", "start", "end", "inclusion"} <= row.keys()


def sentence_id(row: Mapping[str, Any]) -> str:
    """The id of a row's sentence, or its place in a file; empty where there is neither."""
    named = cell_text(row.get("sentence", row.get("id")))
    if named or "sentence" in row or not is_of_sample(row):
        return named
    return ":".join(filter(None, (cell_text(row.get(n)) for n in ("file", "part", "start", "end"))))


def _codings(row: Mapping[str, Any], file: str, line: int, sheet: _Sheet) -> Iterator[CodingRow]:
    sentence = sentence_id(row)
    if not sentence:
        raise ValueError("no sentence id (column 'sentence')")
    common: dict[str, Any] = {
        "round": cell_text(row.get("round")) or "1",
        "codebook": cell_text(row.get("codebook")),
        "text": None if row.get("text") in (None, "") else str(row["text"]),
        "report": cell_text(row.get("report")),
        "file": file,
        "line": line,
    }
    coder = cell_text(row.get("coder", sheet.coder))
    if not coder:
        raise ValueError("no coder")
    if sheet.columns:
        labels = labels_of(row, sheet.columns, sheet.blank_is_uncoded)
        if labels is not None:
            keys = tuple(sheet.columns.values())
            yield CodingRow(sentence, coder, labels, **common, columns=keys)
        return
    if "labels" in row:
        # In the sheet of a sample none is typed as "-".
        if "inclusion" not in row or cell_text(row["labels"]):
            yield CodingRow(sentence, coder, parse_labels(row["labels"]), **common)
        return
    if "coder" in row:
        raise ValueError("a coder but no column 'labels'")
    for column, cell in row.items():
        # A blank cell of a wide sheet is missing, not the empty set.
        if column not in sheet.context and cell_text(cell):
            yield CodingRow(sentence, column.strip(), parse_labels(cell), **common)


def parse_labels(cell: Any) -> tuple[str, ...]:
    """Labels of a cell, a list or text; empty for none.

    Raises ValueError where none stands beside a label, a label twice, or nothing can be read.
    """
    if isinstance(cell, str):
        return _labels_in(cell)
    if isinstance(cell, list) and all(isinstance(part, str) for part in cell):
        return _labels([part.strip() for part in cell], cell)
    raise ValueError(f"labels must be text or a list of text, not {cell!r}")


@functools.lru_cache(maxsize=1024)
def _labels_in(cell: str) -> tuple[str, ...]:
    # In thousands of cells the same few sets stand over and over.
    return _labels([part.strip() for part in BETWEEN_LABELS.split(cell)], cell)


def _labels(parts: list[str], cell: object) -> tuple[str, ...]:
    labels = [part for part in parts if part and part.lower() not in NONE]
    if labels and any(part.lower() in NONE for part in parts):
        raise ValueError(f"none and a category together: {cell!r}")
    if len(set(labels)) < len(labels):
        raise ValueError(f"a category is named twice: {cell!r}")
    return tuple(labels)
