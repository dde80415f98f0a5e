"""Makes Word files: python-docx for what it can do, raw XML for what it cannot."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import docx
from docx.oxml import parse_xml

_NS = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:v="urn:schemas-microsoft-com:vml"'
    ' xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)


def saved(document: Any) -> bytes:
    """The bytes of a document."""
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def plain(lines: Sequence[str]) -> bytes:
    """A document of paragraphs."""
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    return saved(document)


def with_body(*blocks: str) -> bytes:
    """A document whose body is the given XML blocks."""
    document = docx.Document()
    body = document.element.body
    for block in blocks:
        body.insert(len(body) - 1, element(block))
    return saved(document)


def element(xml: str) -> Any:
    """An XML element with the usual name spaces, declared at its first tag."""
    head, mark, tail = xml.partition(">")
    if head.endswith("/"):
        head, mark = head[:-1], "/>"
    return parse_xml(f"{head} {_NS}{mark}{tail}")


def run(text: str, properties: str = "") -> str:
    """XML of a run."""
    before = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{before}<w:t xml:space="preserve">{text}</w:t></w:r>'


def numbered(
    levels: Sequence[tuple[str, str]],
    paragraphs: Sequence[tuple[int | None, str]],
    start: int = 1,
) -> bytes:
    """Paragraphs under automatic numbering, which begins with `start`.

    `levels` gives the format and text of each level ("chineseCounting", "%1、"); a paragraph has
    the place of its level or None.
    """
    document = docx.Document()
    numbering = document.part.numbering_part.element
    inner = "".join(
        f'<w:lvl w:ilvl="{i}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for i, (form, text) in enumerate(levels)
    )
    numbering.insert(0, element(f'<w:abstractNum w:abstractNumId="900">{inner}</w:abstractNum>'))
    numbering.append(element('<w:num w:numId="901"><w:abstractNumId w:val="900"/></w:num>'))
    for level, text in paragraphs:
        paragraph = document.add_paragraph(text)
        if level is not None:
            properties = paragraph._p.get_or_add_pPr()
            properties.append(
                element(f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="901"/></w:numPr>')
            )
    return saved(document)


def box(text: str) -> str:
    """A paragraph with a text box as Word writes it: once for new programs, once for old ones."""
    inner = f"<w:txbxContent><w:p>{run(text)}</w:p></w:txbxContent>"
    return (
        f"<w:p>{run('框前文字。')}<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing>"
        f"<wp:anchor><a:graphic><a:graphicData><wps:wsp><wps:txbx>{inner}</wps:txbx></wps:wsp>"
        "</a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice><mc:Fallback><w:pict>"
        f"<v:shape><v:textbox>{inner}</v:textbox></v:shape></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r></w:p>"
    )
