"""Finds headings, reporting bodies and, in a compilation, where one report ends and another begins.

All that is found here is a guess and is marked so in `Report.guessed`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from practicelib.records.report import Report, Section, Sentence, Source
from practicelib.text.script import to_simplified
from practicelib.text.splitting import CLOSERS, TERMINATORS, Line, split_lines, split_sentences

HEADING_LIMIT = 64
"""Longest heading in characters; longer lines without a full stop are taken as body text."""
_UNIT_LIMIT = 32
_TITLE_LINES = 2

_NUMBERS = (
    re.compile(r"第[一二三四五六七八九十百\d]+[章部篇编]"),
    re.compile(r"[一二三四五六七八九十]+\s*[、.．]"),
    re.compile(r"[（(][一二三四五六七八九十]+[)）]"),
    re.compile(r"\d{1,2}\s*[、.．](?!\d)"),
    re.compile(r"[（(]\d{1,2}[)）]|[①-⑳]"),
)
# The tail of a body's name; what a report is signed with.
_BODY = re.compile(
    r"(?:党工委|工作党委|党委|区委|县委|市委|省委|旗委|州委|镇委|乡委|党总支|总支部|党支部|党组"
    r"|委员会|办事处|居委会|村委会|政府|管委会|组织部|宣传部|统战部|政法委|纪委监委|纪委|办公室|民政局|公安局"
    r"|公安分局|教育局|卫健委|卫生局|医院|学校|中学|小学|大学|学院|集团|公司|协会|研究室|课题组|编辑部"
    r"|街道|社区|居民区|派出所|局|厅|处|镇|乡|村|区|县|市)$"
)
# A line that is a date and no more, as it stands under a title or at the end.
_DATE = re.compile(
    r"[（(]?(?:\d{4}|[一二三四五六七八九〇○零]{4})\s*(?:年|[./-])\s*"
    r"(?:[\d一二三四五六七八九十]{1,3}\s*(?:月|[./-])?\s*(?:[\d一二三四五六七八九十]{1,3}\s*日?)?)?"
    r"\s*(?:(?:星期|周)[一二三四五六日天])?[)）]?"
)
_BRACKETS = "（）()【】[]〔〕 \u3000"
_NOT_A_NAME = re.compile(
    r"[，,。；;：:！!？?“”\"]|——|的|了|与|着力|推进|打造|建设$|^[一二三四五六七八九十]+、"
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


def is_body_name(text: str) -> bool:
    """Whether a line reads as the name of the body that reports, brackets left aside."""
    name = to_simplified(text).strip(_BRACKETS)
    return bool(
        2 < len(name) <= _UNIT_LIMIT and _BODY.search(name) and not _NOT_A_NAME.search(name)
    )


def split_reports(
    text: str, source: Source | None = None, *, rejoin: bool = False, segment: str = "sentence"
) -> list[Report]:
    """The reports of a text in order; before the first, its lead-in where there is one.

    A new report begins where body text is followed by a title of one or two lines and the name of
    a body. `segment="line"` takes each line as one sentence.
    """
    lines = split_lines(text, rejoin=rejoin)
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
    text: str, source: Source | None = None, *, rejoin: bool = False, segment: str = "sentence"
) -> Report:
    """The whole text as one report."""
    return _build(text, split_lines(text, rejoin=rejoin), 0, len(text), source, segment)


def _report_starts(text: str, lines: Sequence[Line]) -> list[int]:
    """Indices of the lines that open a report: its first title line."""
    starts = []
    for index, line in enumerate(lines):
        if not is_body_name(text[line.start : line.end]):
            continue
        last = index
        while last > 0 and _is_date(text, lines[last - 1]):
            last -= 1
        first = last
        while first > 0 and last - first < _TITLE_LINES and _is_title(text, lines[first - 1]):
            first -= 1
        # What is above a title: text, or the signature and date of the report before.
        follows_body = first == 0 or not _is_title(text, lines[first - 1])
        body_follows = index + 1 < len(lines) and not is_body_name(
            text[lines[index + 1].start : lines[index + 1].end]
        )
        if first < last and follows_body and body_follows:
            starts.append(first)
    return starts


def _is_title(text: str, line: Line) -> bool:
    content = text[line.start : line.end]
    return is_heading(content) and not is_body_name(content) and not _is_date(text, line)


def _is_date(text: str, line: Line) -> bool:
    return _DATE.fullmatch(text[line.start : line.end]) is not None


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
    title = "　".join(titles)
    sections: list[Section] = []
    sentences: list[Sentence] = []
    for number, line in enumerate(lines):
        units = [(line.start, line.end)]
        if segment == "sentence":
            units = list(split_sentences(text, line.start, line.end))
        content = text[line.start : line.end]
        heading = len(units) == 1 and is_heading(content) and not _is_date(text, line)
        if heading and number >= head and kind == "report":
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
        unit.strip(_BRACKETS),
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
    for count, line in enumerate(lines):
        content = text[line.start : line.end]
        if count and is_body_name(content):
            return count + 1, titles, content
        if _is_date(text, line):
            continue
        if not is_heading(content) or (titles and _is_numbered(content)):
            return count, titles, ""
        if len(titles) == _TITLE_LINES:
            # Lines without a number one after the other: sections, of which none is empty.
            break
        titles.append(content)
        alone = alone or count + 1
    return alone, titles[:1], ""


def _is_numbered(text: str) -> bool:
    return any(number.match(to_simplified(text)) for number in _NUMBERS)
