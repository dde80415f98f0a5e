"""Agreement as one HTML page: what to trust first, then coders, sources, rounds and disputes."""

from __future__ import annotations

import math
import os
from html import escape
from typing import Any

from markupsafe import Markup

from practicelib.files.atomic import write_text
from practicelib.records.agreement import Coefficient
from practicelib.records.consistency import CategoryAgreement, Consistency, Dispute
from practicelib.records.views import renders
from practicelib.show.consistency_numbers import limits, number, percent, signed
from practicelib.show.consistency_paper import paragraph
from practicelib.show.consistency_tables import category_remarks, sections
from practicelib.show.consistency_words import (
    KINDS,
    RELIABLE,
    TENTATIVE,
    WORDS,
    facts,
    summary,
    verdict,
    versions_warning,
    whose,
)
from practicelib.show.page import render_page

DISPUTES = 200
_WIDTH = 400
_COLUMNS = ("verdict", "positive", "negative", "percent", "support")
_TITLES = {
    "zh": {
        "heat": "编码员 × 类别",
        "heat_note": "姓名下为与他人共同的句数；大字：该编码员与其他人的平均 α，颜色越浓越高；"
        "小字：比其他人多编（+）或少编（−）的百分点及其区间。",
        "paper": "可用于论文的说明",
        "hashes": "编码与编码本的 SHA-256：",
        "disputes_note": "分歧最大的在前，显示 {shown} 句，共 {all} 句。"
        "分歧为各对编码的平均 MASI 距离。",
    },
    "en": {
        "heat": "Coder × category",
        "heat_note": "Below the name: sentences shared with others. Large: the coder's mean α with"
        " the others, stronger colour is higher."
        " Small: how many percentage points more (+) or less (−) often than the others, with its"
        " interval.",
        "paper": "A paragraph for a paper",
        "hashes": "SHA-256 of codings and codebook:",
        "disputes_note": "Most disputed first; {shown} of {all} are shown. Disagreement is the mean"
        " MASI distance of the pairs of codings.",
    },
}
_LEGEND = {
    "zh": (
        (
            "下限",
            "α 区间的下限：达 .80 才可据以下结论，.667–.80 只可作试探性结论"
            "（Krippendorff 2019）；虚线为此二值",
        ),
        ("正一致", "一人编入时另一人也编入的比例"),
        ("负一致", "一人未编入时另一人也未编入的比例"),
        ("句数", "至少有两份编码的句子中，至少一人编入该类的"),
    ),
    "en": (
        (
            "lower limit",
            "of the interval of α: .80 for conclusions, .667 for tentative ones"
            " (Krippendorff 2019); dashed lines mark the two",
        ),
        ("positive", "share of partners who code it too where one does"),
        ("negative", "the same for not coding it"),
        ("sentences", "coded at least twice, and so by at least one"),
    ),
}


@renders(Consistency, "html")
def consistency_page(
    result: Consistency,
    path: str | os.PathLike[str] | None = None,
    lang: str = "zh",
    disputes: int = DISPUTES,
) -> str:
    """The page; written to `path` where one is given. At most `disputes` sentences are shown."""
    words, basis = WORDS[lang], result.basis
    titles = dict(_TITLES[lang])
    shown = result.disputes[:disputes]
    titles["disputes_note"] = titles["disputes_note"].format(
        shown=len(shown), all=len(result.disputes)
    )
    warning = versions_warning(result, lang)
    page = render_page(
        "consistency.html",
        lang=lang,
        words=words,
        titles=titles,
        whose=whose(basis, lang),
        people=basis.between == "people",
        facts=facts(basis, lang),
        summary=summary(result, lang),
        warnings=[warning] if warning else [],
        columns=["α 0–1", "α", *(words[key] for key in _COLUMNS)],
        categories=[_category(category, lang) for category in result],
        legend=_LEGEND[lang],
        remarks=list(category_remarks(result, lang)),
        heat=_heat(result, lang),
        tables=[
            {"title": title, "header": header, "rows": rows}
            for title, header, rows in list(sections(result, lang, full=True, bias=False))[1:-1]
        ],
        disputes=[_dispute(dispute, result, lang) for dispute in shown],
        paragraph=paragraph(result, lang),
        codings=basis.codings_hash,
        codebook=basis.codebook or "–",
    )
    if path is not None:
        write_text(path, page)
    return page


@renders(Consistency, "fragment")
def consistency_fragment(result: Consistency) -> str:
    """The page in a frame of its own, for notebooks."""
    source = escape(consistency_page(result), quote=True)
    return f'<iframe sandbox srcdoc="{source}" style="width:100%;height:36rem;border:0"></iframe>'


def _category(category: CategoryAgreement, lang: str) -> dict[str, Any]:
    found = verdict(category.alpha)
    return {
        "name": category.name(lang),
        "strip": _strip(category.alpha),
        "alpha": number(category.alpha.value),
        "limits": limits(category.alpha.interval),
        "verdict": found,
        "verdict_text": WORDS[lang][found],
        "cells": [
            f"{number(category.positive.value)} {limits(category.positive.interval, 2)}",
            number(category.negative.value),
            percent(category.percent.value),
            category.sentences,
        ],
    }


def _strip(alpha: Coefficient) -> Markup:
    """Value and interval on a line from 0 to 1 with the two thresholds, as SVG."""

    def x(value: float) -> str:
        return f"{8 + (_WIDTH - 16) * min(max(value, 0.0), 1.0):.1f}"

    parts = [f'<line class="axis" x1="{x(0)}" x2="{x(1)}" y1="14" y2="14"/>']
    parts.extend(
        f'<line class="bound" x1="{x(bound)}" x2="{x(bound)}" y1="4" y2="24"/>'
        for bound in (TENTATIVE, RELIABLE)
    )
    parts.extend(
        f'<text x="{x(tick)}" y="34" text-anchor="middle">{tick:g}</text>'
        for tick in (0.0, 0.5, 1.0)
    )
    if math.isfinite(alpha.low):
        ends = f'x1="{x(alpha.low)}" x2="{x(alpha.high)}"'
        parts.append(f'<line class="whisker" {ends} y1="14" y2="14"/>')
    if alpha.defined:
        parts.append(f'<circle class="dot" cx="{x(alpha.value)}" cy="14" r="5"/>')
    label = f"α {number(alpha.value)} {limits(alpha.interval)}"
    drawn = "".join(parts)
    # Only numbers formatted here go into the markup.
    return Markup(
        f'<svg viewBox="0 0 {_WIDTH} 36" role="img" aria-label="{escape(label)}">{drawn}</svg>'
    )


def _heat(result: Consistency, lang: str) -> list[dict[str, Any]]:
    number_of = {coder.name: a for a, coder in enumerate(result.basis.coders)}
    return [
        {
            "name": coder.coder.name,
            "kind": KINDS[lang][coder.coder.kind],
            "sentences": coder.sentences,
            "note": coder.coder.note,
            "cells": [
                {
                    "alpha": number(float(result.alphas[number_of[coder.coder.name], k])),
                    "depth": _depth(float(result.alphas[number_of[coder.coder.name], k])),
                    "bias": _points(bias),
                }
                for k, bias in enumerate(coder.bias)
            ],
        }
        for coder in result.coders
    ]


def _depth(alpha: float) -> int:
    """Depth of colour in per cent: 0 at alpha 0.4 and below, 80 at 1."""
    return round(80 * min(max((alpha - 0.4) / 0.6, 0.0), 1.0)) if math.isfinite(alpha) else 0


def _points(bias: Coefficient) -> str:
    interval = bias.interval
    if not bias.defined:
        return "–"
    if not math.isfinite(interval.low):
        return signed(100 * bias.value, 1)
    low, high = (number(100 * limit, 1) for limit in (interval.low, interval.high))
    return f"{signed(100 * bias.value, 1)} [{low}, {high}]"


def _dispute(dispute: Dispute, result: Consistency, lang: str) -> dict[str, Any]:
    keys = [category.key for category in result]
    sentence = dispute.sentence
    place = " · ".join(part for part in (sentence.report, sentence.id) if part)
    return {
        "text": sentence.text or sentence.id,
        "place": f"{place} · {number(dispute.disagreement, 2)}",
        "codes": [
            {
                "who": coder.name,
                "chips": [
                    {"hue": keys.index(key) % 6, "name": result.category(key).name(lang)}
                    for key in chosen
                ],
            }
            for coder, chosen in zip(result.basis.coders, dispute.sets, strict=True)
            if chosen is not None
        ],
    }
