"""The case table: guesses, round trip, and everything that does not match."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from practicelib.errors import LabelError
from practicelib.files.tables import write_csv
from practicelib.practices import case_matching as matching
from practicelib.practices.case_cells import without_gaps, year_of
from practicelib.practices.case_matching import match_cases
from practicelib.practices.cases import (
    guess_cases,
    guess_level,
    guess_place,
    guess_year,
    read_cases,
    values_by,
    write_cases,
)
from practicelib.practices.compare import compare
from practicelib.practices.gather import gather
from practicelib.records.cases import CaseTable, column_named
from practicelib.records.report import Report
from practicelib.records.tags import IN_CHINESE as PEOPLE
from practicelib.show.tagged_rows import _CASE as CASE_COLUMNS
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


def test_a_spaced_name_is_guessed_from_as_it_is_written_elsewhere() -> None:
    """Else one body would be two units where no table says otherwise."""
    report = replace(report_of(1, [[0] * 4]).report, unit="宝 山区顾村镇")
    case = guess_cases([report]).cases[0]
    assert (case.unit, case.level, case.place) == ("宝山区顾村镇", "乡镇街道", "宝山区")


@pytest.mark.parametrize(
    ("unit", "level", "place"),
    [
        ("浦东新区陆家嘴街道党工委", "乡镇街道", "浦东新区"),
        ("中共临江镇委员会", "乡镇街道", ""),
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


def test_the_level_of_a_traditional_name() -> None:
    assert guess_level("竹林社區黨委") == "村居"


def test_year_is_the_one_named_most() -> None:
    """Long numbers are no years; the later of two named as often is taken."""
    assert guess_year("2019年，2021年和2021年，电话12021345") == "2021"
    assert guess_year("2018年、2020年") == "2020"
    assert guess_year("没有年份 1234") == ""
    assert guess_year("二〇二一年和２０２１年，2020年") == "2021"


@pytest.mark.parametrize(
    "text",
    [
        "题目\n２０２３年９月\n小区建于1998年，1998年交付。",
        "题目\n二〇二三年九月\n小区建于1998年。",
        "题目\n清河区柳巷街道党工委　2023年6月\n小区建于1998年。",
        "题目\n小区建于1998年。\n清河区柳巷街道党工委\n2023年6月30日\n",
        "题目\n（2023年6月）\n2021年、2021年、2021年。",
        "题目\n" + "正文。\n" * 9 + "2022年5月8日\n2023年6月30日\n",
        "题目\n2023年6月\n正文。\n2024年5月8日\n",
    ],
)
def test_the_date_line_says_the_year(text: str) -> None:
    """Whatever other years the text names; at the end the last one counts, the beginning first."""
    assert guess_year(text) == "2023"


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


def test_parts_are_kept_where_only_some_rows_have_one(tmp_path: Path) -> None:
    """A table and a plain file in one manifest."""
    whole = report_of(1, [[0] * 4]).report
    row = replace(whole, source=replace(whole.source, file="folder/t.csv", part="row 2"))
    path = tmp_path / "cases.csv"
    write_cases(guess_cases([whole, row]), path)
    assert [case.part for case in read_cases(path).cases] == ["", "row 2"]
    write_cases(guess_cases([whole]), path)
    assert "part" not in path.read_text("utf-8-sig").splitlines()[0]


def test_all_faults_at_once(tmp_path: Path) -> None:
    """Every faulty row is named with its line."""
    path = tmp_path / "cases.csv"
    path.write_text(
        "file,start,end,confirmed,\na.txt,0,9,yes\na.txt,0,9,yes\n ,0,9,\nb.txt,x,9,\n"
        "c.txt,0,9,maybe\nd.txt,0,9,yes,more\n",
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


@pytest.mark.parametrize(
    ("cell", "year"),
    [
        *(
            (cell, "2024")
            for cell in ("2024", "２０２４", "2024年", " 2024 年", "2024.0", "２０２４年")
        ),
        *((cell, "2023") for cell in ("二〇二三", "二○二三年", "二零二三年")),
        *((cell, cell) for cell in ("二千零二十三年", "2024年度", "2024-05", "约2024", "24", "")),
    ],
)
def test_a_year_has_one_spelling(cell: str, year: str) -> None:
    """However it is typed; what is no plain year stays as it is."""
    assert year_of(cell) == year


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("柳荫 街道", "柳荫街道"),
        ("柳　荫 街　道", "柳荫街道"),
        ("柳荫街道 A 组", "柳荫街道 A 组"),
        ("Liu Yin", "Liu Yin"),
    ],
)
def test_gaps_between_chinese_characters_are_none(cell: str, name: str) -> None:
    """Titles are often spaced out; white space beside other letters parts words."""
    assert without_gaps(cell) == name


def test_one_unit_and_one_year_however_typed(tmp_path: Path) -> None:
    """Two spellings of one thing would be compared with each other."""
    reports = [report_of(n, [[1, 0, 0, 0]] * 4) for n in (1, 2, 3)]
    path = tmp_path / "cases.csv"
    typed = zip(
        ("柳荫 街道", "柳荫街道", "双水镇"), ("2024", "2024年", "二〇二四"), (1, 2, 3), strict=True
    )
    write_csv(path, ("file", "unit", "year"), [(f"r{n:02d}.txt", u, y) for u, y, n in typed])
    table = read_cases(path)
    assert [unit.name for unit in gather(reports, table, by="unit").units] == ["柳荫街道", "双水镇"]
    assert [unit.name for unit in gather(reports, table, by="year").units] == ["2024"]


CHINESE = ("文件名", "起", "止", "标题", "单位", "地区", "级别", "年份", "文种", "来源", "是否确认")
OWN = ("file", "start", "end", "title", "unit", "place", "level", "year", "type", "source")


def test_columns_may_be_called_in_chinese(tmp_path: Path) -> None:
    """They are the same columns, also where they are compared by; the table writes its own."""
    reports = [report_of(n, [[1, 0, 0, 0]] * 4) for n in (1, 2)]
    cases = guess_cases([t.report for t in reports]).cases
    rows = [
        (
            c.file,
            c.start,
            c.end,
            c.title,
            f"单位{i}",
            "甲区",
            "村居",
            "2024年",
            "案例",
            "网",
            "是",
            i,
        )
        for i, c in enumerate(cases)
    ]
    path = tmp_path / "cases.csv"
    write_csv(path, (*CHINESE, "结果"), rows)
    table = read_cases(path)
    assert table.columns == (*OWN, "结果")
    assert [(c.unit, c.year, c.level, c.type, c.confirmed) for c in table.cases] == [
        ("单位0", "2024", "村居", "案例", True),
        ("单位1", "2024", "村居", "案例", True),
    ]
    found = compare(reports, by="单位", cases=table, adjust="年份")
    assert (found.profile.settings.by, found.profile.settings.adjust) == (("unit",), "year")
    assert [c.column for c in found.compositions] == ["type", "level", "year"]
    assert values_by(table, [t.report for t in reports], "单位") == ["单位0", "单位1"]
    write_cases(table, path)
    assert path.read_text("utf-8-sig").startswith(",".join(OWN) + ",confirmed,结果")


def test_columns_that_mean_the_same_are_a_fault(tmp_path: Path) -> None:
    """One would hide the other."""
    path = tmp_path / "cases.csv"
    write_csv(path, ("file", "unit", "单位", "年", "年份"), [("a.txt", "甲", "乙", "2024", "2023")])
    with pytest.raises(LabelError) as error:
        read_cases(path)
    assert [fault.cause for fault in error.value.faults] == [
        "columns that mean the same: unit, 单位; keep one of them",
        "columns that mean the same: 年, 年份; keep one of them",
    ]


def test_a_row_without_offsets_is_told_what_the_file_holds() -> None:
    """In words, and not as offsets of -1."""
    reports = [report_of(n, [[0] * 4]).report for n in range(7)]
    places = [replace(r.source, file="汇编.txt", part=f"row {n}") for n, r in enumerate(reports)]
    held = [replace(r, source=s) for r, s in zip(reports, places, strict=True)]
    one = guess_cases(held[:1]).cases[0]
    for lacking in (replace(one, start=-1, end=-1, part=""), replace(one, part="")):
        with pytest.raises(LabelError) as error:
            match_cases(CaseTable((lacking,), "c.csv"), held)
        fault = error.value.faults[0]
        said = "start, end and part" if lacking.start < 0 else "part"
        assert f"row gives no {said}" in fault.cause
        assert (
            f"the file holds 7 reports: row 0, {one.start}-{one.end} (材料0); row 1, "
            in fault.cause
        )
        assert fault.cause.endswith("and 2 more")
        assert "-1" not in fault.value
        assert len(error.value.faults) == 1


def many(count: int) -> list[Report]:
    """Reports as the rows of one table are read."""
    one = report_of(1, [[0] * 4]).report
    return [
        replace(one, unit="甲村", title="", source=replace(one.source, part=f"row {n + 2}"))
        for n in range(count)
    ]


def test_work_grows_with_the_reports(monkeypatch: pytest.MonkeyPatch) -> None:
    """Matching looks at the reports that a row can be of, not at all of the file."""
    looked: list[object] = []
    real = matching.ends_in

    def count(*given: object) -> bool:
        looked.append(given)
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(matching, "ends_in", count)
    reports = many(300)
    table = guess_cases(reports)
    turned = CaseTable(table.cases[::-1])
    assert match_cases(turned, reports) == list(table.cases)
    assert len(looked) == 300


def test_columns_of_tags_in_chinese_are_known() -> None:
    """A table made of what `tag` writes for people names the same columns."""
    for column in ("file", "part", "unit", "start", "end", *CASE_COLUMNS):
        assert column_named(PEOPLE[column]) == column


@pytest.mark.parametrize("cell", ["2021", "2021年", "2021-05-03", "二〇二一年"])
def test_a_table_says_the_year(tmp_path: Path, cell: str) -> None:
    """What a column says goes before the years that the text names."""
    file = tmp_path / "list.csv"
    rows = f"正文,年份\n2019年、2019年底居民议事会开了会。,{cell}\n2018年居民议事会开了会。,\n"
    file.write_text(rows, encoding="utf-8")
    table = guess_cases(read_reports(file), tmp_path)
    assert [case.year for case in table.cases] == ["2021", "2018"]
    write_cases(table, tmp_path / "cases.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "cases.xlsx").active
    assert sheet is not None
    column = [cell.value for cell in sheet[1]].index("year")
    assert [row[column].value for row in sheet.iter_rows(min_row=2)] == [2021, 2018]
    assert [case.year for case in read_cases(tmp_path / "cases.xlsx").cases] == ["2021", "2018"]
