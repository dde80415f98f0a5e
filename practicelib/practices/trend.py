"""Change of shares over the years of the case table."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from practicelib.practices.cases import UNKNOWN_VALUE
from practicelib.practices.estimates import Question, measure_sums, raw_estimates
from practicelib.practices.gather import Gathered
from practicelib.records.practices import ErrorRates, Note, Settings, Trend, Unit


def trend_over_years(
    gathered: Gathered, settings: Settings, rates: ErrorRates | None
) -> Trend | None:
    """Shares of sentences by year, all units together; None with fewer than two known years.

    Only years that somebody confirmed in the case table count; reports without one are left out.
    A person's codes are the same at all times as far as anybody knows; a model's recall is taken
    as checked only with a coded sample.
    """
    own = _confirmed_years(gathered)
    years = sorted({year for year in own if year != UNKNOWN_VALUE})
    if len(years) < 2:
        return None
    place = {year: i for i, year in enumerate(years)}
    known = np.array([year in place for year in own])
    unit = np.array([place.get(year, 0) for year in own], np.int64)
    dated = replace(
        gathered,
        units=tuple(Unit(year, (year,), (), ()) for year in years),
        unit=unit,
        weight=gathered.weight * known[gathered.report],
    )
    question = Question(settings.estimand, settings.level, settings.least)
    estimates = raw_estimates(measure_sums(dated, "sentences", question), "sentences", question)
    reports = np.bincount(unit[known], minlength=len(years)).astype(np.int64)
    checked = gathered.reports[0].coding.kind == "person" or (
        rates is not None and rates.source == "sample"
    )
    return Trend(tuple(years), reports, estimates, checked)


def _confirmed_years(gathered: Gathered) -> list[str]:
    """The year of each report, "?" where it is a guess or none is given, (C,)."""
    own = gathered.values("year")
    for held in gathered.units:
        for number, case in zip(held.reports, held.cases, strict=True):
            own[number] = own[number] if case.confirmed else UNKNOWN_VALUE
    return own


def trend_notes(gathered: Gathered) -> tuple[Note, ...]:
    """How many reports a trend leaves out: those with a guessed year, those without any."""
    confirmed = _confirmed_years(gathered)
    typed = gathered.values("year")
    guessed = sum(a != b for a, b in zip(confirmed, typed, strict=True))
    counts = {"trend_guessed": guessed, "trend_undated": typed.count(UNKNOWN_VALUE)}
    of = str(len(typed))
    return tuple(Note(key, (str(count), of)) for key, count in counts.items() if count)
