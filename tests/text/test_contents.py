"""The list of contents of a compilation, or of one report."""

from __future__ import annotations

import pytest

from practicelib.text.structure import split_reports

TITLES = ("小院里商量大家的事", "把支部书记选准", "一格一员守平安")
REPORTS = "\n".join(
    f"{title}\n{unit}\n当地把这件事当作一件要紧的事来办。\n一、办法\n居民、干部和网格员各出一份力。\n"
    for title, unit in zip(TITLES, ("梧桐街道党工委", "青田镇党委", "清河区公安局"), strict=True)
)
LISTS = {
    "bare": "目录\n{0}\n{1}\n{2}\n",
    "leaders": "目　录\n{0}……………1\n{1}…………… 3\n{2}…………… 5\n",
    "dots": "目次\n{0}......1\n{1}......3\n{2}......5\n",
    "units": "目录\n{0}………梧桐街道  1\n{1}………青田镇  3\n{2}………公安局  5\n",
    "numbers": "目錄\n1. {0}\n2. {1}\n3. {2}\n",
    "english": "CONTENTS\n{0}\n{1}\n{2}\n",
    "pages": "目录\n{0}\t1\n{1}  3\n{2}  (5)\n",
}


@pytest.mark.parametrize("head", ["", "全市经验材料汇编\n"])
@pytest.mark.parametrize("gap", ["", "\n"])
@pytest.mark.parametrize("name", LISTS)
def test_every_report_after_a_list_of_contents_is_found(head: str, gap: str, name: str) -> None:
    """The list and what is above it are the lead-in; nothing is lost."""
    text = head + LISTS[name].format(*TITLES) + gap + REPORTS
    lead_in, *reports = split_reports(text)
    assert lead_in.kind == "lead-in"
    assert tuple(report.title for report in reports) == TITLES
    assert [len(report.sections) for report in reports] == [1, 1, 1]
    covered = "".join(s.text for report in (lead_in, *reports) for s in report.sentences)
    assert "".join(covered.split()) == "".join(text.split())


def test_contents_of_one_report_are_no_sections() -> None:
    """They are sentences, as all text is, and marked as headings."""
    parts = "一、划网格\n划了四格。\n二、议事情\n议了九次。"
    text = f"村里的办法\n石桥村党支部\n目录\n一、划网格\n二、议事情\n{parts}"
    (report,) = split_reports(text)
    assert [section.title for section in report.sections] == ["一、划网格", "二、议事情"]
    assert [s.heading for s in report.sentences] == [*[True] * 6, False, True, False]


def test_the_word_alone_makes_no_list() -> None:
    """A line 目录 that nothing follows is what it was."""
    (report,) = split_reports("编制清单\n目录\n全区列出一百二十项事项。")
    assert report.sentences[1].text == "目录"
