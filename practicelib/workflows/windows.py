"""Rows of big files in windows of a fixed number, read as they are needed and no sooner."""

from __future__ import annotations

import csv
import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from practicelib.errors import MissingExtraError, ReportError
from practicelib.files.tables import unprotect
from practicelib.text.reading import iter_reports

TABLES = (".parquet", ".csv", ".jsonl")


@dataclass(frozen=True, slots=True)
class Window:
    """Some rows in a row: their columns as given, and the text of each.

    A column is a list or, from Parquet, an Arrow array.
    """

    columns: Mapping[str, Any]
    texts: list[str]

    def __len__(self) -> int:
        return len(self.texts)


def read_windows(
    source: str | os.PathLike[str], *, column: str = "text", size: int, skip: int = 0
) -> Iterator[Window]:
    """Windows of `size` rows of a .parquet, .csv or .jsonl file, or of a file or folder of reports.

    Each row of a table is one sentence, in `column`; reports are split into sentences, with file,
    start and end. The first `skip` windows are left out. Raises ReportError for a file that is
    missing, faulty or without that column, naming the line, and MissingExtraError for Parquet
    without pyarrow.
    """
    path = Path(source)
    if not path.exists():
        raise ReportError("no such file", file=path)
    ending = path.suffix.lower()
    if ending == ".parquet":
        yield from _parquet(path, column, size, skip)
        return
    rows = {".csv": _csv, ".jsonl": _jsonl}.get(ending, _reports)(path)
    for _ in islice(rows, skip * size):
        pass
    while window := list(islice(rows, size)):
        yield _window(window, column, path)


def _window(rows: list[dict[str, Any]], column: str, path: Path) -> Window:
    names: dict[str, None] = {}
    for row in rows:
        names.update(dict.fromkeys(row))
    if column not in names:
        raise ReportError(f"no column {column!r}; there are {', '.join(names)}", file=path)
    columns = {name: [row.get(name) for row in rows] for name in names}
    return Window(columns, [_text(value, path) for value in columns[column]])


def _text(value: Any, path: Path) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ReportError("a text is not text", file=path, value=str(value)[:40])
    return value


def _parquet(path: Path, column: str, size: int, skip: int) -> Iterator[Window]:
    try:
        import pyarrow as arrow
        from pyarrow import parquet
    except ImportError as cause:
        raise MissingExtraError("reading Parquet needs pyarrow", extra="parquet") from cause
    try:
        with parquet.ParquetFile(path) as file:
            if column not in file.schema_arrow.names:
                names = ", ".join(file.schema_arrow.names)
                raise ReportError(f"no column {column!r}; there are {names}", file=path)
            for number, batch in enumerate(file.iter_batches(batch_size=size)):
                if number >= skip:
                    columns = dict(zip(batch.schema.names, batch.columns, strict=True))
                    texts = [_text(value, path) for value in columns[column].to_pylist()]
                    yield Window(columns, texts)
    except (arrow.ArrowInvalid, OSError) as cause:
        raise ReportError(f"not a Parquet file: {cause}", file=path) from cause


def _csv(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
        reader = csv.reader(stream)
        try:
            header = [unprotect(cell.strip()) for cell in next(reader, [])]
            for row in reader:
                if len(row) > len(header):
                    raise ReportError("more cells than the header", file=path, line=reader.line_num)
                padded = row + [""] * (len(header) - len(row))
                yield dict(zip(header, map(unprotect, padded), strict=True))
        except (csv.Error, UnicodeDecodeError) as cause:
            raise ReportError(f"not CSV: {cause}", file=path, line=reader.line_num) from cause


def _jsonl(path: Path) -> Iterator[dict[str, Any]]:
    with path.open("rb") as stream:
        for number, line in enumerate(stream, start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line.decode("utf-8-sig" if number == 1 else "utf-8"))
            except (ValueError, RecursionError) as cause:
                raise ReportError(f"not JSON: {cause}", file=path, line=number) from cause
            if not isinstance(row, dict):
                raise ReportError("not a JSON object", file=path, line=number)
            yield row


def _reports(path: Path) -> Iterator[dict[str, Any]]:
    found: Iterable[Any] = iter_reports([path])
    for reports in found:
        if isinstance(reports, ReportError):
            raise reports
        for report in reports:
            for sentence in report.sentences:
                yield {
                    "file": report.source.file,
                    "report": report.title,
                    "start": sentence.start,
                    "end": sentence.end,
                    "text": sentence.text,
                }
