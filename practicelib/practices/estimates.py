"""Shares of units by three measures: as tagged, corrected, adjusted, or as a band.

Axes: N sentences, K categories, C reports, U units.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from practicelib.measures.quantify import (
    design_variance,
    rogan_gladen,
    rogan_gladen_variance,
    sensitivity_band,
)
from practicelib.measures.shares import (
    ClusterSums,
    Ratios,
    by_unit,
    cluster_ratios,
    cluster_sums,
    exact_limits,
    korn_graubard,
    ratio,
)
from practicelib.practices.gather import Gathered
from practicelib.practices.sample import Laid, outcomes
from practicelib.records.practices import (
    MEASURES,
    NO_SAMPLE,
    NO_SENTENCES,
    ONE_REPORT,
    ErrorRates,
    Estimand,
    Estimates,
    Measure,
    MeasureTable,
    Reason,
)

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Question:
    """What is asked: which estimand, at which level, what counts as present."""

    estimand: Estimand
    level: float = 0.95
    least: int = 1


def measure_sums(gathered: Gathered, measure: Measure, question: Question) -> ClusterSums:
    """Parts and wholes of each report for one measure, (C, K)."""
    assigned, weight = gathered.assigned, gathered.weight[:, None]
    whole = weight if measure != "coded" else weight * assigned.max(axis=1, keepdims=True)
    sums = _sums(gathered, weight * assigned, whole)
    if measure != "present":
        return sums
    # A report of which nothing is left (only repeated passages, say) is neither yes nor no.
    there = (sums.wholes > 0).astype(float)
    return ClusterSums((sums.parts >= question.least) * there, there, sums.unit, sums.n_units)


def _sums(gathered: Gathered, parts: Floats, wholes: Floats) -> ClusterSums:
    return cluster_sums(parts, wholes, gathered.report, gathered.unit, len(gathered.units))


def measure_tables(
    gathered: Gathered,
    question: Question,
    laid: Laid | None,
    rates: ErrorRates | None,
) -> tuple[MeasureTable, ...]:
    """All three measures; `laid` is a coded sample, `rates` the error rates known of the model."""
    return tuple(_table(gathered, measure, question, laid, rates) for measure in MEASURES)


def _table(
    gathered: Gathered,
    measure: Measure,
    question: Question,
    laid: Laid | None,
    rates: ErrorRates | None,
) -> MeasureTable:
    raw = raw_estimates(measure_sums(gathered, measure, question), measure, question)
    if laid is not None:
        corrected = None
        if measure != "present":
            corrected = corrected_estimates(gathered, measure, question, laid)
        adjusted = None
        if measure == "sentences" and rates is not None:
            adjusted = adjusted_estimates(raw, rates, question)
        return MeasureTable(measure, raw, corrected, adjusted)
    if measure == "sentences" and rates is not None:
        return MeasureTable(measure, raw, band=band_estimates(raw, rates, question.level))
    return MeasureTable(measure, raw)


def raw_estimates(sums: ClusterSums, measure: Measure, question: Question) -> Estimates:
    """Shares as tagged: counted for these reports, with limits over reports for others like them.

    Presence has exact binomial limits, since each report is one yes or no.
    """
    found = cluster_ratios(sums)
    size = by_unit(sums.wholes, sums.unit, sums.n_units)
    if question.estimand == "these":
        reasons = _reasons(size, None)
        zero = np.where(np.isfinite(found.value), 0.0, np.nan)
        return Estimates(
            found.value, found.value, found.value, "counted", reasons, zero, zero, size
        )
    if measure == "present":
        low, high = exact_limits(found.value, size, question.level)
        several = np.where(np.greater(size, 1), 0.0, np.nan)
        low, high = low + several, high + several
    else:
        low, high = korn_graubard(found.value, found.variance, size, found.df, question.level)
    return Estimates(
        found.value,
        low,
        high,
        "cluster",
        _reasons(size, sums.clusters),
        found.variance,
        found.df,
        size,
    )


def _reasons(size: Floats, clusters: NDArray[np.int64] | None) -> tuple[Reason, ...]:
    reasons: list[Reason] = []
    for unit in range(len(size)):
        if not size[unit].any():
            reasons.append(NO_SENTENCES)
        elif clusters is not None and clusters[unit] < 2:
            reasons.append(ONE_REPORT)
        else:
            reasons.append("")
    return tuple(reasons)


@dataclass(frozen=True)
class Corrected:
    """Design-adjusted sums of a measure, and what its sampling adds to the variance, (U, K)."""

    sums: ClusterSums
    found: Ratios
    design: Floats
    unseen: Floats


def corrected_sums(gathered: Gathered, measure: Measure, laid: Laid) -> Corrected:
    """Sums of design-adjusted outcomes; see `practicelib.measures.quantify`.

    `design` is the variance of drawing the sample; `unseen` the part of it that the outcomes
    themselves do not show, because rare errors may have been missed.
    """
    weight, guess = gathered.weight[:, None], gathered.assigned
    part = outcomes(guess, laid.codes, laid)
    any_guess = guess.any(axis=1, keepdims=True).astype(float)
    any_code = laid.codes.any(axis=1, keepdims=True).astype(float)
    base = outcomes(any_guess, any_code, laid) if measure == "coded" else np.ones((len(guess), 1))
    sums = _sums(gathered, weight * part, weight * base)
    found = cluster_ratios(sums)
    residual = laid.codes - guess[laid.rows]
    unit = gathered.unit_of_sentence[laid.rows]
    if measure == "coded":
        gap = any_code - any_guess[laid.rows]
        residual = residual - np.nan_to_num(found.value)[unit] * gap
    residual = residual * weight[laid.rows]
    whole = by_unit(sums.wholes, sums.unit, sums.n_units) ** 2
    n_units = len(gathered.units)
    full = ratio(design_variance(residual, unit, n_units, laid.design), whole)
    plain = ratio(design_variance(residual, unit, n_units, laid.design, pooled=False), whole)
    return Corrected(sums, found, full, np.maximum(full - plain, 0.0))


def corrected_estimates(
    gathered: Gathered, measure: Measure, question: Question, laid: Laid
) -> Estimates:
    """Shares corrected by the coded sample, with limits for the estimand asked for."""
    done = corrected_sums(gathered, measure, laid)
    found, sums = done.found, done.sums
    size = by_unit(_base_sizes(gathered, measure), gathered.unit, sums.n_units)
    per_unit = np.bincount(gathered.unit_of_sentence[laid.rows], minlength=sums.n_units)
    strata = _strata_per_unit(gathered, laid)
    if question.estimand == "these":
        method, variance = "design", done.design
        df = np.maximum(per_unit - strata, 1.0)[:, None] * np.ones_like(variance)
        reasons = _reasons(size, None)
    else:
        method, variance = "cluster+design", found.variance + done.unseen
        df = _combined_df(gathered, measure, question, variance, done.design, per_unit - strata)
        reasons = _reasons(size, sums.clusters)
    unsampled = per_unit == 0
    value = np.where(unsampled[:, None], np.nan, found.value)
    first: list[Reason] = [NO_SAMPLE if gone else "" for gone in unsampled.tolist()]
    reasons = tuple(b or a for a, b in zip(first, reasons, strict=True))
    capped = method != "design"
    low, high = korn_graubard(value, variance, size, df, question.level, capped=capped)
    return Estimates(np.clip(value, 0.0, 1.0), low, high, method, reasons, variance, df, size)


def _combined_df(
    gathered: Gathered,
    measure: Measure,
    question: Question,
    variance: Floats,
    design: Floats,
    free: Floats,
) -> Floats:
    """Degrees of freedom of a variance with a part from reports and one from the sample, (U, K).

    Satterthwaite (1946): the sample's part has its sentences less its strata, what remains has the
    degrees of the shares as tagged. A few sampled errors of great weight would otherwise look like
    a few reports that differ. At most twice the degrees of the shares as tagged: the part of the
    reports is known as what is left of the whole, which few reports tell badly.
    """
    plain = cluster_ratios(measure_sums(gathered, measure, question)).df
    drawn = np.minimum(design, variance)
    rest = variance - drawn
    own = np.maximum(free, 1.0)[:, None]
    found = ratio(variance**2, rest**2 / plain + drawn**2 / own)
    return np.clip(found, 1.0, np.maximum(2.0 * plain, 1.0))


def _base_sizes(gathered: Gathered, measure: Measure) -> Floats:
    """Sentences that count towards the share in each report, (C, K), as tagged."""
    weight = gathered.weight[:, None]
    if measure == "coded":
        weight = weight * gathered.assigned.max(axis=1, keepdims=True)
    return _sums(gathered, weight * np.ones_like(gathered.assigned), weight).parts


def _strata_per_unit(gathered: Gathered, laid: Laid) -> Floats:
    unit = gathered.unit_of_sentence[laid.rows]
    pairs = np.unique(np.column_stack([unit, laid.design.stratum]), axis=0)
    return np.bincount(pairs[:, 0], minlength=len(gathered.units)).astype(float)


def adjusted_estimates(raw: Estimates, rates: ErrorRates, question: Question) -> Estimates:
    """Rogan-Gladen shares with the uncertainty of both rates carried through.

    The limits of `rates` are at the level of the question, as `sampled_rates` gives them.
    For these reports the raw share varies only by which sentences the classifier happens to get
    wrong: P Se (1 - Se) + (1 - P) Sp (1 - Sp), over the sentences.
    """
    se, sp = rates.sensitivity[:, 0], rates.specificity[:, 0]
    value = rogan_gladen(raw.value, se, sp)
    share = np.clip(value, 0.0, 1.0)
    noise = raw.variance
    if question.estimand == "these":
        noise = ratio(share * se * (1 - se) + (1 - share) * sp * (1 - sp), raw.size)
    spread = [_variance_of(r, question.level) for r in (rates.sensitivity, rates.specificity)]
    variance = rogan_gladen_variance(raw.value, noise, se, spread[0], sp, spread[1])
    df = raw.df if question.estimand != "these" else np.maximum(raw.size - 1, 1)
    low, high = korn_graubard(value, variance, raw.size, df, question.level)
    method = "design" if question.estimand == "these" else "cluster+design"
    return Estimates(share, low, high, method, raw.reasons, variance, df, raw.size)


def _variance_of(limits: Floats, level: float) -> Floats:
    """Variance that limits (K, 3) of a rate at a level stand for, as if they were normal ones."""
    widths = 2.0 * float(special.ndtri((1.0 + level) / 2.0))
    spread: Floats = ((limits[:, 2] - limits[:, 1]) / widths) ** 2
    return spread


def band_estimates(raw: Estimates, rates: ErrorRates, level: float) -> Estimates:
    """Least and largest adjusted share over the ranges of both rates; no value of its own.

    Chance is allowed for on top: the ends are those of the raw share's limits, over reports where
    these are a sample, else exact ones, since which sentences a classifier gets wrong is chance
    even in a census. Otherwise a count of 0 would leave a band of 0 to 0.
    """
    ends = raw.low, raw.high
    if raw.method == "counted":
        ends = exact_limits(raw.value, raw.size, level)
    low, high = np.full(raw.value.shape, np.nan), np.full(raw.value.shape, np.nan)
    for k in range(raw.value.shape[1]):
        se, sp = rates.sensitivity[k, 1:], rates.specificity[k, 1:]
        if np.isfinite([*se, *sp]).all():
            ranges = (float(se[0]), float(se[1])), (float(sp[0]), float(sp[1]))
            low[:, k] = sensitivity_band(ends[0][:, k], *ranges)[0]
            high[:, k] = sensitivity_band(ends[1][:, k], *ranges)[1]
    return Estimates(np.full(low.shape, np.nan), low, high, "band", raw.reasons, size=raw.size)
