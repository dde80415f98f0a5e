"""Corrected, adjusted and banded shares: every figure worked out another way."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from practicelib.measures.quantify import (
    Design,
    design_variance,
    differential_error,
    rogan_gladen_variance,
)
from practicelib.measures.shares import ClusterSums, cluster_ratios, korn_graubard
from practicelib.practices.estimates import Question, adjusted_estimates, band_estimates
from practicelib.practices.profile import profile
from practicelib.practices.sample import model_rates
from practicelib.records.cases import CaseTable
from practicelib.records.practices import ErrorRates, Estimates
from practicelib.records.tags import TaggedReport
from practicelib.records.validation import SampledSentence, Stratum, ValidationSample
from tests.practices.made import KEYS, MODEL, case_of, report_of, reports_of

Floats = NDArray[np.float64]
UNKNOWN = np.full(1, np.nan)
UNIT = np.repeat([0, 0, 1, 1], 10)


@dataclass(frozen=True)
class Coded:
    """Two units of two reports of ten sentences, of which a stratified sample is coded.

    Strata are, by unit, the sentences with and without a prediction; four of each are drawn.
    """

    reports: list[TaggedReport]
    cases: CaseTable
    sample: ValidationSample
    guess: Floats
    rows: NDArray[np.int64]
    codes: Floats
    design: Design

    @property
    def weights(self) -> Floats:
        """Sentences that each sampled one stands for."""
        return np.asarray((self.design.sizes / 4)[self.design.stratum])[:, None]

    def outcomes(self, guess: Floats, codes: Floats) -> Floats:
        """Predictions, the sampled ones with their weighted errors on top."""
        found = guess.copy()
        found[self.rows] += self.weights * (codes - guess[self.rows])
        return found


@pytest.fixture
def coded() -> Coded:
    rng = np.random.default_rng(3)
    guess = rng.random((40, 4)) < 0.2
    reports = [report_of(i, guess[10 * i : 10 * i + 10].tolist(), MODEL) for i in range(4)]
    cases = CaseTable(tuple(case_of(t, unit="甲甲乙乙"[i]) for i, t in enumerate(reports)))
    stratum = 2 * UNIT + guess.any(axis=1)
    sizes = np.bincount(stratum)
    assert (sizes > 4).all()
    rows = np.sort(np.concatenate([np.flatnonzero(stratum == h)[-4:] for h in range(4)]))
    codes = guess[rows] ^ (rng.random((16, 4)) < 0.2)
    places = [(t.report.source.file, s) for t in reports for s in t.report.sentences]
    sample = ValidationSample(
        tuple(
            SampledSentence(file, s.start, s.end, s.text, int(stratum[r]))
            for r in rows
            for file, s in [places[r]]
        ),
        tuple(Stratum("甲乙"[h // 2], ("none", "some")[h % 2], int(sizes[h]), 4) for h in range(4)),
        KEYS,
        codes,
        MODEL.model,
    )
    design = Design(stratum[rows], sizes, np.array([0, 1, 0, 1]))
    return Coded(reports, cases, sample, guess * 1.0, rows, codes * 1.0, design)


@pytest.mark.parametrize("headings", ["with", "without"])
def test_shares_corrected_by_a_part_of_the_sentences(coded: Coded, headings: str) -> None:
    """These reports: the error is that of drawing, with sampled sentences less strata to know it.

    Headings are left out of the sums, not out of the sample.
    """
    found = profile(
        coded.reports, coded.cases, by="unit", validation=coded.sample, headings=headings,  # type: ignore[arg-type]
        level=0.9,
    ).table("sentences").corrected  # fmt: skip
    assert found is not None
    weight = np.ones(40)
    if headings == "without":
        weight[::10] = 0.0
    outcome = coded.outcomes(coded.guess, coded.codes) * weight[:, None]
    n = weight.reshape(2, -1).sum(axis=1)[:, None]
    value = outcome.reshape(2, 20, 4).sum(axis=1) / n
    residual = (coded.codes - coded.guess[coded.rows]) * weight[coded.rows, None]
    variance = design_variance(residual, UNIT[coded.rows], 2, coded.design) / n**2
    assert found.value == pytest.approx(np.clip(value, 0, 1))
    assert found.variance == pytest.approx(variance)
    assert (found.df == 8 - 2).all()
    limits = korn_graubard(value, variance, n, 6, 0.9, capped=False)
    assert (found.low, found.high) == (pytest.approx(limits[0]), pytest.approx(limits[1]))


@pytest.mark.parametrize("measure", ["sentences", "coded"])
def test_corrected_shares_of_reports_like_these(coded: Coded, measure: str) -> None:
    """The spread of corrected reports, plus what drawing few sentences may have hidden.

    Degrees of freedom by Satterthwaite from both parts; among coded sentences both sums are
    corrected and the residual is that of their ratio.
    """
    asked = profile(
        coded.reports, coded.cases, by="unit", validation=coded.sample, estimand="like-these"
    ).table(measure)  # type: ignore[arg-type]
    found = asked.corrected
    assert found is not None
    report = np.repeat(np.arange(4), 10)
    guessed, known = (x.any(axis=1, keepdims=True) * 1.0 for x in (coded.guess, coded.codes))
    part = coded.outcomes(coded.guess, coded.codes)
    base = coded.outcomes(guessed, known) if measure == "coded" else np.ones((40, 1))
    parts, wholes = (
        np.array([np.broadcast_to(x, (40, 4))[report == c].sum(axis=0) for c in range(4)])
        for x in (part, base)
    )
    clusters = cluster_ratios(ClusterSums(parts, wholes, np.array([0, 0, 1, 1]), 2))
    residual = coded.codes - coded.guess[coded.rows]
    unit = UNIT[coded.rows]
    if measure == "coded":
        residual = residual - clusters.value[unit] * (known - guessed[coded.rows])
    whole = wholes.reshape(2, 2, 4).sum(axis=1)
    full, plain = (
        design_variance(residual, unit, 2, coded.design, pooled=pooled) / whole**2
        for pooled in (True, False)
    )
    variance = clusters.variance + np.maximum(full - plain, 0.0)
    drawn = np.minimum(full, variance)
    df = variance**2 / ((variance - drawn) ** 2 / asked.raw.df + drawn**2 / 6)
    assert found.value == pytest.approx(np.clip(clusters.value, 0, 1))
    assert found.variance == pytest.approx(variance)
    assert found.df == pytest.approx(np.clip(df, 1, np.maximum(2 * asked.raw.df, 1)))
    low, _ = korn_graubard(clusters.value, variance, asked.raw.size, found.df)
    assert found.low == pytest.approx(low)


def test_a_unit_without_a_sampled_sentence_has_no_corrected_share(coded: Coded) -> None:
    """The reason is said; the other unit has its share."""
    own = coded.design.stratum < 2
    strata = coded.sample.strata[:2]
    assert coded.sample.codes is not None
    sample = replace(
        coded.sample,
        sentences=tuple(s for s, kept in zip(coded.sample.sentences, own, strict=True) if kept),
        strata=(*strata, *(replace(s, drawn=0) for s in coded.sample.strata[2:])),
        codes=coded.sample.codes[own],
    )
    found = profile(coded.reports, coded.cases, by="unit", validation=sample)
    corrected = found.table("sentences").corrected
    assert corrected is not None
    assert corrected.reasons == ("", "no_sample")
    assert np.isfinite(corrected.value[0]).all()
    assert np.isnan([corrected.value[1], corrected.low[1], corrected.high[1]]).all()


def test_error_rates_of_a_sample_are_weighted_by_its_design(coded: Coded) -> None:
    """Every sampled sentence stands for size / drawn; limits by the variance of such a ratio.

    Whether units differ is tested at the effective number of each.
    """
    found = profile(
        coded.reports, coded.cases, by="unit", validation=coded.sample, level=0.9
    ).errors
    assert found is not None
    guess, code, weight = coded.guess[coded.rows], coded.codes, coded.weights
    for rates, p, hit, base in (
        (found.sensitivity, found.p_sensitivity, guess * code, code),
        (found.specificity, found.p_specificity, (1 - guess) * (1 - code), 1 - code),
    ):
        whole = (weight * base).sum(axis=0)
        rate = (weight * hit).sum(axis=0) / whole
        z = hit - rate * base
        variance = sum(
            size**2 * (1 - 4 / size) * z[coded.design.stratum == h].var(axis=0, ddof=1) / 4
            for h, size in enumerate(coded.design.sizes)
        )
        n = base.sum(axis=0)
        limits = korn_graubard(rate, variance / whole**2, n, np.maximum(n - 1, 1), 0.9)
        assert rates == pytest.approx(np.column_stack([rate, *limits]), nan_ok=True)
        tests = []
        for k in range(4):
            own = [(UNIT[coded.rows] == u) & (base[:, k] > 0) for u in (0, 1)]
            w = [weight[rows, 0] for rows in own]
            trials = [x.sum() ** 2 / (x**2).sum() if x.size else 0.0 for x in w]
            rates_of = [
                (x * hit[rows, k]).sum() / x.sum() if x.size else 0.0
                for x, rows in zip(w, own, strict=True)
            ]
            tests.append(differential_error(np.multiply(trials, rates_of), trials).p)
        assert p == pytest.approx(tests, nan_ok=True)
        assert np.isfinite(p).any()


def shares(values: list[float], method: str = "cluster") -> Estimates:
    """Shares of one category with a variance of 0.0004, from 200 sentences each."""
    value = np.array(values)[:, None]
    same = np.ones_like(value)
    low, high = korn_graubard(value, 0.0004 * same, 200 * same, 9 * same)
    return Estimates(
        value, low, high, method, ("",) * len(value), 4e-4 * same, 9 * same, 200 * same
    )


@pytest.mark.parametrize("level", [0.8, 0.95, 0.99])
def test_adjusted_shares_carry_the_errors_of_both_rates(level: float) -> None:
    """Limits of the rates stand for the same errors at whatever level they were asked for.

    For these reports the raw share varies by which sentences are taken wrongly, no more.
    """
    reach = float(stats.norm.ppf((1 + level) / 2))
    rates = ErrorRates(
        np.array([[0.8, 0.8 - 0.05 * reach, 0.8 + 0.05 * reach]]),
        np.array([[0.97, 0.97 - 0.01 * reach, 0.97 + 0.01 * reach]]),
        "sample", UNKNOWN, UNKNOWN,
    )  # fmt: skip
    raw = shares([0.1, 0.3])
    for estimand in ("these", "like-these"):
        found = adjusted_estimates(raw, rates, Question(estimand, level))  # type: ignore[arg-type]
        share = (raw.value - 0.03) / 0.77
        noise, df = raw.variance, raw.df
        if estimand == "these":
            noise = (share * 0.8 * 0.2 + (1 - share) * 0.97 * 0.03) / 200
            df = raw.size - 1
        variance = rogan_gladen_variance(raw.value, noise, 0.8, 0.05**2, 0.97, 0.01**2)
        assert found.value == pytest.approx(share)
        assert found.variance == pytest.approx(variance)
        low, high = korn_graubard(share, variance, 200, df, level)
        assert (found.low, found.high) == (pytest.approx(low), pytest.approx(high))


@pytest.mark.parametrize("method", ["counted", "cluster"])
def test_bands_reach_over_both_ranges_and_chance(method: str) -> None:
    """The ends are the adjusted ends of the raw share's limits at the corners of the ranges.

    Of counted shares the limits are exact ones. Without a range there is no band.
    """
    raw = shares([0.1, 0.3, 0.0], method)
    known = [[0.8, 0.7, 0.9]], [[0.97, 0.95, 0.99]]
    rates = ErrorRates(*(np.array(r) for r in known), "stated", UNKNOWN, UNKNOWN)
    found = band_estimates(raw, rates, 0.9)
    for u in range(3):
        low, high = raw.low[u, 0], raw.high[u, 0]
        if method == "counted":
            counts = round(200 * raw.value[u, 0]), 200
            low, high = stats.binomtest(*counts).proportion_ci(0.9, "exact")
        ends = [
            [(end + sp - 1) / (se + sp - 1) for se in (0.7, 0.9) for sp in (0.95, 0.99)]
            for end in (low, high)
        ]
        assert found.low[u, 0] == pytest.approx(np.clip(min(ends[0]), 0, 1))
        assert found.high[u, 0] == pytest.approx(np.clip(max(ends[1]), 0, 1))
    none = replace(rates, specificity=np.full((1, 3), np.nan))
    assert np.isnan(band_estimates(raw, none, 0.9).high).all()


def test_ranges_of_a_models_rates_reach_to_twice_the_odds_of_an_error() -> None:
    """80 of 100 were found: odds of 1 / 4, so 2 / 3 to 8 / 9; exact limits where they are wider."""
    found = model_rates(MODEL, 0.95)
    assert found is not None
    assert found.sensitivity[0] == pytest.approx([0.8, 2 / 3, 8 / 9])
    few = replace(MODEL, true_positives=np.full(4, 4), false_negatives=np.full(4, 1))
    small = model_rates(few, 0.95)
    assert small is not None
    limits = stats.binomtest(4, 5).proportion_ci(0.95, "exact")
    assert small.sensitivity[0] == pytest.approx([0.8, *limits])
    right = 890 / 900
    turned = [right / (right + factor * (1 - right)) for factor in (1, 2, 0.5)]
    assert small.specificity[0] == pytest.approx(turned, abs=2e-3)
    assert model_rates(replace(MODEL, true_positives=np.zeros(0, int)), 0.95) is None


def test_limits_of_presence_are_exact_ones_over_reports() -> None:
    """Each report is one yes or no; one report has none."""
    reports, cases = reports_of([[0.05, 0.02, 0.01, 0.1]] * 2, per_unit=7)
    moved = CaseTable((*cases.cases[:13], replace(cases.cases[13], unit="丙")))
    found = profile(reports, moved, by="unit", estimand="like-these", level=0.9, least=2)
    raw = found.table("present").raw
    for u, own in ((0, reports[:7]), (1, reports[7:13])):
        held = np.array([t.assigned.sum(axis=0) >= 2 for t in own]).sum(axis=0)
        for k, count in enumerate(held):
            limits = stats.binomtest(int(count), len(own)).proportion_ci(0.9, "exact")
            assert (raw.low[u, k], raw.high[u, k]) == pytest.approx(tuple(limits))
    assert np.isnan(raw.low[2]).all() and np.isnan(raw.high[2]).all()
