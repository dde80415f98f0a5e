"""What reads as a heading."""

from __future__ import annotations

from pathlib import Path

import pytest

from practicelib.text.reading import read_reports
from practicelib.text.structure import heading_level, is_heading, split_reports, whole_report


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


@pytest.mark.parametrize("end", "，,；;：:、…")
def test_what_goes_on_is_no_heading(end: str) -> None:
    """Nor what is longer than 64 characters; a bare number with its point is one."""
    assert not is_heading(f"一是走访{end}")
    assert is_heading("村" * 64)
    assert not is_heading("村" * 65)
    assert is_heading("12.")
    assert is_heading("３．")


@pytest.mark.parametrize(
    ("level", "titles"),
    [
        (1, "第三章　管水 第2篇 一、管水 十二．管水 二.管水 三 、管水 管水 1.5万户"),
        (2, "（一）管水 (十二)管水"),
        (3, "1.管水 12、管水 3．管水 4 、管水"),
        (4, "（1）管水 (12)管水 ①管水 ⑳管水"),
        (1, "（123）管水 123、管水 管水（一） 第管水章 〇、管水"),
    ],
)
def test_levels_of_headings(level: int, titles: str) -> None:
    """By the number that a heading begins with, in either script."""
    # A space before the mark belongs to the number.
    for title in titles.replace(" 、", "\u3000、").split(" "):
        assert heading_level(title) == level, title


def test_chapters_may_be_traditional() -> None:
    assert heading_level("一、選舉") == heading_level("第三節") == 1
    assert heading_level("（二）選舉") == 2


def test_where_reports_begin(tmp_path: Path) -> None:
    """After the lead-in; never at a line of a table, nor where a name stands alone or below more
    than two lines of a title."""
    one, two = ("管水经验\n甲县乙镇党委\n村里修渠。\n", "修路经验\n甲县丙镇党委\n村里铺路。\n")
    lead = "前言\n各地都有办法。\n"
    lead_in, first, second = split_reports(lead + one + two)
    assert (lead_in.kind, lead_in.title, lead_in.unit, lead_in.sections) == ("lead-in", "", "", ())
    assert (lead_in.start, lead_in.end) == (0, len(lead))
    assert (first.start, first.end) == (len(lead), len(lead + one))
    assert (second.start, second.end) == (len(lead + one), len(lead + one + two))
    cells = {len(one): "cell", len(one) + 5: "cell"}
    assert len(split_reports(one + two, cells=cells)) == 1
    assert len(split_reports(one + "甲县丙镇党委\n村里铺路。\n")) == 1
    assert len(split_reports(one + "各村来信。\n" + two.replace("修路经验", "修路。"))) == 1
    third = two.replace("修路经验", "修路经验\n丙镇的做法\n铺路与植树")
    assert len(split_reports(one + third)) == 1
    whole = whole_report(lead + one + two)
    assert (whole.start, whole.end, whole.kind) == (0, len(lead + one + two), "report")


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
        *((f"管水经验\n{number}建强队伍", "管水经验", "", [f"{number}建强队伍"])
          for number in ("第一章　", "第2部分 ", "第十篇 ", "第三编 ", "（一）", "1.", "(1)", "①")),
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
