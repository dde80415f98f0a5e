"""What every format gives and is given, and what a file really is by its first bytes."""

from __future__ import annotations

import io
import logging
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from practicelib.errors import ReportError
from practicelib.files.archives import archive_fault
from practicelib.records.report import Source

LOG = logging.getLogger("practicelib.text")


_KINDS = (
    (b"%PDF", "pdf", "a PDF file"),
    (b"PK\x03\x04", "zip", "a zip archive or an office file (.docx, .xlsx)"),
    (b"PK\x05\x06", "zip", "an empty zip archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole", "an old Word, WPS or Excel file"),
    (b"{\\rtf", "rtf", "an RTF file"),
    (b"PAR1", "parquet", "a Parquet file"),
    (b"\x89PNG", "picture", "a picture"),
    (b"\xff\xd8\xff", "picture", "a picture"),
    (b"GIF8", "picture", "a picture"),
    (b"\x1f\x8b", "gzip", "a compressed file"),
    (b"7z\xbc\xaf\x27\x1c", "7z", "a compressed file"),
    (b"Rar!", "rar", "a compressed file"),
)


@dataclass(frozen=True, slots=True)
class Given:
    """What the caller says about a file: its name for messages, and how to read it.

    `part` is the row or the member of an archive. `column` names the text column of a table,
    `convert` allows LibreOffice to convert old formats.
    """

    file: str = ""
    part: str = ""
    encoding: str | None = None
    column: str | None = None
    convert: bool = False

    def refuse(self, cause: str, *, line: int = 0) -> ReportError:
        """The error that names this file, and inside an archive its member."""
        return ReportError(cause, file=self.place, line=line)

    @property
    def place(self) -> str:
        """File, and after it the member of an archive."""
        return f"{self.file}: {self.part}" if self.part else self.file


@dataclass(frozen=True, slots=True)
class Extracted:
    """Text taken out of a file, and what the file said beside its text.

    All offsets are of `text`. `numbers` maps the start of a line to its automatic number (not part
    of the text), `levels` to the level of a heading, `cells` the start of a line of a table inside
    a document to what it is (`Line.kind`); `pages` holds where each page begins. `title`, `unit`
    and `year` are empty unless the file names them. `row` says that it is a row of a table.
    """

    text: str
    source: Source
    numbers: Mapping[int, str] = field(default_factory=dict)
    levels: Mapping[int, int] = field(default_factory=dict)
    cells: Mapping[int, str] = field(default_factory=dict)
    pages: tuple[int, ...] = ()
    title: str = ""
    unit: str = ""
    year: str = ""
    row: bool = False


class Extractor(Protocol):
    """A format: content and what is given about it in, one `Extracted` a file, row or member.

    Raises ReportError; an archive raises it after what could be read.
    """

    def __call__(self, content: bytes, given: Given) -> Iterable[Extracted]:
        """Take the text out."""
        ...


def kind_of(content: bytes) -> tuple[str, str]:
    """What a file is by its first bytes, as a word and for people; both empty for text."""
    for magic, word, name in _KINDS:
        if content.startswith(magic):
            return word, name
    return "", ""


def expect(content: bytes, given: Given, wanted: str, name: str) -> None:
    """Raise ReportError where the content is of another kind than the file's ending says."""
    word, found = kind_of(content)
    if not content.strip():
        raise given.refuse("the file is empty")
    if word != wanted:
        raise given.refuse(f"not {name} but {found or 'something else, or damaged'}")


def open_archive(content: bytes, given: Given) -> zipfile.ZipFile:
    """A zip file whose directory promises a bounded size; raises ReportError otherwise."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as cause:
        raise given.refuse(f"damaged: {cause}") from cause
    fault = archive_fault(archive)
    if fault:
        raise given.refuse(fault)
    return archive
