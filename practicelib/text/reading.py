"""Reads report files of every known format: one report, a compilation, a table, a zip, a folder.

`EXTRACTORS` is the door for further formats: from the bytes of a file to text and its source.
Tables are read when they are named; a folder is searched for documents only, since the tables in
it are seldom reports.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any

from practicelib.errors import Fault, MissingExtraError, ReportError
from practicelib.files.regular import read_regular
from practicelib.records.report import Report, Section, Sentence, Source
from practicelib.text.formats.archive import ZipExtractor
from practicelib.text.formats.base import LOG, Extracted, Extractor, Given, kind_of
from practicelib.text.formats.plain import extract_plain
from practicelib.text.splitting import LINE_BREAK, looks_wrapped
from practicelib.text.structure import heading_level, split_reports, whole_report

SEGMENTS = ("sentence", "line", "row")
FILE_LIMIT = 128 * 1024 * 1024
"""Bytes that a file may have; a larger one is cut into several first."""
LINE_LIMIT = 1_000_000
"""Characters that a line may have."""


def _later(module: str, name: str) -> Extractor:
    """An extractor that is imported when a file needs it: a command is to start quickly."""

    def extract(content: bytes, given: Given) -> Iterable[Extracted]:
        found: Extractor = getattr(import_module(f"practicelib.text.formats.{module}"), name)
        return found(content, given)

    return extract


_MARKDOWN = _later("markdown", "extract_markdown")
_HTML = _later("html", "extract_html")
_WORD = _later("word", "extract_docx")
_OFFICE = _later("office", "extract_office")
_CSV = _later("sheet", "extract_csv")
_WORKBOOK = _later("sheet", "extract_workbook")
DOCUMENTS: dict[str, Extractor] = {
    ".txt": extract_plain,
    ".text": extract_plain,
    ".md": _MARKDOWN,
    ".markdown": _MARKDOWN,
    ".html": _HTML,
    ".htm": _HTML,
    ".xhtml": _HTML,
    ".docx": _WORD,
    ".docm": _WORD,
    ".pdf": _later("pdf", "extract_pdf"),
    ".doc": _OFFICE,
    ".wps": _OFFICE,
    ".rtf": _OFFICE,
    ".odt": _OFFICE,
}
TABLES: dict[str, Extractor] = {
    ".csv": _CSV,
    ".tsv": _CSV,
    ".jsonl": _later("sheet", "extract_jsonl"),
    ".xlsx": _WORKBOOK,
    ".xls": _WORKBOOK,
    ".ods": _WORKBOOK,
    ".parquet": _later("sheet", "extract_parquet"),
}
EXTRACTORS: dict[str, Extractor] = {
    **DOCUMENTS,
    **TABLES,
    ".zip": ZipExtractor({**DOCUMENTS, **TABLES}),
}
# For what comes without a name: the first bytes decide.
_BY_KIND = {"pdf": ".pdf", "zip": ".zip", "ole": ".doc", "rtf": ".rtf", "parquet": ".parquet"}


@dataclass(frozen=True, slots=True)
class _How:
    """The options of reading, passed through as one."""

    encoding: str | None
    rejoin: bool
    segment: str
    column: str | None
    convert: bool

    def __post_init__(self) -> None:
        if self.segment not in SEGMENTS:
            raise ValueError(f"segment must be one of {', '.join(SEGMENTS)}, not {self.segment!r}")


def read_report(
    path: str | os.PathLike[str],
    *,
    encoding: str | None = None,
    rejoin: bool = False,
    segment: str = "sentence",
    column: str | None = None,
    convert: bool = False,
) -> Report:
    """Read a file as one report.

    `rejoin` mends hard-wrapped lines; `segment="line"` takes each line as one sentence, "row" each
    row of a table; `column` names the text column of a table; `convert` lets LibreOffice convert
    .doc, .wps, .rtf and .odt. Raises ReportError for a missing, empty, binary or undecodable file,
    for a folder and for a file that holds several texts (a table of several rows, a zip), and
    MissingExtraError where the format needs an extra.
    """
    how = _How(encoding, rejoin, segment, column, convert)
    found = list(_extract(path, how))
    if len(found) > 1:
        raise ReportError(f"holds {len(found)} reports; read_reports reads them", file=path)
    (one,) = found
    if how.segment == "row":
        return _row(one)
    _check_lines(one)
    report = whole_report(one.text, one.source, **_options(one, how))
    return _with_facts(report, one)


def read_reports(
    path: str | os.PathLike[str],
    *,
    encoding: str | None = None,
    rejoin: bool = False,
    segment: str = "sentence",
    column: str | None = None,
    convert: bool = False,
) -> list[Report]:
    """Read a file that may hold several reports, or all report files of a folder.

    A compilation gives one report each, after its lead-in (`kind == "lead-in"`), a table one a
    row, a zip those of its members. The files of a folder are read in the order of their names;
    all that cannot be read are named in one ReportError. Where some may fail and the rest is
    wanted, use `iter_reports`. Options as in `read_report`.
    """
    reports: list[Report] = []
    faults: list[Fault] = []
    how = _How(encoding, rejoin, segment, column, convert)
    for found in _iterate([path], how):
        if isinstance(found, ReportError):
            faults.extend(found.faults)
        else:
            reports.extend(found)
    if faults:
        raise ReportError(faults)
    return reports


def iter_reports(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    *,
    encoding: str | None = None,
    rejoin: bool = False,
    segment: str = "sentence",
    column: str | None = None,
    convert: bool = False,
) -> Iterator[list[Report] | ReportError]:
    """For each file in turn its reports, or the error that kept it from being read.

    `paths` may be one path. A folder stands for the report files in it, with those of its
    subfolders. A zip of which some members cannot be read gives the reports of the others and then
    the error.
    """
    how = _How(encoding, rejoin, segment, column, convert)
    # Else the characters of one path would be taken for paths.
    yield from _iterate([paths] if isinstance(paths, (str, os.PathLike)) else paths, how)


def report_files(paths: Iterable[str | os.PathLike[str]]) -> list[Path]:
    """The files that paths stand for; folders are searched, hidden and lock files left out.

    Raises ReportError for a folder without any report file.
    """
    files: list[Path] = []
    for path in map(Path, paths):
        if str(path) != "-" and path.is_dir():
            found = sorted(file for file in path.rglob("*") if _is_document(file, path))
            if not found:
                raise ReportError("the folder holds no report file", file=path)
            files.extend(found)
        else:
            files.append(path)
    return files


def _is_document(file: Path, folder: Path) -> bool:
    known = file.suffix.lower() in DOCUMENTS or file.suffix.lower() == ".zip"
    parts = file.relative_to(folder).parts
    return known and file.is_file() and not any(part.startswith((".", "~$")) for part in parts)


def _iterate(
    paths: Iterable[str | os.PathLike[str]], how: _How
) -> Iterator[list[Report] | ReportError]:
    for path in paths:
        try:
            files = report_files([path])
        except ReportError as error:
            yield error
            continue
        for file in files:
            yield from _reports_of(file, how)


def _reports_of(path: Path, how: _How) -> Iterator[list[Report] | ReportError]:
    reports: list[Report] = []
    try:
        for one in _extract(path, how):
            reports.extend(_split(one, how))
    except (ReportError, MissingExtraError) as error:
        # An archive raises after what could be read.
        if reports:
            yield reports
        yield _refusal(error, path)
    else:
        yield reports


def _refusal(error: ReportError | MissingExtraError, path: Path) -> ReportError:
    """A missing extra keeps one file from being read, not the others."""
    if isinstance(error, ReportError):
        return error
    return ReportError([Fault(fault.cause, str(path)) for fault in error.faults])


def split_row(
    text: str,
    source: Source,
    *,
    title: str = "",
    unit: str = "",
    rejoin: bool = False,
    segment: str = "sentence",
) -> list[Report]:
    """The reports of one row of a table, as `read_reports` gives them for a whole table.

    With `segment="row"` the text is one sentence, without the white space around it.
    """
    one = Extracted(text, source, title=title, unit=unit, row=True)
    return _split(one, _How(None, rejoin, segment, None, False))


def _split(one: Extracted, how: _How) -> list[Report]:
    _check_lines(one)
    if how.segment == "row":
        return [_row(one)]
    options = _options(one, how)
    if one.title or one.unit:
        return [_with_facts(whole_report(one.text, one.source, **options), one)]
    return [_with_facts(report, one) for report in split_reports(one.text, one.source, **options)]


def _options(one: Extracted, how: _How) -> dict[str, Any]:
    if not (how.rejoin or one.row) and looks_wrapped(one.text):
        LOG.warning("%s: lines end within sentences; --rejoin puts them together", one.source.file)
    return {"rejoin": how.rejoin, "segment": how.segment, "cells": one.cells}


def _row(one: Extracted) -> Report:
    """A row that is one sentence; raises ReportError for what is no row of a table."""
    if not one.row:
        raise ReportError("not a table, so no row is a sentence", file=one.source.file)
    start = len(one.text) - len(one.text.lstrip())
    text = one.text.strip()
    sentence = Sentence(text, start, start + len(text))
    span = (0, len(one.text))
    return Report(one.text, *span, one.title, one.unit, (), (sentence,), one.source, year=one.year)


def _extract(path: str | os.PathLike[str], how: _How) -> Iterable[Extracted]:
    given = Given(str(path), "", how.encoding, how.column, how.convert)
    if str(path) == "-":
        content = sys.stdin.buffer.read()
        given = replace(given, file="<stdin>")
        ending = _BY_KIND.get(kind_of(content)[0], ".txt")
        return EXTRACTORS[ending](content, given)
    file = Path(path)
    if file.is_dir():
        raise ReportError("a folder, not a file; read_reports reads folders", file=file)
    if file.exists() and not file.is_file():
        raise ReportError("not a regular file", file=file)
    LOG.debug("%s: reading", file)
    content = _read_bytes(file)
    ending = file.suffix.lower() or _BY_KIND.get(kind_of(content)[0], "")
    return EXTRACTORS.get(ending, extract_plain)(content, given)


def _check_lines(one: Extracted) -> None:
    """Raise ReportError for a line that no person wrote."""
    if len(one.text) <= LINE_LIMIT:
        return
    start = 0
    for number, end in enumerate((*_line_ends(one.text), len(one.text)), start=1):
        if end - start > LINE_LIMIT:
            cause = f"a line of {end - start} characters; at most {LINE_LIMIT} are read"
            raise ReportError(cause, file=one.source.file, line=number)
        start = end


def _line_ends(text: str) -> Iterator[int]:
    return (match.end() for match in LINE_BREAK.finditer(text))


def _read_bytes(path: Path) -> bytes:
    try:
        return read_regular(path, FILE_LIMIT, larger="{size} bytes; at most {limit} are read")
    except FileNotFoundError as cause:
        raise ReportError("no such file", file=path) from cause
    except OSError as cause:
        raise ReportError(cause.strerror or str(cause), file=path) from cause


def _with_facts(report: Report, one: Extracted) -> Report:
    """The report with what the file itself says: numbers and levels, pages, title and unit."""
    if one.numbers or one.levels:
        sections = tuple(_section(section, one) for section in report.sections)
        report = replace(report, sections=sections)
    if one.pages:
        pages = _pages(report, one.pages)
        part = f"{one.source.part}, {pages}" if one.source.part else pages
        report = replace(report, source=replace(report.source, part=part))
    if one.title:
        report = replace(report, title=one.title, guessed=report.guessed - {"title"})
    if one.unit:
        report = replace(report, unit=one.unit, guessed=report.guessed - {"unit"})
    return replace(report, year=one.year) if one.year else report


def _section(section: Section, one: Extracted) -> Section:
    number = one.numbers.get(section.start, "")
    level = heading_level(number + section.title) if number else section.level
    if section.start in one.levels and not number:
        level = max(level, one.levels[section.start])
    return replace(section, number=number, level=level)


def _pages(report: Report, starts: tuple[int, ...]) -> str:
    first = max(sum(start <= report.start for start in starts), 1)
    last = max(sum(start < report.end for start in starts), first)
    return f"page {first}" if first == last else f"pages {first}-{last}"
