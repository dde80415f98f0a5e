"""Writes small PDFs by hand: Chinese by a CID font or by an embedded font with a ToUnicode map."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from pathlib import Path

Placed = tuple[float, float, float, str]
"""x, y, size and text of one line."""

_WIDTH, _HEIGHT = 595, 842


def make_pdf(
    pages: Sequence[Sequence[Placed]],
    *,
    font: str = "cid",
    pictures: bool = False,
    scrambled: bool = False,
) -> bytes:
    """A PDF with lines at their places, drawn in the order given.

    `font` is "cid" (a predefined font that is not embedded) or "embedded". `pictures` adds a
    picture to each page; `scrambled` leaves out the map from glyphs to characters.
    """
    characters = sorted({c for page in pages for *_, text in page for c in text})
    glyphs = {c: number for number, c in enumerate(characters, start=1)}
    objects: list[bytes] = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    fonts = _cid_font() if font == "cid" else _embedded_font(glyphs, scrambled)
    objects.extend(fonts)
    picture = len(objects) + 1
    objects.append(
        _stream(b"\x80" * 16, b"/Type /XObject /Subtype /Image /Width 4 /Height 4"
                b" /ColorSpace /DeviceGray /BitsPerComponent 8")
    )  # fmt: skip
    kids = []
    for page in pages:
        content = b"q 300 0 0 300 100 200 cm /P Do Q\n" if pictures else b""
        for x, y, size, text in page:
            codes = text.encode("utf-16-be") if font == "cid" else _codes(text, glyphs)
            content += b"BT /F %g Tf %g %g Td <%s> Tj ET\n" % (size, x, y, codes.hex().encode())
        kids.append(len(objects) + 1)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents %d 0 R"
            b" /Resources << /Font << /F 3 0 R >> /XObject << /P %d 0 R >> >> >>"
            % (_WIDTH, _HEIGHT, len(objects) + 2, picture)
        )
        objects.append(_stream(content))
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (
        len(kids),
        b" ".join(b"%d 0 R" % kid for kid in kids),
    )
    return _file(objects)


def _cid_font() -> list[bytes]:
    return [
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H"
        b" /DescendantFonts [4 0 R] >>",
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /FontDescriptor"
        b" 5 0 R /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>",
        b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [0 -200 1000 900]"
        b" /Ascent 880 /Descent -120 /ItalicAngle 0 /CapHeight 700 /StemV 80 >>",
    ]


def _embedded_font(glyphs: dict[str, int], scrambled: bool) -> list[bytes]:
    import matplotlib

    # What the glyphs look like does not matter here, only that a font program is embedded.
    program = Path(matplotlib.get_data_path(), "fonts", "ttf", "DejaVuSans.ttf").read_bytes()
    unicode_map = b"" if scrambled else b" /ToUnicode 7 0 R"
    return [
        b"<< /Type /Font /Subtype /Type0 /BaseFont /AAAAAA+Embedded /Encoding /Identity-H"
        b" /DescendantFonts [4 0 R]" + unicode_map + b" >>",
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /AAAAAA+Embedded /DW 1000"
        b" /FontDescriptor 5 0 R /CIDToGIDMap /Identity"
        b" /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>",
        b"<< /Type /FontDescriptor /FontName /AAAAAA+Embedded /Flags 4 /FontFile2 6 0 R"
        b" /FontBBox [0 -200 1000 900] /Ascent 880 /Descent -120 /ItalicAngle 0 /CapHeight 700"
        b" /StemV 80 >>",
        _stream(zlib.compress(program), b"/Filter /FlateDecode /Length1 %d" % len(program)),
        _stream(_unicode_map(glyphs)),
    ]


def _unicode_map(glyphs: dict[str, int]) -> bytes:
    pairs = "\n".join(
        f"<{number:04x}> <{character.encode('utf-16-be').hex()}>"
        for character, number in glyphs.items()
    )
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /U def\n"
        "1 begincodespacerange <0000> <ffff> endcodespacerange\n"
        f"{len(glyphs)} beginbfchar\n{pairs}\nendbfchar\nendcmap end end"
    ).encode()


def _codes(text: str, glyphs: dict[str, int]) -> bytes:
    return b"".join(glyphs[character].to_bytes(2, "big") for character in text)


def _stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), entries, content)


def _file(objects: Sequence[bytes]) -> bytes:
    content = b"%PDF-1.5\n"
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(content)
    content += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    content += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return content + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        table,
    )
