"""Tables in Word files, pages and Markdown: rows that list things, and layouts."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import docx
import pytest

from practicelib.text.reading import read_report, read_reports

Rows = list[list[str]]
TITLE, UNIT, LAST = "把力量沉到一线", "清河区委组织部", "居民议事会每月开一次会。"
LIST = [["序号", "单位", "网格数"], ["1", "柳巷街道", "12"], ["2", "白鹭街道", "15"]]


def _word(rows: Rows) -> bytes:
    document = docx.Document()
    for line in (TITLE, UNIT, "各地推进情况见下表。"):
        document.add_paragraph(line)
    table = document.add_table(rows=len(rows), cols=len(rows[0]))
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            first, *others = text.split("\n")
            table.cell(r, c).text = first
            for other in others:
                table.cell(r, c).add_paragraph(other)
    document.add_paragraph(LAST)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _page(rows: Rows) -> bytes:
    def cell(text: str) -> str:
        return "<td>" + "".join(f"<p>{line}</p>" for line in text.split("\n"))

    table = "".join("<tr>" + "".join(map(cell, row)) for row in rows)
    text = f"<h1>{TITLE}</h1><p>{UNIT}</p><p>各地推进情况见下表。</p><table>{table}</table>"
    return f"<meta charset=utf-8>{text}<p>{LAST}</p>".encode()


def _markdown(rows: Rows) -> bytes:
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    lines.insert(1, "|---" * len(rows[0]) + "|")
    table = "\n".join(lines)
    return f"# {TITLE}\n\n{UNIT}\n\n各地推进情况见下表。\n\n{table}\n\n{LAST}\n".encode()


FORMATS: dict[str, Callable[[Rows], bytes]] = {
    "a.docx": _word,
    "a.html": _page,
    "a.md": _markdown,
}


@pytest.mark.parametrize("name", FORMATS)
def test_a_list_is_read_row_by_row(tmp_path: Path, name: str) -> None:
    """Names of units in it begin no report, and text after it keeps its section."""
    (tmp_path / name).write_bytes(FORMATS[name](LIST))
    (report,) = read_reports(tmp_path / name)
    assert (report.title, report.unit) == (TITLE, UNIT)
    assert [s.text for s in report.sentences[3:]] == [
        "序号；单位；网格数",
        "1；柳巷街道；12",
        "2；白鹭街道；15",
        LAST,
    ]
    assert not any(s.heading for s in report.sentences[2:])
    assert report.sections == ()


@pytest.mark.parametrize("name", FORMATS)
def test_sentences_in_cells_stay_sentences(tmp_path: Path, name: str) -> None:
    """A row with sentences is read cell by cell; what stands beside them is no unit of a report."""
    rows = [["单位", "做法"], ["柳巷街道", "划了网格。配了人手。"], ["白鹭街道", "开了议事会。"]]
    (tmp_path / name).write_bytes(FORMATS[name](rows))
    (report,) = read_reports(tmp_path / name)
    assert [s.text for s in report.sentences[3:]] == [
        "单位；做法",
        "柳巷街道",
        "划了网格。",
        "配了人手。",
        "白鹭街道",
        "开了议事会。",
        LAST,
    ]
    assert [section.title for section in report.sections] == ["柳巷街道", "白鹭街道"]


@pytest.mark.parametrize("name", ["a.docx", "a.html"])
def test_a_form_keeps_its_parts(tmp_path: Path, name: str) -> None:
    """A label beside several paragraphs is the heading that it looks like."""
    rows = [["主要做法", "划网格。\n配人手。"], ["下一步打算", "明年再划细些。\n年底考核。"]]
    (tmp_path / name).write_bytes(FORMATS[name](rows))
    report = read_report(tmp_path / name)
    assert [section.title for section in report.sections] == ["主要做法", "下一步打算"]


def test_a_layout_is_read_as_its_text_is(tmp_path: Path) -> None:
    """Old pages and letterheads put title, unit and text into cells of one column."""
    rows = "".join(f"<tr><td>{line}" for line in (TITLE, UNIT, "划了网格。", LAST))
    page = tmp_path / "a.html"
    page.write_bytes(f"<meta charset=utf-8><table>{rows}</table>".encode())
    report = read_report(page)
    assert (report.title, report.unit) == (TITLE, UNIT)


def test_tables_in_tables(tmp_path: Path) -> None:
    """The inner one is read where it stands; nothing is lost."""
    inner = "<table><tr><td>甲<td>一<tr><td>乙<td>二</table>"
    page = tmp_path / "a.html"
    page.write_bytes(
        f"<meta charset=utf-8><table><tr><td>{TITLE}<tr><td>{inner}尾</table>".encode()
    )
    assert read_report(page).text.split("\n") == [TITLE, "甲；一", "乙；二", "尾"]
