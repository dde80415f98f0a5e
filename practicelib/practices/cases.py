"""The case table: guessed from reports, edited by a person, read back and matched to reports."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

from practicelib.errors import Fault, LabelError
from practicelib.files.tables import write_csv
from practicelib.files.xlsx import read_table, write_xlsx
from practicelib.practices.case_cells import column_faults, plain_cell, without_gaps, year_of
from practicelib.practices.case_matching import match_cases
from practicelib.records.cases import (
    CONFIRMED,
    FIELDS,
    GUESSED,
    PART,
    REPORT,
    STATUS,
    Case,
    CaseTable,
    column_named,
)
from practicelib.records.report import Report
from practicelib.records.tags import TaggedReport
from practicelib.text.bodies import date_year
from practicelib.text.script import to_simplified

UNKNOWN_VALUE = "?"
_DATE_LINES = 5
_CHINESE_YEAR = re.compile(r"[〇○◯零一二三四五六七八九]{4}(?=年)|[０-９]{4}(?=年)")
_YEAR = re.compile(r"(?<!\d)(19[5-9]\d|20[0-4]\d)(?=年|[^\d]|$)")
# Administrative level by the tail of a body's name, lowest first: the first that fits counts.
_LEVELS = (
    ("村居", re.compile(r"(村|社区|居民区|居委会|村委会|嘎查)(党总支|党支部|党委|委员会)?$")),
    ("乡镇街道", re.compile(r"(镇|乡|街道|苏木)(党工委|党委|办事处|人民政府|政府|委员会)?$")),
    ("区县", re.compile(r"((?<!自治)区|县|旗)(委|政府|人民政府|委员会|纪委监委|委组织部)?$")),
    ("地市", re.compile(r"(市|州|盟)(委|政府|人民政府)?$")),
    ("省级", re.compile(r"(省|自治区)(委|政府|人民政府)?$")),
)
_PLACE = re.compile(
    r"[\u4E00-\u9FD5]{1,8}?(?:省|自治区)|[\u4E00-\u9FD5]{1,7}?(?:市|自治州|盟)"
    r"|[\u4E00-\u9FD5]{1,7}?(?:新区|区|县|旗)"
)
_CELL_TYPES = {
    "yes": CONFIRMED,
    "是": CONFIRMED,
    "1": CONFIRMED,
    "true": CONFIRMED,
    CONFIRMED: CONFIRMED,
    "确认": CONFIRMED,
    "no": GUESSED,
    "否": GUESSED,
    "0": GUESSED,
    "false": GUESSED,
    GUESSED: GUESSED,
    "推测": GUESSED,
    "": GUESSED,
}


def guess_cases(reports: Iterable[Report], folder: str | os.PathLike[str] = "") -> CaseTable:
    """A case table of reports, all guessed; lead-ins are no cases.

    Files are named relative to `folder`. Unit and title are the reader's guesses, the year is that
    of the table's column, of the date that stands alone at the beginning or the end, or the one
    that the report names most often; level and place come from the unit's name.
    """
    return CaseTable(tuple(_guessed(report, folder) for report in reports if is_case(report)))


def _guessed(report: Report, folder: str | os.PathLike[str]) -> Case:
    unit = without_gaps(report.unit)
    return Case(
        _relative(report.source.file, folder),
        report.start,
        report.end,
        report.title,
        unit,
        guess_place(unit),
        guess_level(unit),
        guess_year(report.year) or guess_year(report.text[report.start : report.end]),
        part=report.source.part,
    )


def is_case(report: Report) -> bool:
    """Whether a report has a row in case tables: lead-ins and what has no sentence have none."""
    return report.kind == "report" and bool(report.sentences)


def guess_year(text: str) -> str:
    """The year of a report: of its date line, else the one named most often; empty without any.

    A date line is one of the first or last few lines and holds a date and, at most, the name of a
    body beside it. Of years named equally often the latest counts.
    """
    lines = [line for line in map(str.strip, text.splitlines()) if line]
    ends = [*lines[:_DATE_LINES], *reversed(lines[-_DATE_LINES:])]
    dated = next((year for year in map(date_year, ends) if year), "")
    if dated:
        return dated
    counts: dict[str, int] = {}
    for match in _YEAR.finditer(_CHINESE_YEAR.sub(lambda m: year_of(m[0]), text)):
        counts[match.group(1)] = counts.get(match.group(1), 0) + 1
    return max(counts, key=lambda year: (counts[year], year)) if counts else ""


def guess_level(unit: str) -> str:
    """Administrative level by the unit's name: 村居, 乡镇街道, 区县, 地市, 省级; empty unknown."""
    name = to_simplified(unit)
    return next((level for level, tail in _LEVELS if tail.search(name)), "")


def guess_place(unit: str) -> str:
    """The largest place in the unit's name (宝山区 of 宝山区顾村镇党委), empty where none is."""
    match = _PLACE.match(unit)
    return match.group() if match else ""


def _relative(file: str, folder: str | os.PathLike[str]) -> str:
    if folder and file:
        try:
            return Path(file).resolve().relative_to(Path(folder).resolve()).as_posix()
        except ValueError:
            return Path(file).as_posix()
    return Path(file).as_posix() if file else ""


def write_cases(table: CaseTable, path: str | os.PathLike[str]) -> None:
    """Write a case table as CSV, or as XLSX by its ending."""
    columns, rows = case_rows(table)
    if Path(path).suffix.lower() == ".xlsx":
        year = columns.index("year")
        # A number, so that a spreadsheet sorts and plots it as one.
        for row in rows:
            if re.fullmatch("[0-9]{4}", row[year]):
                row[year] = int(row[year])
        write_xlsx(path, {"cases": (columns, rows)})
    else:
        write_csv(path, columns, rows)


def case_rows(table: CaseTable) -> tuple[list[str], list[list[Any]]]:
    """Columns and rows of a case table as it is written."""
    own = table.columns[len(FIELDS) :]
    parted = any(case.part for case in table.cases)
    rows = [
        [
            *(getattr(case, name) for name in FIELDS),
            CONFIRMED if case.confirmed else GUESSED,
            *([case.part] if parted else []),
            *(dict(case.extra).get(name, "") for name in own),
        ]
        for case in table.cases
    ]
    return [*FIELDS, STATUS, *([PART] if parted else []), *own], rows


def read_cases(path: str | os.PathLike[str]) -> CaseTable:
    """Read a case table (CSV or XLSX), with whatever columns the user added.

    Columns may be called in Chinese (文件名, 单位, 年份). `file` is needed; a file without `start`
    and `end` may stand once, for the whole file. Years and names of places come in one spelling
    (2024年 is 2024). Raises LabelError for columns that mean the same, and with every faulty row:
    no file, offsets that are no numbers, an unknown word in `confirmed`, a report given twice,
    cells beyond the header.
    """
    faults: list[Fault] = []
    cases: list[Case] = []
    seen: dict[tuple[str, str, int, int], int] = {}
    for line, row in _named_rows(path):
        try:
            case = _case(row, line)
        except ValueError as cause:
            faults.append(Fault(str(cause), str(path), line))
            continue
        key = (case.file, case.part, case.start, case.end)
        if key in seen:
            faults.append(Fault(f"the same report as in row {seen[key]}", str(path), line))
        seen[key] = line
        cases.append(case)
    if faults:
        raise LabelError(faults)
    if not cases:
        raise LabelError("the case table has no row", file=path)
    return CaseTable(tuple(cases), str(path))


def _named_rows(path: str | os.PathLike[str]) -> list[tuple[int, dict[str, str]]]:
    """Rows under the names that the columns have in `manifest`."""
    rows = read_table(path)
    columns = list(dict.fromkeys(name for _, row in rows for name in row))
    if faults := column_faults(columns, str(path)):
        raise LabelError(faults)
    if rows and "file" not in map(column_named, columns):
        raise LabelError("the case table has no column 'file'", file=path, line=1)
    return [(line, {column_named(n): cell for n, cell in row.items()}) for line, row in rows]


def _case(row: Mapping[str, str], line: int) -> Case:
    if row.get("", ""):
        raise ValueError(f"more cells than columns: {row['']!r}")
    if not row["file"].strip():
        raise ValueError("no file is named")
    status = row.get(STATUS, "").strip().lower()
    if status not in _CELL_TYPES:
        raise ValueError(f"{STATUS} must be {CONFIRMED} or {GUESSED}, not {status!r}")
    start, end = (_offset(row, name) for name in ("start", "end"))
    texts = {name: plain_cell(name, row.get(name, "")) for name in FIELDS[3:]}
    known = {*FIELDS, STATUS, PART, ""}
    return Case(
        PurePosixPath(row["file"].strip().replace("\\", "/")).as_posix(),
        start,
        end,
        **texts,
        confirmed=_CELL_TYPES[status] == CONFIRMED,
        extra=tuple((name, value.strip()) for name, value in row.items() if name not in known),
        line=line,
        part=row.get(PART, "").strip(),
    )


def _offset(row: Mapping[str, str], name: str) -> int:
    text = row.get(name, "").strip()
    if not text:
        return -1
    try:
        return int(text)
    except ValueError:
        raise ValueError(f"{name} is not a whole number: {text!r}") from None


def values_by(table: CaseTable, reports: Sequence[Report], column: str) -> list[str]:
    """What a column says of each report, "?" where it is empty.

    For "report", and of reports without a row (`is_case`), a name of its own each. Raises
    ValueError for an unknown column, LabelError as `match_cases` does.
    """
    rows = iter(match_cases(table, [report for report in reports if is_case(report)]))
    cases = [next(rows) if is_case(report) else None for report in reports]
    column = table.column(column)
    if column not in (REPORT, *table.columns):
        known = ", ".join((REPORT, *table.columns))
        raise ValueError(f"no column {column!r} in the case table; there are {known}")
    return [
        f"{REPORT} {number}"
        if case is None or column == REPORT
        else case.value(column) or UNKNOWN_VALUE
        for number, case in enumerate(cases)
    ]


def with_cases(tagged: Sequence[TaggedReport], table: CaseTable) -> list[TaggedReport]:
    """Tagged reports with their rows of the table; title and unit become those of the row.

    Tags and offsets stay as they are, lead-ins have no row. An empty cell of an unconfirmed row
    leaves the reader's guess, one of a confirmed row counts as it stands. Raises LabelError as
    `match_cases` does.
    """
    rows = iter(match_cases(table, [one.report for one in tagged if is_case(one.report)]))
    return [_with_case(one, next(rows)) if is_case(one.report) else one for one in tagged]


def _with_case(tagged: TaggedReport, case: Case) -> TaggedReport:
    report = tagged.report
    if case.confirmed:
        guessed = report.guessed - {"title", "unit"}
        report = replace(report, title=case.title, unit=case.unit, guessed=guessed)
    else:
        title, unit = case.title or report.title, case.unit or report.unit
        report = replace(report, title=title, unit=unit, guessed=report.guessed | {"unit"})
    return replace(tagged, report=report, case=case)
