"""Finds headings, reporting bodies and, in a compilation, where one report ends and another begins.

All that is found here is a guess and is marked so in `Report.guessed`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from practicelib.records.report import Report, Section, Sentence, Source
from practicelib.text.bodies import body_name, is_byline, is_date
from practicelib.text.contents import mark_contents
from practicelib.text.script import to_simplified
from practicelib.text.splitting import (
    CELL,
    CLOSERS,
    CONTENTS,
    NO_CELLS,
    ROW,
    TERMINATORS,
    Line,
    split_lines,
    split_sentences,
)

HEADING_LIMIT = 64
"""Longest heading in characters; longer lines without a full stop are taken as body text."""
_TITLE_LINES = 2
_SIGNATURE_LINES = 3

_NUMBERS = (
    re.compile(r"第[一二三四五六七八九十百\d]+[章部篇编]"),
    re.compile(r"[一二三四五六七八九十]+\s*[、.．]"),
    re.compile(r"[（(][一二三四五六七八九十]+[)）]"),
    re.compile(r"\d{1,2}\s*[、.．](?!\d)"),
    re.compile(r"[（(]\d{1,2}[)）]|[①-⑳]"),
)


def is_heading(text: str) -> bool:
    """Whether a whole line reads as a heading: short and without the stop of a sentence.

    A stop may stand within closing quotes and brackets, and be a Latin one, but for that of a bare
    number.
    """
    if len(text) > HEADING_LIMIT or text[-1] in "，,；;：:、…":
        return False
    bare = text.rstrip(CLOSERS + "\"'")
    if bare[-1:] in (".", "．"):
        return bare[:-1].isdigit()
    return bare[-1:] not in tuple(TERMINATORS)


def heading_level(text: str) -> int:
    """1 for chapters, 一、 and headings without a number, 2 for （一）, 3 for 1., 4 for (1)."""
    for level, number in enumerate(_NUMBERS):
        if number.match(to_simplified(text)):
            return max(level, 1)
    return 1


def split_reports(
    text: str,
    source: Source | None = None,
    *,
    rejoin: bool = False,
    segment: str = "sentence",
    cells: Mapping[int, str] = NO_CELLS,
) -> list[Report]:
    """The reports of a text in order; before the first, its lead-in where there is one.

    A new report begins where body text is followed by a title of one or two lines and the name of
    a body; never in the list of contents, nor in a cell of a table. `segment="line"` takes each
    line as one sentence; `cells` is that of `split_lines`.
    """
    lines = mark_contents(text, split_lines(text, rejoin=rejoin, cells=cells))
    starts = _report_starts(text, lines)
    if len(starts) < 2:
        return [_build(text, lines, 0, len(text), source, segment)] if lines else []
    reports = []
    if starts[0] > 0:
        end = lines[starts[0]].start
        lead_in = _build(text, lines[: starts[0]], 0, end, source, segment, kind="lead-in")
        reports.append(lead_in)
    for first, last in zip(starts, [*starts[1:], len(lines)], strict=True):
        end = lines[last].start if last < len(lines) else len(text)
        start = lines[first].start if first else 0
        reports.append(_build(text, lines[first:last], start, end, source, segment))
    return reports


def whole_report(
    text: str,
    source: Source | None = None,
    *,
    rejoin: bool = False,
    segment: str = "sentence",
    cells: Mapping[int, str] = NO_CELLS,
) -> Report:
    """The whole text as one report; options as in `split_reports`."""
    lines = mark_contents(text, split_lines(text, rejoin=rejoin, cells=cells))
    return _build(text, lines, 0, len(text), source, segment)


def _report_starts(text: str, lines: Sequence[Line]) -> list[int]:
    """Indices of the lines that open a report: its first title line."""
    starts = []
    for index, line in enumerate(lines):
        if not _is_body(text, line):
            continue
        last = index
        while last > 0 and _is_aside(text, lines[last - 1]):
            last -= 1
        first = last
        while first > 0 and last - first < _TITLE_LINES and _is_title(text, lines[first - 1]):
            first -= 1
        # What is above a title: text, or the signature and date of the report before.
        follows_body = first == 0 or not _is_title(text, lines[first - 1])
        body_follows = index + 1 < len(lines) and not _is_body(text, lines[index + 1])
        if first < last and follows_body and body_follows:
            starts.append(first)
    return starts


def _is_title(text: str, line: Line) -> bool:
    content = text[line.start : line.end]
    if line.kind or not is_heading(content):
        return False
    return not body_name(content) and not _is_aside(text, line)


def _is_body(text: str, line: Line) -> bool:
    return not line.kind and bool(body_name(text[line.start : line.end]))


def _is_aside(text: str, line: Line) -> bool:
    """Whether a line is a date, a byline or marks only, which stand around titles and are none."""
    content = text[line.start : line.end]
    return is_date(content) or is_byline(content) or _is_rule(content)


def _is_rule(content: str) -> bool:
    return not any(map(str.isalnum, content))


def _build(
    text: str,
    lines: Sequence[Line],
    start: int,
    end: int,
    source: Source | None,
    segment: str,
    kind: str = "report",
) -> Report:
    head, titles, unit = (0, [], "") if kind == "lead-in" else _head(text, lines)
    unit = unit or (_signature(text, lines) if kind == "report" else "")
    title = "　".join(titles)
    sections: list[Section] = []
    sentences: list[Sentence] = []
    for number, line in enumerate(lines):
        units = [(line.start, line.end)]
        if segment == "sentence":
            units = list(split_sentences(text, line.start, line.end))
        content = text[line.start : line.end]
        heading = len(units) == 1 and line.kind not in (ROW, CELL) and is_heading(content)
        heading = heading and not _is_aside(text, line)
        section = heading and line.kind != CONTENTS
        if section and number >= head and kind == "report":
            sections.append(Section(content, line.start, line.end, heading_level(content)))
        sentences.extend(Sentence(text[a:b], a, b, heading, len(sections) - 1) for a, b in units)
    guessed = frozenset(
        name for name, found in (("title", title), ("unit", unit), ("sections", sections)) if found
    )
    return Report(
        text,
        start,
        end,
        title,
        unit,
        tuple(sections),
        tuple(sentences),
        source or Source(),
        guessed,
        kind,
    )


def _head(text: str, lines: Sequence[Line]) -> tuple[int, list[str], str]:
    """How many of the first lines are title, date and body's name; the title's lines; the name."""
    titles: list[str] = []
    alone = 0
    closed = False
    for count, line in enumerate(lines):
        content = text[line.start : line.end]
        if line.kind or _is_aside(text, line):
            # A rule or a byline under a title is its end; a date is not.
            closed = closed or (bool(titles) and not is_date(content))
            continue
        if count and (unit := body_name(content)):
            return count + 1, titles, unit
        if closed or not is_heading(content) or (titles and _is_numbered(content)):
            return count, titles, ""
        if len(titles) == _TITLE_LINES:
            # Lines without a number one after the other: sections, of which none is empty.
            break
        titles.append(content)
        alone = alone or count + 1
    return alone, titles[:1], ""


def _signature(text: str, lines: Sequence[Line]) -> str:
    """The body that signs at the end, above or below a date; empty where none does."""
    for line in lines[: -1 - _SIGNATURE_LINES : -1]:
        if not _is_aside(text, line):
            return "" if line.kind else body_name(text[line.start : line.end])
    return ""


def _is_numbered(text: str) -> bool:
    return any(number.match(to_simplified(text)) for number in _NUMBERS)
