"""Coding files as rows: long CSV and JSONL, wide double-coding sheets in CSV and XLSX.

Long: `sentence,labels` and, where given, `coder` (else the file's name), `round` (else 1),
`codebook`, `text`, `report`. Labels are joined by ";" and empty for none.

Wide: `sentence` and one column a coder, labels in the cells; a blank cell is missing, none is typed
as "-", "无" or "none". Columns of context (`CONTEXT`) belong to no coder.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from practicelib.errors import Fault, LabelError
from practicelib.files.tables import read_csv, read_jsonl, read_xlsx

NONE = frozenset({"-", "－", "—", "无", "無", "none"})
CONTEXT = frozenset(
    {"sentence", "id", "text", "report", "round", "codebook", "previous", "next", "heading"}
    | {"section", "title", "unit", "source", "note", "start", "end", "sha256", "number"}
    | {"adjudicated", ""}
)
ENDINGS = (".csv", ".jsonl", ".xlsx")
_SEPARATORS = re.compile(r"[;；、，|]")


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


def read_rows(path: Path, faults: list[Fault]) -> list[CodingRow]:
    """All codings of a file; faults of form are added to `faults`.

    Raises LabelError for a file that cannot be read at all.
    """
    ending = path.suffix.lower()
    rows: Iterable[tuple[int, Mapping[str, Any]]]
    if ending == ".jsonl":
        rows = read_jsonl(path)
    elif ending == ".xlsx":
        rows = read_xlsx(path)
    elif ending == ".csv":
        rows = read_csv(path)
    else:
        raise LabelError(f"not a coding file; known are {', '.join(ENDINGS)}", file=path)
    found: list[CodingRow] = []
    for line, row in rows:
        if "" in row and ending == ".csv":
            faults.append(Fault("more cells than columns", str(path), line, row[""]))
        try:
            found.extend(_codings(row, path, line))
        except ValueError as cause:
            faults.append(Fault(str(cause), str(path), line))
    return found


def _codings(row: Mapping[str, Any], path: Path, line: int) -> Iterator[CodingRow]:
    sentence = _text(row.get("sentence", row.get("id")))
    if not sentence:
        raise ValueError("no sentence id (column 'sentence')")
    common: dict[str, Any] = {
        "round": _text(row.get("round")) or "1",
        "codebook": _text(row.get("codebook")),
        "text": None if row.get("text") in (None, "") else str(row["text"]),
        "report": _text(row.get("report")),
        "file": str(path),
        "line": line,
    }
    if "labels" in row:
        coder = _text(row.get("coder", path.stem))
        if not coder:
            raise ValueError("no coder")
        yield CodingRow(sentence, coder, parse_labels(row["labels"]), **common)
        return
    if "coder" in row:
        raise ValueError("a coder but no column 'labels'")
    for column, cell in row.items():
        # A blank cell of a wide sheet is missing, not the empty set.
        if column not in CONTEXT and _text(cell):
            yield CodingRow(sentence, column.strip(), parse_labels(cell), **common)


def parse_labels(cell: Any) -> tuple[str, ...]:
    """Labels of a cell, a list or text; empty for none.

    Raises ValueError where none stands beside a label, a label twice, or nothing can be read.
    """
    if isinstance(cell, str):
        parts = [part.strip() for part in _SEPARATORS.split(cell)]
    elif isinstance(cell, list) and all(isinstance(part, str) for part in cell):
        parts = [part.strip() for part in cell]
    else:
        raise ValueError(f"labels must be text or a list of text, not {cell!r}")
    labels = [part for part in parts if part and part.lower() not in NONE]
    if labels and any(part.lower() in NONE for part in parts):
        raise ValueError(f"none and a category together: {cell!r}")
    if len(set(labels)) < len(labels):
        raise ValueError(f"a category is named twice: {cell!r}")
    return tuple(labels)


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()
