"""PDF files: columns one after the other, wrapped lines put together into paragraphs.

Running heads and page numbers are left out (`pdf_page.py`). Radicals and compatibility forms, which
some programs write for common characters, become those characters, one for one. A file without a
text layer (scanned) and one whose fonts do not tell their characters are refused.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from statistics import median
from typing import Any

from practicelib.errors import MissingExtraError
from practicelib.records.report import Source
from practicelib.text.formats.base import LOG, Extracted, Given, expect
from practicelib.text.formats.pdf_guard import layouts
from practicelib.text.formats.pdf_order import reading_order
from practicelib.text.formats.pdf_page import Line, Page, text_lines
from practicelib.text.formats.pdf_paragraphs import MARK, NUMBER, put_together
from practicelib.text.script import LOOK_ALIKES

_UNKNOWN_SHARE = 0.05
# One glyph for several characters, told as one character.
_LIGATURES = str.maketrans({"⸺": "——", "ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl"})


def extract_pdf(content: bytes, given: Given) -> Iterable[Extracted]:
    """Text of a PDF with the offsets at which its pages begin.

    Raises ReportError for a damaged, encrypted or scanned file, MissingExtraError without
    pdfminer.six.
    """
    expect(content, given, "pdf", "a PDF file")
    pages = _pages(content, given)
    if not any(page.lines for page in pages):
        raise given.refuse(
            "a scanned PDF: it has pictures of pages but no text; run OCR on it first"
            if any(page.pictures for page in pages)
            else "the PDF holds no text"
        )
    _check_fonts(pages, given)
    for number, page in enumerate(pages, start=1):
        if page.pictures and not page.lines:
            LOG.warning("%s: page %d has a picture and no text", given.place, number)
    text, starts = put_together(text_lines(pages))
    return [Extracted(text, Source(given.file, "pdf", 1.0, given.part), pages=starts)]


def _pages(content: bytes, given: Given) -> list[Page]:
    try:
        from pdfminer.layout import LAParams
        from pdfminer.pdfdocument import PDFPasswordIncorrect
    except ImportError as cause:
        raise MissingExtraError("reading .pdf needs pdfminer.six", extra="pdf") from cause
    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    # A column of Chinese has hardly any space between words: a wide gap is one between columns.
    layout = LAParams(char_margin=1.5, line_margin=1.0, boxes_flow=0.5, detect_vertical=False)
    try:
        return [_page(page) for page in layouts(content, layout)]
    except PDFPasswordIncorrect as cause:
        raise given.refuse("protected by a password; save it without") from cause
    except Exception as cause:  # damage shows anywhere inside the library
        reason = str(cause) or type(cause).__name__
        raise given.refuse(f"not a readable PDF: {reason}") from cause


def _page(page: Any) -> Page:
    from pdfminer.layout import LTChar, LTTextBox

    lines: list[Line] = []
    boxes = [item for item in page if isinstance(item, LTTextBox)]
    places = [(b.x0, b.y0, b.x1, b.y1) for b in boxes]
    for number in reading_order(places, [median(o.height for o in box) for box in boxes]):
        for line in boxes[number]:
            text = line.get_text().translate(LOOK_ALIKES).translate(_LIGATURES).strip("\n")
            if text.strip():
                # The line itself is as high as all its fonts together.
                size = median(one.height for one in line if isinstance(one, LTChar))
                place = (line.x0, line.x1, line.y1, size, number)
                lines.append(Line(text, *place, hang=_hang(text, line)))
    return Page(tuple(lines), page.height, _pictures(page))


def _hang(text: str, line: Any) -> float:
    """Where the text begins after a bullet or number that opens the line; 0 where none does."""
    mark = MARK.match(text) or NUMBER.match(text)
    if mark is None:
        return 0.0
    shown = [one for one in line if one.get_text().strip()]
    after = shown[len("".join(mark[0].split())) :]
    return float(after[0].x0) if after else 0.0


def _pictures(item: Any) -> int:
    from pdfminer.layout import LTFigure, LTImage

    if isinstance(item, LTImage):
        return 1
    if isinstance(item, LTFigure) or hasattr(item, "pageid"):
        return sum(_pictures(inner) for inner in item)
    return 0


def _check_fonts(pages: Sequence[Page], given: Given) -> None:
    """pdfminer writes "(cid:7)" for a glyph whose character the file does not tell."""
    text = "".join(line.text for page in pages for line in page.lines)
    unknown = text.count("(cid:")
    if unknown > _UNKNOWN_SHARE * max(len(text) - 6 * unknown, 1):
        raise given.refuse(
            f"its fonts do not tell which characters they show ({unknown} unknown); run OCR on it"
        )
    if unknown:
        LOG.warning("%s: %d characters that the fonts do not tell", given.place, unknown)
