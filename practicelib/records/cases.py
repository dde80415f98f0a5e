"""The case table: what is known of each report besides its text."""

from __future__ import annotations

from dataclasses import dataclass

FIELDS = ("file", "start", "end", "title", "unit", "place", "level", "year", "type", "source")
"""Columns that every case table has; `confirmed` and the user's own columns follow."""
STATUS = "confirmed"
"""The column that says whether somebody has looked at a row: `CONFIRMED` or `GUESSED`."""
GUESSED, CONFIRMED = "guessed", "confirmed"
REPORT = "report"
"""The key under which every report is a case of its own."""


@dataclass(frozen=True, slots=True)
class Case:
    """One report: a slice of a file, what it is about, and further columns of the user's.

    `level` is the administrative level of the body that reports. `confirmed` is False as long as
    nobody has looked at what was guessed. `line` is the row in the file it was read from;
    `part` the row, page or member of `file` where it holds several texts.
    """

    file: str
    start: int
    end: int
    title: str = ""
    unit: str = ""
    place: str = ""
    level: str = ""
    year: str = ""
    type: str = ""
    source: str = ""
    confirmed: bool = False
    extra: tuple[tuple[str, str], ...] = ()
    line: int = 0
    part: str = ""

    @property
    def name(self) -> str:
        """The case as it is called in tables when every report stands for itself."""
        return self.unit or self.title or f"{self.file} {self.start}-{self.end}"

    def value(self, key: str) -> str:
        """What a column says; KeyError for a column that is not there."""
        if key in FIELDS:
            return str(getattr(self, key))
        for name, value in self.extra:
            if name == key:
                return value
        raise KeyError(key)


@dataclass(frozen=True)
class CaseTable:
    """Cases in the order of their table; `file` is where it was read from."""

    cases: tuple[Case, ...]
    file: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns that can be compared by, the user's own last."""
        own = dict.fromkeys(name for case in self.cases for name, _ in case.extra)
        return (*FIELDS, *own)
