"""What profiles and comparisons say to people, in Chinese and English."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib import resources

from practicelib.practices.cases import UNKNOWN_VALUE
from practicelib.records.practices import (
    Comparison,
    ErrorRates,
    Estimates,
    Measure,
    Note,
    PracticeProfile,
    Reason,
    Strata,
)

DASH = "–"


@cache
def _content() -> dict[str, dict[str, dict[str, str]]]:
    file = resources.files("practicelib.show") / "words" / "practices.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


def words(lang: str) -> dict[str, str]:
    """Headings, column names and labels of a language ("zh" or "en")."""
    return _content()[lang]["words"]


def method_words(lang: str) -> dict[str, str]:
    """Sentences of the methods paragraph, with places for figures."""
    return _content()[lang]["methods"]


def percent(value: float, digits: int = 1) -> str:
    """A share in percent; a dash where there is none."""
    return f"{100 * value:.{digits}f}%" if math.isfinite(value) else DASH


def points(value: float) -> str:
    """A difference of shares in percentage points with its sign."""
    return _signed(value) if math.isfinite(value) else DASH


def _signed(value: float) -> str:
    rounded = round(100 * value, 1)
    return f"{rounded:+.1f}" if rounded else "0.0"


def span(low: float, high: float) -> str:
    """Limits in percent, a dash where there are none."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return DASH
    return f"{100 * low:.1f}–{100 * high:.1f}"


def point_span(low: float, high: float) -> str:
    """Limits of a difference in percentage points."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return DASH
    return f"{_signed(low)} … {_signed(high)}"


def p_text(p: float) -> str:
    """A p value to three decimals; empty where there is none."""
    if not math.isfinite(p):
        return ""
    return f"{p:.3f}" if p >= 0.001 else "<0.001"


def reason_text(reason: Reason, lang: str) -> str:
    """Why there is no figure; empty where there is one."""
    return _content()[lang]["reasons"][reason] if reason else ""


def column_name(column: str, lang: str) -> str:
    """A column of the case table as it is called within a sentence; the user's own as it stands."""
    return _content()[lang]["columns"].get(column, column)


def column_heading(column: str, lang: str) -> str:
    """A column of the case table as the heading of a table."""
    name = column_name(column, lang)
    known = column in _content()[lang]["columns"]
    return name[:1].upper() + name[1:] if known else name


def unit_heading(profile: PracticeProfile, lang: str) -> str:
    """Heading of the column that names what is compared: the columns that reports are pooled by."""
    return " · ".join(column_heading(column, lang) for column in profile.settings.by)


def value_name(value: str, lang: str) -> str:
    """What a column of the case table says, in words where it is not filled in."""
    return words(lang)["unknown_value"] if value == UNKNOWN_VALUE else value


def note_text(note: Note, profile: PracticeProfile, lang: str) -> str:
    """A note in words; category keys and column names are translated."""
    known = words(lang) | _content()[lang]["columns"]
    coding = profile.coding
    values = []
    for value in note.values:
        if value in coding.categories:
            values.append(coding.display_name(value, lang))
        else:
            values.append(known.get(value, value))
    if note.key == "composition_differs":
        values = [joined(values, lang)]
    return _content()[lang]["notes"][note.key].format(*values)


def all_notes(profile: PracticeProfile, comparison: Comparison | None, lang: str) -> list[str]:
    """Everything that must be said beside the figures."""
    notes = [*profile.notes, *(comparison.notes if comparison else ())]
    if comparison is not None and comparison.trend and not comparison.trend.recall_checked:
        notes.append(Note("recall_unchecked"))
    said = [note_text(note, profile, lang) for note in notes]
    return [*said, *([] if comparison is None else strata_notes(comparison, lang))]


def strata_notes(comparison: Comparison, lang: str) -> list[str]:
    """What was standardised, by which values, and what is left of each unit; nothing if nothing."""
    strata, known = comparison.strata, _content()[lang]["notes"]
    if strata is None:
        return []
    values = strata_values(strata, lang)
    if not strata.used:
        return [known["standardised_none"].format(**values)]
    units = zip(comparison.profile.units, strata.kept.tolist(), strict=True)
    kept = joined([f"{unit.name} {own}/{unit.sentences}" for unit, own in units], lang)
    measure = words(lang)[comparison.measure]
    key = "standardised_dropped" if strata.dropped else "standardised_all"
    return [
        known["standardised"].format(**values, measure=measure),
        known[key].format(**values, kept=kept),
    ]


def strata_values(strata: Strata, lang: str) -> dict[str, str]:
    """The column that shares were standardised by and its values, used and dropped, in words."""
    return {
        "column": column_name(strata.column, lang),
        "used": joined([value_name(value, lang) for value in strata.used], lang),
        "dropped": joined([value_name(value, lang) for value in strata.dropped], lang),
    }


def category_names(profile: PracticeProfile, lang: str) -> list[str]:
    """Names of the categories for people."""
    return [profile.coding.display_name(key, lang) for key in profile.categories]


def errors_from(profile: PracticeProfile, lang: str) -> str:
    """Where the error rates come from; empty where none are known."""
    return (
        "" if profile.errors is None else words(lang)[f"errors_from_{rates_source(profile.errors)}"]
    )


def rates_source(rates: ErrorRates) -> str:
    """Who the rates come from: "sample", "model", or "stated" for whatever a user brought along."""
    return rates.source if rates.source in ("sample", "model") else "stated"


def has_limits(estimates: Estimates | None) -> bool:
    """Whether limits are more than the value itself."""
    return estimates is not None and estimates.method not in ("", "counted")


def joined(parts: Sequence[str], lang: str) -> str:
    """Parts of a list in the manner of the language."""
    return ("、" if lang == "zh" else ", ").join(parts)


def legend(profile: PracticeProfile, measure: Measure, lang: str) -> str:
    """What the signs of the dot figures mean; empty where there is one kind of figures only."""
    table = profile.table(measure)
    if table.corrected is not None:
        return words(lang)["legend_corrected"]
    return words(lang)["legend_band"] if table.band is not None else ""
