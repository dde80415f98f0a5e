"""Which report each row of a case table is of."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from practicelib.errors import Fault, LabelError
from practicelib.records.cases import Case, CaseTable
from practicelib.records.report import Report

_SHOWN = 5
# Name of the file, part and offsets; what a row does not give is None.
_Key = tuple[str, str | None, tuple[int, int] | None]


def match_cases(table: CaseTable, reports: Sequence[Report]) -> list[Case]:
    """The case of every report, in the reports' order.

    A row fits a report of the same file (the same name at the end of its path) and the same
    offsets; a row without offsets fits the only report of its file. Raises LabelError naming every
    row that fits no report, every row that fits several, and every report without a row.
    """
    found: dict[int, Case] = {}
    faults: list[Fault] = []
    wanted: set[int] = set()
    index = _index(reports)
    for case in table.cases:
        own = index.get(_key(case), [])
        fits = [i for i in own if ends_in(reports[i].source.file, case.file)]
        wanted.update(fits)
        if not fits:
            cause = "row fits no report that was given"
            faults.append(Fault(cause, table.file, case.line, case.place_in_file))
        elif len(fits) > 1:
            cause = _several(case, [reports[i] for i in fits])
            faults.append(Fault(cause, table.file, case.line, case.place_in_file))
        elif fits[0] in found:
            faults.append(Fault("row fits a report that has one", table.file, case.line, case.name))
        else:
            found[fits[0]] = case
    faults.extend(
        Fault("report has no row in the case table", table.file, 0, _report_label(report))
        for i, report in enumerate(reports)
        if i not in wanted
    )
    if faults:
        raise LabelError(faults)
    return [found[i] for i in range(len(reports))]


def _index(reports: Sequence[Report]) -> dict[_Key, list[int]]:
    """Reports by all that a row may give of them: tables hold thousands, each with its row."""
    index: dict[_Key, list[int]] = {}
    for number, report in enumerate(reports):
        name = Path(report.source.file).name
        for part in (None, report.source.part):
            for offsets in (None, (report.start, report.end)):
                index.setdefault((name, part, offsets), []).append(number)
    return index


def _key(case: Case) -> _Key:
    offsets = None if case.start < 0 else (case.start, case.end)
    return PurePosixPath(case.file).name, case.part or None, offsets


def ends_in(path: str, name: str) -> bool:
    """Whether a path ends in the name, folder by folder."""
    own = name.split("/")
    return Path(path).as_posix().split("/")[-len(own) :] == own


def _several(case: Case, fits: Sequence[Report]) -> str:
    """Why a row fits several reports, and which."""
    one_file = len({report.source.file for report in fits}) == 1
    shown = [_place(report, with_file=not one_file) for report in fits[:_SHOWN]]
    more = f" and {len(fits) - _SHOWN} more" if len(fits) > _SHOWN else ""
    held = f"{len(fits)} reports: {'; '.join(shown)}{more}"
    lacking = ["start", "end"] if case.start < 0 else []
    if not case.part and any(report.source.part for report in fits):
        lacking.append("part")
    if not one_file or not lacking:
        return f"row fits {held}"
    *first, last = lacking
    named = f"{', '.join(first)} and {last}" if first else last
    return f"row gives no {named}, and the file holds {held}"


def _place(report: Report, *, with_file: bool) -> str:
    parts = [report.source.file] if with_file else []
    parts += [report.source.part] if report.source.part else []
    title = f" ({report.title})" if report.title else ""
    return ", ".join([*parts, f"{report.start}-{report.end}"]) + title


def _report_label(report: Report) -> str:
    part = f"{report.source.part} " if report.source.part else ""
    return f"{report.source.file} {part}{report.start}-{report.end}"
