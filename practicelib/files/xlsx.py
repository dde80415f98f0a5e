"""Workbooks in and out (.xlsx): cells as text, inert against formula injection."""

from __future__ import annotations

import io
import math
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from practicelib.errors import LabelError, MissingExtraError, PracticeError
from practicelib.files.atomic import write_bytes
from practicelib.files.tables import check_columns, named_cells, read_csv, unprotect
from practicelib.files.workbooks import workbook_fault

XLSX_CELL_LIMIT = 32_767
"""Longest text of one XLSX cell (ECMA-376); longer ones are refused, never cut."""

WORKBOOK_LIMIT = 128 * 1024 * 1024
"""Bytes of a workbook that is read."""


class Figure(str):
    """A number in the words of a table for people: text everywhere, a number in a workbook.

    The text is what is printed; `value`, shown by `number_format` (ECMA-376, 18.8.30), is what a
    cell holds, so that a spreadsheet can sort and sum it.
    """

    __slots__ = ("number_format", "value")

    value: float
    number_format: str

    def __new__(cls, text: str, value: float = math.nan, number_format: str = "General") -> Figure:
        """The figure `value`, printed as `text`."""
        figure = super().__new__(cls, text)
        figure.value, figure.number_format = value, number_format
        return figure


def read_table(
    path: str | os.PathLike[str], *, error: type[PracticeError] = LabelError
) -> list[tuple[int, dict[str, str]]]:
    """Rows of a CSV file or, by its ending, of a workbook; raises what their readers raise."""
    reader = read_xlsx if Path(path).suffix.lower() == ".xlsx" else read_csv
    return reader(path, error=error)


def read_xlsx(
    path: str | os.PathLike[str],
    sheet: str | None = None,
    *,
    error: type[PracticeError] = LabelError,
) -> list[tuple[int, dict[str, str]]]:
    """Rows of one sheet (the first by default) with their row numbers; all cells as text.

    What stands under no column name is kept under the key "". Raises `error` for what is no
    workbook, spans too many cells, lacks the sheet or has a column name twice, and
    MissingExtraError without python-calamine.
    """
    try:
        import python_calamine
    except ImportError as cause:
        raise MissingExtraError("reading .xlsx needs python-calamine", extra="excel") from cause
    content = _content_of(path, error)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        if not book.sheet_names:
            raise error("the workbook has no sheet", file=path)
        name = sheet if sheet is not None else book.sheet_names[0]
        found = book.get_sheet_by_name(name)
        # Empty rows above the table are no part of it, but count.
        cells, above = found.to_python(), (found.start or (0, 0))[0]
    except (OSError, ValueError, python_calamine.CalamineError) as cause:
        raise error(f"not a readable workbook: {cause}", file=path) from cause
    if not cells:
        raise error("the sheet is empty", file=path, value=name)
    header = [unprotect(_cell_text(cell).strip()) for cell in cells[0]]
    check_columns(header, file=path, line=above + 1, error=error)
    return [
        (number, named_cells(header, [unprotect(_cell_text(cell)) for cell in row]))
        for number, row in enumerate(cells[1:], start=above + 2)
        if any(cell not in ("", None) for cell in row)
    ]


def _content_of(path: str | os.PathLike[str], error: type[PracticeError]) -> bytes:
    """A workbook's bytes, once its size is known to be bounded."""
    try:
        size = Path(path).stat().st_size
        content = Path(path).read_bytes() if size <= WORKBOOK_LIMIT else b""
    except OSError as cause:
        raise error(cause.strerror or str(cause), file=path) from cause
    if size > WORKBOOK_LIMIT:
        raise error(f"{size} bytes; at most {WORKBOOK_LIMIT} are read", file=path)
    fault = workbook_fault(content)
    if fault:
        raise error(f"not a readable workbook: {fault}", file=path)
    return content


def _cell_text(cell: Any) -> str:
    if cell is None:
        return ""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def write_xlsx(
    path: str | os.PathLike[str],
    sheets: Mapping[str, tuple[Sequence[str], Iterable[Sequence[Any]]]],
) -> None:
    """Write a workbook, one sheet a view: frozen bold header, fitted widths, inert text.

    Numbers are numbers, a `Figure` with its format; all other text is text.
    Raises ValueError for text over `XLSX_CELL_LIMIT` and MissingExtraError without openpyxl.
    """
    write_bytes(path, xlsx_bytes(sheets))


def xlsx_bytes(
    sheets: Mapping[str, tuple[Sequence[str], Iterable[Sequence[Any]]]],
) -> bytes:
    """The workbook of `write_xlsx`, which raises the same."""
    try:
        import openpyxl
        from openpyxl.styles import Alignment, Font
    except ImportError as cause:
        raise MissingExtraError("writing .xlsx needs openpyxl", extra="excel") from cause
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, (columns, rows) in sheets.items():
        sheet = book.create_sheet(name[:31])
        widths = [_width(column) for column in columns]
        _append(sheet, columns)
        for row in rows:
            _append(sheet, row)
            widths = [max(w, _width(v)) for w, v in zip(widths, row, strict=True)]
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        for column, width in zip(sheet.columns, widths, strict=False):
            sheet.column_dimensions[column[0].column_letter].width = min(width + 2, 80)
            for cell in column:
                cell.alignment = Alignment(wrap_text=width > 80, vertical="top")
        sheet.freeze_panes = "A2"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _append(sheet: Any, row: Sequence[Any]) -> None:
    number = sheet.max_row + 1 if sheet.max_row > 1 or sheet.cell(1, 1).value is not None else 1
    for column, value in enumerate(row, start=1):
        if isinstance(value, Figure):
            figure = sheet.cell(number, column, value.value)
            figure.number_format = value.number_format
            continue
        if isinstance(value, str) and len(value) > XLSX_CELL_LIMIT:
            raise ValueError(
                f"a cell of {len(value)} characters does not fit XLSX ({XLSX_CELL_LIMIT});"
                " write CSV or JSONL instead"
            )
        cell = sheet.cell(number, column)
        cell.value = _without_controls(value)
        # openpyxl would make a formula of "=..."; as a string cell it stays text.
        if isinstance(value, str):
            cell.data_type = "s"


def _without_controls(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return "".join(c if c >= " " or c in "\t\n\r" else "\N{REPLACEMENT CHARACTER}" for c in value)


def _width(value: Any) -> int:
    return min(sum(2 if ord(c) > 0x2E80 else 1 for c in str(value)[:100]), 90)
