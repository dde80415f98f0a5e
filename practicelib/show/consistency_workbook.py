"""Agreement as a workbook: the tables that people read, then every coefficient."""

from __future__ import annotations

import re
from typing import Any

from practicelib.files.xlsx import xlsx_bytes
from practicelib.records.consistency import Consistency
from practicelib.show.consistency_tables import COLUMNS, coefficient_rows, sections
from practicelib.show.consistency_words import WORDS, facts, whose

_NAMES = {"zh": ("说明", "全部系数"), "en": ("about", "all coefficients")}
# What the format forbids in the name of a sheet (ECMA-376); 31 characters are its limit.
_FORBIDDEN = re.compile(r"[\\/*?:\[\]]")


def to_xlsx(result: Consistency, *, lang: str = "zh") -> bytes:
    """A workbook with one sheet a table, what was measured, and all coefficients as numbers.

    The last sheet has the rows of `to_csv`. Raises MissingExtraError without openpyxl.
    """
    about, every = _NAMES[lang]
    title = WORDS[lang]["title"]
    sheets: dict[str, tuple[list[str], Any]] = {}
    for name, header, rows in sections(result, lang, full=True):
        sheets[_sheet_name(name or title)] = (header, rows)
    sheets[about] = ([title], [[whose(result.basis, lang)], [facts(result.basis, lang)]])
    sheets[every] = (list(COLUMNS), coefficient_rows(result))
    return xlsx_bytes(sheets)


def _sheet_name(title: str) -> str:
    return _FORBIDDEN.sub("-", title)[:31].strip("' ")
