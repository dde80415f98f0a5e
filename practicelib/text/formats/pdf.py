"""PDF files: columns one after the other, wrapped lines put together into paragraphs.

Lines that stand at the same height of the margin on most pages, but for their digits, are running
heads or page numbers and are left out. Radicals and compatibility forms, which some programs write
for common characters, become those characters, one for one. A file without a text layer
(scanned) and one whose fonts do not tell their characters are refused.
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from statistics import median
from typing import Any

from practicelib.errors import MissingExtraError
from practicelib.records.report import Source
from practicelib.text.formats.base import LOG, Extracted, Given, expect
from practicelib.text.formats.pdf_guard import layouts
from practicelib.text.formats.pdf_order import across_columns, reading_order
from practicelib.text.script import LOOK_ALIKES

_MARGIN = 0.1
_UNKNOWN_SHARE = 0.05
# Official documents are set with up to 1.8 lines from line to line.
_SPACING = 2.6
_APART = 1.3
"""Steps from line to line, in heights of a line and in usual steps, that part paragraphs."""
_BLOCK_LINES = 3
"""Lines of one width, and characters of it, from which a box of text is a block."""
_BLOCK_WIDTH = 12
_PAGE_NUMBER = re.compile(r"[\s\-—–·.第页/共ⅠⅡⅢⅣⅤivxIVX\d]*")
_NUMBER = re.compile(
    r"[（(]?[一二三四五六七八九十]+[）)、]|[（(]?\d{1,2}[）)、.．](?!\d)|第[一二三四五六七八九十]+[章部]"
)
_ENDS = "。！？!?；;：:"
_CLOSED = _ENDS + "”’」』）)"
_WORD = r"[（《〈【「『(“‘]*(?:[A-Za-z0-9.,%+/-]+|\S)[，。、；：？！）》〉】」』)”’,;:?!%…—]*"
_UNBROKEN = re.compile(
    rf"{_WORD}(?:(?:(?<=[“‘”’])|(?=[“‘])|(?<=[，。、；：？！,;:])(?=[A-Za-z0-9])){_WORD})*"
)
"""What is not parted at the end of a line: rules GL, OP, CL, NU and QU of Unicode's annex 14."""


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
    """Edges of a column, its number of lines, and what is usual from line to line."""

    left: float
    right: float
    lines: int
    pitch: float

    @property
    def width(self) -> float:
        return self.right - self.left


_Placed = tuple[_Line, _Column]


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
    text, starts = _put_together(pages)
    return [Extracted(text, Source(given.file, "pdf", 1.0, given.part), pages=starts)]


def _put_together(pages: Sequence[_Page]) -> tuple[str, tuple[int, ...]]:
    """Paragraphs of all pages, a line each, and the offset at which each page begins."""
    furniture = _furniture(pages)
    paragraphs: list[str] = []
    starts: list[int] = []
    before: _Placed | None = None
    done = 0
    for page in pages:
        lines = [line for line in page.lines if _fingerprint(line, page) not in furniture]
        turns = True
        for following in _placed(lines):
            joined = before is not None and _goes_on(*before, *following)
            if turns:
                joined = before is not None and _runs_on(paragraphs[-1], *before, *following)
                starts.append(done + len(paragraphs[-1]) + (not joined) if paragraphs else 0)
                turns = False
            if joined:
                paragraphs[-1] = _glue(paragraphs[-1], following[0].text)
            else:
                done += len(paragraphs[-1]) + 1 if paragraphs else 0
                paragraphs.append(following[0].text.strip(" "))
            before = following
        if turns:
            starts.append(done + len(paragraphs[-1]) if paragraphs else 0)
    return "\n".join(paragraphs), tuple(starts)


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
    from pdfminer.layout import LTChar, LTTextBox

    lines: list[_Line] = []
    boxes = [item for item in page if isinstance(item, LTTextBox)]
    places = [(b.x0, b.y0, b.x1, b.y1) for b in boxes]
    for number in reading_order(places, [len(box) == 1 for box in boxes]):
        for line in boxes[number]:
            text = line.get_text().translate(LOOK_ALIKES).strip("\n")
            if text.strip():
                # The line itself is as high as all its fonts together.
                size = median(one.height for one in line if isinstance(one, LTChar))
                lines.append(_Line(text, line.x0, line.x1, line.y1, size, number))
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


def _placed(lines: Sequence[_Line]) -> Iterator[_Placed]:
    """Lines of one page with their columns."""
    over = across_columns([(o.left, o.top - o.size, o.right, o.top) for o in lines])
    for line, own in zip(lines, over, strict=True):
        alike = [o for o, wide in zip(lines, over, strict=True) if wide == own]
        yield line, _column(line, alike)


def _goes_on(line: _Line, own: _Column, following: _Line, other: _Column) -> bool:
    """Whether a paragraph goes on: a full line does in the next unless that is indented."""
    if abs(line.size - following.size) > 0.2 * line.size:
        return False
    room = own.right - line.right
    full = room <= 1.6 * line.size
    if line.text[-1:] not in _ENDS:
        # Inside a sentence a line may also be short because what comes next had no room.
        full |= room < _unbroken_width(following) + 0.7 * line.size
    indented = following.left > other.left + 1.2 * following.size
    indented = indented or following.text[:1] in ("\u3000", " ")
    # What stands far from the left edge is a cell, a signature or set in the middle; a number after
    # a full stop opens a paragraph.
    aside = line.left > own.left + 6 * line.size
    opens = line.text[-1:] in _ENDS and _NUMBER.match(following.text)
    if not full or indented or aside or opens:
        return False
    if max(abs(own.left - other.left), abs(own.right - other.right)) < line.size:
        step = line.top - following.top
        # Paragraphs that are set apart by space and not by an indent: after the end of a sentence.
        apart = line.text[-1:] in _CLOSED and step > _APART * own.pitch
        return step < _SPACING * line.size and not apart
    # On to the next column: both hold running text, and the sentence is not over.
    alike = abs(own.width - other.width) < 0.1 * own.width
    return min(own.lines, other.lines) > 1 and alike and line.text[-1:] not in _ENDS


def _unbroken_width(line: _Line) -> float:
    """Width of what opens a line and cannot be parted, in points, as the characters are high."""
    found = _UNBROKEN.match(line.text[:40].lstrip())
    text = found.group() if found else ""
    return sum(0.5 if character.isascii() else 1.0 for character in text) * line.size


def _column(line: _Line, lines: Sequence[_Line]) -> _Column:
    """The column of a line: the lines that overlap with it sideways; a block has its own edges."""
    block = [o for o in lines if o.box == line.box]
    # The last characters of a paragraph may stand wholly below the indent of other lines.
    right = max(line.right, line.left + 5 * line.size)
    own = (
        block
        if _is_block(block)
        else [
            other
            for other in lines
            if abs(other.size - line.size) <= 0.2 * line.size
            and min(other.right, right) - max(other.left, line.left)
            > 0.5 * min(other.right - other.left, right - line.left)
        ]
    )
    left = _edge(sorted(o.left for o in own), line.size)
    right = _edge(sorted((o.right for o in own), reverse=True), line.size)
    tops = sorted(o.top for o in own)
    steps = [upper - lower for lower, upper in pairwise(tops) if upper - lower > 0.5 * line.size]
    return _Column(left, right, len(own), median(steps) if steps else _SPACING * line.size)


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
    after = after.strip(" ")
    latin = before[-1:].isascii() and before[-1:].isalnum() and after[:1].isascii()
    return before + (" " if latin and after[:1].isalnum() and before[-1:].isalpha() else "") + after


def _runs_on(paragraph: str, line: _Line, own: _Column, following: _Line, other: _Column) -> bool:
    """Whether the first line of a page goes on from the paragraph that ends the page before."""
    if following.text[:1] in ("\u3000", " "):
        return False
    if paragraph[-1:] in ("，", "、", ","):
        return True
    if paragraph[-1:] in _CLOSED:
        return False
    return len(paragraph) > 64 or _goes_on(line, own, following, other)
