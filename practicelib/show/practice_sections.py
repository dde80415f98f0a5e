"""The parts of a comparison's page: differences, composition, similarity, words, years."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from practicelib.practices.leaders import leaders
from practicelib.records.practices import Comparison, Differences, Estimates
from practicelib.show.figures import year_figures
from practicelib.show.practice_words import (
    column_heading,
    has_limits,
    p_text,
    percent,
    point_span,
    points,
    span,
    strata_notes,
    value_name,
    words,
)

Row = dict[str, Any]


def figures_of(found: Estimates | None, u: int, k: int) -> Row | None:
    """Value and limits of one cell in words; None where the table is not there."""
    if found is None:
        return None
    low, high = float(found.low[u, k]), float(found.high[u, k])
    limits = span(low, high) if has_limits(found) else ""
    return {"value": percent(float(found.value[u, k])), "limits": limits}


def comparison_rows(comparison: Comparison, names: list[str], lang: str) -> Row:
    """All that the template shows of a comparison beyond its profile."""
    profile, known = comparison.profile, words(lang)
    chosen = comparison.corrected_differences or comparison.differences
    rule = known["counted_rule"]
    if chosen.method not in ("counted", ""):
        level, each = f"{profile.settings.level:.0%}", f"{100 * chosen.each_level:.2f}%"
        rule = known["simultaneous"].format(level=level, each=each)
    units = [unit.name for unit in profile.units]
    order = comparison.similarity.order.tolist()
    return {
        "rule": rule,
        "leaders": list(leader_rows(comparison, lang)),
        "differences": list(_difference_rows(comparison)),
        "counted": chosen.method == "counted",
        "compositions": [
            {
                "column": column_heading(c.column, lang),
                "values": [value_name(v, lang) for v in c.values],
                "rows": [
                    [f"{r} ({s})" if r else "" for r, s in zip(a, b, strict=True)]
                    for a, b in zip(c.reports.tolist(), c.sentences.tolist(), strict=True)
                ],
            }
            for c in comparison.compositions
        ],
        "standardised": _standardised(comparison, lang),
        "order": order,
        "similarity": [
            [f"{comparison.similarity.jensen_shannon[a, b]:.2f}" for b in order] for a in order
        ],
        "distance": comparison.similarity.distance,
        "share_distances": [
            [f"{comparison.similarity.shares[a, b]:.2f}" for b in order] for a in order
        ],
        "words": [
            {
                "unit": w.unit,
                "category": w.category,
                "word": w.word,
                "odds": f"{w.log_odds:.2f} ({w.low:.2f}–{w.high:.2f})",
                "own": f"{w.reports}/{w.of}",
                "elsewhere": f"{w.elsewhere}/{w.elsewhere_of}",
            }
            for w in comparison.words
        ],
        "years": [] if comparison.trend is None else year_figures(comparison.trend, names, lang),
        "unit_names": units,
    }


def leader_rows(comparison: Comparison, lang: str) -> Iterator[Row]:
    """The largest share of each category beside the next one, and what the interval says."""
    known = words(lang)
    for found in leaders(comparison):
        limits = point_span(found.low, found.high) if math.isfinite(found.low) else ""
        yield {
            "category": found.category,
            "first": found.first,
            "second": found.second,
            "alike": known["leads_alike"].format(n=found.alike) if found.alike else "",
            "value": percent(found.value),
            "next": percent(found.next_value),
            "gap": points(found.value - found.next_value),
            "limits": limits,
            "none": found.verdict == "none",
            "verdict": known[f"leads_{found.verdict}"],
        }


def _difference_rows(comparison: Comparison) -> Iterator[Row]:
    """Largest differences first within a category; those that stand come before the others."""
    raw, corrected = comparison.differences, comparison.corrected_differences
    chosen = corrected or raw
    rows = []
    for p, (first, second) in enumerate(chosen.pairs.tolist()):
        for k in range(chosen.value.shape[1]):
            low, high = float(chosen.low[p, k]), float(chosen.high[p, k])
            stands = chosen.method != "counted" and (low > 0 or high < 0)
            rows.append(
                {
                    "first": first,
                    "second": second,
                    "category": k,
                    "raw": _difference(raw, p, k),
                    "corrected": None if corrected is None else _difference(corrected, p, k),
                    "stands": stands,
                    "survives": int(comparison.survives[p, k]),
                    "same": int(comparison.same_sign[p, k]),
                    "size": abs(float(chosen.value[p, k])),
                }
            )
    size = {id(row): row["size"] if math.isfinite(row["size"]) else -1.0 for row in rows}
    yield from sorted(rows, key=lambda row: (row["category"], not row["stands"], -size[id(row)]))


def _difference(found: Differences, p: int, k: int) -> Row:
    counted = found.method == "counted"
    low, high, holm = (float(a[p, k]) for a in (found.low, found.high, found.holm))
    return {
        "value": points(float(found.value[p, k])),
        "limits": "" if counted else point_span(low, high),
        "holm": p_text(holm),
    }


def _standardised(comparison: Comparison, lang: str) -> Row | None:
    """Standardised shares, the sentences that they rest on, and what must be said of them."""
    found, strata = comparison.standardised, comparison.strata
    if found is None or strata is None:
        return None
    shape = range(found.value.shape[1])
    return {
        "notes": strata_notes(comparison, lang),
        "kept": strata.kept.tolist(),
        "rows": [[figures_of(found, u, k) for k in shape] for u in range(len(found.value))],
    }
