"""Tables with a text column (.csv, .jsonl, .xlsx, .xls, .ods, .parquet): one report a row.

The text column is the one named, else the first of a known name. Columns of title, unit and year
are taken over where there are any; none of these may stand twice. `Source.part` says the row, and
the sheet where several have text.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from practicelib.errors import Fault, MissingExtraError, ReportError
from practicelib.files.tables import SEPARATORS, csv_rows
from practicelib.files.workbooks import span_fault
from practicelib.records.report import Source
from practicelib.text.formats.base import Extracted, Given, expect, kind_of, open_archive
from practicelib.text.formats.plain import decoded_text

TEXT_COLUMNS = ("text", "正文", "文本", "内容", "全文", "材料", "句子", "sentence", "content")
TITLE_COLUMNS = ("title", "标题", "题目", "report", "报告")
UNIT_COLUMNS = ("unit", "单位", "报告单位")
YEAR_COLUMNS = ("year", "年份", "年度", "年")
NO_TEXT = "a text is not text"

Row = Sequence[Any]


def extract_csv(content: bytes, given: Given) -> Iterable[Extracted]:
    """Rows of a CSV or TSV file in any known encoding; the separator is found.

    Raises ReportError for what `files.tables.csv_rows` refuses, a short row too: it comes of a
    line break in a text that is not quoted, and to read on would cut that text in two.
    """
    text, source = decoded_text(content, given)
    lines = io.StringIO(text, newline="")
    rows = csv_rows(lines, file=given.place, separators=SEPARATORS, error=ReportError)
    return list(_texts(rows, given, source, ""))


def extract_jsonl(content: bytes, given: Given) -> Iterable[Extracted]:
    """Objects of a file with one JSON object a line; a key that some lack is an empty cell.

    Raises ReportError for a line that is no object, and for texts that are numbers, true or NaN.
    """
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
        opened = [book.get_sheet_by_name(name) for name in book.sheet_names]
        sheets = {sheet.name: sheet.to_python() for sheet in opened}
        # Empty rows above a table are no part of it, but count.
        above = {sheet.name: (sheet.start or (0, 0))[0] for sheet in opened}
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
        # A number in a cell is what its author typed as text.
        cells = ([shown_cell(cell) for cell in row] for row in rows)
        shown = enumerate(cells, start=above[name] + 1)
        found.extend(_texts(shown, given, source, f"{name} " if many else ""))
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
    """Rows of a Parquet file.

    Raises ReportError for a text column of numbers, MissingExtraError without pyarrow.
    """
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
                _find(names, TITLE_COLUMNS, given),
                _find(names, UNIT_COLUMNS, given),
                _find(names, YEAR_COLUMNS, given),
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
    """One text a row that has any; raises ReportError for a table without text.

    Texts that are none of text are all named.
    """
    numbered = iter(rows)
    _, header = next(numbered)
    column = _column(header, given, True)
    known = (TITLE_COLUMNS, UNIT_COLUMNS, YEAR_COLUMNS)
    places = [_find(header, names, given) for names in known]
    before = f"{source.part}, " if source.part else ""
    empty = True
    faults: list[Fault] = []
    for number, row in numbered:
        text = "" if row[column] is None else row[column]
        if not isinstance(text, str):
            faults.append(Fault(NO_TEXT, given.place, number, str(text)[:40]))
            continue
        if not text.strip():
            continue
        empty = False
        part = f"{before}{sheet}row {number}"
        own = Source(source.file, source.encoding, source.margin, part)
        title, unit, year = (
            shown_cell(row[place]).strip() if place not in (column, -1) else "" for place in places
        )
        yield Extracted(text, own, title=title, unit=unit, year=year, row=True)
    if faults:
        raise ReportError(faults)
    if empty:
        raise given.refuse("no row of the table has text")


def shown_cell(value: Any) -> str:
    """A cell as people see it; None and NaN are empty."""
    return "" if value is None or value != value else str(value)


def _find(header: Row, known: Sequence[str], given: Given) -> int:
    """Place of the first column with a known name, -1 where there is none.

    Raises ReportError where that name stands twice.
    """
    names = [str(name).strip().lower() for name in header]
    found = next((name for name in known if name in names), None)
    return -1 if found is None else _only_place(names, found, given)


def _only_place(names: list[str], name: str, given: Given) -> int:
    if names.count(name) > 1:
        raise given.refuse(f"the column {name!r} stands {names.count(name)} times")
    return names.index(name)


def _column(header: Row, given: Given, must: bool) -> int:
    """Place of the text column; -1 where there is none and none must be."""
    names = [str(name).strip() for name in header]
    if given.column is not None:
        place = _only_place(names, given.column, given) if given.column in names else -1
        wanted = f"no column {given.column!r}"
    else:
        place = _find(header, TEXT_COLUMNS, given)
        wanted = f"no text column ({', '.join(TEXT_COLUMNS)}); name it with column= or --column"
    if place < 0 and must:
        raise given.refuse(f"{wanted}; there are {', '.join(names) or 'none'}")
    return place
