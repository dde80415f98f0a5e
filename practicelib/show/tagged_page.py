"""Tagged reports as one HTML page: each sentence with its categories, its evidence underlined."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

from practicelib.files.atomic import write_text
from practicelib.records.cases import STATUS
from practicelib.records.tags import CategoryEvidence, TaggedReport, TaggedSentence
from practicelib.records.views import renders
from practicelib.show.evidence import readable
from practicelib.show.page import render_page
from practicelib.show.tagged_rows import case_columns, case_values, column_names

_SHOWN = 8
_WORDS = {
    "zh": {
        "page_title": "经验材料编码结果",
        "legend": "每句右侧为其类别与概率；下划线为模型判断该类别时依据最强的词句。"
        "所示为报告中的表述，不等于实际做法。",
        "key": "标记",
        "sample": "类别",
        "key_sure": "已归入，计入篇首数目",
        "key_unsure": "已归入但存疑（概率处于存疑区间），计入篇首数目",
        "key_near": "未归入，但概率接近（处于存疑区间），不计入",
        "unsure": "存疑",
        "near": "未归入",
        "identity": "模型与编码本",
        "report": "材料",
        "unit": "报告单位",
        "sentences": "句",
        "guessed": "标题、单位与小节为自动推测",
        "case_guessed": "案例表此行为推测，未经确认",
        "case_confirmed": "案例表此行已确认",
        "mark": "推测",
        "lead_in": "（引言，不属于任何一篇）",
    },
    "en": {
        "page_title": "Coded reports",
        "legend": "Right of each sentence: its categories with probability; underlined is the"
        " strongest evidence. Shown is what reports say, not what was done.",
        "key": "Marks",
        "sample": "category",
        "key_sure": "assigned, counted at the top of the report",
        "key_unsure": "assigned but uncertain (in the abstention band), counted",
        "key_near": "not assigned, but near it (in the abstention band), not counted",
        "unsure": "uncertain",
        "near": "not assigned",
        "identity": "Model and codebook",
        "report": "Report",
        "unit": "Unit",
        "sentences": "sentences",
        "guessed": "title, unit and sections were guessed",
        "case_guessed": "this row of the case table is guessed, not confirmed",
        "case_confirmed": "this row of the case table is confirmed",
        "mark": "guessed",
        "lead_in": "(lead-in, part of no report)",
    },
}


@renders(TaggedReport, "html")
def tagged_report_page(
    tagged: TaggedReport, path: str | os.PathLike[str] | None = None, lang: str = "zh"
) -> str:
    """Page of one report."""
    return tagged_page([tagged], path, lang=lang)


@renders(TaggedReport, "fragment")
def tagged_report_fragment(tagged: TaggedReport) -> str:
    """The page in a frame of its own, so that a notebook's styles and the page's stay apart."""
    from html import escape

    source = escape(tagged_page([tagged]), quote=True)
    return f'<iframe sandbox srcdoc="{source}" style="width:100%;height:36rem;border:0"></iframe>'


def tagged_page(
    reports: Iterable[TaggedReport],
    path: str | os.PathLike[str] | None = None,
    *,
    lang: str = "zh",
) -> str:
    """Page of several reports; written to `path` where one is given."""
    every = list(reports)
    if not every:
        raise ValueError("no report to show")
    coding = every[0].coding
    page = render_page(
        "tagged.html",
        lang=lang,
        words=_WORDS[lang],
        categories=[coding.display_name(key, lang) for key in coding.categories],
        identity=f"{coding.name} {coding.model[:12]} · {coding.codebook[:12]}",
        reports=[_report(tagged, lang) for tagged in every],
    )
    if path is not None:
        write_text(path, page)
    return page


def _report(tagged: TaggedReport, lang: str) -> dict[str, Any]:
    report = tagged.report
    return {
        "title": _WORDS[lang]["lead_in"] if report.kind == "lead-in" else report.name,
        "unit": report.unit,
        "size": len(tagged),
        "note": _note(tagged, lang),
        "facts": _facts(tagged, lang),
        "doubt": tagged.case is not None and not tagged.case.confirmed,
        "counts": tagged.assigned.sum(axis=0).tolist(),
        "sentences": [
            {
                "heading": sentence.heading,
                "assigned": bool(tags.labels),
                "chips": _chips(tagged, tags, lang),
                "pieces": pieces_of(tagged, tags, lang),
            }
            for sentence, tags in tagged
        ],
    }


def _note(tagged: TaggedReport, lang: str) -> str:
    """What was guessed of a report, or whether somebody confirmed its row of the case table."""
    if tagged.case is not None:
        return _WORDS[lang]["case_confirmed" if tagged.case.confirmed else "case_guessed"]
    return _WORDS[lang]["guessed"] if tagged.report.guessed else ""


def _facts(tagged: TaggedReport, lang: str) -> list[str]:
    """What the case table says of a report besides title and unit."""
    columns = case_columns([tagged])
    names = column_names(tagged.coding, lang, columns)
    known = case_values(tagged.case, columns)
    return [f"{names[key]}: {value}" for key, value in known.items() if value and key != STATUS]


def _chips(tagged: TaggedReport, tags: TaggedSentence, lang: str) -> list[dict[str, Any]]:
    """The categories assigned, then those that are not but lie in the band, as in the table."""
    coding, probabilities = tagged.coding, tags.probabilities
    near = [key for key in tags.uncertain if key not in tags.labels]
    return [
        {
            "hue": coding.categories.index(key) % 6,
            "name": coding.display_name(key, lang),
            "probability": f"{probabilities[key]:.2f}",
            "state": _state(tags, key),
        }
        for key in (*tags.labels, *near)
    ]


def _state(tags: TaggedSentence, key: str) -> str:
    """What a chip says: "sure" and "unsure" are assigned and counted, "near" is neither."""
    if key not in tags.labels:
        return "near"
    return "unsure" if key in tags.uncertain else "sure"


def pieces_of(tagged: TaggedReport, tags: TaggedSentence, lang: str) -> list[dict[str, Any]]:
    """The sentence cut where the category that marks it most changes."""
    text, coding = tags.text, tagged.coding
    owner: list[tuple[float, int] | None] = [None] * len(text)
    evidence = tags.evidence if tags.labels else {}
    for number, key in enumerate(coding.categories):
        if key in tags.labels and key in evidence:
            for start, end, weight in underlined(evidence[key]):
                for i in range(start, end):
                    best = owner[i]
                    if best is None or weight > best[0]:
                        owner[i] = (weight, number)
    pieces: list[dict[str, Any]] = []
    for i, character in enumerate(text):
        found = owner[i]
        owned = None if found is None else found[1]
        if pieces and pieces[-1]["number"] == owned:
            pieces[-1]["text"] += character
        else:
            title = "" if owned is None else coding.display_name(coding.categories[owned], lang)
            hue = None if owned is None else owned % 6
            pieces.append({"number": owned, "hue": hue, "text": character, "title": title})
    return pieces


def underlined(evidence: CategoryEvidence) -> list[tuple[int, int, float]]:
    """Spans worth underlining: the strongest, as long as they add a tenth of the strongest."""
    strongest = readable(evidence)[:_SHOWN]
    if not strongest:
        return []
    least = strongest[0].weight / 10
    return [(span.start, span.end, span.weight) for span in strongest if span.weight >= least]
