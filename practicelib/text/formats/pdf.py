"""PDF files: columns one after the other, wrapped lines put together into paragraphs.

Lines that stand at the same height of the margin on most pages, but for their digits, are running
heads or page numbers and are left out. Kangxi radicals and CJK radical forms, which some programs
write for common characters, become those characters, one for one. A file without a text layer
(scanned) and one whose fonts do not tell their characters are refused.
"""

from __future__ import annotations

import logging
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise, zip_longest
from typing import Any

from practicelib.errors import MissingExtraError
from practicelib.records.report import Source
from practicelib.text.formats.base import LOG, Extracted, Given, expect
from practicelib.text.formats.pdf_guard import layouts
from practicelib.text.formats.pdf_order import across_columns, reading_order

_MARGIN = 0.1
_UNKNOWN_SHARE = 0.05
# Official documents are set with up to 1.8 lines from line to line; more parts paragraphs.
_SPACING = 2.6
_BLOCK_LINES = 3
"""Lines of one width, and characters of it, from which a box of text is a block."""
_BLOCK_WIDTH = 12
_PAGE_NUMBER = re.compile(r"[\s\-—–·.第页/共ⅠⅡⅢⅣⅤivxIVX\d]*")
_NUMBER = re.compile(
    r"[（(]?[一二三四五六七八九十]+[）)、]|[（(]?\d{1,2}[）)、.．](?!\d)|第[一二三四五六七八九十]+[章部]"
)
_ENDS = "。！？!?；;：:"
_RADICALS = {
    code: unicodedata.normalize("NFKC", chr(code))
    for code in (*range(0x2E80, 0x2EF4), *range(0x2F00, 0x2FD6))
    if len(unicodedata.normalize("NFKC", chr(code))) == 1
}


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a column with its place on the page; `size` is the height of its characters."""

    text: str
    left: float
    right: float
    top: float
    size: float
    box: int


@dataclass(frozen=True, slots=True)
class _Column:
    """Edges of a column and its number of lines."""

    left: float
    right: float
    lines: int

    @property
    def width(self) -> float:
        return self.right - self.left


@dataclass(frozen=True, slots=True)
class _Page:
    lines: tuple[_Line, ...]
    height: float
    pictures: int


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
    furniture = _furniture(pages)
    paragraphs: list[str] = []
    starts: list[int] = []
    length = 0
    for page in pages:
        starts.append(length)
        lines = [line for line in page.lines if _fingerprint(line, page) not in furniture]
        for index, paragraph in enumerate(_paragraphs(lines)):
            if index == 0 and _runs_on(paragraphs, paragraph):
                paragraphs[-1] += paragraph
                length += len(paragraph)
                starts[-1] -= 1
            else:
                paragraphs.append(paragraph)
                length += len(paragraph) + 1
    text = "\n".join(paragraphs)
    return [Extracted(text, Source(given.file, "pdf", 1.0, given.part), pages=tuple(starts))]


def _pages(content: bytes, given: Given) -> list[_Page]:
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


def _page(page: Any) -> _Page:
    from pdfminer.layout import LTTextBox

    lines: list[_Line] = []
    boxes = [item for item in page if isinstance(item, LTTextBox)]
    for number in reading_order([(b.x0, b.y0, b.x1, b.y1) for b in boxes]):
        for line in boxes[number]:
            text = line.get_text().translate(_RADICALS).strip("\n")
            if text.strip():
                lines.append(_Line(text, line.x0, line.x1, line.y1, line.height, number))
    return _Page(tuple(lines), page.height, _pictures(page))


def _pictures(item: Any) -> int:
    from pdfminer.layout import LTFigure, LTImage

    if isinstance(item, LTImage):
        return 1
    if isinstance(item, LTFigure) or hasattr(item, "pageid"):
        return sum(_pictures(inner) for inner in item)
    return 0


def _check_fonts(pages: Sequence[_Page], given: Given) -> None:
    """pdfminer writes "(cid:7)" for a glyph whose character the file does not tell."""
    text = "".join(line.text for page in pages for line in page.lines)
    unknown = text.count("(cid:")
    if unknown > _UNKNOWN_SHARE * max(len(text) - 6 * unknown, 1):
        raise given.refuse(
            f"its fonts do not tell which characters they show ({unknown} unknown); run OCR on it"
        )
    if unknown:
        LOG.warning("%s: %d characters that the fonts do not tell", given.place, unknown)


def _fingerprint(line: _Line, page: _Page) -> tuple[int, str] | None:
    """Height and text without digits of a line in the upper or lower margin, else None."""
    place = line.top / page.height
    if _MARGIN < place < 1 - _MARGIN:
        return None
    return round(line.top / 4), re.sub(r"\d+", "#", line.text.strip())


def _furniture(pages: Sequence[_Page]) -> set[tuple[int, str]]:
    """Fingerprints of running heads (on most of three or more pages) and of page numbers."""
    counts: Counter[tuple[int, str]] = Counter()
    numbers: set[tuple[int, str]] = set()
    for page in pages:
        for line in page.lines:
            mark = _fingerprint(line, page)
            if mark is not None:
                counts[mark] += 1
                if _PAGE_NUMBER.fullmatch(line.text):
                    numbers.add(mark)
    often = {mark for mark, count in counts.items() if count >= max(3, len(pages) / 2)}
    return often | numbers


def _paragraphs(lines: Sequence[_Line]) -> Iterator[str]:
    """Lines of one page as paragraphs: a full line goes on in the next unless that is indented."""
    paragraph = ""
    over = across_columns([(o.left, o.top - o.size, o.right, o.top) for o in lines])
    columns = [
        _column(line, [o for o, wide in zip(lines, over, strict=True) if wide == own])
        for line, own in zip(lines, over, strict=True)
    ]
    placed = list(zip(lines, columns, strict=True))
    for (line, own), following in zip_longest(placed, placed[1:]):
        paragraph = _glue(paragraph, line.text)
        if following is None or not _goes_on(line, own, *following):
            yield paragraph.strip(" ")
            paragraph = ""


def _goes_on(line: _Line, own: _Column, following: _Line, other: _Column) -> bool:
    if abs(line.size - following.size) > 0.2 * line.size:
        return False
    full = line.right >= own.right - 1.6 * line.size
    indented = following.left > other.left + 1.2 * following.size
    indented = indented or following.text[:1] in ("\u3000", " ")
    # What stands far from the left edge is a cell, a signature or set in the middle; a number after
    # a full stop opens a paragraph.
    aside = line.left > own.left + 6 * line.size
    opens = line.text[-1:] in _ENDS and _NUMBER.match(following.text)
    if not full or indented or aside or opens:
        return False
    if max(abs(own.left - other.left), abs(own.right - other.right)) < line.size:
        return line.top - following.top < _SPACING * line.size
    # On to the next column: both hold running text, and the sentence is not over.
    alike = abs(own.width - other.width) < 0.1 * own.width
    return min(own.lines, other.lines) > 1 and alike and line.text[-1:] not in _ENDS


def _column(line: _Line, lines: Sequence[_Line]) -> _Column:
    """The column of a line: the lines that overlap with it sideways; a block has its own edges."""
    block = [o for o in lines if o.box == line.box]
    own = (
        block
        if _is_block(block)
        else [
            other
            for other in lines
            if abs(other.size - line.size) <= 0.2 * line.size
            and min(other.right, line.right) - max(other.left, line.left)
            > 0.5 * min(other.right - other.left, line.right - line.left)
        ]
    )
    left = _edge(sorted(o.left for o in own), line.size)
    right = _edge(sorted((o.right for o in own), reverse=True), line.size)
    return _Column(left, right, len(own))


def _is_block(lines: Sequence[_Line]) -> bool:
    """Whether lines are running text set flush: such as stands narrow beside a picture."""
    *body, last = lines
    if len(body) < _BLOCK_LINES:
        return False
    right = max(line.right for line in lines)
    wide = right - min(line.left for line in lines) > _BLOCK_WIDTH * last.size
    return wide and all(right - line.right < 0.7 * line.size for line in body)


def _edge(places: Sequence[float], size: float) -> float:
    """The outermost place that two lines share; a single line may stand out of its column."""
    for place, following in islice(pairwise(places), 2):
        if abs(place - following) < size:
            return place
    return places[0]


def _glue(before: str, after: str) -> str:
    if not before:
        return after.rstrip(" ")
    after = after.strip(" ")
    latin = before[-1].isascii() and before[-1].isalnum() and after[:1].isascii()
    return before + (" " if latin and after[:1].isalnum() and before[-1].isalpha() else "") + after


def _runs_on(paragraphs: Sequence[str], first: str) -> bool:
    """Whether the first paragraph of a page goes on from the last of the page before."""
    if not paragraphs or first[:1] in ("\u3000", " "):
        return False
    before = paragraphs[-1]
    if before[-1:] in ("，", "、", ","):
        return True
    return len(before) > 64 and before[-1] not in _ENDS + "”’」』）)"
