"""Suspected label errors as a table, CSV, JSON and a page."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from html import escape
from typing import Any

from practicelib.files.atomic import write_text
from practicelib.files.tables import csv_text
from practicelib.files.xlsx import xlsx_bytes
from practicelib.records.suspects import Reason, Suspect, Suspects
from practicelib.records.views import renders
from practicelib.show.frames import data_frame
from practicelib.show.page import render_page
from practicelib.show.terminal import safe, table, wrap

_COLUMNS = (
    *("rank", "score", "sentence", "report", "category", "coded", "coder"),
    *("causes", "figures", "twin", "text"),
)
_WORDS = {
    "zh": {
        "title": "可疑的编码",
        "explained": "按出错的可能性排列，须由人核对后决定；此表不改动任何编码。",
        "coded": "编为",
        "not_coded": "未编",
        "gold": "裁定",
        "outvoted": "其他编码员另有判断（编入的后验概率 {figure:.2f}）",
        "model": "未见过此句的模型给出概率 {figure:.2f}",
        "twin": "与 {other} 几乎同文（相似 {figure:.2f}），编码不同",
        "none": "没有可疑的编码",
        "count": "{shown} 条",
    },
    "en": {
        "title": "Suspected labels",
        "explained": "Most likely wrong first, for people to look at; no label is changed here.",
        "coded": "coded",
        "not_coded": "not coded",
        "gold": "gold",
        "outvoted": "other coders say otherwise (posterior of the category {figure:.2f})",
        "model": "a model that did not see it gives probability {figure:.2f}",
        "twin": "nearly the same text as {other} (similarity {figure:.2f}) but coded otherwise",
        "none": "no suspected label",
        "count": "{shown} shown",
    },
}


def reason_text(reason: Reason, lang: str) -> str:
    """One reason in words."""
    return _WORDS[lang][reason.cause].format(figure=reason.figure, other=safe(reason.other))


def _label(suspect: Suspect, found: Suspects, lang: str) -> str:
    words = _WORDS[lang]
    name = found.name(suspect.category, lang)
    return f"{words['coded' if suspect.coded else 'not_coded']} {name}"


def render_suspects(found: Suspects, *, lang: str = "zh", columns: int = 100) -> str:
    """A table for a terminal, each suspect with its text and reasons below."""
    words = _WORDS[lang]
    if not len(found):
        return words["none"] + "\n"
    lines = [words["explained"], ""]
    for number, suspect in enumerate(found, start=1):
        who = safe(suspect.coder) or words["gold"]
        head = [str(number), f"{suspect.score:.2f}", _label(suspect, found, lang), who]
        lines.append("  ".join([*head, safe(suspect.sentence.id)]))
        text = safe(suspect.sentence.text) or safe(suspect.sentence.id)
        lines.extend(f"    {line}" for line in wrap(text, columns - 4))
        lines.extend(f"    - {reason_text(reason, lang)}" for reason in suspect.reasons)
    return "\n".join(lines) + "\n"


def suspect_rows(found: Suspects) -> Iterator[list[Any]]:
    """Suspects as flat rows."""
    for number, s in enumerate(found, start=1):
        yield [
            number,
            round(s.score, 6),
            s.sentence.id,
            s.sentence.report,
            s.category,
            int(s.coded),
            s.coder,
            ";".join(reason.cause for reason in s.reasons),
            ";".join(f"{reason.figure:.6f}" for reason in s.reasons),
            next((reason.other for reason in s.reasons if reason.other), ""),
            s.sentence.text,
        ]


def suspects_csv(found: Suspects) -> str:
    """One row a suspect."""
    return csv_text(_COLUMNS, suspect_rows(found))


def suspects_xlsx(found: Suspects) -> bytes:
    """A workbook with one sheet, the rows of the CSV.

    Raises MissingExtraError without openpyxl.
    """
    return xlsx_bytes({"suspects": (_COLUMNS, suspect_rows(found))})


def suspects_json(found: Suspects) -> str:
    """One JSON object with all suspects."""
    rows = [
        {
            "score": round(s.score, 6),
            "sentence": s.sentence.id,
            "report": s.sentence.report,
            "text": s.sentence.text,
            "category": s.category,
            "coded": s.coded,
            "coder": s.coder,
            "reasons": [
                {
                    "cause": reason.cause,
                    "score": round(reason.score, 6),
                    "figure": round(reason.figure, 6),
                    **({"other": reason.other} if reason.other else {}),
                }
                for reason in s.reasons
            ],
        }
        for s in found
    ]
    return json.dumps({"suspects": rows}, ensure_ascii=False, indent=2) + "\n"


@renders(Suspects, "frame")
def suspects_frame(found: Suspects) -> Any:
    """A pandas DataFrame, one row a suspect."""
    return data_frame(_COLUMNS, suspect_rows(found))


@renders(Suspects, "html")
def suspects_page(
    found: Suspects, path: str | os.PathLike[str] | None = None, lang: str = "zh"
) -> str:
    """One page; written to `path` where one is given."""
    words = _WORDS[lang]
    page = render_page(
        "suspects.html",
        lang=lang,
        words=words,
        count=words["count"].format(shown=len(found)),
        suspects=[
            {
                "score": f"{s.score:.2f}",
                "label": _label(s, found, lang),
                "hue": found.categories.index(s.category) % 6,
                "coded": s.coded,
                "coder": s.coder or words["gold"],
                "text": s.sentence.text or s.sentence.id,
                "place": " · ".join(part for part in (s.sentence.report, s.sentence.id) if part),
                "reasons": [reason_text(reason, lang) for reason in s.reasons],
            }
            for s in found
        ],
    )
    if path is not None:
        write_text(path, page)
    return page


@renders(Suspects, "fragment")
def suspects_fragment(found: Suspects) -> str:
    """The page in a frame of its own, for notebooks."""
    source = escape(suspects_page(found), quote=True)
    return f'<iframe sandbox srcdoc="{source}" style="width:100%;height:36rem;border:0"></iframe>'


def decision_table(counts: dict[str, int], lang: str = "zh") -> str:
    """How many sentences were decided in which way, for stderr or a terminal."""
    header = ["裁定方式", "句数"] if lang == "zh" else ["decided by", "sentences"]
    return table(header, [[how, str(n)] for how, n in counts.items()])
