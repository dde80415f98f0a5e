"""Tagged reports as a table for people: sentence, categories, strongest words."""

from __future__ import annotations

from collections.abc import Iterator

from practicelib.records.tags import CategoryEvidence, Coding, TaggedReport, TaggedSentence
from practicelib.show.evidence import readable
from practicelib.show.tagged_rows import case_columns, case_values, column_names
from practicelib.show.terminal import CATEGORY_COLOURS, fit, paint, safe, width, wrap

_WORDS = {
    "zh": ("句", "字", "无类别的句子", "存疑", "引言（不属于任何一篇）", "推测"),
    "en": ("sentences", "chars", "sentences without a category", "uncertain", "lead-in", "guessed"),
}
_LABEL_COLUMNS = 26
_WORD_COLUMNS = 34


def strongest_words(evidence: CategoryEvidence, count: int = 3) -> list[str]:
    """The strongest pieces of evidence, without those inside a stronger one."""
    chosen: list[tuple[int, int, str]] = []
    for span in readable(evidence):
        inside = any(span.start >= a and span.end <= b for a, b, _ in chosen)
        around = any(span.start <= a and span.end >= b for a, b, _ in chosen)
        if not inside and not around:
            # Lines that were put together keep their breaks.
            chosen.append((span.start, span.end, "".join(span.text.split())))
        if len(chosen) == count:
            break
    return [text for _, _, text in chosen]


def render_table(
    tagged: TaggedReport, *, lang: str = "zh", columns: int = 120, colour: bool = False
) -> Iterator[str]:
    """Lines of the table of one report."""
    yield from _heading(tagged, lang, colour)
    room = max(columns - _LABEL_COLUMNS - _WORD_COLUMNS - 4, 24)
    for sentence, tags in tagged:
        names = _names(tags, tagged.coding, lang, colour)
        words = ""
        if tags.labels:
            evidence = tags.evidence
            found = [
                w
                for label in tags.labels
                if label in evidence
                for w in strongest_words(evidence[label])
            ]
            words = " ".join(dict.fromkeys(safe(w) for w in found))
        lines = wrap(safe(sentence.text), room)
        style = ("bold",) if sentence.heading else ()
        for number, line in enumerate(lines):
            text = paint(fit(line, room), *style, on=colour)
            if number:
                yield text.rstrip()
            else:
                yield f"{text}  {_pad(*names)}  {fit(words, _WORD_COLUMNS)}".rstrip()


def _heading(tagged: TaggedReport, lang: str, colour: bool) -> Iterator[str]:
    report, words = tagged.report, _WORDS[lang]
    title = words[4] if report.kind == "lead-in" else safe(report.name)
    unit = f"  {safe(report.unit)}" if report.unit else ""
    mark = f" ({words[5]})" if "unit" in report.guessed else ""
    yield paint(f"== {title}{unit}{mark}", "bold", on=colour)
    counts = tagged.assigned.sum(axis=0)
    shares = [
        f"{tagged.coding.display_name(key, lang)} {count}"
        for key, count in zip(tagged.coding.categories, counts, strict=True)
    ]
    yield f"   {len(tagged)} {words[0]}: " + ", ".join(shares)
    if tagged.case is not None:
        columns = case_columns([tagged])
        names = column_names(tagged.coding, lang, columns)
        known = case_values(tagged.case, columns)
        yield "   " + ", ".join(safe(f"{names[k]}: {known[k]}") for k in columns if known[k])


def _names(tags: TaggedSentence, coding: Coding, lang: str, colour: bool) -> tuple[str, int]:
    plain, painted = [], []
    for key in dict.fromkeys((*tags.labels, *tags.uncertain)):
        name = coding.display_name(key, lang)
        if key not in tags.labels:
            name = f"({name}?)"
        elif key in tags.uncertain:
            name = f"{name}?"
        hue = CATEGORY_COLOURS[coding.categories.index(key) % len(CATEGORY_COLOURS)]
        plain.append(name)
        painted.append(paint(name, hue, on=colour))
    return " ".join(painted), width(" ".join(plain))


def _pad(painted: str, columns: int) -> str:
    return painted + " " * max(_LABEL_COLUMNS - columns, 0)
