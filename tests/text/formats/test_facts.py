"""What files say beside their text: numbers, levels, pages, rows, members, titles."""

from __future__ import annotations

import csv
import io
import logging
import zipfile
from pathlib import Path

import openpyxl
import pytest

from practicelib.errors import ReportError
from practicelib.text.formats.numbering import chinese
from practicelib.text.reading import iter_reports, read_report, read_reports
from tests.text.formats import word_maker as word
from tests.text.formats.corpus import (
    CORPUS,
    FIRST,
    LINES,
    SECOND,
    TITLE,
    UNIT,
    GbkName,
    WesternName,
    column,
    zipped,
)
from tests.text.formats.pdf_maker import make_pdf


@pytest.fixture
def write(tmp_path: Path):  # type: ignore[no-untyped-def]
    """Write a file of the corpus, or other content, and give its path."""

    def call(name: str, content: bytes | None = None) -> Path:
        file = tmp_path / name
        file.write_bytes(CORPUS[name][0]() if content is None else content)
        return file

    return call


def test_automatic_numbers_are_metadata(write) -> None:  # type: ignore[no-untyped-def]
    """一、 and （一） are in the sections, restart under a new 一、 and stay out of the text."""
    report = read_report(write("word-numbered.docx"))
    numbers = {s.title: (s.number, s.level) for s in report.sections if s.number}
    assert numbers == {
        "建立网格": ("一、", 1),
        "划分网格": ("（一）", 2),
        "选派干部": ("（二）", 2),
        "开展议事": ("二、", 1),
        "定期议事": ("（一）", 2),
    }
    assert "一、" not in report.text


@pytest.mark.parametrize("form", ["lowerLetter", "lowerRoman", "decimal"])
def test_a_forged_start_makes_no_endless_number(write, form: str) -> None:  # type: ignore[no-untyped-def]
    """Word counts to 32,767; letters repeat, so that half a thousand million were as many."""
    content = word.numbered([(form, "%1.")], [(0, "划分网格"), (0, "选派干部")], 500_000_000)
    report = read_report(write("a.docx", content))
    assert all(0 < len(section.number) < 1300 for section in report.sections)


@pytest.mark.parametrize(
    ("form", "text", "expected"),
    [
        ("decimal", "%1.", ["1.", "2."]),
        ("upperRoman", "%1)", ["I)", "II)"]),
        ("lowerLetter", "(%1)", ["(a)", "(b)"]),
        ("decimalEnclosedCircle", "%1", ["①", "②"]),
        ("chineseLegalSimplified", "%1、", ["壹、", "贰、"]),
        ("ideographTraditional", "%1、", ["甲、", "乙、"]),
        ("decimalFullWidth", "%1．", ["１．", "２．"]),
        ("bullet", "•", ["", ""]),
        ("someFutureFormat", "%1.", ["1.", "2."]),
    ],
)
def test_number_formats(write, form: str, text: str, expected: list[str]) -> None:  # type: ignore[no-untyped-def]
    """Formats of Word's list; an unknown one counts in digits."""
    paragraphs: list[tuple[int | None, str]] = [(0, "甲项工作"), (0, "乙项工作")]
    content = word.numbered([(form, text)], [(None, TITLE), *paragraphs, (None, FIRST)])
    report = read_report(write("n.docx", content))
    assert [s.number for s in report.sections if s.title != TITLE] == expected


@pytest.mark.parametrize(
    ("number", "text"),
    [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (105, "一百〇五"), (110, "一百一十"),
     (2008, "二千〇八"), (0, "0"), (10_000, "10000")],
)  # fmt: skip
def test_chinese_numbers(number: int, text: str) -> None:
    """Numbers as Word's chineseCounting writes them."""
    assert chinese(number) == text


def test_heading_styles_give_levels(write) -> None:  # type: ignore[no-untyped-def]
    """Word's heading styles and HTML's headings tell the level that the text does not."""
    import docx

    document = docx.Document()
    document.add_paragraph(TITLE)
    document.add_paragraph(SECOND)
    document.add_heading("网格建设", 2)
    document.add_paragraph(FIRST)
    report = read_report(write("h.docx", word.saved(document)))
    assert [(s.title, s.level) for s in report.sections[-1:]] == [("网格建设", 2)]
    page = f"<h1>{TITLE}</h1><p>{FIRST}</p><h3>网格建设</h3><p>{SECOND}</p>".encode()
    assert read_report(write("h.html", page)).sections[-1].level == 3


def test_pages_rows_and_members_are_named(write) -> None:  # type: ignore[no-untyped-def]
    """`Report.source` says page, row, sheet or member."""
    assert read_report(write("pages.pdf")).source.part == "pages 1-4"
    assert [r.source.part for r in read_reports(write("table.csv"))] == ["row 2", "row 3"]
    assert [r.source.part for r in read_reports(write("table.xlsx"))] == ["row 2", "row 3"]
    assert [r.source.part for r in read_reports(write("reports.zip"))] == ["a/甲.docx", "b.txt"]
    assert read_reports(write("windows.zip"))[0].source.part == "经验/材料.txt"
    members = {f"a/{name}": CORPUS[name][0]() for name in ("pages.pdf", "table.csv")}
    parts = [r.source.part for r in read_reports(write("both.zip", zipped(members)))]
    assert parts == [
        "a/pages.pdf, pages 1-4",
        "a/table.csv, row 2",
        "a/table.csv, row 3",
    ]


def test_each_report_of_a_compilation_has_its_pages(write) -> None:  # type: ignore[no-untyped-def]
    """Those that it begins and ends on."""
    heads = [[(150, 780, 18, t), (200, 750, 10, UNIT)] for t in (TITLE, "修渠引水的经验")]
    text = column(80, [f"\u3000\u3000{SECOND}", f"\u3000\u3000{FIRST}"])
    pages = [[*heads[0], *text], text, [*heads[1], *text]]
    first, second = read_reports(write("a.pdf", make_pdf(pages)))
    assert (first.title, first.source.part) == (TITLE, "pages 1-2")
    assert (second.title, second.source.part) == ("修渠引水的经验", "page 3")


def test_a_row_may_be_one_sentence(write) -> None:  # type: ignore[no-untyped-def]
    """Without the white space around it, at its place in the cell."""
    file = write("t.csv", f"标题,正文\n甲,\u3000{FIRST}{SECOND} \n".encode())
    (report,) = read_reports(file, segment="row")
    (sentence,) = report.sentences
    assert (sentence.text, sentence.start) == (FIRST + SECOND, 1)
    assert report.text[sentence.start : sentence.end] == sentence.text
    assert (report.title, report.sections) == ("甲", ())
    assert len(read_report(file).sentences) == 2
    with pytest.raises(ReportError, match="not a table"):
        read_report(write("utf8.txt"), segment="row")


def test_names_of_members_are_read_as_they_were_written(write) -> None:  # type: ignore[no-untyped-def]
    """With the flag of UTF-8, without it as Chinese Windows does, else as Western DOS does."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in (WesternName("é.txt"), GbkName("材料.txt"), zipfile.ZipInfo("经验.txt")):
            archive.writestr(name, FIRST)
    reports = read_reports(write("names.zip", stream.getvalue()))
    assert [r.source.part for r in reports] == ["é.txt", "材料.txt", "经验.txt"]


def test_tables_give_title_and_unit(write) -> None:  # type: ignore[no-untyped-def]
    """What a column says is not marked as guessed."""
    first, second = read_reports(write("table.csv"))
    assert (first.title, first.unit, second.unit) == (TITLE, UNIT, "某街道")
    assert not first.guessed & {"title", "unit"}


def test_the_text_column_can_be_named(write) -> None:  # type: ignore[no-untyped-def]
    """A table without a known column name is refused with the names it has."""
    content = f"编号,材料原文\r\n1,{FIRST}\r\n".encode()
    file = write("own.csv", content)
    with pytest.raises(ReportError, match=r"no text column.*编号, 材料原文"):
        read_reports(file)
    assert read_report(file, column="材料原文").text == FIRST
    with pytest.raises(ReportError, match="no column '正文'"):
        read_reports(file, column="正文")


def test_encoding_and_margin_are_reported(write, caplog: pytest.LogCaptureFixture) -> None:  # type: ignore[no-untyped-def]
    """Guessed encodings carry a margin; a narrow one is a warning; the declared one is certain."""
    found = read_report(write("gb18030.txt")).source
    assert (found.encoding, found.margin > 0.3) == ("gb18030", True)
    assert read_report(write("page-gb2312.htm")).source.encoding == "gb18030"
    assert read_report(write("page-wrong-charset.html")).source.encoding == "gb18030"
    with caplog.at_level(logging.WARNING, "practicelib"):
        read_report(write("short.txt", "甲乙丙丁戊己庚辛".encode("gb18030")))
    assert "narrow margin" in caplog.text


def test_stdin_may_be_any_format(write, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    """What comes without a name is told by its first bytes."""
    for name in ("word.docx", "two-columns-cid.pdf", "gb18030.txt", "table.xlsx"):
        content = CORPUS[name][0]()
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))
        reports = read_reports("-")
        assert reports[0].source.file == "<stdin>"
        assert CORPUS[name][1][0] in reports[0].text


def test_a_folder_is_searched_for_documents(write, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """Tables in it are left alone, lock files and hidden files too."""
    write("word.docx")
    write("table.csv")
    write("~$word.docx", b"lock")
    assert [Path(r.source.file).name for r in read_reports(tmp_path)] == ["word.docx"]


def test_a_zip_gives_what_it_can(write) -> None:  # type: ignore[no-untyped-def]
    """Members that cannot be read are all named; the others are read."""
    members = {"a.txt": FIRST.encode(), "b.txt": b"", "c.pdf": b"no", "d.zip": b"PK", "e.exe": b"x"}
    file = write("mixed.zip", zipped(members))
    good, bad = iter_reports([file])
    assert not isinstance(good, ReportError)
    assert [r.text for r in good] == [FIRST]
    assert isinstance(bad, ReportError)
    assert [f.file.rpartition(": ")[2] for f in bad.faults] == ["b.txt", "c.pdf", "d.zip"]


def test_one_report_from_several_is_refused(write) -> None:  # type: ignore[no-untyped-def]
    """`read_report` never drops a row in silence."""
    with pytest.raises(ReportError, match="holds 2 reports"):
        read_report(write("table.csv"))


def test_an_inline_tag_breaks_no_sentence(write) -> None:  # type: ignore[no-untyped-def]
    """Bold, links and source line breaks inside a sentence vanish."""
    assert [s.text for s in read_report(write("page.html")).sentences] == LINES


def test_deep_nesting_is_read(write) -> None:  # type: ignore[no-untyped-def]
    """Fifty thousand nested elements are no fault."""
    page = ("<div>" * 50_000 + FIRST + "</div>" * 50_000).encode()
    assert read_report(write("deep.html", page)).text == FIRST


def test_tables_as_people_have_them(write, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    """Blank lines, empty cells at the end, other columns twice, vast cells, protected text."""
    rows = f"\n正文,单位,备注,备注,\n\n{FIRST},{UNIT},,,\n  \n'={SECOND},,1,2\n"
    found = read_reports(write("t.csv", rows.encode()))
    assert [r.source.part for r in found] == ["row 4", "row 6"]
    assert [r.text for r in found] == [FIRST, "=" + SECOND]
    csv.field_size_limit(131_072)
    assert len(read_report(write("t.csv", f"正文\n{FIRST * 9000}".encode())).text) > 131_072


def test_rows_of_a_workbook_have_the_numbers_that_people_see(tmp_path: Path) -> None:
    """Also where empty rows stand above the header."""
    book = openpyxl.Workbook()
    for row in (["text"], ["划了网格。"]):
        book.active.append(row)
    book.active.insert_rows(1, 2)
    book.save(tmp_path / "a.xlsx")
    assert read_report(tmp_path / "a.xlsx").source.part == "row 4"


def test_missing_cells_are_no_text(write) -> None:  # type: ignore[no-untyped-def]
    """NaN is how pandas writes an empty cell; a number is a title as people see it."""
    row = f'{{"text": "{FIRST}", "title": 2020, "unit": NaN}}\n{{"text": null}}'
    report = read_report(write("t.jsonl", row.encode()))
    assert (report.title, report.unit) == ("2020", "")


@pytest.mark.parametrize(
    ("page", "lines"),
    [
        ("<p>零。</p><ul><li hidden>隐<li>一<li>二</ul><p>三</p>", "零。 一 二 三"),
        ("<ul><li hidden>隐<ul><li>内</ul>尾</li><li>一</ul>二", "一 二"),
        ("<ul><li>一<li hidden>隐</ul>二<ol><li hidden>隐</li></ol>三", "一 二 三"),
        ("<div><p hidden>隐</div>一<p hidden>隐<p>二<p hidden>隐<div>三</div>", "一 二 三"),
        ("<dl><dt hidden>隐<dd>一<dd hidden>隐</dl>二", "一 二"),
        (
            "<table><tr><td hidden>隐<td>一<tr hidden><td>隐<table><tr><td>内</table>隐"
            "<tr><td>二<tbody hidden><tr><td>隐<tbody><tr><td>三<tr><th hidden>隐</table>四",
            "一 二 三 四",
        ),
        ("<div hidden><div>隐</div><p>隐<p>隐</div><p>一", "一"),
    ],
)
def test_only_what_is_hidden_is_left_out(write, page: str, lines: str) -> None:  # type: ignore[no-untyped-def]
    """A hidden element without an end tag ends where the next of its kind begins."""
    assert read_report(write("h.html", page.encode())).text.split() == lines.split()


@pytest.mark.parametrize("length", [0, 1])
@pytest.mark.parametrize(
    ("mark", "charset"),
    [(b"", "utf-16"), (b"", "UTF-16LE"), (b"", "utf-32"), (b"\xef\xbb\xbf", "iso-8859-1")],
)
def test_a_false_charset_makes_no_mojibake(write, mark: bytes, charset: str, length: int) -> None:  # type: ignore[no-untyped-def]
    """A byte-order mark wins; UTF-16 cannot be declared byte by byte, so it is UTF-8."""
    page = f'<meta charset="{charset}"><p>{FIRST}</p>{" " * length}'.encode()
    report = read_report(write("m.html", mark + page))
    assert (report.text, report.source.encoding) == (FIRST, "utf-8")


@pytest.mark.parametrize(
    ("head", "kept"),
    [
        (f"{SECOND}\n\n第二段。\n", True),
        (f"　　{SECOND}\n", True),
        ("- 甲\n- 乙\n", True),
        ("# 标题\n", True),
        (f"时间: 2020\n{SECOND}\n", True),
        ("title: 甲\ntags:\n- a\n- b\n# c\nnote: |\n  乙\n\n标题: 丙\n", False),
        ("", False),
    ],
)
def test_front_matter_is_yaml(write, head: str, kept: bool) -> None:  # type: ignore[no-untyped-def]
    """Text between two rules at the top of a file is text."""
    text = read_report(write("f.md", f"---\n{head}---\n\n{FIRST}\n".encode())).text
    assert text.endswith(FIRST)
    assert (text != FIRST) == kept
