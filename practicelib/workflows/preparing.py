"""A label folder from reports: their sentences, ready to be coded by a codebook of one's own."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from practicelib.codebook.reading import read_codebook
from practicelib.errors import LabelError, PracticeError, ReportError
from practicelib.files.hashing import hash_text
from practicelib.files.tables import csv_text
from practicelib.files.together import write_together
from practicelib.labels.folder import SENTENCE_COLUMNS
from practicelib.records.labelled import LEAD_IN
from practicelib.records.report import Report
from practicelib.workflows.readable import readable_reports

_SOURCES = ("report", "file", "role", "source", "type", "unit", "title")
_FILE = "sentences/reports.csv"
_Place = tuple[str, str]
"""A file, and the row or member of it that a text comes from."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """How many reports and sentences a new label folder holds."""

    reports: int
    sentences: int


def prepare(
    paths: Iterable[str | os.PathLike[str]],
    folder: str | os.PathLike[str],
    codebook: str | os.PathLike[str] | None = None,
    *,
    refused: Callable[[PracticeError], None] | None = None,
    **reading: Any,
) -> Prepared:
    """Write the texts and sentences of reports, and the codebook, as a label folder to code in.

    `codebook` is a file, or the folder's own `codebook.toml` where it is None. All reports get the
    role train. `reading` takes the options of `iter_reports`. Files that cannot be read are handed
    to `refused`, or raised where it is None. Raises CodebookError, LabelError where the folder
    holds sentences already or no codebook is there, ReportError where no report is.
    """
    root = Path(folder)
    if any((root / "sentences").glob("*.csv")):
        raise LabelError("there are sentences in it already; take a new folder", file=root)
    own = Path(codebook) if codebook is not None else root / "codebook.toml"
    if not own.is_file():
        raise LabelError("no codebook; name one (--codebook), or put it there", file=own)
    read_codebook(own)
    reports = readable_reports(paths, refused, reading)
    if not reports:
        raise ReportError("no report was given")
    files = _files(reports)
    files["codebook.toml"] = own.read_bytes()
    root.mkdir(parents=True, exist_ok=True)
    write_together(root, files)
    return Prepared(len(reports), sum(len(report.sentences) for report in reports))


def _files(reports: Sequence[Report]) -> dict[str, bytes]:
    """The new files by their paths in the folder; texts that several reports share are one."""
    places = [(report.source.file, report.source.part) for report in reports]
    texts = _distinct({place: Path(place[0]).stem or "report" for place in places})
    shared = Counter(places)
    number: Counter[_Place] = Counter()
    files: dict[str, bytes] = {}
    sources: list[Sequence[object]] = []
    rows: list[Sequence[object]] = []
    for place, report in zip(places, reports, strict=True):
        number[place] += 1
        name = texts[place] + (f"-{number[place]}" if shared[place] > 1 else "")
        file = f"reports/{texts[place]}.txt"
        files[file] = report.text.encode("utf-8")
        kind = LEAD_IN if report.kind == "lead-in" else ""
        sources.append((name, file, "train", "", kind, report.unit, report.title))
        rows += [
            (f"{name}:{s.start}", name, s.start, s.end, s.text, hash_text(s.text))
            for s in report.sentences
        ]
    files[_FILE] = csv_text(SENTENCE_COLUMNS, rows).encode("utf-8-sig")
    files["sources.csv"] = csv_text(_SOURCES, sources).encode("utf-8-sig")
    return files


def _distinct(names: Mapping[_Place, str]) -> dict[_Place, str]:
    """Names of files, those alike (also but for the case of letters) with a number."""
    found: dict[_Place, str] = {}
    used: set[str] = set()
    for place, wanted in names.items():
        name, number = wanted, 1
        while name.casefold() in used:
            number += 1
            name = f"{wanted}_{number}"
        used.add(name.casefold())
        found[place] = name
    return found
