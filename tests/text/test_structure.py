"""What reads as a heading."""

from __future__ import annotations

from pathlib import Path

import pytest

from practicelib.text.reading import read_reports
from practicelib.text.structure import is_heading


@pytest.mark.parametrize(
    "line", ["一、建强网格", "（一）“三级”联动", "（试行）", "“四议两公开”", "》"]
)
def test_headings(line: str) -> None:
    """Closing marks alone end no sentence."""
    assert is_heading(line)


@pytest.mark.parametrize(
    "line",
    [
        "他说：“水修好了。”",
        "全年完成产值12亿元.",
        "村里都说好．”",
        "增长95%.",
        '他说"好."',
        "“修好了！”",
        "（见附件。）",
        "完成了。",
        "一是走访，",
        "“好？』”",
    ],
)
def test_sentences(line: str) -> None:
    """A stop ends a sentence within closing quotes and brackets too."""
    assert not is_heading(line)


@pytest.mark.parametrize(
    ("head", "title", "unit", "sections"),
    [
        ("管水经验", "管水经验", "", []),
        ("管水经验\n——甲镇的做法", "管水经验　——甲镇的做法", "", []),
        ("管水经验\n（2021年4月）", "管水经验", "", []),
        ("管水经验\n2021.04", "管水经验", "", []),
        ("管水经验\n2021 年 4 月 6 日 星期二", "管水经验", "", []),
        ("2021年4月\n管水经验", "管水经验", "", []),
        ("管水经验\n建强队伍\n一、划分网格", "管水经验　建强队伍", "", ["一、划分网格"]),
        ("管水经验\n二〇二一年四月\n一、建强队伍", "管水经验", "", ["一、建强队伍"]),
        ("管水经验\n一、建强队伍", "管水经验", "", ["一、建强队伍"]),
        ("管水经验\n甲县乙镇党委\n（2021年4月）\n一、建强队伍", "管水经验", "甲县乙镇党委",
         ["一、建强队伍"]),
        ("管水经验\n2021年4月6日\n甲县乙镇党委", "管水经验", "甲县乙镇党委", []),
        ("管水经验\n建强队伍\n划分网格", "管水经验", "", ["建强队伍", "划分网格"]),
    ],
)  # fmt: skip
def test_what_stands_above_the_text(
    tmp_path: Path, head: str, title: str, unit: str, sections: list[str]
) -> None:
    """A title of one or two lines, a date, who reports; a numbered line is a section already."""
    (tmp_path / "a.txt").write_text(f"{head}\n村里划分网格。\n大家都说好。\n", encoding="utf-8")
    (report,) = read_reports(tmp_path / "a.txt")
    assert (report.title, report.unit) == (title, unit)
    assert [section.title for section in report.sections] == sections


@pytest.mark.parametrize(
    "between",
    ["管桥经验\n", "2021年4月\n管桥经验\n", "甲县乙镇党委\n2021年4月\n管桥经验\n",
     "2021年4月\n管桥经验\n——丙镇的做法\n", "管桥经验\n——丙镇的做法\n2022年5月\n"],
)  # fmt: skip
def test_reports_of_a_compilation_with_dates(tmp_path: Path, between: str) -> None:
    """A date or a signature ends the report before; a date under a title belongs to it."""
    text = f"管水经验\n甲县乙镇党委\n村里都说好。\n{between}甲县丙镇党委\n村里修桥。\n"
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    first, second = read_reports(tmp_path / "a.txt")
    assert (first.title, first.unit, second.unit) == ("管水经验", "甲县乙镇党委", "甲县丙镇党委")
    assert second.title == "管桥经验" + ("　——丙镇的做法" if "——" in between else "")


def test_a_quoted_sentence_opens_no_section(tmp_path) -> None:  # type: ignore[no-untyped-def]
    """It stays in the section of the heading above it, with its exact offsets."""
    text = "一、管水\n村里划分网格。\n“水修好了。”\n大家都说好。\n"
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    (report,) = read_reports(tmp_path / "a.txt")
    assert [s.text for s in report.sentences if s.heading] == ["一、管水"]
    assert all(text[s.start : s.end] == s.text for s in report.sentences)
    assert "“水修好了。”" in [s.text for s in report.sentences]
