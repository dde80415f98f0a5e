"""Rows of big files in windows of a fixed number, read as they are needed and no sooner."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO

from practicelib.errors import MissingExtraError, ReportError
from practicelib.files.decoding import decode, text_encoding
from practicelib.files.tables import SEPARATORS, check_columns, csv_rows, named_cells
from practicelib.records.report import Report, Source
from practicelib.text.formats.sheet import (
    NO_TEXT,
    TEXT_COLUMNS,
    TITLE_COLUMNS,
    UNIT_COLUMNS,
    shown_cell,
)
from practicelib.text.reading import iter_reports, split_row

TABLES = (".parquet", ".csv", ".jsonl")
_HEAD = 1 << 16
_BEYOND_ASCII = re.compile(rb"[^\x00-\x7f]")
_MOST_HEAD = 1 << 26
"""Bytes without an end of line that are read to tell an encoding: four for each of a cell's."""
_BATCH = 1024
_BLOCK = 1 << 20
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reading:
    """How rows become sentences.

    `column` holds the text; None takes the first of a known name. With `segment` "row" each row of
    a table is one sentence, with "sentence" or "line" it is a report that is split; None takes rows
    of a table as sentences and splits report files. `encoding` (of .csv), `rejoin` and `convert`
    are those of `text.reading`. `refused` is told of each report file that cannot be read; where it
    is None, the first one is raised.
    """

    column: str | None = "text"
    segment: str | None = None
    encoding: str | None = None
    rejoin: bool = False
    convert: bool = False
    refused: Callable[[ReportError], None] | None = None


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
    source: str | os.PathLike[str], reading: Reading | None = None, *, size: int, skip: int = 0
) -> Iterator[Window]:
    """Windows of `size` sentences of a .parquet, .csv or .jsonl file, or of reports.

    A row of a table is one sentence, with its columns, or a report (`Reading.segment`): then each
    sentence has the columns of its row and its place. Sentences of report files come with file,
    report and place. The first `skip` windows are left out. Raises ReportError for a file that is
    missing, faulty or without that column, naming the line, also where a row of .jsonl lacks the
    column or has another one of a known name before it; MissingExtraError for Parquet without
    pyarrow.
    """
    path = Path(source)
    how = reading or Reading()
    if not path.exists():
        raise ReportError("no such file", file=path)
    ending = path.suffix.lower()
    by_row = ending in TABLES and how.segment in (None, "row")
    if by_row and ending == ".parquet":
        yield from _parquet(path, how.column, size, skip)
        return
    found: Iterator[tuple[int, Row]]
    if by_row:
        found = _numbered(path, ending, how)
    else:
        split = _split(path, ending, how) if ending in TABLES else _reports(path, how)
        found = ((0, row) for row in split)
    for _ in islice(found, skip * size):
        pass
    column = how.column if by_row else "text"
    while window := list(islice(found, size)):
        yield _window(window, column, path)


def count_rows(source: str | os.PathLike[str], reading: Reading) -> int | None:
    """How many sentences `read_windows` will give, about; None where only reading would tell.

    A quoted line break in .csv counts as a row of its own.
    """
    path, ending = Path(source), Path(source).suffix.lower()
    if not path.is_file() or ending not in TABLES or reading.segment not in (None, "row"):
        return None
    if ending != ".parquet":
        lines, last = 0, b"\n"
        with path.open("rb") as stream:
            while block := stream.read(_BLOCK):
                lines, last = lines + block.count(b"\n"), block[-1:]
        return max(lines + (last != b"\n") - (ending == ".csv"), 0)
    try:
        from pyarrow import ArrowInvalid, parquet
    except ImportError:
        return None
    try:
        return int(parquet.read_metadata(path).num_rows)
    except (ArrowInvalid, OSError):
        return None


def _numbered(path: Path, ending: str, how: Reading) -> Iterator[tuple[int, Row]]:
    """Rows with the numbers that `text.formats.sheet` gives them."""
    if ending == ".csv":
        return _csv(path, how.encoding)
    if ending == ".jsonl":
        return _alike(_jsonl(path), how.column, path)
    windows = _parquet(path, how.column, _BATCH, 0)
    return enumerate(chain.from_iterable(_rows(one) for one in windows), start=1)


def _alike(
    rows: Iterator[tuple[int, Row]], wanted: str | None, path: Path
) -> Iterator[tuple[int, Row]]:
    """Rows that all have the same text column; ReportError names the line of another.

    Plain reading takes it by the names of all rows. A stream does not know them beforehand, so it
    refuses the row that would have changed the choice, or whose text would be passed over.
    """
    column = ""
    names: list[str] = []
    for number, row in rows:
        if names != [*row]:
            names = [*row]
            own = _column(names, wanted, path, number)
            if own != (column := column or own):
                why = (
                    f"the text column is {own!r} here and {column!r} before; name it with --column"
                )
                raise ReportError(why, file=path, line=number)
        yield number, row


def _rows(window: Window) -> Iterator[Row]:
    lists = {name: values.to_pylist() for name, values in window.columns.items()}
    return (dict(zip(lists, row, strict=True)) for row in zip(*lists.values(), strict=True))


def _split(path: Path, ending: str, how: Reading) -> Iterator[Row]:
    """One row a sentence: the other columns of its row, then its report and its place."""
    column = ""
    for number, row in _numbered(path, ending, how):
        column = column or _column(list(row), how.column, path)
        text = _text(row.get(column), path, number)
        if not text.strip():
            continue
        title, unit = (_known(row, names, column) for names in (TITLE_COLUMNS, UNIT_COLUMNS))
        kept = {name: value for name, value in row.items() if name != column}
        source = Source(str(path), part=f"row {number}")
        for report in split_row(
            text, source, title=title, unit=unit, rejoin=how.rejoin, segment=how.segment or "row"
        ):
            for place in _places(report):
                yield _beside(kept, place, path)


def _known(row: Row, names: tuple[str, ...], text_column: str) -> str:
    """The cell of the first column with a known name, as `text.formats.sheet` takes it."""
    by_name = {str(name).strip().lower(): name for name in row}
    found = next((by_name[name] for name in names if name in by_name), text_column)
    return "" if found == text_column else shown_cell(row[found]).strip()


def _beside(kept: Row, place: Row, path: Path) -> Row:
    # A column "report" or "unit" was taken over as such.
    twice = sorted(kept.keys() & place.keys() - {"report", "unit"})
    if twice:
        raise ReportError(
            f"has columns of sentences already: {', '.join(twice)};"
            " where each row is one sentence, --segment row says so",
            file=path,
        )
    return {**kept, **place}


def _places(report: Report) -> Iterator[Row]:
    for sentence in report.sentences:
        yield {
            "file": report.source.file,
            "part": report.source.part,
            "report": report.title,
            "unit": report.unit,
            "section": report.section_title(sentence),
            "heading": int(sentence.heading),
            "start": sentence.start,
            "end": sentence.end,
            "text": sentence.text,
        }


def _column(names: list[str], wanted: str | None, path: Path, line: int = 0) -> str:
    """The name of the text column; raises ReportError where there is none, or one of two."""
    if wanted is None:
        plain = [str(name).strip().lower() for name in names]
        found = next((name for name in TEXT_COLUMNS if name in plain), None)
        if found is None:
            why = f"no text column; name it with --column; there are {', '.join(names)}"
            raise ReportError(why, file=path, line=line)
        if plain.count(found) > 1:
            why = f"the column {found!r} stands {plain.count(found)} times"
            raise ReportError(why, file=path, line=line)
        return names[plain.index(found)]
    if wanted not in names:
        why = f"no column {wanted!r}; there are {', '.join(names)}"
        raise ReportError(why, file=path, line=line)
    return wanted


def _window(rows: list[tuple[int, Row]], wanted: str | None, path: Path) -> Window:
    names: dict[str, None] = {}
    for _, row in rows:
        names.update(dict.fromkeys(row))
    column = _column(list(names), wanted, path)
    columns = {name: [row.get(name) for _, row in rows] for name in names}
    return Window(columns, [_text(row.get(column), path, line) for line, row in rows])


def _text(value: Any, path: Path, line: int = 0) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ReportError(NO_TEXT, file=path, line=line, value=str(value)[:40])
    return value


def _parquet(path: Path, wanted: str | None, size: int, skip: int) -> Iterator[Window]:
    try:
        import pyarrow as arrow
        from pyarrow import parquet
    except ImportError as cause:
        raise MissingExtraError("reading Parquet needs pyarrow", extra="parquet") from cause
    try:
        with parquet.ParquetFile(path) as file:
            names = list(file.schema_arrow.names)
            check_columns(names, file=path, error=ReportError)
            column = _column(names, wanted, path)
            for number, batch in enumerate(file.iter_batches(batch_size=size)):
                if number >= skip:
                    columns = dict(zip(batch.schema.names, batch.columns, strict=True))
                    texts = [_text(value, path) for value in columns[column].to_pylist()]
                    yield Window(columns, texts)
    except (arrow.ArrowInvalid, OSError) as cause:
        raise ReportError(f"not a Parquet file: {cause}", file=path) from cause


def _csv(path: Path, encoding: str | None) -> Iterator[tuple[int, Row]]:
    line = 1
    with path.open(encoding=_encoding(path, encoding), newline="") as stream:
        try:
            lines = chain([stream.readline().removeprefix("\ufeff")], stream)
            rows = csv_rows(lines, file=path, separators=SEPARATORS, error=ReportError)
            line, header = next(rows)
            check_columns(header, file=path, line=line, error=ReportError)
            for line, row in rows:
                yield line, named_cells(header, row)
        except UnicodeError as cause:
            raise ReportError(f"not text after this line: {cause}", file=path, line=line) from cause


def _encoding(path: Path, given: str | None) -> str:
    """The encoding by the rule of `files.decoding`, told by the first lines that can tell it."""
    if given is not None:
        return text_encoding(given, file=path)
    with path.open("rb") as stream:
        head = _telling(stream)
    found = decode(head, file=path).encoding if head.strip() else "utf-8"
    return "utf-8-sig" if found == "utf-8" else found


def _telling(stream: BinaryIO) -> bytes:
    """The first lines that are more than ASCII, which is the same in nearly all encodings."""
    head = b""
    while True:
        size = max(_HEAD, len(head))
        block = stream.read(size)
        # Up to here it told nothing, and a table may have much of it.
        head = block if head.isascii() and block else head + block
        whole = len(block) < size or len(head) > _MOST_HEAD
        if b"\0" in head:
            # Of two or four bytes a character; cut at a whole one.
            return head if whole else head[: -(len(head) % 4) or None]
        lines = head if whole else head[: head.rfind(b"\n") + 1]
        found = _BEYOND_ASCII.search(lines)
        if found:
            return lines[lines.rfind(b"\n", 0, found.start()) + 1 :]
        if whole:
            return head


def _jsonl(path: Path) -> Iterator[tuple[int, Row]]:
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
            yield number, row


def _reports(path: Path, how: Reading) -> Iterator[Row]:
    found = iter_reports(
        [path], encoding=how.encoding, rejoin=how.rejoin, segment=how.segment or "sentence",
        column=how.column, convert=how.convert,
    )  # fmt: skip
    for reports in found:
        if isinstance(reports, ReportError):
            if how.refused is None:
                raise reports
            how.refused(reports)
            continue
        for report in reports:
            yield from _places(report)
