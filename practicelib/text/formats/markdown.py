"""Markdown: one line a block, without its marks."""

from __future__ import annotations

import re
from collections.abc import Iterable

from practicelib.text.formats.base import Extracted, Given
from practicelib.text.formats.cells import FoundLine, table_lines
from practicelib.text.formats.html_guard import without_comments
from practicelib.text.formats.lines import collapse, joined_lines
from practicelib.text.formats.plain import decoded_text

_FENCE = re.compile(r"\s{0,3}(```+|~~~+)")
_HEADING = re.compile(r"\s{0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
_UNDERLINE = re.compile(r"\s{0,3}(=+|-+)\s*$")
_RULE = re.compile(r"\s{0,3}(?:(?:\*\s*){3,}|(?:-\s*){3,}|(?:_\s*){3,})$")
_ITEM = re.compile(r"\s*[-*+]\s+(?=\S)")
_QUOTE = re.compile(r"\s{0,3}(?:>\s?)+")
# One dash a column is enough where a bar parts them.
_TABLE_RULE = re.compile(
    r"\s*(?:\|?\s*:?-{3,}:?|(?=[^|]*\|)\|?\s*:?-+:?)\s*(?:\|\s*:?-+:?\s*)*\|?\s*$"
)
_BAR = re.compile(r"(?<!\\)\|")
_ORDERED = re.compile(r"\s*\d{1,9}[.)]\s")
_YAML_KEY = re.compile(r"[^\s:-][^:]{0,100}:(?:\s|$)")
_YAML_LINE = re.compile(rf"[ \t#]|-(?:\s|$)|[\]}}]|{_YAML_KEY.pattern}")
_MARK_LIMIT = 1000
# Bounded lengths: marks that are never closed must not cost quadratic time.
_INLINE = (
    (re.compile(r"!\[([^\]]{0,300})\]\([^)]{0,500}\)"), ""),
    (re.compile(r"\[([^\]]{1,300})\]\([^)]{0,500}\)"), r"\1"),
    (re.compile(r"(?<!\\)(\*\*|__)(?=\S)(.{1,500}?)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<![\\*])\*(?=[^\s*])([^*]{1,500}?)(?<=[^\s*])\*"), r"\1"),
    (re.compile(r"(?<!`)`([^`]{1,500})`"), r"\1"),
    (re.compile(r"\\([\\`*_{}\[\]()#+.!|>~-])"), r"\1"),
)


def extract_markdown(content: bytes, given: Given) -> Iterable[Extracted]:
    """Text of Markdown: one line a block; code blocks and front matter are left out.

    Marks of headings, lists (ordered numbers stay), quotes, emphasis, links and tables are taken
    away; the lines of a paragraph are joined.
    """
    text, source = decoded_text(content, given)
    lines = _markdown_lines(text)
    if not lines:
        raise given.refuse("the file holds no text but code or front matter")
    return [joined_lines(lines, source)]


def _markdown_lines(text: str) -> list[FoundLine]:
    text = without_comments(text)
    found: list[FoundLine] = []
    paragraph: list[str] = []
    table: list[list[list[FoundLine]]] = []

    def close(level: int = 0) -> None:
        line = collapse(_inline("\n".join(paragraph))).strip(" ")
        paragraph.clear()
        if line.strip():
            found.append((line, level, ""))

    def end_table() -> None:
        found.extend(table_lines(table))
        table.clear()

    fence = ""
    for raw in _without_front_matter(text.splitlines()):
        opened = _FENCE.match(raw)
        if fence or opened:
            close()
            fence = _fence_after(fence, opened)
            continue
        line = _after(_QUOTE, raw)
        if not line.lstrip().startswith("|"):
            end_table()
        # A longer line is none of these, and trying could cost quadratic time.
        short = len(line) <= _MARK_LIMIT
        heading = _HEADING.match(line) if short else None
        if heading:
            close()
            paragraph.append(heading[2])
            close(len(heading[1]))
        elif paragraph and _UNDERLINE.match(line):
            close(1 if "=" in line else 2)
        elif not line.strip() or (short and (_RULE.match(line) or _TABLE_RULE.match(line))):
            close()
        elif line.lstrip().startswith("|"):
            close()
            table.append([_cell(cell) for cell in _BAR.split(line.strip().strip("|"))])
        else:
            if _ITEM.match(line) or _ORDERED.match(line):
                close()
            paragraph.append(_after(_ITEM, line).strip(" \t"))
            if line.endswith("  "):
                close()
    close()
    end_table()
    return found


def _cell(text: str) -> list[FoundLine]:
    line = collapse(_inline(text)).strip()
    return [(line, 0, "")] if line else []


def _after(mark: re.Pattern[str], line: str) -> str:
    """A line without the mark it begins with."""
    found = mark.match(line)
    return line[found.end() :] if found else line


def _fence_after(fence: str, mark: re.Match[str] | None) -> str:
    """The fence that is open after a line."""
    if not fence:
        return mark[1] if mark else ""
    return "" if mark and mark[1].startswith(fence) else fence


def _without_front_matter(lines: list[str]) -> list[str]:
    if lines and lines[0].strip() == "---":
        for number, line in enumerate(lines[1:], start=1):
            if line.strip() in ("---", "..."):
                return lines[number + 1 :] if _is_yaml(lines[1:number]) else lines
    return lines


def _is_yaml(lines: Iterable[str]) -> bool:
    """Whether lines are keys with their values; text between two rules is not to be lost."""
    told = [line for line in lines if line.strip()]
    # A comment of YAML may be a heading of Markdown.
    first = next((line for line in told if not line.startswith("#")), "")
    return not told or (bool(_YAML_KEY.match(first)) and all(map(_YAML_LINE.match, told)))


def _inline(text: str) -> str:
    for pattern, replacement in _INLINE:
        text = pattern.sub(replacement, text)
    return text
