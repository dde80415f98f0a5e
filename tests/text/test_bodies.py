"""Lines that say who reports and when."""

from __future__ import annotations

import pytest

from practicelib.text.bodies import body_name, date_year, is_byline, is_date
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


def test_bodies_of_every_kind() -> None:
    """Committees, offices, villages, schools, firms; by the end of their names."""
    ends = (
        "党工委 工作党委 党委 区委 县委 市委 省委 旗委 州委 镇委 乡委 党总支 总支部 党支部 党组"
        " 委员会 办事处 居委会 村委会 人民政府 管委会 组织部 宣传部 统战部 政法委 纪委监委 纪委"
        " 办公室 民政局 公安局 公安分局 教育局 卫健委 卫生局 水务局 应急厅 管理处 中心医院"
        " 实验学校 第一中学 中心小学 师范大学 职业学院 水务集团 供水公司 商会协会 研究室 课题组"
        " 编辑部 柳巷街道 柳巷社区 柳巷居民区 派出所 青田镇 青田乡 石桥村 高新区 青田县 安州市"
    )
    for end in ends.split():
        assert body_name(f"清河{end}") == f"清河{end}"
    for place in ["省", "市", "州", "盟", "区", "县", "旗", "镇", "乡", "街道", "社区", "村"]:
        for end in ["社会工作部", "妇联", "团委", "总工会", "残联", "综治中心"]:
            assert body_name(f"清河{place}{end}") == f"清河{place}{end}"
            assert not body_name(f"加强{end}")


@pytest.mark.parametrize(
    "line",
    ["修好水渠，建好村", "修好水渠；建好村", "目标：建好村", "“美丽乡村", "村民的村", "修好了村",
     "党组织与社区", "着力治村", "推进联村", "打造新社区", "柳巷社区建设", "一、柳巷社区",
     "村", "党委", f"清河区{'柳' * 30}社区", f"{'清' * 8}区妇联", f"清河区{'柳' * 9}妇联"],
)  # fmt: skip
def test_what_is_no_name_of_a_body(line: str) -> None:
    """Clauses, numbered headings, words alone, and what is too long."""
    assert body_name(line) == ""


@pytest.mark.parametrize(
    ("line", "year"),
    [
        ("2023年6月1日", "2023"),
        ("2023-06-01", "2023"),
        ("2023.6", "2023"),
        ("2023/6/1", "2023"),
        ("（2023年）", "2023"),
        ("(2023年6月)", "2023"),
        ("2023 年 6 月 1 日 周四", "2023"),
        ("二〇二三年六月十二日　星期一", "2023"),
        ("二○二二年十月", "2022"),
        ("二零一九年", "2019"),
    ],
)
def test_dates(line: str, year: str) -> None:
    """Alone, and beside a body's name; the year in plain digits."""
    assert is_date(line)
    assert date_year(line) == year
    for dated in (f"清河区柳巷街道党工委　{line}", f"{line} 清河区柳巷街道党工委"):
        assert not is_date(dated)
        assert date_year(dated) == year
        assert body_name(dated) == "清河区柳巷街道党工委"


@pytest.mark.parametrize(
    "line",
    ["2023", "6月1日", "2023年度", "2023年6月会议", "始于2023年6月", "2023年6月1日修渠。",
     "修渠经验　2023年6月", f"2023年{' ' * 100}6月"],
)  # fmt: skip
def test_what_is_no_date(line: str) -> None:
    """And has no year, unless it is a body's name that stands beside one."""
    assert not is_date(line)
    assert date_year(line) == ""


def test_bylines_of_every_kind() -> None:
    """Authors, sources, readers, and officials by their names."""
    who = (
        "作者 作者单位 供稿单位 来源 文章来源 信息来源 供稿 撰稿 通讯员 本报记者 记者 编辑"
        " 责任编辑 审核"
    )
    for word in who.split():
        for mark in "：:/":
            assert is_byline(f"（{word} {mark}王五）")
        assert not is_byline(f"{word}王五")
    for word in ["发布时间", "发布日期", "浏览次数", "阅读次数", "点击数"]:
        assert is_byline(f"安州日报 {word} 12")
    officials = "书记 主任 镇长 乡长 区长 县长 市长 局长 院长 校长 站长 所长"
    for word in officials.split():
        assert is_byline(f"青田{word}　王 五")
        assert not is_byline(f"青田{word}王五")
        assert not is_byline(f"青田{word} 王小五下村修渠")
    assert not is_byline("来源：村民出工。")
    assert not is_byline(f"来源：{'村' * 100}")


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
