"""A corpus of small files in real formats: what each holds and what must be read from it.

`CORPUS` maps a file name to its content (made when asked for) and the lines of its text.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence

import docx

from tests.text.formats import word_maker as word
from tests.text.formats.pdf_maker import make_pdf

TITLE, UNIT = "推行网格化管理的经验", "沱河县柳林镇党委"
FIRST = "我镇把全镇划分为三十二个网格，选派干部担任网格员。"
SECOND = "居民议事会每月召开一次，大家的事大家商量着办。"
LINES = [TITLE, UNIT, FIRST, SECOND]
TRADITIONAL = ["推行網格化管理的經驗", "沱河縣柳林鎮黨委", "我鎮選派幹部，居民議事會每月召開一次。"]
CLAUSE = "驻区单位与社区党组织签订共建协议共同开展志愿服务"

Maker = Callable[[], bytes]
Entry = tuple[Maker, list[str]]


def text_file(encoding: str, line_end: str = "\n", lines: Sequence[str] = LINES) -> Entry:
    """A text file in an encoding."""
    return (lambda: (line_end.join(lines) + line_end).encode(encoding)), list(lines)


def _html(body: str, head: str = '<meta charset="utf-8">', encoding: str = "utf-8") -> Maker:
    page = f"<html><head>{head}<title>page title</title></head><body>{body}</body></html>"
    return lambda: page.encode(encoding)


_PAGE = (
    "<script>var a = '<p>不读</p>';</script><style>p{}</style><nav><a>首页</a></nav>"
    f"<h1>{TITLE}</h1><p>{UNIT}</p>\n<p>我镇把全镇<b>划分为</b>三十二个<a href='x'>网格</a>，选派\n"
    "干部担任网格员。</p>"
    f"<div>{SECOND}</div>"
)
_MARKDOWN = (
    f"---\ntitle: 不读\n---\n# {TITLE}\n\n**{UNIT}**\n\n我镇把全镇划分为[三十二个网格](http://a.cn)，\n"
    f"选派干部担任网格员。\n\n```\n不读\n```\n\n- {SECOND}\n"
)


def _word_table() -> bytes:
    document = docx.Document()
    document.add_paragraph(TITLE)
    table = document.add_table(rows=2, cols=2)
    for place, text in zip(((0, 0), (1, 0), (1, 1)), ("合并", "左格", "右格"), strict=True):
        table.cell(*place).text = text
    table.cell(0, 0).merge(table.cell(0, 1))
    document.add_paragraph(SECOND)
    return word.saved(document)


def _word_header() -> bytes:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "页眉不读"
    document.sections[0].footer.paragraphs[0].text = "页脚不读"
    for line in LINES:
        document.add_paragraph(line)
    return word.saved(document)


def _word_runs() -> bytes:
    document = docx.Document()
    paragraph = document.add_paragraph()
    for piece in (FIRST[:4], FIRST[4:9], FIRST[9:]):
        paragraph.add_run(piece).bold = True
    document.add_paragraph().add_run().add_break()
    return word.saved(document)


def _tracked() -> bytes:
    return word.with_body(
        f"<w:p>{word.run('我镇')}<w:ins w:id='1' w:author='a'>{word.run('划分网格')}</w:ins>"
        f"<w:del w:id='2' w:author='a'><w:r><w:delText>不读</w:delText></w:r></w:del>"
        f"{word.run('，选派干部。')}</w:p>"
    )


def _control() -> bytes:
    contents = (
        "<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val='Table of Contents'/>"
        f"</w:docPartObj></w:sdtPr><w:sdtContent><w:p>{word.run('目录不读')}</w:p></w:sdtContent></w:sdt>"
    )
    return word.with_body(
        contents,
        f"<w:sdt><w:sdtContent><w:p>{word.run(FIRST)}</w:p></w:sdtContent></w:sdt>",
        f"<w:p>{word.run(SECOND)}</w:p>",
    )


def _hidden() -> bytes:
    field = (
        "<w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>HYPERLINK x</w:instrText>"
        "</w:r><w:r><w:fldChar w:fldCharType='separate'/></w:r>"
    )
    return word.with_body(
        f"<w:p>{word.run('我镇')}{word.run('不读', '<w:vanish/>')}{field}{word.run('划分网格。')}"
        "<w:r><w:footnoteReference w:id='2'/></w:r></w:p>"
    )


NUMBERED: list[tuple[int | None, str]] = [
    (None, TITLE),
    (0, "建立网格"),
    (1, "划分网格"),
    (None, FIRST),
    (1, "选派干部"),
    (0, "开展议事"),
    (1, "定期议事"),
    (None, SECOND),
]


def column(
    x: float, lines: Sequence[str], top: float = 700, size: float = 10
) -> list[tuple[float, float, float, str]]:
    """Lines of a column from the top down."""
    return [(x, top - 1.5 * size * i, size, line) for i, line in enumerate(lines)]


def _wrapped(text: str, width: int) -> list[str]:
    return [text[i : i + width] for i in range(0, len(text), width)]


LEFT = "左栏" + CLAUSE * 4 + "。"
RIGHT = "右栏" + CLAUSE * 3 + "。"


def _two_columns(font: str) -> bytes:
    left, right = column(60, _wrapped(LEFT, 20)), column(320, _wrapped(RIGHT, 20))
    # Drawn row by row, as some programs do: the order on the page is not that of the file.
    rows = []
    for i in range(max(len(left), len(right))):
        rows += [side[i] for side in (left, right) if i < len(side)]
    return make_pdf([rows], font=font)


def _titled_columns() -> bytes:
    title = [(120.0, 760.0, 18.0, TITLE), (230.0, 735.0, 10.0, UNIT)]
    left, right = column(60, _wrapped(LEFT, 20)), column(320, _wrapped(RIGHT, 20))
    return make_pdf([[*title, *left, *right, (290, 30, 9, "1")]])


def _running_columns() -> bytes:
    # The left column ends inside a sentence, which goes on at the top of the right one.
    lines = _wrapped(LEFT, 20)
    half = len(lines) // 2
    return make_pdf([[*column(60, lines[:half]), *column(320, lines[half:])]])


def _spaced_paragraphs() -> bytes:
    # No indent: only the distance tells where a paragraph ends.
    first, second = _wrapped(LEFT[:80], 20), _wrapped(RIGHT[:60], 20)
    return make_pdf([[*column(60, first), *column(60, second, top=590)]])


def _one_column(font: str) -> bytes:
    first = _wrapped("\u3000\u3000" + FIRST + SECOND + FIRST, 40)
    second = _wrapped("\u3000\u3000" + SECOND + FIRST, 40)
    return make_pdf(
        [[(150, 780, 18, TITLE), (200, 750, 10, UNIT), *column(80, [*first, *second])]], font=font
    )


def _long_pdf() -> bytes:
    pages = []
    for number in range(1, 5):
        text = f"\u3000\u3000第{'一二三四'[number - 1]}页" + FIRST + SECOND
        pages.append(
            [
                (80, 810, 9, "柳林镇工作简报"),
                *column(80, _wrapped(text, 40)),
                (290, 30, 9, f"- {number} -"),
            ]
        )
    return make_pdf(pages)


def csv_rows(encoding: str, separator: str = ",") -> Maker:
    """A table of two reports."""
    rows = [["标题", "单位", "正文"], [TITLE, UNIT, FIRST], ["另一篇", "某街道", SECOND]]
    text = "\r\n".join(separator.join(row) for row in rows)
    return lambda: text.encode(encoding)


def _workbook() -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.title = "说明"
    book.active.append(["这张表没有正文"])
    sheet = book.create_sheet("材料")
    for row in (["编号", "标题", "正文"], [1, TITLE, FIRST], [2, "另一篇", SECOND], [3, "", None]):
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _parquet() -> bytes:
    import pyarrow
    from pyarrow import parquet

    stream = io.BytesIO()
    parquet.write_table(
        pyarrow.table({"id": [1, 2], "text": [FIRST, SECOND], "unit": [UNIT, "某街道"]}), stream
    )
    return stream.getvalue()


def zipped(members: dict[str, bytes]) -> bytes:
    """A zip of members by name."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


class GbkName(zipfile.ZipInfo):
    """A member named as Chinese Windows names it: GB18030 without the UTF-8 flag."""

    encoding = "gb18030"

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802 (zipfile's own name)
        return self.filename.encode(self.encoding), 0


class WesternName(GbkName):
    """A member named as Western DOS names it."""

    encoding = "cp437"


def _chinese_windows_zip() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(GbkName("经验/材料.txt"), "\n".join(LINES).encode("gb18030"))
    return stream.getvalue()


CORPUS: dict[str, Entry] = {
    "utf8.txt": text_file("utf-8"),
    "utf8-bom.txt": text_file("utf-8-sig"),
    "utf8-crlf.txt": text_file("utf-8", "\r\n"),
    "utf8-cr.txt": text_file("utf-8", "\r"),
    "gb18030.txt": text_file("gb18030"),
    "gb18030-crlf.txt": text_file("gb18030", "\r\n"),
    "gb2312.txt": text_file("gb2312"),
    "utf16.txt": text_file("utf-16"),
    "utf16-le.txt": text_file("utf-16-le"),
    "utf16-be.txt": text_file("utf-16-be"),
    "utf16-be-bom.txt": ((lambda: b"\xfe\xff" + "\n".join(LINES).encode("utf-16-be")), LINES),
    "big5.txt": text_file("big5", lines=TRADITIONAL),
    "big5-crlf.txt": text_file("big5", "\r\n", TRADITIONAL),
    "traditional-utf8.txt": text_file("utf-8", lines=TRADITIONAL),
    "utf32.txt": text_file("utf-32"),
    "report.text": text_file("gb18030"),
    "report.md": ((lambda: _MARKDOWN.encode()), LINES),
    "report-gbk.md": ((lambda: _MARKDOWN.encode("gb18030")), LINES),
    "page.html": (_html(_PAGE), LINES),
    "page-gb2312.htm": (_html(_PAGE, '<meta charset="gb2312">', "gb18030"), LINES),
    "page-http-equiv.html": (
        _html(_PAGE, '<meta http-equiv="Content-Type" content="text/html; charset=GBK">', "gbk"),
        LINES,
    ),
    "page-wrong-charset.html": (_html(_PAGE, '<meta charset="utf-8">', "gb18030"), LINES),
    "page-no-charset.html": (_html(_PAGE, "", "gb18030"), LINES),
    "page-big5.html": (
        _html("".join(f"<p>{x}</p>" for x in TRADITIONAL), '<meta charset="big5">', "big5"),
        TRADITIONAL,
    ),
    "page-br.html": (_html("<br>".join(LINES)), LINES),
    "page-table.html": (
        _html("<table><tr>" + "".join(f"<td>{x}" for x in LINES) + "</table>"),
        LINES,
    ),
    "page-entities.html": (
        _html("<p>党建&ldquo;引领&rdquo;&#65292;A&amp;B</p>"),
        ["党建“引领”，A&B"],
    ),
    "word.docx": ((lambda: word.plain(LINES)), LINES),
    "word-table.docx": (_word_table, [TITLE, "合并", "左格", "右格", SECOND]),
    "word-header.docx": (_word_header, LINES),
    "word-runs.docx": (_word_runs, [FIRST]),
    "word-tracked.docx": (_tracked, ["我镇划分网格，选派干部。"]),
    "word-control.docx": (_control, [FIRST, SECOND]),
    "word-hidden.docx": (_hidden, ["我镇划分网格。"]),
    "word-box.docx": (
        (lambda: word.with_body(word.box("框中文字。"))),
        ["框前文字。", "框中文字。"],
    ),
    "word-numbered.docx": (
        (
            lambda: word.numbered(
                [("chineseCounting", "%1、"), ("chineseCounting", "（%2）")], NUMBERED
            )
        ),
        [text for _, text in NUMBERED],
    ),
    "word-as-doc.doc": ((lambda: word.plain(LINES)), LINES),
    "page-as-doc.doc": (_html(_PAGE), LINES),
    "one-column-cid.pdf": (
        (lambda: _one_column("cid")),
        [TITLE, UNIT, FIRST + SECOND + FIRST, SECOND + FIRST],
    ),
    "one-column-embedded.pdf": (
        (lambda: _one_column("embedded")),
        [TITLE, UNIT, FIRST + SECOND + FIRST, SECOND + FIRST],
    ),
    "two-columns-cid.pdf": ((lambda: _two_columns("cid")), [LEFT, RIGHT]),
    "two-columns-embedded.pdf": ((lambda: _two_columns("embedded")), [LEFT, RIGHT]),
    "titled-columns.pdf": (_titled_columns, [TITLE, UNIT, LEFT, RIGHT]),
    "running-columns.pdf": (_running_columns, [LEFT]),
    "spaced-paragraphs.pdf": (_spaced_paragraphs, [LEFT[:80], RIGHT[:60]]),
    "pages.pdf": (_long_pdf, [f"第{n}页{FIRST}{SECOND}" for n in "一二三四"]),
    "table.csv": (csv_rows("utf-8-sig"), [FIRST, SECOND]),
    "table-gbk.csv": (csv_rows("gb18030"), [FIRST, SECOND]),
    "table.tsv": (csv_rows("utf-8", "\t"), [FIRST, SECOND]),
    "table.xlsx": (_workbook, [FIRST, SECOND]),
    "table.parquet": (_parquet, [FIRST, SECOND]),
    "reports.zip": (
        (lambda: zipped({"b.txt": SECOND.encode(), "a/甲.docx": word.plain([FIRST])})),
        [FIRST, SECOND],
    ),
    "windows.zip": (_chinese_windows_zip, LINES),
}
