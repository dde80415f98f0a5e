"""How far the cells of a workbook reach, found before anything makes room for them.

The reader lays a sheet out as a full rectangle: two cells in opposite corners of a file of a few
kilobytes ask for seventeen thousand million places, and the process dies of it.
"""

from __future__ import annotations

import io
import re
import zipfile

from practicelib.files.archives import archive_fault

CELL_LIMIT = 5_000_000
"""Places of the rectangle that a sheet may span."""

_PLACE = re.compile(rb"""\br\s*=\s*["']\s*([A-Za-z]{0,8})([0-9]{0,12})\s*["']""")
_HIDDEN = re.compile(rb"""\b(?:r|ref)\s*=\s*["'][^"'<>]{0,40}&""")
_REPEATED = re.compile(rb"""number-(?:columns|rows)-repeated\s*=\s*["']([0-9]{1,12})["']""")
_TAG = re.compile(rb"<(/?)(?:[\w.-]{1,40}:)?(table-row|table-cell|table)\b([^<>]*)>")
_MOST_ROWS, _MOST_COLUMNS = 1_048_576, 16_384


def workbook_fault(content: bytes) -> str:
    """Why a workbook (.xlsx, .ods) is not read; empty where nothing is wrong with its size."""
    if not content.startswith(b"PK"):
        return "not a workbook"
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return archive_fault(archive) or span_fault(archive)
    except Exception as cause:  # BadZipFile, zlib.error and LZMAError share no other base
        return f"damaged: {cause}"


def span_fault(archive: zipfile.ZipFile) -> str:
    """What is wrong with the reach of a workbook's cells; empty where nothing is."""
    names = archive.namelist()
    if any(name.lower().endswith(".bin") and "workbook" in name.lower() for name in names):
        return "a binary workbook (.xlsb); save it as .xlsx"
    for name in names:
        if not name.lower().endswith(".xml"):
            continue
        if "worksheets/" in name.lower():
            fault = _sheet_fault(archive.read(name))
        elif name == "content.xml":
            fault = _open_document_fault(archive.read(name))
        else:
            continue
        if fault:
            return f"{fault} ({name})"
    return ""


def _sheet_fault(content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff") or _HIDDEN.search(content):
        return "its cells are written so that their places cannot be checked"
    rows = columns = 1
    for letters, figures in _PLACE.findall(content):
        rows = max(rows, int(figures or 1))
        columns = max(columns, _column_number(letters.upper()))
    return _fault(rows, columns)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _open_document_fault(content: bytes) -> str:
    """Cells and rows may stand for many; those after the last that holds something do not count."""
    rows = columns = row = column = 0
    for closing, kind, attributes in _TAG.findall(content):
        repeated = _REPEATED.search(attributes)
        count = int(repeated[1]) if repeated else 1
        if kind == b"table":
            row = 0
        elif kind == b"table-row" and not closing:
            row, column = row + count, 0
        elif kind == b"table-cell" and not closing:
            column += count
            if b"value" in attributes or not attributes.endswith(b"/"):
                rows, columns = max(rows, row), max(columns, column)
    return _fault(min(rows, _MOST_ROWS), min(columns, _MOST_COLUMNS))


def _fault(rows: int, columns: int) -> str:
    if rows * columns <= CELL_LIMIT:
        return ""
    return f"its cells span {rows} rows and {columns} columns; at most {CELL_LIMIT} cells are read"
