"""Profile of practices: what reports emphasise, unit by unit, with honest limits.

Axes: N sentences, K categories, C reports, U units, S stances.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from practicelib.measures.shares import by_unit, ratio
from practicelib.practices.estimates import Question, measure_tables
from practicelib.practices.gather import Duplicates, Gathered, Headings, columns_of, gather
from practicelib.practices.sample import lay, model_rates, sampled_rates
from practicelib.practices.stances import Stances
from practicelib.records.cases import REPORT, CaseTable
from practicelib.records.codebook import Codebook
from practicelib.records.practices import (
    ESTIMANDS,
    ErrorRates,
    Estimand,
    MeasureTable,
    Note,
    PracticeProfile,
    Quote,
    Settings,
)
from practicelib.records.tags import Coding, TaggedReport
from practicelib.records.validation import ValidationSample

Floats = NDArray[np.float64]
Reports = TaggedReport | Sequence[TaggedReport]

QUOTES = 5
_FEW_REPORTS = 10
_DIFFERENT = 0.05


def profile(
    tagged: Reports,
    cases: CaseTable | None = None,
    *,
    by: str | Sequence[str] = REPORT,
    estimand: Estimand = "these",
    validation: ValidationSample | None = None,
    rates: ErrorRates | None = None,
    codebook: Codebook | None = None,
    headings: Headings = "with",
    least: int = 1,
    duplicates: Duplicates = "flag",
    level: float = 0.95,
) -> PracticeProfile:
    """Profile tagged reports, a model's or a person's, per report or pooled by case columns.

    `by` is "report", a column of the case table, or several. `estimand` "these" takes the reports
    as all there are, so that only coding can err; "like-these" takes whole reports as a sample,
    with limits over reports (none for a unit with one report). `validation` is a coded probability
    sample of the very sentences: then every share has a corrected one beside it. Without it there
    is only a band, over `rates` or over the error counts that came with the model. `codebook` gives
    the patterns of planned and lacking sentences, and need not be that of the codes. A category is
    present in a report with at least `least` sentences. `duplicates`: passages shared by reports
    are only flagged, counted in the "first" report alone, or given a "weight" of one over their
    number.

    Raises ValueError for unknown options or columns and reports coded unlike each other, LabelError
    where case table or sample do not fit the reports.
    """
    gathered = gather(tagged, cases, by=by, headings=headings, duplicates=duplicates)
    names = columns_of(by, cases)
    settings = Settings(names, estimand, headings, least, duplicates, level)
    return build_profile(gathered, settings, validation, rates, codebook)


def build_profile(
    gathered: Gathered,
    settings: Settings,
    validation: ValidationSample | None = None,
    rates: ErrorRates | None = None,
    codebook: Codebook | None = None,
) -> PracticeProfile:
    """The profile of gathered sentences; `profile` and `compare` both come here."""
    if settings.estimand not in ESTIMANDS:
        raise ValueError(f"estimand must be one of {', '.join(ESTIMANDS)}")
    if settings.least < 1 or not 0.5 <= settings.level < 1.0:
        raise ValueError("least must be at least 1 and level at least 0.5 and below 1")
    coding = gathered.reports[0].coding
    question = Question(settings.estimand, settings.level, settings.least)
    laid = None if validation is None else lay(validation, gathered)
    known = rates
    if laid is not None:
        known = sampled_rates(laid, gathered, settings.level)
    elif known is None and coding.kind == "model":
        known = model_rates(coding, settings.level)
    tables = measure_tables(gathered, question, laid, known)
    stance_names, stances = _stances(gathered, codebook)
    return PracticeProfile(
        gathered.units,
        coding.categories,
        coding,
        settings,
        tables,
        _unit_sums(gathered, gathered.assigned),
        _unit_sums(gathered, gathered.assigned * gathered.heading[:, None]),
        _unit_sums(gathered, gathered.assigned.max(axis=1, keepdims=True))[:, 0],
        _positions(gathered),
        stances,
        stance_names,
        _quotes(gathered),
        gathered.passages,
        (
            *gathered.notes,
            *_notes(gathered, settings, tables, known),
            *_stance_notes(coding, codebook),
        ),
        known,
        gathered.reports,
        codebook.hash if codebook is not None and stance_names else "",
    )


def _unit_sums(gathered: Gathered, values: Floats) -> Floats:
    """Weighted sums of sentence values by unit."""
    weighted = values * gathered.weight[:, None]
    return by_unit(weighted, gathered.unit_of_sentence, len(gathered.units))


def _positions(gathered: Gathered) -> Floats:
    """Mean place of a category's sentences in their reports, (U, K): 0 first, 1 last."""
    sizes = np.array([len(t) for t in gathered.reports], float)[gathered.report]
    place = gathered.sentence / np.maximum(sizes - 1.0, 1.0)
    counts = _unit_sums(gathered, gathered.assigned)
    return ratio(_unit_sums(gathered, gathered.assigned * place[:, None]), counts)


def _stances(gathered: Gathered, codebook: Codebook | None) -> tuple[tuple[str, ...], Floats]:
    """Stance names and weighted counts of the coded sentences that carry them, (U, K, S)."""
    shape = (len(gathered.units), gathered.assigned.shape[1])
    if codebook is None or not codebook.stances:
        return (), np.zeros((*shape, 0))
    stances = Stances(codebook)
    carries = stances.carried(gathered)
    counts = [
        _unit_sums(gathered, gathered.assigned * carries[:, [s]]) for s in range(carries.shape[1])
    ]
    return stances.names, np.stack(counts, axis=-1)


def _quotes(gathered: Gathered) -> tuple[tuple[tuple[Quote, ...], ...], ...]:
    """The most probable sentences of each unit and category; headings after others."""
    unit = gathered.unit_of_sentence
    return tuple(
        tuple(
            tuple(_quote(gathered, row, k) for row in _strongest(gathered, unit == u, k))
            for k in range(gathered.assigned.shape[1])
        )
        for u in range(len(gathered.units))
    )


def _strongest(gathered: Gathered, inside: NDArray[np.bool_], k: int) -> list[int]:
    rows = np.flatnonzero(inside & (gathered.assigned[:, k] > 0) & (gathered.weight > 0))
    order = np.lexsort((rows, -gathered.probability[rows, k], gathered.heading[rows]))
    return [int(row) for row in rows[order][:QUOTES]]


def _quote(gathered: Gathered, row: int, k: int) -> Quote:
    report, number = int(gathered.report[row]), int(gathered.sentence[row])
    sentence = gathered.reports[report].report.sentences[number]
    probability = float(gathered.probability[row, k])
    return Quote(report, number, sentence.start, sentence.end, sentence.text, probability)


def _notes(
    gathered: Gathered,
    settings: Settings,
    tables: Sequence[MeasureTable],
    rates: ErrorRates | None,
) -> list[Note]:
    coding = gathered.reports[0].coding
    reports = [len(unit.reports) for unit in gathered.units]
    notes = []
    if settings.estimand == "like-these":
        alone = sum(n == 1 for n in reports)
        if alone:
            notes.append(Note("one_report", (str(alone), str(len(reports)))))
        if any(1 < n < _FEW_REPORTS for n in reports):
            notes.append(Note("few_reports", (str(_FEW_REPORTS),)))
    elif coding.kind != "model":
        notes.append(Note("counted_by_person"))
    corrected = any(table.corrected is not None for table in tables)
    if coding.kind == "model" and not corrected:
        notes.append(Note("no_sample" if rates is not None else "no_error_counts"))
    if corrected and rates is not None:
        notes.extend(_error_notes(coding.categories, rates))
    return notes


def _stance_notes(coding: Coding, codebook: Codebook | None) -> list[Note]:
    """Why no stances are listed, or that another codebook than that of the codes gave them."""
    if codebook is None:
        return []
    if not codebook.stances:
        return [Note("no_stances")]
    if coding.codebook in ("", codebook.hash):
        return []
    return [Note("stances_elsewhere", (codebook.hash[:12], coding.codebook[:12]))]


def _error_notes(categories: Sequence[str], rates: ErrorRates) -> list[Note]:
    """Categories whose error rates differ between units, so that adjusted shares mislead."""
    return [
        Note("differential_error", (key, name, _p_text(float(p[k]))))
        for name, p in (
            ("sensitivity", rates.p_sensitivity),
            ("specificity", rates.p_specificity),
        )
        for k, key in enumerate(categories)
        if p[k] < _DIFFERENT
    ]


def _p_text(p: float) -> str:
    return "< 0.001" if p < 0.001 else f"= {p:.3f}"
