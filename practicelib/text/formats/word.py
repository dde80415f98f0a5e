"""Word files: the body in its order, one line a paragraph.

What is read: paragraphs and tables (`cells.py`; a merged cell once), content controls, the text
of links and fields, text boxes right after the paragraph they are anchored in. Tracked changes
are read as if all were accepted. Left out: headers and footers, footnotes and endnotes, comments,
hidden text, tables of contents, and automatic numbers (they go into `Section.number`).
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from itertools import chain, groupby
from typing import Any

from practicelib.errors import MissingExtraError
from practicelib.records.report import Source
from practicelib.text.formats.base import Extracted, Given, expect, open_archive
from practicelib.text.formats.cells import cell_kinds, is_list, row_line
from practicelib.text.formats.numbering import Numbering, W
from practicelib.text.splitting import ROW

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_SKIPPED = frozenset(
    (f"{W}del", f"{W}moveFrom", f"{W}instrText", f"{W}rt", f"{W}pPr", f"{_MC}Fallback")
)
_MARKS = {
    f"{W}tab": "\t",
    f"{W}cr": "\n",
    f"{W}noBreakHyphen": "-",
    f"{W}softHyphen": "",
}
_BOX = f"{W}txbxContent"


def extract_docx(content: bytes, given: Given) -> Iterable[Extracted]:
    """Text of a .docx file with the automatic numbers and levels of its headings.

    Raises ReportError for a damaged, encrypted or empty file, MissingExtraError without
    python-docx.
    """
    try:
        import docx
        from docx.opc.constants import RELATIONSHIP_TYPE
    except ImportError as cause:
        raise MissingExtraError("reading .docx needs python-docx", extra="docx") from cause
    _check(content, given)
    try:
        document = docx.Document(io.BytesIO(content))
        part = document.part
        # Not `part.numbering_part`: it would make one where there is none.
        numbering = next(
            (
                r.target_part.element
                for r in part.rels.values()
                if r.reltype == RELATIONSHIP_TYPE.NUMBERING
            ),
            None,
        )
        reader = _Reader(Numbering(numbering, part.styles.element), _style_facts(document))
        reader.read(document.element.body)
    except Exception as cause:  # a forged or damaged file fails anywhere inside the library
        raise given.refuse(f"not a readable Word file: {cause}") from cause
    return [reader.extracted(given)]


def _check(content: bytes, given: Given) -> None:
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        hidden = "EncryptedPackage".encode("utf-16-le") in content
        raise given.refuse(
            "protected by a password; save it without"
            if hidden
            else "an old Word file under the name .docx; convert it with: soffice"
            " --convert-to docx, or --convert"
        )
    expect(content, given, "zip", "a Word file (.docx)")
    if "word/document.xml" not in open_archive(content, given).namelist():
        raise given.refuse("a zip archive, but no Word document is in it")


def _style_facts(document: Any) -> dict[str, tuple[str, int]]:
    """Lower-case name and outline level (0 for none) of each style."""
    facts = {}
    for style in document.styles.element.findall(f"{W}style"):
        name = style.find(f"{W}name")
        outline = style.find(f"{W}pPr/{W}outlineLvl")
        level = 0 if outline is None else int(outline.get(f"{W}val")) + 1
        facts[style.get(f"{W}styleId")] = (
            "" if name is None else str(name.get(f"{W}val")).lower(),
            level if level <= 9 else 0,
        )
    return facts


class _Reader:
    """Walks the body once and collects lines."""

    def __init__(self, numbering: Numbering, styles: dict[str, tuple[str, int]]) -> None:
        self._numbering = numbering
        self._styles = styles
        self._lines: list[str] = []
        self._length = 0
        self._numbers: dict[int, str] = {}
        self._levels: dict[int, int] = {}
        self._cells: dict[int, str] = {}

    def extracted(self, given: Given) -> Extracted:
        """All that was read."""
        text = "\n".join(self._lines)
        if not text.strip():
            raise given.refuse("the document holds no text; pictures are not read")
        source = Source(given.file, "docx", 1.0, given.part)
        return Extracted(text, source, self._numbers, self._levels, self._cells)

    def read(self, parent: Any) -> None:
        """Lines of the blocks in `parent`, in order."""
        for block in parent:
            if block.tag == f"{W}p":
                self._paragraph(block)
            elif block.tag == f"{W}tbl":
                self._table(block)
            elif block.tag == f"{W}sdt":
                inner = block.find(f"{W}sdtContent")
                if inner is not None and not _is_contents(block):
                    self.read(inner)
            elif block.tag in (f"{W}ins", f"{W}moveTo", f"{W}customXml", f"{W}smartTag"):
                self.read(block)

    def _table(self, table: Any) -> None:
        rows = [list(row) for _, row in groupby(_cells(table), _row_of)]
        texts = [[_cell_text(cell) for cell in row] for row in rows]
        listing = is_list(texts)
        for row, told in zip(rows, texts, strict=True):
            joined = row_line(told) if listing else ""
            if joined:
                for paragraph in chain.from_iterable(cell.findall(f"{W}p") for cell in row):
                    # Numbers count on, although a cell's is not shown.
                    self._numbering.number(paragraph)
                self._cells[self._length] = ROW
                self._add(joined)
                continue
            for cell, kind in zip(row, cell_kinds(told), strict=True):
                place, first = self._length, len(self._lines)
                self.read(cell)
                if listing and kind:
                    added = "\n".join(self._lines[first:])
                    self._cells[place + len(added) - len(added.lstrip())] = kind

    def _paragraph(self, paragraph: Any) -> None:
        number, depth = self._numbering.number(paragraph)
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        name, outline = self._styles.get("" if style is None else style.get(f"{W}val"), ("", 0))
        if not name.startswith("toc "):
            text = "".join(_text(paragraph))
            if text.strip():
                start = self._length + len(text) - len(text.lstrip())
                if number:
                    self._numbers[start] = number
                if outline or depth:
                    self._levels[start] = outline or depth
            self._add(text)
        for box in _boxes(paragraph):
            self.read(box)

    def _add(self, text: str) -> None:
        self._lines.append(text)
        self._length += len(text) + 1


def _text(element: Any) -> Iterator[str]:
    for child in element:
        if child.tag in (f"{W}t", f"{_M}t"):
            yield child.text or ""
        elif child.tag == f"{W}br":
            yield "" if child.get(f"{W}type") in ("page", "column") else "\n"
        elif child.tag == f"{W}sym":
            yield _symbol(child)
        elif child.tag in _MARKS:
            yield _MARKS[child.tag]
        elif child.tag == f"{W}r" and _is_hidden(child):
            continue
        elif child.tag not in _SKIPPED and child.tag != _BOX:
            yield from _text(child)


def _symbol(element: Any) -> str:
    code = int(element.get(f"{W}char") or "FFFD", 16)
    # Symbol fonts use the private area: what they show is unknown here.
    return "\N{REPLACEMENT CHARACTER}" if 0xE000 <= code <= 0xF8FF else chr(code)


def _is_hidden(run: Any) -> bool:
    mark = run.find(f"{W}rPr/{W}vanish")
    return mark is not None and mark.get(f"{W}val") not in ("0", "false", "off")


def _boxes(element: Any) -> Iterator[Any]:
    """Outermost text boxes anchored in a paragraph, each once."""
    for child in element:
        if child.tag == _BOX:
            yield child
        elif child.tag not in _SKIPPED:
            yield from _boxes(child)


def _cells(table: Any) -> Iterator[Any]:
    """Cells row by row; what continues a vertically merged cell and deleted rows are left out."""
    for row in table.iter(f"{W}tr"):
        if _table_of(row) is not table or row.find(f"{W}trPr/{W}del") is not None:
            continue
        for cell in row.iter(f"{W}tc"):
            if _table_of(cell) is not table:
                continue
            merge = cell.find(f"{W}tcPr/{W}vMerge")
            if merge is None or merge.get(f"{W}val") == "restart":
                yield cell


def _table_of(element: Any) -> Any:
    return next(element.iterancestors(f"{W}tbl"))


def _row_of(cell: Any) -> Any:
    return next(cell.iterancestors(f"{W}tr"))


def _cell_text(cell: Any) -> str | None:
    """The text of a cell of at most one paragraph; None for more than that."""
    paragraphs = [child for child in cell if child.tag != f"{W}tcPr"]
    if any(child.tag != f"{W}p" or next(_boxes(child), None) is not None for child in paragraphs):
        return None
    told = [text for text in ("".join(_text(p)).strip() for p in paragraphs) if text]
    return None if len(told) > 1 else "".join(told)


def _is_contents(control: Any) -> bool:
    gallery = control.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
    return gallery is not None and gallery.get(f"{W}val") == "Table of Contents"
