"""Lines that say who reports and when."""

from __future__ import annotations

import pytest

from practicelib.text.bodies import body_name, is_byline, is_date
from practicelib.text.structure import split_reports

BODY = "全镇划为十二个网格，每格配一名网格员。\n居民议事会每月开一次会。"


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("清河区妇联", "清河区妇联"),
        ("城东镇综治中心", "城东镇综治中心"),
        ("东湖新区社会工作部", "东湖新区社会工作部"),
        ("——安州市清河区柳巷街道党工委", "安州市清河区柳巷街道党工委"),
        ("清河区柳巷街道党工委　2023年6月", "清河区柳巷街道党工委"),
        ("（2023年6月1日） 清河区柳巷街道党工委", "清河区柳巷街道党工委"),
        ("清河區柳巷街道黨工委", "清河區柳巷街道黨工委"),
        ("综治中心", ""),
        ("打造社区综治中心", ""),
        ("党委", ""),
        ("2023年6月", ""),
    ],
)
def test_names_of_bodies(line: str, name: str) -> None:
    """Brackets, dashes and a date beside the name are left aside."""
    assert body_name(line) == name


@pytest.mark.parametrize(
    "line",
    [
        "作者：王五",
        "（作者单位：安州市中心医院党委办公室）",
        "来源：安州日报　发布时间：2023-06-01　浏览次数：1203",
        "城东镇党委书记 王小五",
        "城東鎮黨委書記　王小五",
    ],
)
def test_a_byline_is_no_part_of_the_title(line: str) -> None:
    assert is_byline(line)
    (report,) = split_reports(f"把事商量着办\n{line}\n{BODY}")
    assert report.title == "把事商量着办"
    assert report.unit == ""
    assert [s.heading for s in report.sentences] == [True, False, False, False]


def test_what_names_no_author_is_no_byline() -> None:
    for line in ("一、书记领办项目", "主任接待日", "编辑部", "来源于群众的办法"):
        assert not is_byline(line), line
        assert not is_date(line)


@pytest.mark.parametrize(
    "end", ["中共城东镇委员会", "中共城东镇委员会\n2023年6月", "2023年6月\n中共城东镇委员会"]
)
def test_a_report_is_signed_at_its_end(end: str) -> None:
    """Where no body stands under the title."""
    (report,) = split_reports(f"把事商量着办\n{BODY}\n{end}\n")
    assert report.unit == "中共城东镇委员会"
    assert "unit" in report.guessed
    (report,) = split_reports(f"把事商量着办\n柳巷街道党工委\n{BODY}\n{end}\n")
    assert report.unit == "柳巷街道党工委"


@pytest.mark.parametrize("marks", ["”", "————", "* * *", "……"])
def test_marks_alone_are_no_title(marks: str) -> None:
    """As rules between parts are, and what a PDF tears off its line."""
    (report,) = split_reports(f"{marks}\n把事商量着办\n柳巷街道党工委\n{BODY}\n{marks}\n{BODY}")
    assert (report.title, report.unit) == ("把事商量着办", "柳巷街道党工委")
    assert report.sections == ()


def test_a_rule_ends_a_title() -> None:
    """What is below it is the first section; the body that reports may stand there too."""
    (report,) = split_reports(f"把事商量着办\n* * *\n事情的缘起\n{BODY}")
    assert report.title == "把事商量着办"
    assert [section.title for section in report.sections] == ["事情的缘起"]
    (report,) = split_reports(f"把事商量着办\n供稿：王五\n事情的缘起\n{BODY}")
    assert report.title == "把事商量着办"
    (report,) = split_reports(f"把事商量着办\n————\n柳巷街道党工委\n{BODY}")
    assert report.unit == "柳巷街道党工委"
