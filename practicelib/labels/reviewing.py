"""Brings a coded workbook of suggested sentences back into a label folder.

The sentences go into `sentences/suggested.csv`, their reports into `sources.csv` with the source
`SUGGESTED` and the role train, each coder's column into `codings/<coder>.csv`, the adjudicated
column into `decisions.csv`. Everything is checked before anything is written,
and all files change as one.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from practicelib.codebook.reading import read_codebook
from practicelib.errors import Fault, LabelError
from practicelib.files.hashing import hash_text
from practicelib.files.tables import csv_text, read_csv, read_xlsx
from practicelib.files.together import complete, write_together
from practicelib.labels.folder import read_sentences
from practicelib.labels.interchange_items import Names
from practicelib.labels.interchange_workbook import read_workbook
from practicelib.labels.rows import CodingRow, parse_labels
from practicelib.records.labelled import SINGLE, SUGGESTED, SentenceInfo

_SENTENCES = ("id", "report", "start", "end", "text", "sha256")
_SOURCES = ("report", "file", "role", "source", "type")
_CODINGS = ("sentence", "coder", "labels", "round", "codebook")
_DECISIONS = ("sentence", "labels", "by", "reason", "date")
_NAME = re.compile(r"[\w.@-]+")

Rows = list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Review:
    """What a workbook brought: new sentences, codings by coder, decisions."""

    sentences: int
    codings: Mapping[str, int]
    decisions: int


def review(
    workbook: str | os.PathLike[str],
    folder: str | os.PathLike[str],
    *,
    names: Mapping[str, str] | None = None,
    by: str = "",
    date: str = "",
) -> Review:
    """Add what coders filled in to a label folder.

    `names` maps a column to its coder (`{"coder_A": "wang"}`), `by` says who adjudicated. Raises
    LabelError with all faults: edited texts, unknown categories, rows that were not suggested, a
    coder who has coded a sentence before, adjudications without `by`, an empty workbook.
    """
    path, root = Path(workbook), Path(folder)
    complete(root)
    book = read_codebook(root / "codebook.toml" if (root / "codebook.toml").is_file() else None)
    rows = _renamed(read_workbook(path, book), names or {}, path)
    cells = dict(read_xlsx(path, "coding"))
    decisions, faults = _decisions(cells, Names(book), path, by, date)
    if not rows and not decisions and not faults:
        raise LabelError("nothing is filled in", file=path)
    coded = {row.sentence for row in rows} | {row["sentence"] for row in decisions}
    known = read_sentences(root, faults)
    new = [_sentence(row) for row in cells.values() if row.get("sentence") in coded]
    faults.extend(_strange(cells, coded, path))
    before = {coder: _existing(root / "codings" / f"{coder}.csv") for coder in _coders(rows)}
    faults.extend(_repeated(rows, before))
    decided = _existing(root / "decisions.csv")
    again = {row["sentence"] for row in decided} & {row["sentence"] for row in decisions}
    faults.extend(Fault("decided before", str(path), value=name) for name in sorted(again))
    if faults:
        raise LabelError(faults)
    fresh = [row for row in new if row["id"] not in known.sentences]
    sources = _sources(root, fresh, known.sentences.values())
    files = _appended(root, "sentences/suggested.csv", _SENTENCES, fresh)
    files |= _appended(root, "sources.csv", _SOURCES, sources)
    counts = {}
    for coder in _coders(rows):
        own = [_coding(row, book.version) for row in rows if row.coder == coder]
        files |= _appended(root, f"codings/{coder}.csv", _CODINGS, own)
        counts[coder] = len(own)
    write_together(root, files | _appended(root, "decisions.csv", _DECISIONS, decisions))
    return Review(len(fresh), counts, len(decisions))


def _coders(rows: Iterable[CodingRow]) -> list[str]:
    return list(dict.fromkeys(row.coder for row in rows))


def _renamed(rows: Sequence[CodingRow], names: Mapping[str, str], path: Path) -> list[CodingRow]:
    found = [
        CodingRow(row.sentence, names.get(row.coder, row.coder), row.labels, text=row.text,
                  report=row.report, file=row.file, line=row.line)
        for row in rows
    ]  # fmt: skip
    # The name becomes a file name.
    wrong = [coder for coder in _coders(found) if not _NAME.fullmatch(coder)]
    if wrong:
        raise LabelError([Fault("not a coder's name", str(path), value=one) for one in wrong])
    return found


def _decisions(
    cells: Mapping[int, Mapping[str, str]], names: Names, path: Path, by: str, date: str
) -> tuple[Rows, list[Fault]]:
    rows: Rows = []
    faults: list[Fault] = []
    for line, row in cells.items():
        if not row.get("adjudicated", "").strip():
            continue
        try:
            labels = names.keys(parse_labels(row["adjudicated"]), path, line)
        except ValueError as cause:
            faults.append(Fault(str(cause), str(path), line, "adjudicated"))
            continue
        reason = row.get("note", "").strip() or "adjudicated in the workbook"
        rows.append({"sentence": row.get("sentence", ""), "labels": ";".join(labels), "by": by,
                     "reason": reason, "date": date})  # fmt: skip
    if rows and not by:
        faults.append(Fault("there are adjudications, but nobody is named (by)", str(path)))
    return rows, [*faults, *names.faults]


def _strange(
    cells: Mapping[int, Mapping[str, str]], coded: set[str], path: Path
) -> Iterable[Fault]:
    for line, row in cells.items():
        if row.get("sentence") in coded and not row["sentence"].startswith(f"{SUGGESTED}:"):
            cause = "not a suggested sentence; use `practicelib convert` for a double coding"
            yield Fault(cause, str(path), line, row["sentence"])


def _repeated(rows: Sequence[CodingRow], before: Mapping[str, Rows]) -> Iterable[Fault]:
    for row in rows:
        if any(old["sentence"] == row.sentence for old in before[row.coder]):
            yield Fault(f"{row.coder!r} has coded it before", row.file, row.line, row.sentence)


def _sentence(row: Mapping[str, str]) -> dict[str, str]:
    place = row["sentence"].rpartition(":")[2]
    start = int(place) if place.isdecimal() else 0
    text = row["text"]
    return {
        "id": row["sentence"], "report": row.get("report", ""), "start": str(start),
        "end": str(start + len(text)), "text": text, "sha256": hash_text(text),
    }  # fmt: skip


def _sources(root: Path, fresh: Rows, before: Iterable[SentenceInfo]) -> Rows:
    """Rows of reports that sources.csv lacks; a new sources.csv must list all reports."""
    path = root / "sources.csv"
    listed = {row["report"] for row in _existing(path)}
    rows: Rows = []
    if fresh and not path.is_file():
        # Without the file every sentence is trained on; so it stays.
        old = dict.fromkeys(info.report for info in before)
        rows = [{"report": report, "role": "train"} for report in old]
        listed = set(old)
    # Single sentences: what stands beside them in this folder is not their context.
    new = dict.fromkeys(row["report"] for row in fresh if row["report"] not in listed)
    marks = {"role": "train", "source": SUGGESTED, "type": SINGLE}
    return [*rows, *({"report": report, **marks} for report in new)]


def _coding(row: CodingRow, version: str) -> dict[str, str]:
    labels = ";".join(row.labels)
    return {"sentence": row.sentence, "coder": row.coder, "labels": labels, "round": "1",
            "codebook": version}  # fmt: skip


def _existing(path: Path) -> Rows:
    return [row for _, row in read_csv(path)] if path.is_file() else []


def _appended(
    root: Path, name: str, columns: Sequence[str], rows: Sequence[Mapping[str, Any]]
) -> dict[str, bytes]:
    """The file's new content with rows added, by its name; its own columns stay."""
    if not rows:
        return {}
    old = _existing(root / name)
    header = list(old[0]) if old else list(columns)
    header += [column for column in columns if column not in header]
    every = [*old, *rows]
    text = csv_text(header, ([row.get(column, "") for column in header] for row in every))
    return {name: text.encode("utf-8-sig")}
