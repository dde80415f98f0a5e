"""Units of gathered reports: their names, and work that grows with the reports only."""

from __future__ import annotations

from dataclasses import replace

import pytest

from practicelib.practices import gather as module
from practicelib.practices.gather import gather
from practicelib.records.cases import CaseTable
from practicelib.records.tags import TaggedReport
from tests.practices.made import case_of, report_of


def rows_of(titles: tuple[str, ...]) -> tuple[list[TaggedReport], CaseTable]:
    """Reports of one village as the rows of a table, and their cases."""
    reports, cases = [], []
    for number, title in enumerate(titles):
        tagged = report_of(1, [[0] * 4])
        source = replace(tagged.report.source, part=f"row {number + 2}")
        reports.append(replace(tagged, report=replace(tagged.report, source=source)))
        cases.append(replace(case_of(tagged, unit="甲村"), title=title, part=source.part))
    return reports, CaseTable(tuple(cases))


def units_by(by: tuple[str, ...], rows: tuple[tuple[str, str], ...]) -> list[str]:
    """Names of the units of reports with a place and a year each."""
    reports = [report_of(number, [[0] * 4]) for number in range(len(rows))]
    cases = [case_of(t, place=p, year=y) for t, (p, y) in zip(reports, rows, strict=True)]
    gathered = gather(reports, CaseTable(tuple(cases)), by=by)
    for number, unit in enumerate(gathered.units):
        assert all(gathered.unit[report] == number for report in unit.reports)
        assert all(case in unit.cases for case in (cases[report] for report in unit.reports))
    return [unit.name for unit in gathered.units]


MIXED = (
    ("白塔镇", "2024"), ("安平乡", "2023"), ("白塔镇", "2021"), ("安平乡", ""),
    ("白塔镇", "2022"), ("安平乡", "2022"),
)  # fmt: skip


def test_years_stand_in_order() -> None:
    """However the table lists them; what has no year comes last."""
    assert units_by(("year",), MIXED) == ["2021", "2022", "2023", "2024", "?"]


def test_other_values_keep_the_order_of_the_table() -> None:
    """It may mean something, and that of the script does not."""
    assert units_by(("place",), MIXED) == ["白塔镇", "安平乡"]


def test_the_years_of_a_place_stand_together() -> None:
    """By two columns, one after the other; and the other way round."""
    assert units_by(("place", "year"), MIXED) == [
        "白塔镇 · 2021", "白塔镇 · 2022", "白塔镇 · 2024",
        "安平乡 · 2022", "安平乡 · 2023", "安平乡 · ?",
    ]  # fmt: skip
    assert units_by(("year", "place"), MIXED)[1:3] == ["2022 · 白塔镇", "2022 · 安平乡"]


def test_numbers_are_put_by_size() -> None:
    """Not by their first digit."""
    rows = (("10", ""), ("9", ""), ("约9", ""), ("9.5", ""))
    assert units_by(("place",), rows) == ["9", "9.5", "10", "约9"]


def test_names_are_told_apart_by_title_then_row() -> None:
    """A number says nothing; the row of a table can be looked up."""
    reports, table = rows_of(("简报", "简报", "总结", ""))
    assert [unit.name for unit in gather(reports, table).units] == [
        "甲村 · 简报 · row 2",
        "甲村 · 简报 · row 3",
        "甲村 · 总结",
        "甲村",
    ]


def test_names_without_unit_and_title_carry_the_row() -> None:
    """The offsets alone are those of every row."""
    reports, table = rows_of(("a", "b"))
    bare = CaseTable(tuple(replace(case, unit="", title="") for case in table.cases))
    end = table.cases[0].end
    assert [unit.name for unit in gather(reports, bare).units] == [
        f"r01.txt row 2 0-{end}",
        f"r01.txt row 3 0-{end}",
    ]


def test_names_that_nothing_tells_apart_are_numbered() -> None:
    """Never one that stands already."""
    assert module._numbered(["甲", "甲", "甲 (2)", "甲", "乙"]) == [
        "甲", "甲 (2)", "甲 (2) (2)", "甲 (3)", "乙",
    ]  # fmt: skip


def test_units_come_in_the_order_of_the_table() -> None:
    """With their reports, sentences and whether a row of theirs is a guess; empty cells are "?"."""
    reports = [report_of(n, [[0, 1, 0, 0]] * (n + 1)) for n in range(4)]
    rows = [
        case_of(t, unit=unit, year=year)
        for t, unit, year in zip(reports, "乙甲乙甲", ("2020", "", "2021", "2020"), strict=True)
    ]
    rows[2] = replace(rows[2], confirmed=False)
    found = gather(reports, CaseTable(tuple(rows)), by="unit")
    assert [(u.name, u.reports, u.sentences, u.guessed) for u in found.units] == [
        ("乙", (0, 2), 4, True),
        ("甲", (1, 3), 6, False),
    ]
    assert found.unit.tolist() == [0, 1, 0, 1]
    assert found.report.tolist() == [0, 1, 1, 2, 2, 2, 3, 3, 3, 3]
    assert found.sentence.tolist() == [0, 0, 1, 0, 1, 2, 0, 1, 2, 3]
    assert found.unit_of_sentence.tolist() == [0, 1, 1, 0, 0, 0, 1, 1, 1, 1]
    assert found.values("year") == ["2020", "?", "2021", "2020"]
    assert [note.values for note in found.notes if note.key == "guessed"] == [("1", "4")]
    by_year = gather(reports, CaseTable(tuple(rows)), by="year").units
    assert [(u.name, u.reports) for u in by_year] == [("2020", (0, 3)), ("2021", (2,)), ("?", (1,))]


class Counted(str):
    """A name that counts how often it is compared."""

    compared = 0
    __slots__ = ()
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        Counted.compared += 1
        return str.__eq__(self, other)


@pytest.mark.parametrize("count", [200, 400])
def test_numbering_looks_at_each_name_a_few_times(count: int) -> None:
    """Thousands of rows of one unit are numbered at once."""
    Counted.compared = 0
    found = module._numbered([Counted("甲") for _ in range(count)])
    assert found[-1] == f"甲 ({count})"
    assert Counted.compared < 10 * count
