"""Plain text: the encoding is found by the rule of `files.decoding`, or given."""

from __future__ import annotations

from collections.abc import Iterable

from practicelib.files.decoding import decode
from practicelib.records.report import Source
from practicelib.text.formats.base import LOG, Extracted, Given, kind_of

_UNSURE = 0.1


def extract_plain(content: bytes, given: Given) -> Iterable[Extracted]:
    """The decoded text as it is; raises ReportError for whatever is no text."""
    return [Extracted(*decoded_text(content, given))]


def decoded_text(content: bytes, given: Given) -> tuple[str, Source]:
    """Text and source of a text file; a narrow choice of encoding is logged as a warning."""
    word, name = kind_of(content)
    if word:
        hint = "; convert it with: soffice --convert-to docx" if word == "ole" else ""
        raise given.refuse(f"not a text file but {name}{hint}")
    found = decode(content, file=given.place, encoding=given.encoding)
    if found.margin < _UNSURE:
        LOG.warning(
            "%s: read as %s, by a narrow margin (%.2f); --encoding overrides",
            given.place,
            found.encoding,
            found.margin,
        )
    return found.text, Source(given.file, found.encoding, found.margin, given.part)
