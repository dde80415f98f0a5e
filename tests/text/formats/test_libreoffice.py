"""Files that LibreOffice wrote, and old formats that it converts; absent where it is not there."""

from __future__ import annotations

import logging
import random
import shutil
import subprocess
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn

from practicelib.errors import ReportError
from practicelib.records.report import Report
from practicelib.text.reading import read_report
from tests.text.formats import word_maker as word
from tests.text.formats.corpus import (
    CORPUS,
    LEFT,
    NUMBERED,
    RIGHT,
    TITLE,
    TRADITIONAL,
    UNIT,
)

pytestmark = pytest.mark.skipif(shutil.which("soffice") is None, reason="no LibreOffice here")


INDENT = "\u3000\u3000"
# No two lines alike: what stands at the foot of most pages is taken as a running foot.
_WORDS = (
    "走访",
    "巡查",
    "议事会",
    "网格员",
    "社区",
    "党支部",
    "居民",
    "协商",
    "共建",
    "项目",
    "选派",
)
_CHOICE = random.Random(7)
LONG = ["".join(_CHOICE.choices(_WORDS, k=50 + 3 * n)) + "。" for n in range(24)]


def _columns() -> bytes:
    document = docx.Document()
    for text in (TITLE, UNIT, *([INDENT + LEFT, INDENT + RIGHT] * 6)):
        document.add_paragraph(text)
    properties = document.sections[0]._sectPr
    properties.get_or_add_pgMar().addnext(word.element('<w:cols w:num="2" w:space="720"/>'))
    return word.saved(document)


def _pages() -> bytes:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "柳林镇工作简报"
    for text in (TITLE, UNIT, *(INDENT + line for line in LONG)):
        document.add_paragraph(text)
    return word.saved(document)


QUOTED = [
    INDENT + text
    for text in (
        "为落实“1+6”文件精神，全镇18个合作社、241户葡萄种植户中的党员骨干联成“一支队伍”，2016年起“包片”到户。",
        "“早些年，垃圾扫到沟那边就算完事。”老支书说得轻描淡写，听的人都笑。社区把“不往河里倒脏水”写进居民公约。",
        "2018年，两县批准成立联合党委，两村六个支部、派出所、卫生院、信用社、茶油厂都加入进来，“书记”一年一换。",
        "去年共同处理警情87起，其中六成涉及跨省，平均出警时间由半小时缩短到9分钟，群众说“这才像一家人”，一年比一年好。",
    )
]


def _quoted() -> bytes:
    """Times and a Chinese font that is not there: figures and marks come from other fonts."""
    document = docx.Document()
    style = document.styles["Normal"]
    style.font.name = "Times New Roman"
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "宋体")
    for text in (TITLE, UNIT, *(QUOTED * 3)):
        document.add_paragraph(text)
    return word.saved(document)


# What LibreOffice is given, and the lines that are to be read from whatever it makes of it.
SOURCES: dict[str, tuple[bytes, list[str]]] = {
    "report": (CORPUS["word-numbered.docx"][0](), [text for _, text in NUMBERED]),
    "table": (CORPUS["word-table.docx"][0](), CORPUS["word-table.docx"][1]),
    "columns": (_columns(), [TITLE, UNIT, *([LEFT, RIGHT] * 6)]),
    "pages": (_pages(), [TITLE, UNIT, *LONG]),
    "quoted": (_quoted(), [TITLE, UNIT, *(line.strip() for line in QUOTED * 3)]),
    "traditional": (word.plain(TRADITIONAL), TRADITIONAL),
}
FORMS = {
    "docx": "docx:MS Word 2007 XML", "doc": "doc:MS Word 97", "rtf": "rtf", "odt": "odt",
    "pdf": "pdf", "html": "html:HTML (StarWriter)",
}  # fmt: skip
# Old formats go by way of .docx, so that a document of each is enough.
OLD = {"doc": ("table", "report"), "rtf": ("columns",), "odt": ("traditional",)}
NUMBERS = ["", "一、", "（一）", "", "（二）", "二、", "（一）", ""]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sources as LibreOffice saves them in each form."""
    folder = tmp_path_factory.mktemp("office")
    (folder / "source").mkdir()
    for name, (content, _) in SOURCES.items():
        (folder / "source" / f"{name}.docx").write_bytes(content)
    profile = (folder / "profile").as_uri()
    for ending, form in FORMS.items():
        made = folder / ending
        names = OLD.get(ending, tuple(SOURCES))
        sources = [str(folder / "source" / f"{name}.docx") for name in names]
        command = [
            "soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", form,
            "--outdir", str(made), *sources,
        ]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        for file in made.iterdir():
            file.rename(folder / f"{file.stem}.{ending}")
    (folder / "report.wps").write_bytes((folder / "report.doc").read_bytes())
    return folder


def _lines(report: Report) -> list[str]:
    """Lines without indent; columns of the page and running heads do not show in them."""
    return [line.strip() for line in report.text.splitlines() if line.strip()]


@pytest.mark.parametrize("ending", ["docx", "pdf", "html"])
@pytest.mark.parametrize("name", SOURCES)
def test_files_of_libreoffice(office: Path, name: str, ending: str) -> None:
    """The right text in the right order, in every form that needs no conversion."""
    expected = SOURCES[name][1]
    if name == "report" and ending == "pdf":
        # Automatic numbers are text there.
        expected = [number + text for number, text in zip(NUMBERS, expected, strict=True)]
    found = _lines(read_report(office / f"{name}.{ending}"))
    if (name, ending) == ("pages", "html"):
        # It writes the running head as a paragraph like any other.
        assert found.pop(0) == "柳林镇工作简报"
    if name in ("report", "quoted"):
        # Figures stand a little apart from Chinese characters.
        found = ["".join(line.split()) for line in found]
    assert found == expected


@pytest.mark.parametrize("ending", OLD)
def test_old_formats_are_converted(office: Path, ending: str) -> None:
    """From each old format, by way of .docx."""
    name = OLD[ending][0]
    assert _lines(read_report(office / f"{name}.{ending}", convert=True)) == SOURCES[name][1]


TEXTS = [text for _, text in NUMBERED]


def test_word_file_of_libreoffice(office: Path) -> None:
    """Its .docx reads as Word's does, with the automatic numbers."""
    report = read_report(office / "report.docx")
    assert report.text.split("\n") == TEXTS
    assert [s.number for s in report.sections if s.number] == [
        "一、",
        "（一）",
        "（二）",
        "二、",
        "（一）",
    ]


def test_old_word_file_is_converted_on_demand(
    office: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Refused without `convert`, read with it, and logged; a file that is none is named."""
    with pytest.raises(ReportError, match="convert it with"):
        read_report(office / "report.doc")
    with caplog.at_level(logging.INFO, "practicelib"):
        report = read_report(office / "report.doc", convert=True)
        # WPS Writer's own files are of the same kind as old Word's.
        assert read_report(office / "report.wps", convert=True).text == report.text
    assert report.text.split("\n") == TEXTS
    assert report.source.encoding == "doc converted"
    assert "report.doc: converted" in caplog.text
