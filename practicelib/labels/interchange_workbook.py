"""An Excel workbook for double coding: lists to choose from, the codebook, a hidden hash.

Sheet `coding` has the columns of a wide coding file (`labels.rows`), so that `read_codings` takes
it as it is; a blank cell is missing, none is typed as 无 or -. The hidden column `sha256` shows
whether the text of a sentence was edited.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

from practicelib.errors import Fault, LabelError, MissingExtraError
from practicelib.files.hashing import hash_text
from practicelib.files.tables import protect
from practicelib.files.xlsx import XLSX_CELL_LIMIT, read_xlsx
from practicelib.labels.interchange_items import NONE_NAME, Exchange, Names
from practicelib.labels.rows import CONTEXT, CodingRow, parse_labels
from practicelib.records.codebook import Codebook

CODERS = ("coder_A", "coder_B")
BEFORE = ("sentence", "report", "heading", "previous", "text", "next")
AFTER = ("adjudicated", "note", "sha256")
_WIDTHS = {"sentence": 18, "report": 14, "heading": 20, "previous": 36, "text": 60, "next": 36}
_ALL_SUBSETS_UP_TO = 5
_SPARE = 2


def write_workbook(exchange: Exchange, coders: Sequence[str] = CODERS) -> dict[str, bytes]:
    """The workbook; columns of coders are those of the codings, or `coders` when it is blank.

    Raises LabelError for a text that does not fit a cell, MissingExtraError without openpyxl.
    """
    try:
        import openpyxl
    except ImportError as cause:
        raise MissingExtraError("writing .xlsx needs openpyxl", extra="excel") from cause
    _check_lengths(exchange)
    chosen = list(exchange.coders) or list(coders)
    book = openpyxl.Workbook()
    choices = _choices(exchange)
    _coding_sheet(book.active, exchange, chosen, len(choices))
    _table(
        book.create_sheet("codebook"),
        ("category", "name", "definition", "core test", "includes", "excludes", "examples"),
        _codebook_rows(exchange),
        (18, 18, 50, 50, 50, 50, 70),
    )
    lists = book.create_sheet("lists")
    _table(lists, ("choices",), [(choice,) for choice in choices], (40,))
    lists.sheet_state = "hidden"
    stream = io.BytesIO()
    book.save(stream)
    return {"": stream.getvalue()}


def _check_lengths(exchange: Exchange) -> None:
    faults = [
        Fault(f"{len(s.text)} characters do not fit a cell ({XLSX_CELL_LIMIT})", value=s.id)
        for s in exchange.sentences
        if len(s.text) > XLSX_CELL_LIMIT - _SPARE
    ]
    if faults:
        raise LabelError(faults)


def _choices(exchange: Exchange) -> list[str]:
    """None, single categories, pairs, and all larger sets where there are few categories."""
    names = exchange.names
    largest = len(names) if len(names) <= _ALL_SUBSETS_UP_TO else 2
    sets = [";".join(s) for size in range(1, largest + 1) for s in combinations(names, size)]
    return [NONE_NAME[exchange.lang], *sets]


def _coding_sheet(sheet: Any, exchange: Exchange, coders: Sequence[str], n_choices: int) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation

    sheet.title = "coding"
    columns = (*BEFORE, *coders, *AFTER)
    codings = exchange.codings_of()
    none = NONE_NAME[exchange.lang]
    rows = []
    for s in exchange.sentences:
        own = {row.coder: row for row in codings.get(s.id, [])}
        cells = [
            (";".join(exchange.shown(own[c].labels)) or none) if c in own else "" for c in coders
        ]
        after = exchange.following.get(s.id, "")
        context = (s.id, s.report, s.heading, s.previous, s.text, after)
        rows.append((*context, *cells, "", "", hash_text(plain_cell(s.text))))
    widths = [_WIDTHS.get(column, 22) for column in columns]
    _table(sheet, columns, rows, widths)
    sheet.freeze_panes = "B2"
    sheet.column_dimensions[sheet.cell(1, len(columns)).column_letter].hidden = True
    style = "stop" if len(exchange.names) <= _ALL_SUBSETS_UP_TO else "warning"
    validation = DataValidation(
        type="list", formula1=f"lists!$A$2:$A${n_choices + 1}", allow_blank=True, errorStyle=style
    )
    validation.error = "; ".join(exchange.names)
    sheet.add_data_validation(validation)
    for number, column in enumerate(columns, start=1):
        if column in coders or column == "adjudicated":
            letter = sheet.cell(1, number).column_letter
            validation.add(f"{letter}2:{letter}{max(len(rows) + 1, 2)}")


def plain_cell(text: str) -> str:
    """Text as a cell can hold it: line ends as \\n, other control characters as U+FFFD."""
    flat = "\n".join(text.splitlines())
    return "".join(c if c >= " " or c in "\t\n" else "\N{REPLACEMENT CHARACTER}" for c in flat)


def _table(
    sheet: Any, columns: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int]
) -> None:
    from openpyxl.styles import Alignment, Font

    for number, row in enumerate([columns, *rows], start=1):
        for place, value in enumerate(row, start=1):
            cell = sheet.cell(number, place)
            cell.value = protect(plain_cell(value))
            # As a string cell even "=1+1" stays text.
            cell.data_type = "s"
            cell.number_format = "@"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if number == 1:
                cell.font = Font(bold=True)
    for place, width in enumerate(widths, start=1):
        sheet.column_dimensions[sheet.cell(1, place).column_letter].width = width
    sheet.freeze_panes = "A2"


def _codebook_rows(exchange: Exchange) -> list[tuple[str, ...]]:
    if exchange.codebook is None:
        pairs = zip(exchange.categories, exchange.names, strict=True)
        return [(key, name, "", "", "", "", "") for key, name in pairs]
    return [
        (c.key, c.zh if exchange.lang == "zh" else c.en, c.definition, c.core_test, c.includes,
         c.excludes, "\n".join(c.examples)[:XLSX_CELL_LIMIT])
        for c in exchange.codebook.categories
    ]  # fmt: skip


def read_workbook(path: Path, codebook: Codebook | None = None) -> list[CodingRow]:
    """Codings of a filled-in workbook; raises LabelError naming every edited or faulty row."""
    names = Names(codebook)
    faults: list[Fault] = []
    rows: list[CodingRow] = []
    for line, row in read_xlsx(path, "coding"):
        text = row.get("text", "")
        if row.get("sha256", "") != hash_text(plain_cell(text)):
            faults.append(Fault("the text was edited", str(path), line, row.get("sentence", "")))
        for column, cell in row.items():
            if column in CONTEXT or column == "adjudicated" or not cell.strip():
                continue
            try:
                labels = names.keys(parse_labels(cell), path, line)
            except ValueError as cause:
                faults.append(Fault(str(cause), str(path), line, column))
                continue
            rows.append(
                CodingRow(row.get("sentence", ""), column, labels, text=text,
                          report=row.get("report", ""), file=str(path), line=line)
            )  # fmt: skip
    faults.extend(names.found())
    if faults:
        raise LabelError(sorted(faults, key=lambda fault: fault.line))
    return rows
