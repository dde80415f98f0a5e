"""Tables with a text column (.csv, .jsonl, .xlsx, .xls, .ods, .parquet): one report a row.

The text column is the one named, else the first of a known name. Columns of title and unit are
taken over where there are any. `Source.part` says the row, and the sheet where several have text.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from practicelib.errors import MissingExtraError
from practicelib.files.workbooks import span_fault
from practicelib.records.report import Source
from practicelib.text.formats.base import Extracted, Given, expect, kind_of, open_archive
from practicelib.text.formats.plain import decoded_text

TEXT_COLUMNS = ("text", "正文", "文本", "内容", "全文", "材料", "句子", "sentence", "content")
TITLE_COLUMNS = ("title", "标题", "题目", "report", "报告")
UNIT_COLUMNS = ("unit", "单位", "报告单位")

Row = Sequence[Any]


def extract_csv(content: bytes, given: Given) -> Iterable[Extracted]:
    """Rows of a CSV or TSV file in any known encoding; the separator is found."""
    text, source = decoded_text(content, given)
    header = text.splitlines()[0]
    separator = max(",\t;", key=header.count)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        rows = [(reader.line_num, row) for row in reader if row]
    except csv.Error as cause:
        raise given.refuse(f"not a readable CSV file: {cause}") from cause
    lines = [1, *(line + 1 for line, _ in rows[:-1])]
    return list(_texts(zip(lines, (row for _, row in rows), strict=True), given, source, ""))


def extract_jsonl(content: bytes, given: Given) -> Iterable[Extracted]:
    """Objects of a file with one JSON object a line; a key that some lack is an empty cell."""
    text, source = decoded_text(content, given)
    rows: list[tuple[int, dict[str, Any]]] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as cause:
            raise given.refuse(f"not JSON: {cause}", line=number) from cause
        if not isinstance(row, dict):
            raise given.refuse("not a JSON object", line=number)
        rows.append((number, row))
    header = list(dict.fromkeys(name for _, row in rows for name in row))
    cells = [(number, [row.get(name) for name in header]) for number, row in rows]
    return list(_texts([(0, header), *cells], given, source, ""))


def extract_workbook(content: bytes, given: Given) -> Iterable[Extracted]:
    """Rows of the sheets of a workbook that have a text column.

    Raises ReportError where no sheet has one, MissingExtraError without python-calamine.
    """
    try:
        import python_calamine
    except ImportError as cause:
        raise MissingExtraError("reading workbooks needs python-calamine", extra="excel") from cause
    if kind_of(content)[0] == "zip":
        _check_span(content, given)
    elif kind_of(content)[0] != "ole":
        expect(content, given, "zip", "a workbook")
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    except (OSError, ValueError, python_calamine.CalamineError) as cause:
        raise given.refuse(f"not a readable workbook: {cause}") from cause
    source = Source(given.file, "workbook", 1.0, given.part)
    fitting = {
        name: rows for name, rows in sheets.items() if rows and _column(rows[0], given, False) >= 0
    }
    if not fitting:
        header: Row = next((rows[0] for rows in sheets.values() if rows), [])
        _column(header, given, True)
    many = len(fitting) > 1
    found: list[Extracted] = []
    for name, rows in fitting.items():
        found.extend(_texts(enumerate(rows, start=1), given, source, f"{name} " if many else ""))
    return found


def _check_span(content: bytes, given: Given) -> None:
    with open_archive(content, given) as archive:
        try:
            fault = span_fault(archive)
        except Exception as cause:  # BadZipFile, zlib.error and LZMAError share no other base
            raise given.refuse(f"damaged: {cause}") from cause
    if fault:
        raise given.refuse(fault)


def extract_parquet(content: bytes, given: Given) -> Iterable[Extracted]:
    """Rows of a Parquet file; raises MissingExtraError without pyarrow."""
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as cause:
        raise MissingExtraError("reading .parquet needs pyarrow", extra="parquet") from cause
    expect(content, given, "parquet", "a Parquet file")
    try:
        file = parquet.ParquetFile(io.BytesIO(content))
        names = list(file.schema_arrow.names)
        wanted = [
            number
            for number in (
                _column(names, given, True),
                _find(names, TITLE_COLUMNS),
                _find(names, UNIT_COLUMNS),
            )
            if number >= 0
        ]
        chosen = list(dict.fromkeys(names[number] for number in wanted))
        table = file.read(columns=chosen)
        columns = [table.column(name).to_pylist() for name in chosen]
    except (pyarrow.ArrowException, OSError, UnicodeDecodeError) as cause:
        raise given.refuse(f"not a readable Parquet file: {cause}") from cause
    rows: Iterator[Row] = zip(*columns, strict=True)
    source = Source(given.file, "parquet", 1.0, given.part)
    return list(_texts(enumerate([chosen, *rows], start=0), given, source, ""))


def _texts(
    rows: Iterable[tuple[int, Row]], given: Given, source: Source, sheet: str
) -> Iterator[Extracted]:
    """One text a row that has any; raises ReportError for a table without text."""
    numbered = iter(rows)
    _, header = next(numbered)
    column = _column(header, given, True)
    places = (_find(header, TITLE_COLUMNS), _find(header, UNIT_COLUMNS))
    before = f"{source.part}, " if source.part else ""
    empty = True
    for number, row in numbered:
        text = _cell(row, column)
        if not text.strip():
            continue
        empty = False
        part = f"{before}{sheet}row {number}"
        own = Source(source.file, source.encoding, source.margin, part)
        title, unit = (_cell(row, place).strip() if place != column else "" for place in places)
        yield Extracted(text, own, title=title, unit=unit, row=True)
    if empty:
        raise given.refuse("no row of the table has text")


def _cell(row: Row, place: int) -> str:
    value = row[place] if 0 <= place < len(row) else None
    return "" if value is None else str(value)


def _find(header: Row, known: Sequence[str]) -> int:
    names = [str(name).strip().lower() for name in header]
    return next((names.index(name) for name in known if name in names), -1)


def _column(header: Row, given: Given, must: bool) -> int:
    """Place of the text column; -1 where there is none and none must be."""
    names = [str(name).strip() for name in header]
    if given.column is not None:
        place = names.index(given.column) if given.column in names else -1
        wanted = f"no column {given.column!r}"
    else:
        place = _find(header, TEXT_COLUMNS)
        wanted = f"no text column ({', '.join(TEXT_COLUMNS)}); name it with column= or --column"
    if place < 0 and must:
        raise given.refuse(f"{wanted}; there are {', '.join(names) or 'none'}")
    return place
