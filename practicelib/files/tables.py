"""Tables in and out: CSV that Excel opens and JSONL; inert against formula injection.

A cell that a spreadsheet would run as a formula is written with a leading apostrophe
(OWASP ASVS 1.2.10, plus carriage return and the full-width forms) and read back without it, but
only where the apostrophe stands before such a character.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from practicelib.errors import Fault, LabelError, PracticeError, ReportError
from practicelib.files.atomic import write_bytes
from practicelib.files.decoding import decode

FORMULA_STARTS = frozenset("=+-@\t\r\0＝＋－＠")
CELL_LIMIT = 16_000_000
"""Characters of one cell of a CSV file that is read."""

SEPARATORS = ",\t;"
"""What may part the cells of a CSV file: the most frequent of them in its header does."""

_MOST_FAULTS = 1000
# Least margin between the likeliest encodings of a table; wrong ones come far below right ones.
_SURE = 0.2
_LEAST_LETTERS = 8
_SAID = re.compile(r"sep=(.)")
_QUOTED = re.compile(r'"[^"]*"')


def protect(value: Any) -> Any:
    """Put an apostrophe before text that a spreadsheet would take for a formula."""
    if isinstance(value, str) and value and _is_formula(value):
        return "'" + value
    return value


def unprotect(value: str) -> str:
    """Undo `protect`."""
    return value[1:] if value[:1] == "'" and _is_formula(value[1:]) else value


def _is_formula(value: str) -> bool:
    # A lone "-" means "none" in a double-coding sheet and is harmless.
    return value.lstrip("'")[:1] in FORMULA_STARTS and value != "-" if value else False


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Rows as CSV text with a header; `\\r\\n` ends lines (RFC 4180)."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerows([protect(value) for value in row] for row in chain([columns], rows))
    return stream.getvalue()


def write_csv(
    path: str | os.PathLike[str], columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Write a CSV that Excel opens with its Chinese intact (UTF-8 with byte-order mark)."""
    write_bytes(path, csv_text(columns, rows).encode("utf-8-sig"))


def read_csv(
    path: str | os.PathLike[str], *, error: type[PracticeError] = LabelError
) -> list[tuple[int, dict[str, str]]]:
    """Rows of a CSV file with the line that each begins on; rows of empty cells are passed over.

    What stands under no column name is kept under the key "", so that callers can name the fault.
    Cells are parted by comma, tab or ";"; the encoding is found as that of a report is, because
    spreadsheets save in that of their system. Raises `error` for a missing file, an encoding that
    is in doubt, a column name that stands twice and what `csv_rows` refuses.
    """
    lines = io.StringIO(_decoded(path, error), newline="")
    rows = csv_rows(lines, file=path, separators=SEPARATORS, error=error)
    line, header = next(rows)
    check_columns(header, file=path, line=line, error=error)
    found = [
        (line, named_cells(header, row))
        for line, row in rows
        if any(map(str.strip, row)) or len(header) == 1
    ]
    if "" in header:
        found = [(line, {n: cell for n, cell in row.items() if n or cell}) for line, row in found]
    return found


def _decoded(path: str | os.PathLike[str], error: type[PracticeError]) -> str:
    try:
        content = Path(path).read_bytes()
    except OSError as cause:
        raise error(cause.strerror or str(cause), file=path) from cause
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        found = decode(content, file=path)
    except ReportError as cause:
        raise error(cause.faults) from cause
    letters = sum(character > "\x7f" for character in found.text[:1000])
    if found.margin < _SURE or letters < _LEAST_LETTERS:
        raise error(
            f"not UTF-8, and too little text to tell {found.encoding} from other encodings;"
            " save it as CSV UTF-8, or as .xlsx",
            file=path,
        )
    return found.text


def csv_rows(
    lines: Iterable[str],
    *,
    file: object,
    separators: str = ",",
    error: type[PracticeError] = LabelError,
) -> Iterator[tuple[int, list[str]]]:
    """The header of CSV text, then its rows, as long as it; each with the line it begins on.

    The first of `separators` that is most frequent in the header counts, a tab at once, or what a
    line `sep=` before it says. Blank lines are passed over, rows of empty cells before the header,
    and empty cells beyond it. Raises `error` for text without a header and, once all rows before
    the first fault are given, for text that is no CSV and rows with more or fewer cells than the
    header: whoever writes tables writes full rows, so a short one was broken.
    """
    # The limit is one of the process, whoever else may have set it; a larger one stays.
    if csv.field_size_limit() < CELL_LIMIT:
        csv.field_size_limit(CELL_LIMIT)
    head, rest = _first_lines(lines)
    separator = _separator(head[-1] if head else "", separators)
    reader = csv.reader(chain(head, rest), delimiter=separator, strict=True)
    header: list[str] | None = None
    faults: list[Fault] = []
    line, least = 1, 2
    try:
        for row in reader:
            begin, line = line, reader.line_num + 1
            if _is_blank(row, least):
                continue
            if header is None:
                if not any(map(str.strip, row)) or row[0].startswith("sep="):
                    continue
                header = [unprotect(cell.strip()) for cell in row]
                least = len(_without_empty(header))
                yield begin, header
                continue
            cause = _fit(row, least, len(header))
            if cause:
                faults.append(Fault(cause, str(file), begin))
            elif not faults:
                yield begin, [unprotect(cell) if cell[:1] == "'" else cell for cell in row]
            # Read with a wrong separator, a table has a fault in every row.
            if len(faults) == _MOST_FAULTS:
                break
    except csv.Error as cause:
        faults.append(Fault(f"not CSV: {cause}, in the row that begins here", str(file), line))
    if faults:
        raise error(faults)
    if header is None:
        raise error("the file is empty", file=file)


def _first_lines(lines: Iterable[str]) -> tuple[list[str], Iterator[str]]:
    """The lines up to the header or what is said of its separator, and those after them."""
    rest = iter(lines)
    head: list[str] = []
    for line in rest:
        head.append(line)
        if line.strip(" ,;\t\r\n"):
            break
    return head, rest


def _separator(header: str, separators: str) -> str:
    said = _SAID.match(header)
    if said and said[1] in separators:
        return said[1]
    # Names of columns may hold commas, but no tabs.
    if "\t" in header and "\t" in separators:
        return "\t"
    return max(separators, key=_QUOTED.sub("", header).count)


def _is_blank(row: Sequence[str], least: int) -> bool:
    # In a table of one column a quoted empty cell is a row.
    return not row or (len(row) == 1 < least and not row[0].strip())


def _without_empty(row: Sequence[str]) -> Sequence[str]:
    """A row without the empty cells at its end."""
    return row[: max((place for place, cell in enumerate(row, start=1) if cell), default=0)]


def _fit(row: list[str], least: int, most: int) -> str:
    """Bring a row to the length of the header; says why where that would lose or invent a cell."""
    if len(row) < least:
        return f"fewer cells than columns: {len(row)}, not {least}"
    if any(row[most:]):
        return f"more cells than columns: {len(_without_empty(row))}, not {most}"
    row[most:] = []
    row += [""] * (most - len(row))
    return ""


def named_cells(header: Sequence[str], row: Sequence[str]) -> dict[str, str]:
    """A row by the names of its columns; what stands under no name is joined under ""."""
    found = dict(zip(header, row, strict=True))
    if "" in found:
        bare = [cell for name, cell in zip(header, row, strict=True) if cell and not name]
        found[""] = ",".join(bare)
    return found


def check_columns(
    names: Iterable[str], *, file: object, line: int = 0, error: type[PracticeError] = LabelError
) -> None:
    """Raise `error` naming every column name that stands twice: one would hide the other."""
    counts = Counter(name for name in names if name)
    faults = [
        Fault(f"the column {name!r} stands {count} times", str(file), line)
        for name, count in counts.items()
        if count > 1
    ]
    if faults:
        raise error(faults)


def jsonl_text(rows: Iterable[Mapping[str, Any]]) -> str:
    """One JSON object a line, Chinese readable."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def read_jsonl(
    path: str | os.PathLike[str], *, error: type[PracticeError] = LabelError
) -> list[tuple[int, dict[str, Any]]]:
    """Objects of a JSONL file with their lines; blank lines are passed over.

    Raises `error` naming the first line that is not a JSON object.
    """
    try:
        text = Path(path).read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as cause:
        why = f"not UTF-8: {cause.reason} at byte {cause.start}; save it as UTF-8"
        raise error(why, file=path) from cause
    except OSError as cause:
        raise error(cause.strerror or str(cause), file=path) from cause
    rows = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as cause:
            raise error(f"not JSON: {cause}", file=path, line=number) from cause
        if not isinstance(row, dict):
            raise error("not a JSON object", file=path, line=number, value=line[:40])
        rows.append((number, row))
    return rows
