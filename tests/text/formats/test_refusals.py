"""Files that cannot be read: one line each, with file and cause; never a traceback or a guess."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from practicelib.errors import MissingExtraError, ReportError
from practicelib.files import archives
from practicelib.text.reading import read_report, read_reports
from tests.text.formats import word_maker as word
from tests.text.formats.corpus import CORPUS, FIRST, column, zipped
from tests.text.formats.pdf_maker import make_pdf

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)
WORD = word.plain([FIRST])

BAD: dict[str, tuple[bytes, str]] = {
    "scan.pdf": (make_pdf([[], []], pictures=True), "a scanned PDF"),
    "blank.pdf": (make_pdf([[]]), "holds no text"),
    "fonts.pdf": (make_pdf([column(80, [FIRST])], font="embedded", scrambled=True), "fonts do not"),
    "cut.pdf": (make_pdf([column(80, [FIRST])])[:200], "PDF"),
    "text.pdf": (FIRST.encode(), "not a PDF file"),
    "empty.pdf": (b"", "empty"),
    "word.pdf": (WORD, "zip archive or an office file"),
    "old.doc": (OLE, "soffice --headless --convert-to docx"),
    "old.wps": (OLE, "soffice --headless --convert-to docx"),
    "notes.rtf": (b"{\\rtf1 abc}", "soffice --headless --convert-to docx"),
    "empty.doc": (b"", "empty"),
    "picture.doc": (b"\x89PNG\r\n", "not a .doc file"),
    "old.docx": (OLE, "an old Word file under the name .docx"),
    "locked.docx": (OLE + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
    "cut.docx": (WORD[:1000], "damaged"),
    "other.docx": (zipped({"a.txt": b"x"}), "no Word document is in it"),
    "broken.docx": (zipped({"word/document.xml": b"<w"}), "not a readable Word file"),
    "blank.docx": (word.plain(["", " "]), "holds no text"),
    "text.docx": (FIRST.encode(), "not a Word file"),
    "blank.html": (b"<html><script>var x</script></html>", "shows no text"),
    "empty.html": (b"", "empty"),
    "zip.html": (zipped({"a": b"b"}), "zip archive"),
    "code.md": (b"```\ncode\n```\n", "no text but code"),
    "none.csv": ("标题,正文\r\n甲,\r\n".encode(), "no row of the table has text"),
    "short.csv": ("正文,单位\r\n甲,乙\r\n丙\r\n".encode(), "short.csv:3: fewer cells"),
    "comma.csv": ("正文\r\n甲,乙\r\n".encode(), "comma.csv:2: more cells"),
    "quote.csv": ('正文\r\n甲\r\n"乙\r\n丙\r\n'.encode(), "quote.csv:3: not CSV"),
    "twice.csv": ("正文,正文\r\n甲,乙\r\n".encode(), "'正文' stands 2 times"),
    "units.jsonl": (b'{"text": "a", "unit": "b", "Unit": "c"}', "'unit' stands 2 times"),
    "number.jsonl": (b'{"text": "a"}\n{"text": 3}', "number.jsonl:2: a text is not text"),
    "true.jsonl": (b'{"text": true}', "a text is not text"),
    "nan.jsonl": (b'{"text": NaN}', "a text is not text"),
    "names.xlsx": (zipped({"a": b"b"}), "not a readable workbook"),
    "text.xlsx": (b"abc", "not a workbook"),
    "text.parquet": (b"abc", "not a Parquet file"),
    "cut.parquet": (CORPUS["table.parquet"][0]()[:60], "not a readable Parquet file"),
    "empty.zip": (zipped({}), "holds no report file"),
    "strange.zip": (zipped({"a.exe": b"x"}), "holds no report file"),
    "nested.zip": (zipped({"a.zip": zipped({})}), "an archive inside an archive"),
    "text.zip": (b"abc", "not a zip archive"),
    "rich.txt": (b"{\\rtf1 abc}", "an RTF file"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_files_are_named_with_cause(tmp_path: Path, name: str) -> None:
    """The file and its cause, on one line."""
    content, cause = BAD[name]
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(ReportError, match=cause) as caught:
        read_reports(file)
    assert caught.value.file.startswith(str(file))
    assert "\n" not in str(caught.value)


def test_bombs_are_refused_unopened(tmp_path: Path) -> None:
    """Members that unpack to too much or too well are never unpacked."""
    bomb = zipped({"a.txt": b"0" * (archives.RATIO_FROM + 1)})
    for name, content in (("bomb.zip", bomb), ("bomb.docx", bomb), ("bomb.xlsx", bomb)):
        file = tmp_path / name
        file.write_bytes(content)
        with pytest.raises(ReportError, match="packed suspiciously small"):
            read_reports(file)


def test_limits_of_archives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Total size and number of members are bounded."""
    file = tmp_path / "many.zip"
    file.write_bytes(zipped({f"{i}.txt": FIRST.encode() for i in range(5)}))
    monkeypatch.setattr(archives, "MEMBER_LIMIT", 4)
    with pytest.raises(ReportError, match="5 members"):
        read_reports(file)
    monkeypatch.setattr(archives, "MEMBER_LIMIT", 10)
    monkeypatch.setattr(archives, "UNPACKED_LIMIT", 100)
    with pytest.raises(ReportError, match="would unpack to"):
        read_reports(file)


@pytest.mark.parametrize(
    ("name", "module", "extra"),
    [
        ("word.docx", "docx", "docx"),
        ("pages.pdf", "pdfminer.layout", "pdf"),
        ("table.xlsx", "python_calamine", "excel"),
        ("table.parquet", "pyarrow", "parquet"),
    ],
)
def test_a_missing_extra_names_its_pip_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, module: str, extra: str
) -> None:
    """Without the package the message says what to install."""
    file = tmp_path / name
    file.write_bytes(CORPUS[name][0]())
    monkeypatch.setitem(sys.modules, module, None)
    line = rf'pip install "practicelib\[{extra}\]"'
    with pytest.raises(MissingExtraError, match=line):
        read_report(file)
    with pytest.raises(ReportError, match=rf"{name}: .*{line}"):
        read_reports(file)


def test_convert_without_libreoffice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked to convert where nothing can: the message says what is needed."""
    file = tmp_path / "old.doc"
    file.write_bytes(OLE)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(ReportError, match="needs LibreOffice"):
        read_report(file, convert=True)
