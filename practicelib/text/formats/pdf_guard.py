"""pdfminer within bounds: no stream unpacks without limit, no reference leads round in a circle.

pdfminer lays a page out on a grid of squares and compares every text box with every other. Both
grow without end on pages that no printer could make; `_layout_page` keeps them within bounds.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from practicelib.text.formats.pdf_pieces import in_lines

STREAM_LIMIT = 64 * 1024 * 1024
"""Bytes that one stream of a PDF may unpack to."""
PAGE_LIMIT = 5_000
_REFERENCES = 64
_SQUARE = 50
"""Points to a side of the grid's squares, as in `pdfminer.utils.Plane`."""
_SQUARES = 2_000_000
"""Squares that all lines of a page may cover together; those of a full A4 page cover some 3,000."""
_BOXES = 600
"""Text boxes that are grouped by their distances; the cost grows with the square."""


class PdfLimitError(Exception):
    """A file asks for more than any report needs."""


class _BoundedZlib:
    """What pdfminer uses of zlib, with an end to what a stream may unpack to."""

    error = zlib.error
    decompressobj = staticmethod(zlib.decompressobj)

    @staticmethod
    def decompress(data: bytes) -> bytes:
        unpacker = zlib.decompressobj()
        content = unpacker.decompress(data, STREAM_LIMIT + 1)
        if len(content) > STREAM_LIMIT:
            raise PdfLimitError(f"a stream would unpack to more than {STREAM_LIMIT} bytes")
        if not unpacker.eof:
            # As zlib says it; pdfminer then takes what can be had.
            raise zlib.error("Error -5 while decompressing data: incomplete or truncated stream")
        return content


def _squares(item: Any, page: Any) -> int:
    """Squares of the page's grid that an item covers."""
    wide = min(item.x1, page.x1) - max(item.x0, page.x0)
    high = min(item.y1, page.y1) - max(item.y0, page.y0)
    return int(max(wide, 0) / _SQUARE + 2) * int(max(high, 0) / _SQUARE + 2)


@cache
def _layout_page() -> type:
    """pdfminer's page with an end to the work that laying it out may be."""
    from pdfminer.layout import LTChar, LTPage, LTTextGroup

    class Rows(LTTextGroup):  # type: ignore[misc]
        """Boxes from the top of the page to its foot, those of one height from the left."""

        def analyze(self, laparams: Any) -> None:
            super().analyze(laparams)
            self._objs.sort(key=lambda box: (-box.y0, box.x0))

    class Page(LTPage):  # type: ignore[misc]
        """Refuses too many or too wide lines; orders very many boxes by their places alone."""

        _objs: list[Any]

        def analyze(self, laparams: Any) -> None:
            items = list(self)
            characters = [item for item in items if isinstance(item, LTChar)]
            others = [item for item in items if not isinstance(item, LTChar)]
            self._objs = in_lines(characters, laparams.char_margin) + others
            super().analyze(laparams)

        def group_textlines(self, laparams: Any, lines: Any) -> Iterator[Any]:
            lines = list(lines)
            if sum(_squares(line, self) for line in lines) > _SQUARES:
                raise PdfLimitError("a page whose lines are larger than any paper")
            found: Iterator[Any] = super().group_textlines(laparams, lines)
            return found

        def group_textboxes(self, laparams: Any, boxes: Sequence[Any]) -> list[Any]:
            if len(boxes) > _BOXES or len(boxes) * _squares(self, self) > _SQUARES:
                return [Rows(boxes)]
            found: list[Any] = super().group_textboxes(laparams, boxes)
            return found

    return Page


def layouts(content: bytes, parameters: Any) -> Iterator[Any]:
    """The laid-out pages of a PDF file, as `pdfminer.high_level.extract_pages` gives them.

    Raises PdfLimitError for a file beyond the limits, and whatever pdfminer raises.
    """
    from pdfminer import pdftypes
    from pdfminer.converter import PDFPageAggregator
    from pdfminer.pdfdocument import PDFDocument
    from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
    from pdfminer.pdfpage import PDFPage
    from pdfminer.pdfparser import PDFParser

    # pdfminer has no setting for it: its streams are unpacked by this name alone.
    pdftypes.zlib = _BoundedZlib

    class Document(PDFDocument):  # type: ignore[misc]
        """Follows an object that is but a reference to another, not for ever."""

        def getobj(self, objid: int) -> object:
            found = super().getobj(objid)
            for _ in range(_REFERENCES):
                if not isinstance(found, pdftypes.PDFObjRef):
                    return found
                found = super().getobj(found.objid)
            raise PdfLimitError(f"object {objid} leads round in a circle")

    class Device(PDFPageAggregator):  # type: ignore[misc]
        """Lays out pages within bounds."""

        cur_item: Any

        def begin_page(self, page: Any, ctm: Any) -> None:
            super().begin_page(page, ctm)
            self.cur_item = _layout_page()(self.cur_item.pageid, self.cur_item.bbox)

    resources = PDFResourceManager()
    device = Device(resources, laparams=parameters)
    interpreter = PDFPageInterpreter(resources, device)
    document = Document(PDFParser(io.BytesIO(content)))
    for number, page in enumerate(PDFPage.create_pages(document), start=1):
        if number > PAGE_LIMIT:
            raise PdfLimitError(f"more than {PAGE_LIMIT} pages")
        interpreter.process_page(page)
        yield device.get_result()
