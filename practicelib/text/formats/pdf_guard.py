"""pdfminer within bounds: no stream unpacks without limit, no reference leads round in a circle."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from typing import Any

STREAM_LIMIT = 64 * 1024 * 1024
"""Bytes that one stream of a PDF may unpack to."""
PAGE_LIMIT = 5_000
_REFERENCES = 64


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

    resources = PDFResourceManager()
    device = PDFPageAggregator(resources, laparams=parameters)
    interpreter = PDFPageInterpreter(resources, device)
    document = Document(PDFParser(io.BytesIO(content)))
    for number, page in enumerate(PDFPage.create_pages(document), start=1):
        if number > PAGE_LIMIT:
            raise PdfLimitError(f"more than {PAGE_LIMIT} pages")
        interpreter.process_page(page)
        yield device.get_result()
