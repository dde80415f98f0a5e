"""The case table: guesses, round trip, and everything that does not match."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from practicelib.errors import LabelError
from practicelib.practices.cases import (
    guess_cases,
    guess_level,
    guess_place,
    guess_year,
    match_cases,
    read_cases,
    write_cases,
)
from practicelib.records.cases import CaseTable
from practicelib.text.reading import read_reports
from tests.practices.made import report_of


def test_guesses_from_the_seed(seed_path: Path) -> None:
    """Units, places and levels of the six reports are read off their bodies' names."""
    table = guess_cases(read_reports(seed_path), seed_path.parent)
    assert len(table.cases) == 6
    assert {case.file for case in table.cases} == {"seed.txt"}
    assert not any(case.confirmed for case in table.cases)
    by_unit = {case.unit: (case.place, case.level) for case in table.cases}
    assert by_unit["宝山区顾村镇党委"] == ("宝山区", "乡镇街道")
    assert by_unit["嘉定区马陆镇大裕村党总支"] == ("嘉定区", "村居")
    assert by_unit["徐汇区委"] == ("徐汇区", "区县")


@pytest.mark.parametrize(
    ("unit", "level", "place"),
    [
        ("浦东新区陆家嘴街道党工委", "乡镇街道", "浦东新区"),
        ("市教育卫生工作党委", "", ""),
        ("杭州市委组织部", "", "杭州市"),
        ("内蒙古自治区", "省级", "内蒙古自治区"),
        ("", "", ""),
    ],
)
def test_level_and_place(unit: str, level: str, place: str) -> None:
    """What the tail and the head of a name say; nothing where they say nothing."""
    assert guess_level(unit) == level
    assert guess_place(unit) == place


def test_year_is_the_one_named_most() -> None:
    """Long numbers are no years; the later of two named as often is taken."""
    assert guess_year("2019年，2021年和2021年，电话12021345") == "2021"
    assert guess_year("2018年、2020年") == "2020"
    assert guess_year("没有年份 1234") == ""


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_round_trip_keeps_own_columns(tmp_path: Path, ending: str) -> None:
    """What the user adds and confirms comes back; text that looks like a formula stays text."""
    table = guess_cases([report_of(1, [[0] * 4]).report])
    case = replace(
        table.cases[0], unit="=1+1", confirmed=True, extra=(("结果", "0.8"), ("outcome", "高"))
    )
    path = tmp_path / f"cases.{ending}"
    write_cases(CaseTable((case,)), path)
    back = read_cases(path)
    assert replace(back.cases[0], line=0) == case
    assert back.columns[-2:] == ("结果", "outcome")
    assert back.cases[0].value("结果") == "0.8"


def test_all_faults_at_once(tmp_path: Path) -> None:
    """Every faulty row is named with its line."""
    path = tmp_path / "cases.csv"
    path.write_text(
        "file,start,end,confirmed,\na.txt,0,9,yes\na.txt,0,9,yes\n,0,9,\nb.txt,x,9,\nc.txt,0,9,maybe\n"
        "d.txt,0,9,yes,more\n",
        encoding="utf-8",
    )
    with pytest.raises(LabelError) as error:
        read_cases(path)
    assert [fault.line for fault in error.value.faults] == [3, 4, 5, 6, 7]
    empty = tmp_path / "empty.csv"
    empty.write_text("file,start,end\n", encoding="utf-8")
    with pytest.raises(LabelError, match="no row"):
        read_cases(empty)
    empty.write_text("name\nx\n", encoding="utf-8")
    with pytest.raises(LabelError, match="no column 'file'"):
        read_cases(empty)


def test_rows_and_reports_must_match() -> None:
    """A row without a report and a report without a row are both named; order does not matter."""
    reports = [report_of(n, [[0] * 4]).report for n in (1, 2, 3)]
    table = guess_cases(reports[:2])
    short = CaseTable(tuple(replace(c, file=c.file.rsplit("/", 1)[-1]) for c in table.cases[::-1]))
    matched = match_cases(short, reports[:2])
    assert [case.title for case in matched] == ["材料1", "材料2"]
    foreign = replace(table.cases[0], file="other.txt", line=7)
    with pytest.raises(LabelError) as error:
        match_cases(CaseTable((*table.cases, foreign), "c.csv"), reports)
    causes = [str(fault) for fault in error.value.faults]
    assert "c.csv:7" in causes[0]
    assert "r03.txt" in causes[1]
    whole = replace(table.cases[0], start=-1, end=-1)
    assert match_cases(CaseTable((whole,)), reports[:1]) == [whole]
    with pytest.raises(LabelError, match="has one"):
        match_cases(CaseTable((whole, table.cases[0])), reports[:1])
