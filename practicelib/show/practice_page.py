"""Profiles and comparisons as one self-contained page: every number leads to its sentences."""

from __future__ import annotations

import base64
import hashlib
import math
import os
from importlib import resources
from typing import Any

from markupsafe import Markup

from practicelib.files.atomic import write_text
from practicelib.records.practices import (
    MEASURES,
    NOT_CORRECTABLE,
    Comparison,
    Estimates,
    Measure,
    PracticeProfile,
)
from practicelib.records.views import renders
from practicelib.show.beside import coding_differences, coding_matrix, coding_summary
from practicelib.show.figures import dot_figures, heat_map
from practicelib.show.page import render_page
from practicelib.show.practice_methods import methods_paragraph
from practicelib.show.practice_sections import comparison_rows, figures_of
from practicelib.show.practice_sentences import passage_rows, report_rows
from practicelib.show.practice_words import (
    all_notes,
    category_names,
    errors_from,
    legend,
    p_text,
    percent,
    reason_text,
    span,
    unit_heading,
    words,
)

Row = dict[str, Any]


@renders(PracticeProfile, "html")
def profile_page(
    profile: PracticeProfile,
    path: str | os.PathLike[str] | None = None,
    *,
    lang: str = "zh",
    beside: PracticeProfile | None = None,
) -> str:
    """Page of a profile; `beside` is another coding of the same reports."""
    return _page(profile, None, path, lang, beside)


@renders(Comparison, "html")
def comparison_page(
    comparison: Comparison,
    path: str | os.PathLike[str] | None = None,
    *,
    lang: str = "zh",
    beside: PracticeProfile | None = None,
) -> str:
    """Page of a comparison; `beside` is another coding of the same reports."""
    return _page(comparison.profile, comparison, path, lang, beside)


@renders(PracticeProfile, "fragment")
def profile_fragment(profile: PracticeProfile) -> str:
    """The page in a frame of its own, for notebooks."""
    return _framed(profile_page(profile))


@renders(Comparison, "fragment")
def comparison_fragment(comparison: Comparison) -> str:
    """The page in a frame of its own, for notebooks."""
    return _framed(comparison_page(comparison))


def _framed(page: str) -> str:
    # Scripts may run, but without the notebook's origin: they cannot reach out of the frame.
    return str(
        Markup(
            '<iframe sandbox="allow-scripts" srcdoc="{}"'
            ' style="width:100%;height:42rem;border:0"></iframe>'
        ).format(page)
    )


def page_script() -> tuple[str, str]:
    """The page's script, and the source expression by which its policy lets only that one run."""
    file = resources.files("practicelib.show") / "templates" / "practice.js"
    script = file.read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")
    return script, f"'sha256-{digest}'"


def _page(
    profile: PracticeProfile,
    comparison: Comparison | None,
    path: str | os.PathLike[str] | None,
    lang: str,
    beside: PracticeProfile | None,
) -> str:
    names, unit = category_names(profile, lang), unit_heading(profile, lang)
    known = words(lang) | {"unit": unit, "filter_unit": unit}
    script, source = page_script()
    measure: Measure = comparison.measure if comparison else "sentences"
    page = render_page(
        "practice.html",
        lang=lang,
        words=known,
        title=known["comparison" if comparison else "profile"],
        script=Markup(script),
        script_sources=source,
        categories=names,
        units=_units(profile),
        identity=_identity(profile),
        estimand=known[profile.settings.estimand],
        notes=all_notes(profile, comparison, lang),
        corrected=profile.table("sentences").corrected is not None,
        measure=measure,
        matrices=[_matrix(profile, name, lang) for name in MEASURES],
        heat=heat_map(profile, measure, lang),
        dots=dot_figures(profile, measure, lang),
        legend=legend(profile, measure, lang),
        comparison=None if comparison is None else comparison_rows(comparison, names, lang),
        errors=_errors(profile, names),
        errors_from=errors_from(profile, lang),
        stances=_stances(profile, lang),
        positions=_positions(profile),
        passages=passage_rows(profile),
        beside=None if beside is None else _beside(profile, beside, measure, lang),
        methods=methods_paragraph(profile, comparison, lang=lang),
        reports=list(report_rows(profile, lang)),
    )
    if path is not None:
        write_text(path, page)
    return page


def _identity(profile: PracticeProfile) -> str:
    coding = profile.coding
    return " · ".join(p for p in (coding.name, coding.model[:12], coding.codebook[:12]) if p)


def _units(profile: PracticeProfile) -> list[Row]:
    return [
        {
            "name": unit.name,
            "guessed": unit.guessed,
            "reports": len(unit.reports),
            "sentences": unit.sentences,
            "coded": _count(profile.coded[u]),
        }
        for u, unit in enumerate(profile.units)
    ]


def _count(value: float) -> str:
    return f"{value:g}" if float(value).is_integer() else f"{value:.1f}"


def _matrix(profile: PracticeProfile, measure: Measure, lang: str) -> Row:
    table = profile.table(measure)
    best = table.corrected or table.raw
    finite = [v for v in best.value.ravel().tolist() if math.isfinite(v)]
    top = max([*finite, 1e-9])
    rows = []
    for u in range(len(profile.units)):
        cells = []
        for k in range(len(profile.categories)):
            value = float(best.value[u, k])
            cells.append(
                {
                    "count": _count(profile.counts[u, k]),
                    "heat": f"{value / top:.3f}" if math.isfinite(value) else "0",
                    "raw": figures_of(table.raw, u, k),
                    "corrected": figures_of(table.corrected, u, k),
                    "adjusted": figures_of(table.adjusted, u, k),
                    "band": figures_of(table.band, u, k),
                }
            )
        rows.append({"cells": cells, "reason": _reason(table.raw, u, lang)})
    missing = reason_text(NOT_CORRECTABLE, lang) if measure == "present" else ""
    return {"measure": measure, "rows": rows, "missing": missing}


def _reason(found: Estimates, u: int, lang: str) -> str:
    return reason_text(found.reasons[u], lang) if found.reasons else ""


def _errors(profile: PracticeProfile, names: list[str]) -> list[Row]:
    rates = profile.errors
    if rates is None:
        return []
    return [
        {
            "name": name,
            "category": k,
            **{
                kind: f"{percent(table[k, 0])} ({span(table[k, 1], table[k, 2])})"
                for kind, table in (
                    ("sensitivity", rates.sensitivity),
                    ("specificity", rates.specificity),
                )
            },
            **{
                f"p_{kind}": p_text(float(p[k]))
                for kind, p in (
                    ("sensitivity", rates.p_sensitivity),
                    ("specificity", rates.p_specificity),
                )
            },
        }
        for k, name in enumerate(names)
    ]


def _stances(profile: PracticeProfile, lang: str) -> Row | None:
    if not profile.stance_names:
        return None
    known = words(lang)
    rows = [
        [[_count(value) for value in cell] for cell in profile.stances[u].tolist()]
        for u in range(len(profile.units))
    ]
    return {
        "names": [known.get(name, name) for name in profile.stance_names],
        "rows": rows,
        "note": known["stances_note"].format(book=profile.stance_book[:12]),
    }


def _positions(profile: PracticeProfile) -> list[list[str]]:
    return [
        ["" if not math.isfinite(value) else f"{value:.2f}" for value in row]
        for row in profile.positions.tolist()
    ]


def _beside(profile: PracticeProfile, other: PracticeProfile, measure: Measure, lang: str) -> Row:
    sentences = coding_differences(profile, other, lang)
    total = sum(len(tagged) for tagged in profile.reports)
    return {
        "name": _identity(other),
        "explained": words(lang)["beside_explained"].format(n=total, m=len(sentences)),
        "rows": coding_matrix(profile, other),
        "summary": coding_summary(profile, other, measure),
        "sentences": sentences,
    }
