"""Reads report files: one report, a compilation of several, or a folder.

`EXTRACTORS` is the door for further formats: a function from a path to text and its source.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from practicelib.errors import Fault, ReportError
from practicelib.records.report import Report, Source
from practicelib.text.decoding import decode
from practicelib.text.structure import split_reports, whole_report

SEGMENTS = ("sentence", "line")
# What a file really is shows in its first bytes, whatever its name says.
_FOREIGN = (
    (b"%PDF", "a PDF file"),
    (b"PK\x03\x04", "a zip archive or an office file (.docx, .xlsx)"),
    (b"\xd0\xcf\x11\xe0", "an old Word or WPS file; convert it with: soffice --convert-to docx"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a compressed file"),
)


@dataclass(frozen=True, slots=True)
class Extracted:
    """Text taken out of a file."""

    text: str
    source: Source


def extract_txt(path: Path, encoding: str | None) -> Extracted:
    """Text of a plain text file; raises ReportError where it is none."""
    content = _read_bytes(path)
    for magic, kind in _FOREIGN:
        if content.startswith(magic):
            raise ReportError(f"not a text file but {kind}", file=path)
    decoded = decode(content, file=path, encoding=encoding)
    return Extracted(decoded.text, Source(str(path), decoded.encoding, decoded.margin))


EXTRACTORS: dict[str, Callable[[Path, str | None], Extracted]] = {
    ".txt": extract_txt,
    ".text": extract_txt,
    ".md": extract_txt,
}


def read_report(
    path: str | os.PathLike[str],
    *,
    encoding: str | None = None,
    rejoin: bool = False,
    segment: str = "sentence",
) -> Report:
    """Read a file as one report.

    `rejoin` mends hard-wrapped lines; `segment="line"` takes each line as one sentence. Raises
    ReportError for a missing, empty, binary or undecodable file and for a folder.
    """
    extracted = _extract(path, encoding)
    _check_segment(segment)
    return whole_report(extracted.text, extracted.source, rejoin=rejoin, segment=segment)


def read_reports(
    path: str | os.PathLike[str],
    *,
    encoding: str | None = None,
    rejoin: bool = False,
    segment: str = "sentence",
) -> list[Report]:
    """Read a file that may hold several reports, or all report files of a folder.

    A compilation gives one report each, after its lead-in (`kind == "lead-in"`). The files of a
    folder are read in the order of their names; all that cannot be read are named in one
    ReportError. Where some may fail and the rest is wanted, use `iter_reports`.
    """
    reports: list[Report] = []
    faults: list[Fault] = []
    for file in report_files([path]):
        try:
            reports.extend(_reports_of(file, encoding, rejoin, segment))
        except ReportError as error:
            faults.extend(error.faults)
    if faults:
        raise ReportError(faults)
    return reports


def iter_reports(
    paths: Iterable[str | os.PathLike[str]],
    *,
    encoding: str | None = None,
    rejoin: bool = False,
    segment: str = "sentence",
) -> Iterator[list[Report] | ReportError]:
    """For each file in turn its reports, or the error that kept it from being read.

    A folder stands for the report files in it, with those of its subfolders.
    """
    for path in paths:
        try:
            files = report_files([path])
        except ReportError as error:
            yield error
            continue
        for file in files:
            try:
                yield _reports_of(file, encoding, rejoin, segment)
            except ReportError as error:
                yield error


def report_files(paths: Iterable[str | os.PathLike[str]]) -> list[Path]:
    """The files that paths stand for; folders are searched, hidden files left out.

    Raises ReportError for a folder without any report file.
    """
    files: list[Path] = []
    for path in map(Path, paths):
        if str(path) != "-" and path.is_dir():
            found = sorted(
                file
                for file in path.rglob("*")
                if file.suffix.lower() in EXTRACTORS
                and file.is_file()
                and not any(part.startswith(".") for part in file.relative_to(path).parts)
            )
            if not found:
                raise ReportError("the folder holds no report file", file=path)
            files.extend(found)
        else:
            files.append(path)
    return files


def _reports_of(path: Path, encoding: str | None, rejoin: bool, segment: str) -> list[Report]:
    extracted = _extract(path, encoding)
    _check_segment(segment)
    return split_reports(extracted.text, extracted.source, rejoin=rejoin, segment=segment)


def _extract(path: str | os.PathLike[str], encoding: str | None) -> Extracted:
    if str(path) == "-":
        decoded = decode(sys.stdin.buffer.read(), file="<stdin>", encoding=encoding)
        return Extracted(decoded.text, Source("<stdin>", decoded.encoding, decoded.margin))
    file = Path(path)
    if file.is_dir():
        raise ReportError("a folder, not a file; read_reports reads folders", file=file)
    if file.exists() and not file.is_file():
        raise ReportError("not a regular file", file=file)
    return EXTRACTORS.get(file.suffix.lower(), extract_txt)(file, encoding)


def _read_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as cause:
        raise ReportError("no such file", file=path) from cause
    except OSError as cause:
        raise ReportError(cause.strerror or str(cause), file=path) from cause


def _check_segment(segment: str) -> None:
    if segment not in SEGMENTS:
        raise ValueError(f"segment must be one of {', '.join(SEGMENTS)}, not {segment!r}")
