"""Evaluations as a frame and as a page: one row a category and system, undefined scores empty."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from html import escape
from typing import Any

from practicelib.files.atomic import write_text
from practicelib.records.evaluation import Evaluation, SystemScores
from practicelib.records.views import renders
from practicelib.show.evaluation_table import notes_of, number
from practicelib.show.frames import data_frame
from practicelib.show.page import render_page

COLUMNS = (
    "system", "category", "support", "support_reports", "precision", "recall", "f1", "f1_low",
    "f1_high", "average_precision",
)  # fmt: skip
_WORDS = {
    "zh": {
        "title": "模型评估",
        "on": "（{}）",
        "measured": "{sentences} 句，出自 {reports} 篇材料{on}。",
        "note": "注意：",
        "categories": "各类别",
        "systems": "总体",
        "system": "系统",
        "category": "类别",
        "support": "句数",
        "support_reports": "材料数",
        "precision": "精确率",
        "recall": "召回率",
        "f1": "F1",
        "interval": "95% 区间",
        "average_precision": "平均精确率",
        "macro_f1": "宏平均 F1",
        "micro_f1": "微平均 F1",
        "model": "模型",
        "patterns alone": "仅用编码本句式",
        "plain TF-IDF": "普通 TF-IDF",
        "model without patterns": "不用句式的模型",
        "always none": "一律无类别",
    },
    "en": {
        "title": "Evaluation",
        "on": " ({})",
        "measured": "{sentences} sentences of {reports} reports{on}.",
        "note": "Note: ",
        "categories": "By category",
        "systems": "As a whole",
        "system": "System",
        "category": "Category",
        "support": "Sentences",
        "support_reports": "In reports",
        "precision": "Precision",
        "recall": "Recall",
        "f1": "F1",
        "interval": "95 % interval",
        "average_precision": "Average precision",
        "macro_f1": "Macro-F1",
        "micro_f1": "Micro-F1",
    },
}


def evaluation_rows(evaluation: Evaluation) -> Iterator[list[Any]]:
    """Rows by `COLUMNS`, the model first; undefined scores are NaN."""
    for system in evaluation.systems:
        for k, key in enumerate(evaluation.categories):
            scores = (system.precision[k], system.recall[k], system.f1[k], *system.f1_interval[k])
            yield [
                system.name, key, int(evaluation.support[k]), int(evaluation.support_reports[k]),
                *(float(score) for score in (*scores, system.average_precision[k])),
            ]  # fmt: skip


@renders(Evaluation, "frame")
def evaluation_frame(evaluation: Evaluation) -> Any:
    """A pandas DataFrame, one row a system and category."""
    return data_frame(COLUMNS, evaluation_rows(evaluation))


@renders(Evaluation, "html")
def evaluation_page(
    evaluation: Evaluation, path: str | os.PathLike[str] | None = None, *, lang: str = "zh"
) -> str:
    """One page with the table of categories and that of systems; written to `path` if given."""
    words = _WORDS[lang]
    on = words["on"].format(evaluation.on) if evaluation.on else ""
    measured = words["measured"].format(
        sentences=evaluation.sentences, reports=evaluation.reports, on=on
    )
    names = _names(evaluation, lang)
    page = render_page(
        "evaluation.html",
        lang=lang,
        words=words,
        measured=measured,
        notes=notes_of(evaluation, lang),
        categories=[_shown(row, words, names) for row in evaluation_rows(evaluation)],
        systems=[_system(system, words) for system in evaluation.systems],
    )
    if path is not None:
        write_text(path, page)
    return page


def _names(evaluation: Evaluation, lang: str) -> dict[str, str]:
    """Categories by key as people call them; records of before the names were kept have none."""
    own = [names[0 if lang == "zh" else 1] for names in evaluation.names]
    return dict(zip(evaluation.categories, own or evaluation.categories, strict=True))


def _shown(row: list[Any], words: dict[str, str], names: dict[str, str]) -> list[str]:
    system, category, support, reports, precision, recall, f1, low, high, average = row
    scores = (number(precision), number(recall), number(f1), _span(low, high), number(average))
    return [words.get(system, system), names[category], str(support), str(reports), *scores]


def _system(system: SystemScores, words: dict[str, str]) -> list[str]:
    low, high = system.macro_interval.tolist()
    scores = (number(system.macro_f1), _span(low, high), number(system.micro_f1))
    return [words.get(system.name, system.name), *scores]


def _span(low: float, high: float) -> str:
    if not (math.isfinite(low) and math.isfinite(high)):
        return number(float("nan"))
    return f"{number(low)}–{number(high)}"


@renders(Evaluation, "fragment")
def evaluation_fragment(evaluation: Evaluation) -> str:
    """The page in a frame of its own, for notebooks."""
    source = escape(evaluation_page(evaluation), quote=True)
    return f'<iframe sandbox srcdoc="{source}" style="width:100%;height:36rem;border:0"></iframe>'
