"""Evaluations as Markdown, terminal text and plain data; undefined scores are dashes, never NaN."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from practicelib.records.evaluation import (
    CoderScore,
    Evaluation,
    Floats,
    LearningPoint,
    Note,
    SystemScores,
    noted,
)
from practicelib.show.terminal import table

NOTES: Mapping[str, Mapping[Note, str]] = {
    "zh": {
        "few_clusters": "抽样单位不足 20（{reports} 篇材料），区间不可靠",
        "no_patterns": "编码本没有句式，因此不列仅用句式与不用句式的结果",
    },
    "en": {
        "few_clusters": "fewer than 20 resampled units ({reports} reports); intervals unreliable",
        "no_patterns": "the codebook has no patterns; what rests on them alone, or does without"
        " them, is left out",
    },
}


def notes_of(evaluation: Evaluation, lang: str = "en") -> list[str]:
    """What must be said beside the figures, a sentence each."""
    return [NOTES[lang][note].format(reports=evaluation.reports) for note in evaluation.notes]


def number(value: float, digits: int = 2) -> str:
    """A score for people: a dash where it is undefined."""
    return "–" if not math.isfinite(value) else f"{value:.{digits}f}"


def _span(values: Sequence[float] | Floats, digits: int = 2) -> str:
    if not all(math.isfinite(v) for v in values):
        return "–"
    return f"{values[0]:.{digits}f} to {values[1]:.{digits}f}"


def category_rows(evaluation: Evaluation) -> list[list[str]]:
    """One row a category for the first system: support, precision, recall, F1 with interval, AP."""
    first = evaluation.systems[0]
    return [
        [
            key,
            str(int(evaluation.support[k])),
            str(int(evaluation.support_reports[k])),
            number(first.precision[k]),
            number(first.recall[k]),
            number(first.f1[k]),
            _span(first.f1_interval[k]),
            number(first.average_precision[k]),
        ]
        for k, key in enumerate(evaluation.categories)
    ]


CATEGORY_HEADER = (
    "category", "sentences", "in reports", "precision", "recall", "F1", "95 % interval",
    "average precision",
)  # fmt: skip
SYSTEM_HEADER = (
    "system", "macro-F1", "95 % interval", "micro-F1", "exact match", "calibration error",
    "model ahead by", "95 % interval of that",
)  # fmt: skip


def system_rows(evaluation: Evaluation) -> list[list[str]]:
    """One row a system, the model first."""
    return [
        [
            s.name,
            number(s.macro_f1),
            _span(s.macro_interval),
            number(s.micro_f1),
            number(s.exact_match),
            number(s.calibration_error, 3),
            "" if i == 0 else number(s.margin),
            "" if i == 0 else _span(s.margin_interval),
        ]
        for i, s in enumerate(evaluation.systems)
    ]


def markdown_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def detail_tables(
    evaluation: Evaluation, coder_kind: str = ""
) -> list[tuple[Sequence[str], list[list[str]]]]:
    """Header and rows of what stands below: reliability, abstention, coders, learning curve.

    `coder_kind` is what the coders are where that is known; the figures do not say it.
    """
    kind = f" ({coder_kind})" if coder_kind else ""
    tables: list[tuple[Sequence[str], list[list[str]]]] = []
    if len(evaluation.reliability):
        rows = [[number(p), number(o), f"{n:.0f}"] for p, o, n in evaluation.reliability]
        tables.append((("mean probability", "share of gold", "decisions"), rows))
    if len(evaluation.coverage):
        rows = [[f"{c:.0%}", f"{a:.4f}"] for c, a in evaluation.coverage[:: len(_KEPT)][:5]]
        tables.append((("decisions kept", "accuracy among them"), rows))
    if evaluation.coders:
        rows = [
            [f"{c.coder}{kind}", str(c.sentences), number(c.coder_f1), number(c.model_f1)]
            for c in evaluation.coders
        ]
        tables.append((("coder", "sentences", "its macro-F1", "the model's there"), rows))
    if evaluation.learning:
        rows = [[str(p.reports), str(p.sentences), number(p.macro_f1)] for p in evaluation.learning]
        tables.append((("reports trained on", "sentences", "macro-F1"), rows))
    return tables


_KEPT = range(4)


def evaluation_markdown(evaluation: Evaluation, coder_kind: str = "") -> str:
    """Both tables, with what they were measured on and what must be said of them above.

    `coder_kind` as in `detail_tables`.
    """
    on = f" ({evaluation.on})" if evaluation.on else ""
    measured = f"{evaluation.sentences} sentences of {evaluation.reports} reports{on}."
    notes = "".join(f"\n\n**Note:** {note}." for note in notes_of(evaluation))
    return f"{measured}{notes}\n\n" + "\n".join(
        markdown_table(header, rows)
        for header, rows in (
            (CATEGORY_HEADER, category_rows(evaluation)),
            (SYSTEM_HEADER, system_rows(evaluation)),
            *detail_tables(evaluation, coder_kind),
        )
    )


def evaluation_text(evaluation: Evaluation) -> str:
    """The same for a terminal."""
    on = f"{evaluation.on}: " if evaluation.on else ""
    measured = f"{on}{evaluation.sentences} sentences of {evaluation.reports} reports"
    notes = "".join(f"\nNote: {note}" for note in notes_of(evaluation))
    return (
        f"{measured}{notes}\n\n"
        + "\n\n".join(
            table(header, rows)
            for header, rows in (
                (CATEGORY_HEADER, category_rows(evaluation)),
                (SYSTEM_HEADER, system_rows(evaluation)),
                *detail_tables(evaluation),
            )
        )
        + "\n"
    )


def evaluation_data(evaluation: Evaluation) -> dict[str, Any]:
    """Plain data for JSON; undefined scores are null."""
    return {
        "on": evaluation.on,
        "sentences": evaluation.sentences,
        "reports": evaluation.reports,
        "categories": list(evaluation.categories),
        "support": evaluation.support.tolist(),
        "support_reports": evaluation.support_reports.tolist(),
        "systems": [_system_data(system) for system in evaluation.systems],
        "reliability": _plain(evaluation.reliability),
        "coverage": _plain(evaluation.coverage),
        "codebook": evaluation.codebook,
        "model": evaluation.model,
        "coders": [asdict(one) for one in evaluation.coders],
        "learning": [asdict(one) for one in evaluation.learning],
        "names": [list(names) for names in evaluation.names],
        "notes": list(evaluation.notes),
    }


def _system_data(system: SystemScores) -> dict[str, Any]:
    fields = (
        "precision", "recall", "f1", "f1_interval", "average_precision", "macro_f1",
        "macro_interval", "micro_f1", "exact_match", "calibration_error", "margin",
        "margin_interval",
    )  # fmt: skip
    return {"name": system.name, **{name: _plain(getattr(system, name)) for name in fields}}


def evaluation_from_data(data: Mapping[str, Any]) -> Evaluation:
    """The evaluation that `evaluation_data` turned into plain data."""
    return Evaluation(
        data["on"],
        tuple(data["categories"]),
        data["sentences"],
        data["reports"],
        np.array(data["support"]),
        np.array(data["support_reports"]),
        tuple(
            SystemScores(**{k: v if k == "name" else _numbers(v) for k, v in system.items()})
            for system in data["systems"]
        ),
        _numbers(data["reliability"]),
        _numbers(data["coverage"]),
        data["codebook"],
        data["model"],
        tuple(CoderScore(**one) for one in data["coders"]),
        tuple(LearningPoint(**one) for one in data["learning"]),
        tuple((zh, en) for zh, en in data.get("names", ())),
        # Records of before there were notes say how many reports there were.
        tuple(data.get("notes", noted(data["reports"]))),
    )


def _numbers(value: Any) -> Any:
    numbers = np.array(value, dtype=float)
    return numbers if numbers.ndim else float(numbers)


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return [_plain(item) for item in value.tolist()]
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return round(float(value), 6) if math.isfinite(value) else None
