"""Brings a coded workbook of suggested sentences back into a label folder.

The sentences go into `sentences/suggested.csv`, their reports into `sources.csv` with the source
`SUGGESTED` and the role train, each coder's column into `codings/<coder>.csv`, the adjudicated
column into `decisions.csv`. Everything is checked before anything is written, one review at a time,
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
from practicelib.files.atomic import locked
from practicelib.files.hashing import hash_text
from practicelib.files.tables import csv_text, read_csv
from practicelib.files.together import complete, write_together
from practicelib.files.xlsx import read_xlsx
from practicelib.labels.checks import repeated_codings
from practicelib.labels.folder import SENTENCE_COLUMNS, read_sentences
from practicelib.labels.interchange_items import Names
from practicelib.labels.interchange_workbook import plain_cell, read_workbook
from practicelib.labels.names import names_of
from practicelib.labels.rows import ENDINGS, CodingRow, parse_labels, read_rows
from practicelib.records.codebook import Codebook
from practicelib.records.labelled import SINGLE, SUGGESTED, SentenceInfo

_SOURCES = ("report", "file", "role", "source", "type")
_CODINGS = ("sentence", "coder", "labels", "round", "codebook")
_DECISIONS = ("sentence", "labels", "by", "reason", "date")
_NAME = re.compile(r"[\w.@-]+")
_NO_NAME = "not a coder's name: it names a file, so letters, digits and . @ - _ only"

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
    LabelError with all faults: edited texts, unknown categories, rows that were not suggested, that
    stand in the workbook twice or whose id has another text in the folder, a coder who codes a
    sentence twice or has coded it before, adjudications without `by` or of what nobody coded, an
    empty workbook, and whatever is wrong with the folder's own sentences and codings.
    """
    path, root = Path(workbook), Path(folder)
    if not root.is_dir():
        raise LabelError("no such folder", file=root)
    # From reading to writing: what another review brought in between would be lost.
    with locked(root / "review"):
        complete(root)
        given = root / "codebook.toml"
        book = read_codebook(given if given.is_file() else None)
        faults: list[Fault] = []
        filled = _filled(path, book, names or {}, (by, date), faults)
        known = read_sentences(root, faults).sentences
        faults.extend(_strange(filled, known, path))
        faults.extend(_repeated(filled, root, path, book))
        if faults:
            raise LabelError(faults)
        fresh = [row for row in map(_sentence, filled.cells.values()) if row["id"] not in known]
        files = _appended(root, "sentences/suggested.csv", SENTENCE_COLUMNS, fresh)
        files |= _appended(root, "sources.csv", _SOURCES, _sources(root, fresh, known.values()))
        counts = {}
        for coder in _coders(filled.rows):
            own = [_coding(row, book.version) for row in filled.rows if row.coder == coder]
            # A file without that column is all of the coder whose name it has.
            files |= _appended(root, f"codings/{coder}.csv", _CODINGS, own, {"coder": coder})
            counts[coder] = len(own)
        files |= _appended(root, "decisions.csv", _DECISIONS, filled.decisions)
        write_together(root, files)
    return Review(len(fresh), counts, len(filled.decisions))


@dataclass(frozen=True, slots=True)
class _Filled:
    """Codings and decisions of a workbook, and its rows, by line, that have any."""

    rows: list[CodingRow]
    decisions: Rows
    cells: Mapping[int, Mapping[str, str]]


def _filled(
    path: Path,
    book: Codebook,
    names: Mapping[str, str],
    decided: tuple[str, str],
    faults: list[Fault],
) -> _Filled:
    """What is filled in; raises LabelError for edited texts and where there is nothing."""
    rows = _renamed(read_workbook(path, book), names, path)
    cells = dict(read_xlsx(path, "coding"))
    decisions, found = _decisions(cells, Names(book), path, *decided)
    faults.extend(found)
    if not rows and not decisions and not faults:
        raise LabelError("nothing is filled in", file=path)
    coded = {row.sentence for row in rows} | {row["sentence"] for row in decisions}
    own = {line: row for line, row in cells.items() if row.get("sentence", "") in coded}
    return _Filled(rows, decisions, own)


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
        raise LabelError([Fault(_NO_NAME, str(path), value=one) for one in wrong])
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
        # A blank is "not decided yet" in a sheet of the queue, and that may be what is added to.
        rows.append({"sentence": row.get("sentence", ""), "labels": ";".join(labels) or "-",
                     "by": by, "reason": reason, "date": date})  # fmt: skip
    if rows and not by:
        faults.append(Fault("there are adjudications, but nobody is named (by)", str(path)))
    return rows, [*faults, *names.found()]


def _strange(filled: _Filled, known: Mapping[str, SentenceInfo], path: Path) -> Iterable[Fault]:
    """Rows that are not of a sentence that was suggested, or of one that another row is of."""
    first: dict[str, int] = {}
    for line, row in filled.cells.items():
        name = row.get("sentence", "")
        if not name.startswith(f"{SUGGESTED}:"):
            cause = "not a suggested sentence; use `practicelib convert` for a double coding"
            yield Fault(cause, str(path), line, name)
        elif name in known and plain_cell(known[name].text) != plain_cell(row["text"]):
            # Ids of older workbooks are alike for files of one name.
            yield Fault("the label folder has another text under this id", str(path), line, name)
        if first.setdefault(name, line) != line:
            yield Fault(f"the same sentence as in line {first[name]}", str(path), line, name)


def _repeated(filled: _Filled, root: Path, path: Path, book: Codebook) -> Iterable[Fault]:
    """Who codes a sentence twice, here or in the folder, and decisions that gold would refuse."""
    faults: list[Fault] = []
    files = (f for f in (root / "codings").glob("[!.~]*") if f.suffix.lower() in ENDINGS)
    names = names_of(book)
    read = (row for file in files for row in read_rows(file, faults, names))
    before = {(row.coder, row.sentence) for row in read}
    yield from sorted(faults, key=lambda fault: (fault.file, fault.line))
    for row in filled.rows:
        if (row.coder, row.sentence) in before:
            yield Fault(f"{row.coder!r} has coded it before", row.file, row.line, row.sentence)
    yield from repeated_codings(filled.rows)
    for coder in _coders(filled.rows):
        file = root / "codings" / f"{coder}.csv"
        if any(not {"sentence", "labels"} <= row.keys() for row in _existing(file)[:1]):
            cause = "nothing can be added to a file without the columns sentence and labels"
            yield Fault(cause, str(file))
    decided = {row.get("sentence") for row in _existing(root / "decisions.csv")}
    coded = {name for _, name in before} | {row.sentence for row in filled.rows}
    for name in sorted(row["sentence"] for row in filled.decisions):
        if name in decided:
            yield Fault("decided before", str(path), value=name)
        if name not in coded:
            yield Fault("adjudicated, but nobody has coded it", str(path), value=name)


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
    root: Path,
    name: str,
    columns: Sequence[str],
    rows: Sequence[Mapping[str, Any]],
    unsaid: Mapping[str, str] | None = None,
) -> dict[str, bytes]:
    """The file's new content with rows added, by its name; its own columns stay.

    `unsaid` is what its own rows have in columns that are new to it.
    """
    if not rows:
        return {}
    old = _existing(root / name)
    header = list(old[0]) if old else list(columns)
    header += [column for column in columns if column not in header]
    every = [*({**(unsaid or {}), **row} for row in old), *rows]
    text = csv_text(header, ([row.get(column, "") for column in header] for row in every))
    return {name: text.encode("utf-8-sig")}
