"""The case table: what is known of each report besides its text."""

from __future__ import annotations

from dataclasses import dataclass

FIELDS = ("file", "start", "end", "title", "unit", "place", "level", "year", "type", "source")
"""Columns that every case table has; `confirmed` and the user's own columns follow."""
STATUS = "confirmed"
"""The column that says whether somebody has looked at a row: `CONFIRMED` or `GUESSED`."""
GUESSED, CONFIRMED = "guessed", "confirmed"
PART = "part"
"""Column of tables in which a file holds several texts: rows of a table, members of an archive."""
REPORT = "report"
"""The key under which every report is a case of its own."""

_CHINESE = {
    "file": ("文件", "文件名"),
    "start": ("起", "起点", "开始", "起始", "起始位置"),
    "end": ("止", "终点", "结束", "终止", "结束位置"),
    "title": ("标题",),
    "unit": ("单位",),
    "place": ("地点", "地区", "地方"),
    "level": ("层级", "级别"),
    "year": ("年份", "年"),
    "type": ("类型", "文种"),
    "source": ("来源",),
    STATUS: ("确认", "是否确认"),
    PART: ("部分",),
}
_NAMED = {name: column for column, names in _CHINESE.items() for name in names}


def column_named(name: str) -> str:
    """The column that a name means, in Chinese too; the name itself where it is the user's own."""
    return _NAMED.get(name, name)


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
        return self.unit or self.title or self.place_in_file

    @property
    def place_in_file(self) -> str:
        """File, part and offsets, as far as they are known."""
        offsets = "" if self.start < 0 else f"{self.start}-{self.end}"
        return " ".join(part for part in (self.file, self.part, offsets) if part)

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

    def column(self, name: str) -> str:
        """The column that a name means: its own, or what `column_named` says."""
        columns = self.columns
        return name if name in columns or column_named(name) not in columns else column_named(name)
