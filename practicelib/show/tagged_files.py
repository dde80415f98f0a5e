"""Tagged reports as a workbook (.xlsx) and as Parquet.

Axes: N sentences, K categories.
"""

from __future__ import annotations

import io
import logging
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from practicelib.errors import MissingExtraError
from practicelib.files.xlsx import XLSX_CELL_LIMIT, write_xlsx
from practicelib.records.tags import Coding, TaggedReport
from practicelib.show.tagged_rows import (
    case_columns,
    case_values,
    column_names,
    columns_of,
    tag_columns,
    tag_rows,
)
from practicelib.version import __version__

_LOG = logging.getLogger("practicelib.show")
_WORDS = {
    "zh": ("句子", "材料", "说明", "句数", "项目", "内容", "模型", "编码本", "程序"),
    "en": (
        "sentences",
        "reports",
        "about",
        "sentences",
        "item",
        "value",
        "model",
        "codebook",
        "by",
    ),
}


def to_xlsx(reports: Sequence[TaggedReport], *, lang: str = "zh") -> bytes:
    """A workbook with one sheet a view: sentences, counts a report, and what coded them.

    A text too long for a cell goes on in the next row, and a warning says so. Raises
    MissingExtraError without openpyxl.
    """
    every = list(reports)
    coding = every[0].coding if every else Coding(())
    words = _WORDS[lang]
    beside = case_columns(every)
    names = column_names(coding, lang, beside)
    sentences = [
        split
        for tagged in every
        for row in tag_rows(tagged, beside, lang)
        for split in _fitting(row)
    ]
    counted = [names["file"], names["report"], names["unit"], words[3]]
    counted += [coding.display_name(key, lang) for key in coding.categories]
    counted += [names[column] for column in beside]
    about = [
        (words[6], f"{coding.name} {coding.model}"),
        (words[7], coding.codebook),
        (words[8], f"practicelib {__version__}"),
    ]
    sheets: dict[str, tuple[list[str], Sequence[Sequence[Any]]]] = {
        words[0]: ([names[c] for c in tag_columns(coding.categories, beside)], sentences),
        words[1]: (counted, [_counts(tagged, beside) for tagged in every]),
        words[2]: (list(words[4:6]), about),
    }
    with tempfile.TemporaryDirectory(prefix="practicelib-") as folder:
        path = Path(folder, "tags.xlsx")
        write_xlsx(path, sheets)
        return path.read_bytes()


def _counts(tagged: TaggedReport, beside: Sequence[str]) -> list[Any]:
    report = tagged.report
    totals = tagged.assigned.sum(axis=0).tolist()
    known = case_values(tagged.case, beside).values()
    return [report.source.file, report.title, report.unit, len(tagged), *totals, *known]


def _fitting(row: list[Any]) -> Iterator[list[Any]]:
    """The row, or several where a text is too long for one cell."""
    longest = max((len(value) for value in row if isinstance(value, str)), default=0)
    if longest <= XLSX_CELL_LIMIT:
        yield row
        return
    parts = -(-longest // XLSX_CELL_LIMIT)
    _LOG.warning("a text of %d characters is split over %d rows of the sheet", longest, parts)
    for part in range(parts):
        cut = slice(part * XLSX_CELL_LIMIT, (part + 1) * XLSX_CELL_LIMIT)
        yield [v[cut] if isinstance(v, str) and len(v) > XLSX_CELL_LIMIT else v for v in row]


def to_parquet(reports: Sequence[TaggedReport]) -> bytes:
    """All sentences as a Parquet file, with the column names of the CSV.

    Raises MissingExtraError without pyarrow.
    """
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as cause:
        raise MissingExtraError("writing .parquet needs pyarrow", extra="parquet") from cause
    stream = io.BytesIO()
    parquet.write_table(pyarrow.table(columns_of(reports)), stream)
    return stream.getvalue()
