"""Agreement as tables: for a terminal, Markdown, CSV, JSON and data frames."""

from __future__ import annotations

import json
import math
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from practicelib.files.tables import csv_text
from practicelib.records.agreement import Coefficient
from practicelib.records.consistency import Consistency
from practicelib.records.views import renders
from practicelib.show.consistency_numbers import (
    count,
    limits,
    number,
    signed,
    signed_with_limits,
    with_limits,
)
from practicelib.show.consistency_words import (
    KINDS,
    SET_NAMES,
    WORDS,
    facts,
    remarks,
    short_cells,
    short_columns,
    summary,
    verdict,
    versions_warning,
    whose,
)
from practicelib.show.frames import data_frame
from practicelib.show.terminal import paint, safe, table, wrap

Rows = list[list[str]]
Section = tuple[str, list[str], Rows]

COLUMNS = (
    *("level", "name", "coefficient", "value", "low", "high", "interval", "percent"),
    *("sentences", "codings", "units", "reason", "notes", "between"),
)
DISPUTES_SHOWN = 20


def sections(result: Consistency, lang: str, *, full: bool, bias: bool = True) -> Iterator[Section]:
    """Title, header and rows of each table; only the first without `full`."""
    words = WORDS[lang]
    header = [words["category"], *short_columns(lang, result.basis.level)]
    rows = [[c.name(lang), *short_cells(c, lang)] for c in result]
    yield "", header, rows
    if not full:
        return
    yield (
        words["sets"],
        ["", "α", words["interval"], words["notes"]],
        [
            [SET_NAMES[c.name], number(c.value), limits(c.interval), remarks(c, lang)]
            for c in result.sets
        ],
    )
    yield (
        words["others"],
        [words["category"], *(words[k] for k in ("kappa", "fleiss", "ac1", "pabak"))],
        [
            [
                c.name(lang),
                *(with_limits(x) for x in (c.kappa, c.fleiss, c.ac1, c.pabak)),
            ]
            for c in result
        ],
    )
    yield from _coder_sections(result, lang, bias)
    yield from _round_sections(result, lang)
    yield _dispute_section(result, lang)


def _coder_sections(result: Consistency, lang: str, bias: bool) -> Iterator[Section]:
    words, names = WORDS[lang], [c.name(lang) for c in result]
    if result.coders:
        yield (
            words["coders"],
            [
                words["coder"],
                words["kind"],
                words["overlap"],
                words["without"],
                words["influence"],
                *(f"{words['bias']}: {name}" for name in names if bias),
            ],
            [
                [
                    c.coder.name,
                    KINDS[lang][c.coder.kind],
                    count(c.sentences),
                    number(c.without.value),
                    signed_with_limits(c.influence),
                    *(signed_with_limits(b) for b in c.bias if bias),
                ]
                for c in result.coders
            ],
        )
    every = [coder.name for coder in result.basis.coders]
    yield (
        words["pairs"],
        [words["coder"], *every],
        [[name, *(_pair(result, a, b) for b in range(len(every)))] for a, name in enumerate(every)],
    )
    if result.groups:
        yield (
            words["source"],
            [words["source"], words["sentences"], "MASI α", *names],
            [
                [
                    g.name,
                    count(g.sentences),
                    *(with_limits(c) for c in (g.sets, *g.categories)),
                ]
                for g in result.groups
            ],
        )


def _pair(result: Consistency, a: int, b: int) -> str:
    if a == b or not result.overlap[a, b]:
        return "·" if a == b else "–"
    low, high = (float(limit) for limit in result.pair_limits[a, b])
    shown = f"{number(float(result.pairs[a, b]))} ({result.overlap[a, b]})"
    return f"{shown} [{number(low)}, {number(high)}]" if math.isfinite(low) else shown


def _round_sections(result: Consistency, lang: str) -> Iterator[Section]:
    words = WORDS[lang]
    names = {c.key: c.name(lang) for c in result}
    if result.changes:
        yield (
            words["change"],
            [
                words["category"],
                words["round"],
                words["first"],
                words["second"],
                words["difference"],
                words["interval"],
                "",
            ],
            [
                [
                    names[c.key],
                    f"{c.first_round} → {c.second_round}",
                    number(c.first.value),
                    number(c.second.value),
                    signed(c.difference.value),
                    limits(c.difference.interval),
                    words["paired" if c.paired else "unpaired"],
                ]
                for c in result.changes
            ],
        )
    if result.selves:
        yield (
            words["self"],
            [words["coder"], words["round"], "MASI α", *names.values()],
            [
                [
                    s.coder.name,
                    f"{s.first_round} / {s.second_round}",
                    *(with_limits(c) for c in (s.sets, *s.categories)),
                ]
                for s in result.selves
            ],
        )


def _dispute_section(result: Consistency, lang: str) -> Section:
    words = WORDS[lang]
    names = {c.key: c.name(lang) for c in result}
    coders = [coder.name for coder in result.basis.coders]
    rows = [
        [
            number(d.disagreement, 2),
            safe(d.sentence.text or d.sentence.id)[:60],
            *(set_text(s, names, lang) for s in d.sets),
        ]
        for d in result.disputes[:DISPUTES_SHOWN]
    ]
    title = f"{words['disputes']} ({min(DISPUTES_SHOWN, len(result.disputes))}"
    header = [words["disagreement"], words["sentence"], *coders]
    return f"{title} / {len(result.disputes)})", header, rows


def set_text(chosen: Sequence[str] | None, names: dict[str, str], lang: str) -> str:
    """A coder's set in words; missing and none are told apart."""
    if chosen is None:
        return WORDS[lang]["missing"]
    return "、".join(names[key] for key in chosen) or WORDS[lang]["none"]


def _lines_of_notes(result: Consistency, lang: str) -> Iterator[str]:
    yield from summary(result, lang)
    masi = result.sets[0]
    yield f"{WORDS[lang]['sets']} MASI α = {with_limits(masi)}"
    yield from category_remarks(result, lang)
    if warning := versions_warning(result, lang):
        yield warning


def category_remarks(result: Consistency, lang: str) -> Iterator[str]:
    """Reasons and notes of alpha and kappa; once where it is the same for all categories."""
    for label, key in (("α", "alpha"), ("κ", "kappa")):
        texts = [remarks(getattr(category, key), lang) for category in result]
        if texts and texts[0] and len(set(texts)) == 1:
            yield f"{label} ({WORDS[lang]['every']}): {texts[0]}"
            continue
        for category, text in zip(result, texts, strict=True):
            if text:
                yield f"{label} ({category.name(lang)}): {text}"


def render_terminal(
    result: Consistency,
    *,
    lang: str = "zh",
    full: bool = False,
    colour: bool = False,
    columns: int = 100,
) -> str:
    """Agreement for a terminal; short by default."""
    tones = {"reliable": "green", "tentative": "yellow", "unreliable": "red", "undefined": "dim"}
    fold = wrap if lang == "zh" else textwrap.wrap
    lines = [paint(line, "bold", on=colour) for line in fold(whose(result.basis, lang), columns)]
    lines.extend(fold(facts(result.basis, lang), columns))
    for title, header, rows in sections(result, lang, full=full):
        lines.extend(["", *([paint(title, "bold", on=colour)] if title else [])])
        drawn = table(header, rows).split("\n") if rows else [WORDS[lang]["none"]]
        if not title:
            tone = [tones[verdict(category.alpha)] for category in result]
            drawn[2:] = [paint(x, t, on=colour) for x, t in zip(drawn[2:], tone, strict=True)]
        lines.extend(drawn)
        if not title:
            lines.append("")
            lines.extend(_lines_of_notes(result, lang))
    return "\n".join(lines) + "\n"


def to_markdown(result: Consistency, *, lang: str = "zh", full: bool = False) -> str:
    """Agreement as Markdown tables."""
    lines = [f"# {WORDS[lang]['title']}", "", f"**{whose(result.basis, lang)}**", ""]
    lines.append(facts(result.basis, lang))
    for title, header, rows in sections(result, lang, full=full):
        lines.extend(["", *([f"## {title}", ""] if title else [])])
        lines.append(_markdown_row(header))
        lines.append("|" + " --- |" * len(header))
        lines.extend(_markdown_row(row) for row in rows)
        if not title:
            lines.extend(["", *(f"- {_inert(line)}" for line in _lines_of_notes(result, lang))])
    return "\n".join(lines) + "\n"


def _markdown_row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(_inert(cell) for cell in cells) + " |"


def _inert(text: str) -> str:
    """Text that Markdown neither takes for a cell's end nor for HTML."""
    escaped = text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")
    return escaped.replace("\n", " ").replace("`", "\\`").replace("*", "\\*").replace("_", "\\_")


def coefficient_rows(result: Consistency) -> Iterator[list[Any]]:
    """Every coefficient as a flat row (see `to_csv`)."""

    def row(level: str, name: str, c: Coefficient) -> list[Any]:
        i = c.interval
        figures = [_plain(v) for v in (c.value, i.low, i.high)]
        counts = [c.sentences, c.codings, i.units, c.reason, ";".join(c.notes)]
        return [
            *(level, name, c.name, *figures, i.method, _plain(c.percent)),
            *(*counts, result.basis.between),
        ]

    for coefficient in result.sets:
        yield row("sets", "", coefficient)
    for category in result:
        for coefficient in category.coefficients:
            yield row("category", category.key, coefficient)
    for coder in result.coders:
        yield row("coder", coder.coder.name, coder.without)
        yield row("coder", coder.coder.name, coder.influence)
        for category, bias in zip(result, coder.bias, strict=True):
            yield row("coder", f"{coder.coder.name}/{category.key}", bias)
    for group in result.groups:
        yield row("source", group.name, group.sets)
        for category, alpha in zip(result, group.categories, strict=True):
            yield row("source", f"{group.name}/{category.key}", alpha)
    for change in result.changes:
        name = f"{change.key}/{change.first_round}/{change.second_round}"
        for coefficient in (change.first, change.second, change.difference):
            yield row("change", name, coefficient)
    for own in result.selves:
        yield row("self", f"{own.coder.name}/{own.first_round}/{own.second_round}", own.sets)


def _plain(value: float) -> float | str:
    return round(value, 6) if math.isfinite(value) else ""


def to_csv(result: Consistency) -> str:
    """One row a coefficient: level, name, coefficient, value, interval, counts, reason, notes."""
    return csv_text(COLUMNS, coefficient_rows(result))


@renders(Consistency, "frame")
def to_frame(result: Consistency) -> Any:
    """A pandas DataFrame of the same rows."""
    frame = data_frame(COLUMNS, coefficient_rows(result))
    return frame.astype(dict.fromkeys(("value", "low", "high", "percent"), float))


def to_json(result: Consistency) -> str:
    """All of the result as one JSON object with plain numbers; undefined figures are null."""
    content = asdict(result)
    for entry, category in zip(content["categories"], result.categories, strict=True):
        entry["verdict"] = verdict(category.alpha)
    content["statement"] = whose(result.basis, "en")
    return json.dumps(_jsonable(content), ensure_ascii=False, indent=2) + "\n"


def _jsonable(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _jsonable(item) for key, item in value.items()}
    if isinstance(value, np.ndarray):
        return _jsonable(value.tolist())
    if isinstance(value, (list, tuple)):
        return [_jsonable(item) for item in value]
    if isinstance(value, float):
        return round(value, 6) if math.isfinite(value) else None
    return value
