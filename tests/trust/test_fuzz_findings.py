"""What the fuzz targets found, kept: each once ended in something other than a PracticeError."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from pathlib import Path

import pytest

from fuzz.targets import ENDINGS, TARGETS, model, reader, splitter
from practicelib.errors import LabelError, ReportError
from practicelib.labels.reading import read_codings
from practicelib.model.tagger import Tagger
from practicelib.text.reading import read_reports
from practicelib.text.script import to_simplified
from tests.text.formats.corpus import CORPUS, FIRST, column, zipped
from tests.text.formats.pdf_maker import make_pdf
from tests.trust.bad_archives import BAD_ARCHIVES


def _read(ending: str, content: bytes) -> None:
    reader(bytes([ENDINGS.index(ending)]) + content)


def test_a_later_zip_version() -> None:
    """zipfile raises NotImplementedError for a version that it does not know."""
    content = zipped({"a.txt": FIRST.encode()})
    at = content.index(b"PK\x01\x02") + 6
    _read(".zip", content[:at] + struct.pack("<H", 255) + content[at + 2 :])


def test_a_member_without_a_name() -> None:
    """zipfile looks at the last character of a name that has none."""
    content = zipped({"a.txt": FIRST.encode()}).replace(b"a.txt", b"\0.txt")
    _read(".zip", content)


def test_text_that_is_no_text_in_parquet() -> None:
    """pyarrow decodes strings only when they are taken out."""
    content = CORPUS["table.parquet"][0]()
    place = content.index("网格".encode())
    _read(".parquet", content[:place] + b"\xff" + content[place + 1 :])


def test_a_page_without_lines(tmp_path: Path) -> None:
    """One page has text and the next none."""
    file = tmp_path / "a.pdf"
    file.write_bytes(make_pdf([column(80, [FIRST]), []]))
    assert FIRST in read_reports(file)[0].text.replace("\n", "")


def test_very_many_pieces_on_a_page(tmp_path: Path) -> None:
    """pdfminer compares every piece with every other: over 600 are ordered by rows."""
    signs = [chr(0x4E00 + n) for n in range(1200)]
    places = [(30.0 * (n % 40), 800.0 - 25 * (n // 40), 2.0, sign) for n, sign in enumerate(signs)]
    file = tmp_path / "a.pdf"
    file.write_bytes(make_pdf([places[::-1]]))
    assert "".join(read_reports(file)[0].text.split()) == "".join(signs)


def test_a_workbook_of_codings_without_sheets(tmp_path: Path) -> None:
    """A workbook may hold none, and then has no first one."""
    old, stream = zipfile.ZipFile(io.BytesIO(CORPUS["table.xlsx"][0]())), io.BytesIO()
    with zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/workbook.xml":
                content = re.sub(rb"<sheets>.*</sheets>", b"<sheets></sheets>", content)
            new.writestr(name, content)
    file = tmp_path / "a.xlsx"
    file.write_bytes(stream.getvalue())
    with pytest.raises(LabelError, match="no sheet"):
        read_codings(file)


@pytest.mark.parametrize("name", [name for name in BAD_ARCHIVES if name.endswith(".xlsx")])
def test_bad_workbooks_of_codings(tmp_path: Path, name: str) -> None:
    """What is refused as a report is refused as codings too, before room is made for its cells."""
    file = tmp_path / name
    BAD_ARCHIVES[name][0](file)
    with pytest.raises(LabelError) as caught:
        read_codings(file)
    assert caught.value.file == str(file)


@pytest.mark.parametrize("other", ["\udf1f", "\ud800", "\0"])
def test_what_opencc_cannot_take(tagger: Tagger, other: str) -> None:
    """Lone surrogates and NULs beside Traditional characters stay where they are."""
    text = f"網格員{other}結對{other}"
    assert to_simplified(text) == f"网格员{other}结对{other}"
    simple, traditional = tagger.tag([f"网格员{other}结对{other}", text])
    assert simple.probabilities == traditional.probabilities
    splitter(text.encode("utf-8", "surrogatepass"))


def test_an_array_header_that_is_no_python() -> None:
    """numpy lets the tokenizer's error through."""
    header = b" " * 50 + b")" + b" " * 66 + b"\n"
    model(b"\xb0\x0a\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header)


def test_a_message_of_several_lines(tmp_path: Path) -> None:
    """What a library says over several lines comes out as one."""
    file = tmp_path / "two\nlines.txt"
    file.write_bytes(b"\0\0")
    with pytest.raises(ReportError) as caught:
        read_reports(file)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", TARGETS)
@pytest.mark.parametrize(
    "content", [b"", b"\0", b"\xff" * 9, b"\x00{}", b"\x01[]\n", "句。".encode()]
)
def test_targets_take_anything(name: str, content: bytes) -> None:
    """Every target runs, also where atheris is not installed."""
    TARGETS[name](content)
