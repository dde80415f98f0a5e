"""Files that LibreOffice wrote, and old formats that it converts; absent where it is not there."""

from __future__ import annotations

import logging
import shutil
import subprocess
from pathlib import Path

import pytest

from practicelib.errors import ReportError
from practicelib.text.reading import read_report
from tests.text.formats.corpus import CORPUS, NUMBERED, SECOND

pytestmark = pytest.mark.skipif(shutil.which("soffice") is None, reason="no LibreOffice here")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The numbered document as LibreOffice saves it: .docx, .doc and .pdf."""
    folder = tmp_path_factory.mktemp("office")
    source = folder / "source" / "report.docx"
    source.parent.mkdir()
    source.write_bytes(CORPUS["word-numbered.docx"][0]())
    for form in ("docx:MS Word 2007 XML", "doc:MS Word 97", "pdf"):
        profile = (folder / "profile").as_uri()
        command = [
            "soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", form,
            "--outdir", str(folder), str(source),
        ]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True, timeout=120)
    return folder


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


def test_pdf_of_libreoffice(office: Path) -> None:
    """Its .pdf embeds fonts; there the numbers are text."""
    report = read_report(office / "report.pdf")
    for text in TEXTS:
        assert text in report.text
    assert report.text.index("开展议事") < report.text.index(SECOND)


def test_old_word_file_is_converted_on_demand(
    office: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Refused without `convert`, read with it, and logged; a file that is none is named."""
    with pytest.raises(ReportError, match="convert it with"):
        read_report(office / "report.doc")
    with caplog.at_level(logging.INFO, "practicelib"):
        report = read_report(office / "report.doc", convert=True)
    assert report.text.split("\n") == TEXTS
    assert report.source.encoding == "doc converted"
    assert "report.doc: converted" in caplog.text
