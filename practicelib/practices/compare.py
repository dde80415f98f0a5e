"""Units side by side: how their reported practices differ, by how much, and how sure that is.

Axes: N sentences, U units, K categories, P pairs, C reports.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from practicelib.measures.similarity import (
    ShareDistance,
    dendrogram_order,
    jensen_shannon,
    set_counts,
    share_distances,
)
from practicelib.practices.differences import (
    agreement_of_measures,
    table_differences,
)
from practicelib.practices.distinctive import distinctive
from practicelib.practices.gather import Duplicates, Gathered, Headings, columns_of, gather
from practicelib.practices.profile import Reports, build_profile
from practicelib.practices.sample import Laid, lay
from practicelib.practices.standardise import standardise, strata_of
from practicelib.practices.trend import trend_notes, trend_over_years
from practicelib.records.cases import REPORT, CaseTable
from practicelib.records.codebook import Codebook
from practicelib.records.practices import (
    MEASURES,
    Comparison,
    Composition,
    ErrorRates,
    Estimand,
    Measure,
    Note,
    PracticeProfile,
    Settings,
    Similarity,
    Strata,
)
from practicelib.records.validation import ValidationSample

COMPOSED_BY = ("type", "level", "year")


def compare(
    tagged: Reports,
    *,
    by: str | Sequence[str] = "unit",
    cases: CaseTable | None = None,
    adjust: str = "",
    measure: Measure = "sentences",
    estimand: Estimand = "these",
    validation: ValidationSample | None = None,
    rates: ErrorRates | None = None,
    codebook: Codebook | None = None,
    headings: Headings = "with",
    least: int = 1,
    duplicates: Duplicates = "flag",
    distance: ShareDistance = "euclidean",
    level: float = 0.95,
    resamples: int = 4000,
    seed: int = 0,
) -> Comparison:
    """Compare units; options that `profile` has mean the same here.

    `measure` is what differences are of. `adjust` names a column (type, level, year or one of the
    user's) to standardise the raw shares of `measure` by; differences stay those of shares as
    they are. `distance` is that of share vectors, beside the
    Jensen-Shannon distance over label sets. Raises ValueError for fewer than two units and for
    unknown options.
    """
    gathered = gather(tagged, cases, by=by, headings=headings, duplicates=duplicates)
    names = columns_of(by, cases)
    if len(gathered.units) < 2:
        raise ValueError(_too_few(names, len(gathered.units)))
    if measure not in MEASURES:
        raise ValueError(f"measure must be one of {', '.join(MEASURES)}, not {measure!r}")
    adjust = columns_of(adjust, cases)[0]
    settings = Settings(
        names, estimand, headings, least, duplicates, level, resamples, seed, adjust, distance
    )
    profile = build_profile(gathered, settings, validation, rates, codebook)
    laid = None if validation is None else lay(validation, gathered)
    return _comparison(gathered, profile, measure, distance, laid)


def _too_few(by: tuple[str, ...], units: int) -> str:
    cause = f"a comparison needs at least two units; by {', '.join(by)} there are {units}"
    if by == (REPORT,):
        return f"{cause}: give more reports"
    return f"{cause}: fill in a case table, or compare by another column (by {REPORT}, say)"


def _comparison(
    gathered: Gathered,
    profile: PracticeProfile,
    measure: Measure,
    distance: ShareDistance,
    laid: Laid | None,
) -> Comparison:
    settings, table, adjust = profile.settings, profile.table(measure), profile.settings.adjust
    raw = table_differences(gathered, profile, replace(table, corrected=None), None)
    corrected = None
    if table.corrected is not None:
        corrected = table_differences(gathered, profile, table, laid)
    strata = _strata(gathered, adjust)
    trend = trend_over_years(gathered, settings, profile.errors)
    return Comparison(
        profile,
        measure,
        raw,
        corrected,
        *agreement_of_measures(gathered, profile, corrected or raw, laid),
        tuple(_composition(gathered, column) for column in _composed_by(adjust)),
        None if strata is None else standardise(gathered, settings, measure, strata),
        _similarity(gathered, profile, distance),
        distinctive(gathered, settings.level),
        trend,
        (*_notes(gathered, adjust), *(() if trend is None else trend_notes(gathered))),
        strata,
    )


def _strata(gathered: Gathered, adjust: str) -> Strata | None:
    return strata_of(gathered, adjust, _column(gathered, adjust)) if adjust else None


def _column(gathered: Gathered, column: str) -> list[str]:
    try:
        return gathered.values(column)
    except KeyError:
        raise ValueError(f"no column {column!r} in the case table") from None


def _composed_by(adjust: str) -> list[str]:
    return [*COMPOSED_BY, *([adjust] if adjust and adjust not in COMPOSED_BY else [])]


def _composition(gathered: Gathered, column: str) -> Composition:
    own = _column(gathered, column)
    values = sorted(set(own))
    reports = np.zeros((len(gathered.units), len(values)), np.int64)
    sentences = np.zeros_like(reports)
    for number, value in enumerate(own):
        cell = gathered.unit[number], values.index(value)
        reports[cell] += 1
        sentences[cell] += len(gathered.reports[number])
    return Composition(column, tuple(values), reports, sentences)


def _similarity(
    gathered: Gathered, profile: PracticeProfile, distance: ShareDistance
) -> Similarity:
    counted = gathered.weight > 0
    unit = gathered.unit_of_sentence[counted]
    sets = set_counts(gathered.assigned[counted] > 0, unit, len(gathered.units))
    between = jensen_shannon(sets)
    table = profile.table("sentences")
    shares = (table.corrected or table.raw).value
    return Similarity(
        between, share_distances(shares, distance), distance, dendrogram_order(between)
    )


def _notes(gathered: Gathered, adjust: str) -> tuple[Note, ...]:
    if adjust:  # What is said of it is said from the strata.
        return ()
    uneven = [c for c in COMPOSED_BY if _differs(gathered, c)]
    return (Note("composition_differs", tuple(uneven)),) if uneven else ()


def _differs(gathered: Gathered, column: str) -> bool:
    """Whether units hold different values of a column at all."""
    own = gathered.values(column)
    held = {u: frozenset(own[c] for c in unit.reports) for u, unit in enumerate(gathered.units)}
    return len(set(held.values())) > 1
