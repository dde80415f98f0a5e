"""Bad report files in packed formats: zip, Word, workbooks, PDF; cases as in `bad_reports`."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from tests.text.formats import word_maker
from tests.text.formats.corpus import CORPUS
from tests.text.formats.pdf_maker import make_pdf
from tests.trust.bad_reports import OLE, READ, TEXT, Case, U, _data, _zip

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def _office(name: str, change: Callable[[str, bytes], bytes], more: Mapping[str, bytes]) -> bytes:
    """A file of the format corpus with its members changed and others added."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(CORPUS[name][0]())) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for member in old.namelist():
            new.writestr(member, change(member, old.read(member)))
        for member, content in more.items():
            new.writestr(member, content)
    return stream.getvalue()


def _word(xml: bytes | Callable[[bytes], bytes]) -> Callable[[Path], object]:
    """A Word file whose document part is this."""

    def make() -> bytes:
        def change(name: str, content: bytes) -> bytes:
            if name != "word/document.xml":
                return content
            return xml(content) if callable(xml) else xml

        return _office("word.docx", change, {})

    return _data(make)


def _sheet(xml: bytes) -> Callable[[Path], object]:
    """A workbook whose first sheet is this."""
    return _data(
        lambda: _office("table.xlsx", lambda n, c: xml if n.endswith("sheet1.xml") else c, {})
    )


def _cells(*cells: tuple[str, str]) -> bytes:
    rows = "".join(
        f'<row r="{"".join(c for c in place if c.isdigit())}">'
        f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c></row>'
        for place, text in cells
    )
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>'.encode()


def _open_document(columns: int, rows: int) -> Callable[[Path], object]:
    """A sheet of OpenDocument of which one cell stands for many."""
    space = 'xmlns:%s="urn:oasis:names:tc:opendocument:xmlns:%s:1.0"'
    spaces = " ".join(space % (name, name) for name in ("office", "table", "text"))
    cell = (
        f'<table:table-row table:number-rows-repeated="{rows}"><table:table-cell'
        f' office:value-type="string" table:number-columns-repeated="{columns}">'
        "<text:p>text</text:p></table:table-cell></table:table-row>"
    )
    content = (
        f"<office:document-content {spaces}><office:body><office:spreadsheet>"
        f'<table:table table:name="S">{cell}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    manifest = b'<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    return _data(
        lambda: _zip(
            {
                "mimetype": kind,
                "META-INF/manifest.xml": manifest,
                "content.xml": content.encode(),
            },
            zipfile.ZIP_STORED,
        )
    )


def _laughs(content: bytes) -> bytes:
    entities = b"".join(
        b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10 if n else b"lol") for n in range(9)
    )
    head, body = content.split(b"?>", 1)
    return head + b"?><!DOCTYPE x [" + entities + b"]>" + body.replace(b"<w:t>", b"<w:t>&a8;", 1)


def _outside(content: bytes) -> bytes:
    head, body = content.split(b"?>", 1)
    entity = b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    return head + b"?>" + entity + body.replace(b"<w:t>", b"<w:t>&f;", 1)


def _deep(content: bytes) -> bytes:
    begin, end = content.index(b"<w:body>") + 8, content.index(b"</w:body>")
    return content[:begin] + b"<w:ins>" * 5000 + b"</w:ins>" * 5000 + content[end:]


def _many(count: int) -> Callable[[Path], object]:
    return _data(lambda: _zip({f"{n}.txt": U for n in range(count)}))


def _flate(packed: bytes, filters: bytes = b"/FlateDecode", more: bytes = b"") -> bytes:
    """A PDF of one page whose content is a packed stream."""
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << >> >>",
        b"<< /Length %d /Filter %s >>\nstream\n%s\nendstream" % (len(packed), filters, packed),
        *([more] if more else []),
    ]
    return _pdf(parts)


def _pdf(parts: list[bytes], trailer: bytes = b"") -> bytes:
    content, places = b"%PDF-1.7\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(parts) + 1
    head = b"xref\n0 %d\n0000000000 65535 f \n" % size
    return content + head + table + b"trailer\n<< /Size %d /Root 1 0 R %s >>" % (
        size, trailer
    ) + b"\nstartxref\n%d\n%%%%EOF\n" % len(content)  # fmt: skip


def _bomb(size: int) -> bytes:
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(bytes(1_000_000)) for _ in range(size // 1_000_000)) + (
        packer.flush()
    )


def _page_of(places: Iterable[tuple[float, float, float]]) -> Callable[[Path], object]:
    """A PDF of one page with a character at each place, in each size."""
    lines = [(*place, "网") for place in places]
    return _data(lambda: make_pdf([lines]))


def _vast_pdf() -> bytes:
    """A page of kilometres with letters as large: pdfminer's grid of it would fill the memory."""
    content = make_pdf([[(10.0, 10.0, 100_000.0, "网格员走访")]])
    return content.replace(b"[0 0 595 842]", b"[0 0 999999 999999]")


PAGES = b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"

ZIPS: dict[str, Case] = {
    "empty.zip": (_data(b""), "empty"),
    "no-members.zip": (_data(_zip({})), "no report"),
    "text.zip": (_data(U), "not a zip"),
    "cut.zip": (_data(lambda: _zip({"a.txt": U * 50})[:-40]), "damaged"),
    "head.zip": (_data(lambda: _zip({"a.txt": U * 50})[:60]), "damaged"),
    "spoiled.zip": (_data(lambda: _zip({"a.txt": U * 50}, 0).replace(U, U[::-1], 1)), "damaged"),
    "encrypted.zip": (_data(lambda: _zip({"a.txt": U}, 0, 1)), "password"),
    "nested.zip": (_data(lambda: _zip({"a.zip": _zip({"b.txt": U})})), "archive inside"),
    "bomb.zip": (_data(lambda: _zip({"a.txt": bytes(40_000_000)})), "suspiciously"),
    "bomb-of-many.zip": (_data(lambda: _zip({f"{n}.txt": bytes(8_000_000) for n in range(40)})),
                         "unpack to"),
    "members-20000.zip": (_many(20_000), "members"),
    "climbing.zip": (_data(lambda: _zip({"../../../tmp/climbed.txt": U})), "no report"),
    "absolute.zip": (_data(lambda: _zip({"/etc/cron.d/x.txt": U})), READ),
    "false-size.zip": (_data(lambda: _promised(_zip({"a.txt": U}, 0))), "damaged|suspiciously"),
    "one-bad-member.zip": (_data(lambda: _zip({"a.txt": b"\0" * 9, "b.docx": b"x"})), "binary"),
    "escapes\x1b[2J.zip": (_data(lambda: _zip({"\x1b[31m.txt": b"\0\0"})), "binary"),
    "only-hidden.zip": (_data(lambda: _zip({".a.txt": U, "__MACOSX/b.txt": U})), "no report"),
}  # fmt: skip


def _promised(content: bytes) -> bytes:
    first = content.index(b"PK\x01\x02")
    return content[: first + 20] + struct.pack("<II", 10**8, 10**8) + content[first + 28 :]


WORDS: dict[str, Case] = {
    "empty.docx": (_data(b""), "empty"),
    "text.docx": (_data(U), "not a Word"),
    "pdf.docx": (_data(make_pdf([[]])), "not a Word"),
    "cut.docx": (_data(lambda: word_maker.plain([TEXT])[:2000]), "damaged"),
    "old.docx": (_data(OLE), "old Word"),
    "locked.docx": (_data(OLE + "EncryptedPackage".encode("utf-16-le")), "password"),
    "workbook.docx": (_data(lambda: CORPUS["table.xlsx"][0]()), "no Word"),
    "no-xml.docx": (_word(b"hello"), "not a readable Word"),
    "nothing.docx": (_word(b""), "not a readable Word"),
    "other-root.docx": (_word(b"<a/>"), "not a readable Word|no text"),
    "billion-laughs.docx": (_word(_laughs), "not a readable Word|READ"),
    "external-entity.docx": (_word(_outside), READ),
    "deep.docx": (_word(_deep), "not a readable Word"),
    "xml-bomb.docx": (_word(lambda c: c.replace(b"</w:body>", b" " * 40_000_000 + b"</w:body>")),
                      "suspiciously"),
    "xml-200MB.docx": (_word(lambda c: c.replace(
        b"</w:body>", b"<w:p><w:r><w:t>" + bytes(range(97, 123)) * 1_000_000
        + b"</w:t></w:r></w:p></w:body>")), "suspiciously|characters|too long"),
    "no-types.docx": (_data(_zip({"word/document.xml": b"<w/>"})), "not a readable Word"),
    "blank.docx": (_data(lambda: word_maker.plain([" "])), "no text"),
    "zip.docx": (_data(_zip({"a.txt": U})), "no Word"),
    "renamed.doc": (_data(U), "not a .doc"),
    "old.doc": (_data(OLE), "convert"),
    "old.wps": (_data(OLE), "convert"),
    "text.odt": (_data(_zip({"mimetype": b"application/vnd.oasis.opendocument.text"})), "convert"),
}  # fmt: skip

TABLES: dict[str, Case] = {
    "empty.xlsx": (_data(b""), "empty"),
    "text.xlsx": (_data(U), "not a workbook"),
    "word.xlsx": (_data(lambda: word_maker.plain([TEXT])), "not a readable workbook"),
    "cut.xlsx": (_data(lambda: CORPUS["table.xlsx"][0]()[:900]), "damaged"),
    "no-text-column.xlsx": (_sheet(_cells(("A1", "甲"), ("A2", "乙"))), READ),
    "broken-xml.xlsx": (_sheet(b"<worksheet><sheetData><row"), "readable|no text|column"),
    "far-corner.xlsx": (_sheet(_cells(("A1", "text"), ("A2", TEXT), ("XFD1048576", "x"))),
                        "cells|readable"),
    "far-row.xlsx": (_sheet(_cells(("A1", "text"), ("A1048576", TEXT))), READ),
    "beyond.xlsx": (_sheet(_cells(("A1", "text"), ("A9999999999", TEXT))), "readable|cells|column"),
    "strange-cells.xlsx": (_sheet(_cells(("A1", "text"), ("??", TEXT))), "readable|row"),
    "bomb.xlsx": (_sheet(b"<worksheet>" + b" " * 50_000_000 + b"</worksheet>"), "suspiciously"),
    "hidden-corner.xlsx": (_sheet(_cells(("A1", "text"), ("&#88;FD1048576", TEXT))), "checked"),
    "repeated.ods": (_open_document(10**9, 10**9), "cells"),
    "repeated-rows.ods": (_open_document(1, 3), READ),
    "no-sheet.xlsx": (_data(_zip({"xl/workbook.xml": b"<workbook/>"})), "readable|no text"),
    "old.xls": (_data(OLE), "readable"),
    "empty.csv": (_data(b""), "empty"),
    "header-alone.csv": (_data("正文\r\n".encode()), "no row"),
    "no-text-column.csv": (_data(b"a,b\n1,2\n"), "no text column"),
    "unclosed.csv": (_data(("text\n\"" + TEXT).encode()), "not CSV"),
    "long-cell.csv": (_data(b"text\n" + b"a" * 20_000_000), "CSV|characters"),
    "quotes.csv": (_data(b"text\n" + b'"' * 200_000 + U), "not CSV"),
    "separators.csv": (_data(b"," * 2_000_000), "the file is empty"),
    "carriage.csv": (_data(b"text\r\r\r" + U), READ),
    "text.parquet": (_data(U), "not a Parquet"),
    "cut.parquet": (_data(lambda: CORPUS["table.parquet"][0]()[:-20]), "readable"),
    "footer.parquet": (_data(b"PAR1" + b"\xff" * 40 + b"\xff\xff\xff\x7fPAR1"), "readable"),
}  # fmt: skip

PDFS: dict[str, Case] = {
    "empty.pdf": (_data(b""), "empty"),
    "text.pdf": (_data(U), "not a PDF"),
    "head.pdf": (_data(b"%PDF-1.7\n"), "PDF"),
    "cut.pdf": (_data(lambda: make_pdf([[]])[:150]), "PDF"),
    "blank.pdf": (_data(make_pdf([[]])), "no text"),
    "scan.pdf": (_data(make_pdf([[], []], pictures=True)), "scanned"),
    "bomb.pdf": (_data(lambda: _flate(_bomb(1_000_000_000))), "unpack|no text"),
    "bomb-in-bomb.pdf": (_data(lambda: _flate(
        zlib.compress(_bomb(1_000_000_000), 9), b"[/FlateDecode /FlateDecode]")), "unpack|no text"),
    "operators.pdf": (_data(lambda: _flate(zlib.compress(b"q " * 100_000, 9))), "no text"),
    "vast.pdf": (_data(_vast_pdf), "larger than any paper"),
    "lines-5000.pdf": (_page_of((10.0, 0.1 * n, 0.05) for n in range(5000)), "4000 lines"),
    "boxes-1500.pdf": (
        _page_of((30.0 * (n % 50), 40.0 * (n // 50), 2.0) for n in range(1500)), READ),
    "loop-of-pages.pdf": (_data(_pdf([b"<< /Type /Catalog /Pages 2 0 R >>", PAGES])), "PDF"),
    "loop-of-references.pdf": (
        _data(_pdf([b"<< /Type /Catalog /Pages 2 0 R >>", b"2 0 R"])), "circle"),
    "loop-of-tables.pdf": (_data(_pdf([b"<< /Type /Catalog >>"], b"/Prev 60")), "PDF"),
    "deep.pdf": (_data(_pdf([b"[" * 20_000 + b"]" * 20_000])), "PDF"),
    "locked.pdf": (_data(_pdf(
        [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>"],
        b"/ID [<00> <00>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O (" + b"a" * 32
        + b") /U (" + b"b" * 32 + b") >>")), "password"),
    "strange-lock.pdf": (_data(_pdf(
        [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>"],
        b"/ID [<00> <00>] /Encrypt << /Filter /Unknown /V 99 >>")), "PDF|password"),
}  # fmt: skip

BAD_ARCHIVES: dict[str, Case] = {**ZIPS, **WORDS, **TABLES, **PDFS}
