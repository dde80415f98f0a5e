"""HTML: block elements become lines, everything else only loses its marks.

Scripts, styles, templates, forms' controls, `nav`, `head`, what the `hidden` attribute hides, and
lines that are navigation as a whole (`html_furniture.py`) are left out; `header` and `footer` stay,
as saved government pages keep titles and units there. White space collapses as in a browser; a line
break of the source between two wide characters vanishes (CSS Text 4, 4.1.2), so that no sentence is
broken at an inline tag.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from html.parser import HTMLParser
from itertools import chain, pairwise

from practicelib.errors import ReportError
from practicelib.files.decoding import decode, text_encoding
from practicelib.records.report import Source
from practicelib.text.formats.base import Extracted, Given, kind_of
from practicelib.text.formats.cells import FoundLine, table_lines
from practicelib.text.formats.html_furniture import is_furniture
from practicelib.text.formats.html_guard import bounded
from practicelib.text.formats.lines import collapse, joined_lines
from practicelib.text.formats.plain import decoded_text


def _names(names: str) -> frozenset[str]:
    return frozenset(names.split())


_BLOCKS = _names(
    "address article aside blockquote body br caption center dd details dialog dir div dl dt"
    " fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li"
    " main menu ol p pre section summary table tbody td tfoot th thead tr ul"
)
_DROPPED = _names(
    "button datalist head iframe nav noscript object script select style svg template"
    " textarea title audio video canvas math"
)
_VOID = _names("area base br col embed hr img input link meta source track wbr")
# Elements that end without an end tag: at one of these tags, or where an element around them ends
# (HTML standard, 13.1.2.4).
_ROWS = _names("tr tbody thead tfoot")
_ENDED_BY = {
    "p": _names(
        "address article aside blockquote center details dialog dir div dl fieldset figcaption"
        " figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr main menu nav ol p pre search"
        " section table ul li dd dt td th tr tbody thead tfoot"
    ),
    "li": _names("li"),
    "dt": _names("dt dd"),
    "dd": _names("dt dd"),
    "td": _names("td th") | _ROWS,
    "th": _names("td th") | _ROWS,
    "tr": _ROWS,
    **dict.fromkeys(("tbody", "thead", "tfoot"), _names("tbody thead tfoot")),
}
_ENDED_WITH = {
    "p": _BLOCKS - {"p", "br", "hr"},
    "li": _names("ul ol menu dir"),
    "dt": _names("dl"),
    "dd": _names("dl"),
    "td": _ROWS | {"table"},
    "th": _ROWS | {"table"},
    "tr": _names("tbody thead tfoot table"),
    **dict.fromkeys(("tbody", "thead", "tfoot"), _names("table")),
}
_HOLDERS = _names("ul ol menu dir dl table")
_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)


class _Blocks(HTMLParser):
    """Collects lines of text, with the level of each heading, and what each is in a table."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[FoundLine] = []
        self._tables: list[list[list[int]]] = []
        """Of each open table the rows, of each row where its cells begin in `lines`."""
        self._pieces: list[str] = []
        self._dropped: list[str] = []
        self._level = 0
        self._pre = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "body":
            self._dropped.clear()
        if self._dropped and tag in _ENDED_BY.get(self._dropped[-1], ()):
            self._dropped.pop()
        if self._dropped:
            # Only the element itself nested in itself has to be counted, and what may hold items
            # that would end it if they stood beside it.
            within = tag in _HOLDERS and self._dropped[0] in _ENDED_BY
            if tag == self._dropped[-1] or within:
                self._dropped.append(tag)
            return
        hidden = any(name == "hidden" for name, _ in attrs)
        if (tag in _DROPPED or hidden) and tag not in _VOID:
            self._dropped.append(tag)
            return
        if tag in _BLOCKS:
            self.end_line()
            self._pre += tag == "pre"
            self._begin_of_table(tag)
            if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
                self._level = int(tag[1])

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS and not self._dropped:
            self.end_line()

    def handle_endtag(self, tag: str) -> None:
        if self._dropped and tag in _ENDED_WITH.get(self._dropped[-1], ()):
            self._dropped.pop()
        if self._dropped:
            if tag == self._dropped[-1]:
                self._dropped.pop()
            elif tag in ("body", "html") or (tag == "head" and self._dropped[-1] == "title"):
                self._dropped.clear()
            return
        if tag in _BLOCKS:
            self.end_line()
            self._pre -= tag == "pre" and self._pre > 0
            self._level = 0
            if tag == "table" and self._tables:
                self._end_table()

    def handle_data(self, data: str) -> None:
        if self._dropped:
            return
        if self._pre:
            first, *others = data.splitlines() or [""]
            self._pieces.append(first)
            for line in others:
                self.end_line()
                self._pieces.append(line)
        else:
            self._pieces.append(data)

    def end_line(self) -> None:
        """Close the line that is being collected."""
        line = collapse("".join(self._pieces))
        self._pieces.clear()
        if line.strip() and not is_furniture(line):
            self.lines.append((line, self._level, ""))

    def _begin_of_table(self, tag: str) -> None:
        if tag == "table":
            self._tables.append([])
        elif self._tables and tag == "tr":
            self._tables[-1].append([])
        elif self._tables and self._tables[-1] and tag in ("td", "th"):
            self._tables[-1][-1].append(len(self.lines))

    def _end_table(self) -> None:
        """The lines of a table that lists things, row by row."""
        rows = [row for row in self._tables.pop() if row]
        if not rows:
            return
        starts = [*chain.from_iterable(rows), len(self.lines)]
        cells = iter([self.lines[a:b] for a, b in pairwise(starts)])
        self.lines[starts[0] :] = table_lines([[next(cells) for _ in row] for row in rows])


def extract_html(content: bytes, given: Given) -> Iterable[Extracted]:
    """Text of a saved page, one line a block; raises ReportError for a page without text."""
    text, source = _page_text(content, given)
    parser = _Blocks()
    try:
        parser.feed(bounded(text))
        parser.close()
    except (AssertionError, ValueError) as cause:
        raise given.refuse(f"not a readable page: {cause}") from cause
    parser.end_line()
    if not parser.lines:
        raise given.refuse("the page shows no text; it may be filled in by a script")
    return [joined_lines(parser.lines, source)]


_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# Browsers read both names as GB18030, and Big5 with the Hong Kong characters (WHATWG).
_READ_AS = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs"}


def _page_text(content: bytes, given: Given) -> tuple[str, Source]:
    """A byte-order mark wins, then what the page declares if it fits, then the rule."""
    declared = _CHARSET.search(content[:4096])
    if declared is None or given.encoding is not None or content.startswith(_MARKS):
        return decoded_text(content, given)
    if kind_of(content)[0]:
        return decoded_text(content, given)
    name = declared[1].decode("ascii").lower()
    name = _READ_AS.get(name, name)
    try:
        # A page whose declaration is found byte by byte is not in UTF-16, but in UTF-8 (WHATWG).
        if text_encoding(name).startswith(("utf-16", "utf-32")):
            name = "utf-8"
        found = decode(content, file=given.place, encoding=name)
    except ReportError:
        return decoded_text(content, given)
    return found.text, Source(given.file, found.encoding, 1.0, given.part)
