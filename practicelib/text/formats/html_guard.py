"""Takes out of a page what the standard library's parser needs quadratic time for, or fails at.

What is never closed is dropped to the end, as the HTML standard has it (13.2.5, "eof-in-tag",
"eof-in-comment"); `<![...]>` is a comment there ("cdata-in-html-content").
"""

from __future__ import annotations

import re

_OPENING = re.compile(r"<[a-zA-Z/!?]")
_SECTION = re.compile(r"<!\[[^>]*>")
_GIANT = re.compile(r"&#(?:[xX][0-9a-fA-F]{8,}|[0-9]{8,});?")


def bounded(text: str) -> str:
    """The same page, to be parsed in linear time."""
    text = _without_open_comment(text)
    end = text.rfind(">") + 1
    opened = _OPENING.search(text, end)
    if opened:
        text = text[: opened.start()]
    # No such number is a character's; Python would refuse to read a very long one.
    return _GIANT.sub("\N{REPLACEMENT CHARACTER}", _SECTION.sub("", text))


def _without_open_comment(text: str) -> str:
    begin = text.find("<!--", max(text.rfind("-->"), 0))
    return text if begin < 0 else text[:begin]


def without_comments(text: str) -> str:
    """Markdown without its comments; one that is never closed is text."""
    pieces: list[str] = []
    at = 0
    while (begin := text.find("<!--", at)) >= 0:
        end = text.find("-->", begin + 4)
        if end < 0:
            break
        pieces.append(text[at:begin])
        at = end + 3
    return "".join(pieces) + text[at:]
