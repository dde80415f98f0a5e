"""Markdown: each mark, and what is left of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from practicelib.text.reading import read_report


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("# 管水经验 ##\n村里修渠。", ["管水经验", "村里修渠。"]),
        ("管水经验\n====\n一、修渠\n---\n村里修渠。", ["管水经验", "一、修渠", "村里修渠。"]),
        ("村里修渠，\n各户出工。\n\n大家都说好。", ["村里修渠，各户出工。", "大家都说好。"]),
        ("村里修渠。  \n各户出工。", ["村里修渠。", "各户出工。"]),
        (
            "* 修渠\n+ 出工\n- 养护\n1. 清淤\n2) 验收",
            ["修渠", "出工", "养护", "1. 清淤", "2) 验收"],
        ),
        (
            "修渠。\n\n***\n出工。\n\n_ _ _\n养护。\n\n- - -\n清淤。",
            ["修渠。", "出工。", "养护。", "清淤。"],
        ),
        ("> 村里修渠。\n\n> > 各户出工。", ["村里修渠。", "各户出工。"]),
        ("~~~\n不读\n```\n不读\n~~~\n修渠。\n````\n```\n不读\n````\n出工。", ["修渠。", "出工。"]),
        ("修渠。<!-- 不读 -->出工。", ["修渠。出工。"]),
        ("**修渠**、__出工__、*养护*、`清淤`。", ["修渠、出工、养护、清淤。"]),
        ("[修渠](http://a.cn)后![图](a.png)出工。", ["修渠后出工。"]),
        (r"\*修渠\*、\[出工\]，\# 不是标题。", ["*修渠*、[出工]，# 不是标题。"]),
        ("#不是标题。\n\n* * 两个星", ["#不是标题。", "* 两个星"]),
        ("事项 | 由谁办\n", ["事项 | 由谁办"]),
        ("事项\n-|-\n修渠", ["事项", "修渠"]),
        ("|事项|由谁办|\n| - | - |\n|修渠|甲组|", ["事项；由谁办", "修渠；甲组"]),
        (
            "|事项|由谁办|\n|:--|--:|\n|修渠|甲\\|乙组|\n大家都说好。",
            ["事项；由谁办", "修渠；甲|乙组", "大家都说好。"],
        ),
    ],
)
def test_marks_are_taken_away(tmp_path: Path, source: str, lines: list[str]) -> None:
    """As CommonMark reads them; rows of a table are lines."""
    (tmp_path / "a.md").write_text(source, encoding="utf-8")
    assert read_report(tmp_path / "a.md").text.split("\n") == lines


def test_marks_of_headings_give_levels(tmp_path: Path) -> None:
    source = "甲村\n===\n\n修了渠。\n\n### 出工\n\n各户出工。\n\n养护\n---\n\n轮流养护。\n"
    (tmp_path / "a.md").write_text(source, encoding="utf-8")
    sections = read_report(tmp_path / "a.md").sections
    assert [(s.title, s.level) for s in sections][-2:] == [("出工", 3), ("养护", 2)]
