"""The methods paragraph of a profile or comparison, ready for a paper, in Chinese or English."""

from __future__ import annotations

from collections.abc import Iterator

from practicelib.records.practices import (
    Comparison,
    ErrorRates,
    PracticeProfile,
    Strata,
)
from practicelib.show.practice_words import (
    category_names,
    column_name,
    has_limits,
    joined,
    method_words,
    rates_source,
    span,
    strata_values,
    words,
)
from practicelib.version import __version__


def methods_paragraph(
    profile: PracticeProfile, comparison: Comparison | None = None, *, lang: str = "zh"
) -> str:
    """What was coded, counted, corrected and estimated, and how; every figure is the analysis's."""
    known = method_words(lang)
    values = _values(profile, comparison, lang)
    sentences = [known[key].format(**values) for key in _said(profile, comparison)]
    return ("" if lang == "zh" else " ").join(sentences)


def _said(profile: PracticeProfile, comparison: Comparison | None) -> Iterator[str]:
    """Keys of the sentences that hold for this analysis, in order."""
    table = profile.table("sentences")
    yield from ("data", "emphasis", profile.settings.estimand)
    if table.corrected is not None:
        yield "corrected"
    elif table.band is not None:
        yield "band"
        if profile.errors is not None:
            yield f"rates_{rates_source(profile.errors)}"
    if comparison is not None:
        if has_limits(table.corrected or table.raw):
            yield "differences"
        if comparison.strata is not None:
            yield from _standardised(comparison.strata)
        yield "words"
    yield "version"


def _standardised(strata: Strata) -> Iterator[str]:
    if not strata.used:
        yield "adjust_none"
        return
    yield "adjust"
    if strata.dropped:
        yield "adjust_dropped"


def _values(
    profile: PracticeProfile, comparison: Comparison | None, lang: str
) -> dict[str, object]:
    known, settings, coding = method_words(lang), profile.settings, profile.coding
    coder = known["by_model" if coding.kind == "model" else "by_person"]
    found = None
    if comparison is not None:
        found = comparison.corrected_differences or comparison.differences
    sampled = found is not None and found.method.startswith("cluster")
    return {
        "units": len(profile.units),
        "reports": sum(len(unit.reports) for unit in profile.units),
        "sentences": sum(unit.sentences for unit in profile.units),
        "headings": known[settings.headings],
        "categories": joined(category_names(profile, lang), lang),
        "coder": coder.format(name=coding.name, model=coding.model[:12]),
        "codebook": coding.codebook[:12] or known["unknown"],
        "least": settings.least,
        "duplicates": known[settings.duplicates],
        "level": f"{100 * settings.level:.0f}%",
        "each": "" if found is None else f"{100 * found.each_level:.2f}%",
        "rule": known["max_t" if sampled else "sidak"].format(
            resamples=settings.resamples, seed=settings.seed
        ),
        "adjust": column_name(settings.adjust, lang),
        "version": __version__,
        **_ranges(profile.errors),
        **({} if comparison is None else _of_comparison(comparison, lang)),
    }


def _ranges(rates: ErrorRates | None) -> dict[str, str]:
    """Lowest and highest end of the ranges of both rates, over the categories, in percent."""
    if rates is None:
        return {}
    tables = {"sensitivity": rates.sensitivity, "specificity": rates.specificity}
    return {
        name: span(float(table[:, 1].min()), float(table[:, 2].max()))
        for name, table in tables.items()
    }


def _of_comparison(comparison: Comparison, lang: str) -> dict[str, str]:
    strata = comparison.strata
    measure = {"measure": words(lang)[comparison.measure]}
    return measure if strata is None else measure | strata_values(strata, lang)
