"""Profiles and comparisons as rows: CSV, XLSX, JSON and data frames."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterator
from typing import Any

import numpy as np

from practicelib.files.tables import csv_text
from practicelib.files.xlsx import write_xlsx
from practicelib.practices.leaders import leaders
from practicelib.records.practices import (
    Comparison,
    Differences,
    Estimates,
    MeasureTable,
    PracticeProfile,
    Strata,
)
from practicelib.records.views import renders
from practicelib.show.frames import data_frame
from practicelib.show.practice_words import all_notes, words

DIGITS = 6
COLUMNS = (
    "unit", "guessed", "reports", "category", "measure", "figures", "value", "low", "high",
    "method", "why_missing", "count", "heading_count", "sentences", "coded_sentences", "position",
    "estimand", "codebook", "model", "coder", "what",
)  # fmt: skip
DIFFERENCE_COLUMNS = (
    "first", "second", "category", "measure", "figures", "difference", "low", "high", "p",
    "p_holm", "measures_same_side", "measures_same_sign", "level_together", "level_each", "what",
)  # fmt: skip
_KINDS = ("raw", "corrected", "adjusted", "band")
STANDARDISED = "standardised"


def _number(value: float) -> float | None:
    return round(float(value), DIGITS) if math.isfinite(value) else None


def _kinds(
    table: MeasureTable, comparison: Comparison | None = None
) -> Iterator[tuple[str, Estimates]]:
    for kind in _KINDS:
        found: Estimates | None = getattr(table, kind)
        if found is not None:
            yield kind, found
    if comparison is None or comparison.measure != table.measure:
        return
    if comparison.standardised is not None:
        yield STANDARDISED, comparison.standardised


def _limits(found: Estimates | Differences, row: int, k: int) -> tuple[float | None, float | None]:
    """Both ends of an interval. What was counted has none: ends at the value would look certain."""
    if found.method == "counted":
        return None, None
    return _number(found.low[row, k]), _number(found.high[row, k])


def _why_missing(found: Estimates, u: int, k: int) -> str:
    """Why a figure or its limits are not there; empty where both are."""
    if found.reasons and found.reasons[u]:
        return found.reasons[u]
    if found.method == "counted":
        return "counted_not_sampled"
    if found.method != "band" and not math.isfinite(found.value[u, k]):
        return "no_sampled_case"
    return "" if math.isfinite(found.low[u, k]) else "too_few_sampled"


def profile_rows(
    profile: PracticeProfile, comparison: Comparison | None = None
) -> Iterator[list[Any]]:
    """One row a unit, category, measure and kind of figures, in the order of `COLUMNS`.

    Standardised shares are there where the comparison has them.
    """
    coding = profile.coding
    last = (coding.codebook, coding.model, coding.name, words("en")["emphasis"])
    for u, unit in enumerate(profile.units):
        for k, key in enumerate(profile.categories):
            for table in profile.tables:
                for kind, found in _kinds(table, comparison):
                    yield [
                        unit.name,
                        int(unit.guessed),
                        len(unit.reports),
                        key,
                        table.measure,
                        kind,
                        _number(found.value[u, k]),
                        *_limits(found, u, k),
                        found.method,
                        _why_missing(found, u, k),
                        *_counts(profile, None if kind != STANDARDISED else comparison, u, k),
                        profile.settings.estimand,
                        *last,
                    ]


def _counts(
    profile: PracticeProfile, standardised: Comparison | None, u: int, k: int
) -> tuple[float | int | None, ...]:
    """What shares are made of; a standardised one is no ratio of counts, it rests on sentences."""
    if standardised is not None and standardised.strata is not None:
        return None, None, int(standardised.strata.kept[u]), None, None
    return (
        _number(profile.counts[u, k]),
        _number(profile.heading_counts[u, k]),
        profile.units[u].sentences,
        _number(profile.coded[u]),
        _number(profile.positions[u, k]),
    )


def difference_rows(comparison: Comparison) -> Iterator[list[Any]]:
    """One row a pair, category and kind of figures, in the order of `DIFFERENCE_COLUMNS`."""
    kinds: list[tuple[str, Differences]] = [("raw", comparison.differences)]
    if comparison.corrected_differences is not None:
        kinds.append(("corrected", comparison.corrected_differences))
    profile = comparison.profile
    for kind, found in kinds:
        for p, (first, second) in enumerate(found.pairs.tolist()):
            for k, key in enumerate(profile.categories):
                tests = (_number(found.p[p, k]), _number(found.holm[p, k]))
                yield [
                    profile.units[first].name,
                    profile.units[second].name,
                    key,
                    comparison.measure,
                    kind,
                    _number(found.value[p, k]),
                    *_limits(found, p, k),
                    *tests,
                    int(comparison.survives[p, k]),
                    int(comparison.same_sign[p, k]),
                    profile.settings.level,
                    round(found.each_level, DIGITS),
                    words("en")["emphasis"],
                ]


def quote_rows(profile: PracticeProfile) -> Iterator[list[Any]]:
    """The strongest sentences behind each figure."""
    for u, unit in enumerate(profile.units):
        for k, key in enumerate(profile.categories):
            for quote in profile.quotes[u][k]:
                report = profile.reports[quote.report].report
                place = (report.source.file, report.name, quote.start, quote.end)
                yield [unit.name, key, *place, round(quote.probability, DIGITS), quote.text]


QUOTE_COLUMNS = (
    "unit", "category", "file", "report", "start", "end", "probability", "text",
)  # fmt: skip


def profile_csv(profile: PracticeProfile, comparison: Comparison | None = None) -> str:
    """The profile as CSV text; with its comparison, standardised shares too."""
    return csv_text(COLUMNS, profile_rows(profile, comparison))


def write_profile_xlsx(
    profile: PracticeProfile,
    path: str | os.PathLike[str],
    comparison: Comparison | None = None,
    *,
    lang: str = "en",
) -> None:
    """A workbook: shares, differences, quotes, notes."""
    sheets: dict[str, Any] = {"shares": (COLUMNS, profile_rows(profile, comparison))}
    if comparison is not None:
        sheets["differences"] = (DIFFERENCE_COLUMNS, difference_rows(comparison))
        sheets["words"] = (WORD_COLUMNS, word_rows(comparison))
    sheets["sentences"] = (QUOTE_COLUMNS, quote_rows(profile))
    notes = [words(lang)["emphasis"], *all_notes(profile, comparison, lang)]
    sheets["notes"] = (("note",), [[note] for note in notes])
    write_xlsx(path, sheets)


WORD_COLUMNS = (
    "unit", "category", "word", "log_odds", "low", "high", "reports", "of", "elsewhere",
    "elsewhere_of",
)  # fmt: skip


def word_rows(comparison: Comparison) -> Iterator[list[Any]]:
    """Distinctive words, in the order of `WORD_COLUMNS`."""
    profile = comparison.profile
    for w in comparison.words:
        odds = (_number(w.log_odds), _number(w.low), _number(w.high))
        names = (profile.units[w.unit].name, profile.categories[w.category], w.word)
        yield [*names, *odds, w.reports, w.of, w.elsewhere, w.elsewhere_of]


def profile_data(profile: PracticeProfile, comparison: Comparison | None = None) -> dict[str, Any]:
    """Plain data for JSON; what is undefined is null, with its reason beside it."""
    settings = profile.settings
    data: dict[str, Any] = {
        "what": words("en")["emphasis"],
        "settings": {
            "by": list(settings.by),
            **{
                name: getattr(settings, name)
                for name in ("estimand", "headings", "least", "duplicates", "level", "resamples")
            },
            **{name: getattr(settings, name) for name in ("seed", "adjust", "distance")},
        },
        "coding": {
            "kind": profile.coding.kind,
            "name": profile.coding.name,
            "codebook": profile.coding.codebook,
            "model": profile.coding.model,
        },
        "notes": all_notes(profile, comparison, "en"),
        "shares": [
            dict(zip(COLUMNS[:-5], row, strict=False)) for row in profile_rows(profile, comparison)
        ],
        "sentences": [dict(zip(QUOTE_COLUMNS, row, strict=True)) for row in quote_rows(profile)],
        "stances": _stances(profile),
        "errors": _errors(profile),
    }
    if comparison is not None:
        data |= _comparison_data(comparison)
    return data


def _stances(profile: PracticeProfile) -> list[dict[str, Any]]:
    return [
        {"unit": unit.name, "category": key, "stance": name, "count": float(count)}
        for u, unit in enumerate(profile.units)
        for k, key in enumerate(profile.categories)
        for name, count in zip(profile.stance_names, profile.stances[u, k], strict=True)
    ]


def _errors(profile: PracticeProfile) -> dict[str, Any] | None:
    rates = profile.errors
    if rates is None:
        return None
    return {
        "source": rates.source,
        **{
            key: {
                "sensitivity": [_number(v) for v in rates.sensitivity[k]],
                "specificity": [_number(v) for v in rates.specificity[k]],
                "p_sensitivity_differs": _number(rates.p_sensitivity[k]),
                "p_specificity_differs": _number(rates.p_specificity[k]),
            }
            for k, key in enumerate(profile.categories)
        },
    }


def _comparison_data(comparison: Comparison) -> dict[str, Any]:
    rows = [
        dict(zip(DIFFERENCE_COLUMNS[:-1], row, strict=False)) for row in difference_rows(comparison)
    ]
    data: dict[str, Any] = {
        "leaders": _leaders(comparison),
        "differences": rows,
        "words": [dict(zip(WORD_COLUMNS, row, strict=True)) for row in word_rows(comparison)],
        "similarity": {
            "jensen_shannon": _plain(comparison.similarity.jensen_shannon),
            comparison.similarity.distance: _plain(comparison.similarity.shares),
            "order": [comparison.profile.units[u].name for u in comparison.similarity.order],
        },
        "composition": {
            c.column: {"values": list(c.values), "reports": c.reports.tolist()}
            for c in comparison.compositions
        },
    }
    if comparison.standardised is not None:
        data["standardised"] = _estimates(comparison.standardised)
    if comparison.strata is not None:
        data["strata"] = _strata(comparison, comparison.strata)
    if comparison.trend is not None:
        trend = comparison.trend
        data["trend"] = {"years": list(trend.years), "recall_checked": trend.recall_checked}
        data["trend"] |= _estimates(trend.estimates)
    return data


def _strata(comparison: Comparison, strata: Strata) -> dict[str, Any]:
    units = zip(comparison.profile.units, strata.kept.tolist(), strict=True)
    return {
        "column": strata.column,
        "measure": comparison.measure,
        "used": list(strata.used),
        "dropped": list(strata.dropped),
        "kept": {unit.name: kept for unit, kept in units},
    }


def _leaders(comparison: Comparison) -> list[dict[str, Any]]:
    units, keys = comparison.profile.units, comparison.profile.categories
    return [
        {
            "category": keys[found.category],
            "unit": units[found.first].name,
            "share": _number(found.value),
            "next": units[found.second].name,
            "next_share": _number(found.next_value),
            "next_alike": found.alike,
            "difference_low": _number(found.low),
            "difference_high": _number(found.high),
            "verdict": found.verdict,
        }
        for found in leaders(comparison)
    ]


def _estimates(found: Estimates) -> dict[str, Any]:
    names = ("value",) if found.method == "counted" else ("value", "low", "high")
    return {name: _plain(getattr(found, name)) for name in names}


def _plain(array: np.ndarray[Any, Any]) -> list[Any]:
    return [[_number(value) for value in row] for row in array.tolist()]


def to_json(profile: PracticeProfile, comparison: Comparison | None = None) -> str:
    """`profile_data` as JSON text."""
    return json.dumps(profile_data(profile, comparison), ensure_ascii=False, indent=1) + "\n"


@renders(PracticeProfile, "frame")
def profile_frame(profile: PracticeProfile) -> Any:
    """A pandas DataFrame, one row a unit, category, measure and kind of figures."""
    return data_frame(COLUMNS, profile_rows(profile))


@renders(Comparison, "frame")
def comparison_frame(comparison: Comparison) -> Any:
    """A pandas DataFrame of the differences."""
    return data_frame(DIFFERENCE_COLUMNS, difference_rows(comparison))
