"""What reads as a heading."""

from __future__ import annotations

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
    ["他说：“水修好了。”", "“修好了！”", "（见附件。）", "完成了。", "一是走访，", "“好？』”"],
)
def test_sentences(line: str) -> None:
    """A stop ends a sentence within closing quotes and brackets too."""
    assert not is_heading(line)


def test_a_quoted_sentence_opens_no_section(tmp_path) -> None:  # type: ignore[no-untyped-def]
    """It stays in the section of the heading above it, with its exact offsets."""
    text = "一、管水\n村里划分网格。\n“水修好了。”\n大家都说好。\n"
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    (report,) = read_reports(tmp_path / "a.txt")
    assert [s.text for s in report.sentences if s.heading] == ["一、管水"]
    assert all(text[s.start : s.end] == s.text for s in report.sentences)
    assert "“水修好了。”" in [s.text for s in report.sentences]
