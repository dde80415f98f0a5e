"""Comparisons: differences, levels, standardisation, words, trend."""

from __future__ import annotations

import inspect
from dataclasses import replace

import numpy as np
import pytest

from practicelib.measures.shares import difference_limits, exact_limits, holm, korn_graubard
from practicelib.measures.simultaneous import sidak_level
from practicelib.practices.compare import compare
from practicelib.practices.profile import profile
from practicelib.records.cases import CaseTable
from practicelib.show.practice_words import all_notes
from tests.practices.made import MODEL, case_of, full_sample, report_of, reports_of

SHARES = [[0.30, 0.10, 0.10, 0.05], [0.05, 0.10, 0.10, 0.05], [0.05, 0.10, 0.30, 0.05]]


def test_a_true_difference_is_found_and_a_false_one_is_not() -> None:
    """Planted differences of 25 points stand; equal shares do not; limits hold the values."""
    reports, cases = reports_of(SHARES, per_unit=12)
    found = compare(reports, cases=cases, estimand="like-these", resamples=500)
    gaps = found.differences
    assert gaps.pairs.tolist() == [[0, 1], [0, 2], [1, 2]]
    assert (gaps.low[[0, 1], 0] > 0.1).all()
    assert gaps.high[2, 2] < 0
    assert ((gaps.low[:, 3] < 0) & (gaps.high[:, 3] > 0)).all()
    assert (gaps.low <= gaps.value).all()
    assert (gaps.holm[0, 0] < 0.005) & (gaps.holm[0, 3] > 0.05)
    assert 0.95 < gaps.each_level < 1
    assert found.survives[0, 0] >= 2
    assert found.same_sign[0, 0] == 3
    assert found.survives[0, 3] == 0


def test_limits_of_differences_are_those_of_both_sides_at_one_level() -> None:
    """A unit of one report has none and does not make the level of the others stricter."""
    reports, cases = reports_of(SHARES, per_unit=4)
    fewer = CaseTable(cases.cases[:9])
    found = compare(reports[:9], cases=fewer, estimand="like-these", level=0.9)
    gaps, raw = found.differences, found.profile.table("sentences").raw
    assert gaps.each_level == pytest.approx(sidak_level(4, 0.9))
    low, high = korn_graubard(raw.value, raw.variance, raw.size, raw.df, gaps.each_level)
    sides = [(raw.value[u], low[u], high[u]) for u in (0, 1)]
    limits = difference_limits(*sides)
    assert (gaps.low[0], gaps.high[0]) == (pytest.approx(limits[0]), pytest.approx(limits[1]))
    assert np.isnan([gaps.low[1:], gaps.high[1:], gaps.p[1:]]).all()
    assert np.isfinite(gaps.value).all()
    there = compare(reports[:9], cases=fewer, estimand="like-these", level=0.9, measure="present")
    gaps, share = there.differences, there.profile.table("present").raw.value
    low, high = exact_limits(share, [[4], [4], [1]], gaps.each_level)
    limits = difference_limits(*((share[u], low[u], high[u]) for u in (0, 1)))
    assert (gaps.low[0], gaps.high[0]) == (pytest.approx(limits[0]), pytest.approx(limits[1]))
    assert np.isnan([gaps.low[1:], gaps.high[1:]]).all()
    adjusted = holm(gaps.p.ravel()).reshape(gaps.p.shape)
    assert np.array_equal(gaps.holm, adjusted, equal_nan=True)


@pytest.mark.parametrize("estimand", ["these", "like-these"])
def test_what_other_measures_say_is_counted(estimand: str) -> None:
    """Same sign, and an interval wholly on that side, over the three measures taken one by one.

    Counted figures have no interval that could survive.
    """
    reports, cases = reports_of(SHARES, per_unit=9)
    each = [
        compare(reports, cases=cases, measure=measure, estimand=estimand, least=4)  # type: ignore[arg-type]
        for measure in ("sentences", "coded", "present")
    ]
    for found in each:
        sign = np.sign(found.differences.value)
        gaps = [one.differences for one in each]
        same = sum((sign != 0) & (np.sign(g.value) == sign) for g in gaps)
        clear = sum(((sign > 0) & (g.low > 0)) | ((sign < 0) & (g.high < 0)) for g in gaps)
        assert np.array_equal(found.same_sign, same)
        assert np.array_equal(found.survives, clear if estimand == "like-these" else 0 * same)
    assert any(found.survives.any() for found in each) == (estimand == "like-these")


def test_options_mean_the_same_as_for_profiles() -> None:
    """Whoever names none gets the same figures from both; only units differ."""
    own, other = (inspect.signature(f).parameters for f in (compare, profile))
    shared = set(own) & set(other) - {"by"}
    assert len(shared) > 8
    assert {n: own[n].default for n in shared} == {n: other[n].default for n in shared}


def test_differences_turn_with_the_order_of_units() -> None:
    """Swapping two units turns value and limits round exactly."""
    reports, cases = reports_of(SHARES[:2], per_unit=5)
    one = compare(reports, cases=cases, estimand="like-these").differences
    turned = CaseTable(cases.cases[5:] + cases.cases[:5])
    other = compare(reports[5:] + reports[:5], cases=turned, estimand="like-these").differences
    assert one.value == pytest.approx(-other.value)
    assert one.low == pytest.approx(-other.high)


def test_these_reports_differ_by_what_they_differ() -> None:
    """Counted figures have no tests and no limits beyond the value."""
    reports, cases = reports_of(SHARES, per_unit=2)
    gaps = compare(reports, cases=cases).differences
    assert np.array_equal(gaps.low, gaps.value)
    assert np.isnan(gaps.p).all()


def test_corrected_differences_stand_beside_raw_ones() -> None:
    """With a coded sample both are given, and only then."""
    reports, cases = reports_of(SHARES[:2], per_unit=3, coding=MODEL)
    codes = np.concatenate([t.assigned for t in reports])
    found = compare(reports, cases=cases, validation=full_sample(reports, codes))
    assert found.corrected_differences is not None
    assert found.corrected_differences.value == pytest.approx(found.differences.value)
    assert compare(reports, cases=cases).corrected_differences is None


def test_what_a_sample_turns_round_is_judged_as_turned() -> None:
    """Where codes say the opposite of the model, agreement is with the corrected difference.

    For these reports the level is Sidak's over all differences, however many reports there are.
    """
    reports, cases = reports_of([[0.3, 0.1, 0.1, 0.1], [0.1, 0.1, 0.1, 0.1]], 10, coding=MODEL)
    codes = np.concatenate([t.assigned for t in reports])
    codes[:, 0] = np.concatenate([codes[300:, 0], codes[:300, 0]])
    found = compare(reports, cases=cases, validation=full_sample(reports, codes))
    corrected = found.corrected_differences
    assert corrected is not None
    assert found.differences.value[0, 0] > 0.1 and corrected.value[0, 0] < -0.1
    assert (found.same_sign[0, 0], found.survives[0, 0]) == (2, 2)
    assert corrected.each_level == pytest.approx(sidak_level(4))


def test_standardisation_takes_the_mix_out() -> None:
    """Two units with like practice by type but another mix: the raw gap goes, by hand."""
    rich, poor = [[1, 0, 0, 0]] * 5 + [[0] * 4] * 5, [[1, 0, 0, 0]] + [[0] * 4] * 9
    makeup = (
        [("甲", "a", rich)] * 3 + [("甲", "b", poor)] + [("乙", "a", rich), ("乙", "b", poor)] * 1
    )
    makeup += [("乙", "b", poor)] * 2
    reports = [report_of(i, rows) for i, (_, _, rows) in enumerate(makeup)]
    cases = CaseTable(
        tuple(
            case_of(t, unit=unit, type=kind)
            for t, (unit, kind, _) in zip(reports, makeup, strict=True)
        )
    )
    found = compare(reports, cases=cases, adjust="type")
    assert found.profile.table("sentences").raw.value[:, 0] == pytest.approx([0.4, 0.2])
    assert found.standardised is not None
    assert found.standardised.value[:, 0] == pytest.approx([0.3, 0.3])
    assert [c.column for c in found.compositions] == ["type", "level", "year"]
    assert found.compositions[0].reports.tolist() == [[3, 1], [1, 3]]
    apart = compare(reports, cases=cases, adjust="title")
    assert apart.standardised is not None
    assert np.isnan(apart.standardised.value).all()
    assert set(apart.standardised.reasons) == {"no_overlap"}


def test_standardised_shares_of_reports_like_these() -> None:
    """Shares, variances and sizes within each type, weighted by its part of all sentences.

    A type that one unit lacks is left out.
    """
    reports, cases = reports_of(SHARES[:2], per_unit=7)
    kinds = "案案案总总通通" + "案案总总总总总"
    table = CaseTable(
        tuple(replace(c, type=kind) for c, kind in zip(cases.cases, kinds, strict=True))
    )
    found = compare(reports, cases=table, adjust="type", estimand="like-these").standardised
    assert found is not None
    parts = []
    for kind in "案总":
        own = [i for i, held in enumerate(kinds) if held == kind]
        some = CaseTable(tuple(table.cases[i] for i in own))
        whole = profile([reports[i] for i in own], some, by="unit", estimand="like-these")
        parts.append((len(own), whole.table("sentences").raw))
    weights = np.array([n for n, _ in parts]) / sum(n for n, _ in parts)
    value = sum(w * raw.value for w, (_, raw) in zip(weights, parts, strict=True))
    variance = sum(w**2 * raw.variance for w, (_, raw) in zip(weights, parts, strict=True))
    df = np.minimum(parts[0][1].df, parts[1][1].df)
    size = parts[0][1].size + parts[1][1].size
    assert found.value == pytest.approx(value)
    assert found.variance == pytest.approx(variance)
    low, high = korn_graubard(value, variance, size, df)
    assert (found.low, found.high) == (pytest.approx(low), pytest.approx(high))


def test_planted_words_are_found_and_chance_ones_are_not() -> None:
    """A word in every report of one unit is found; one that a single report repeats is not."""
    reports, cases = [], []
    for number in range(20):
        place = "甲" if number < 10 else "乙"
        text = "居民议事会协商停车难题" + ("圆桌会议茶馆" if place == "甲" else "") + "。"
        own = ["标题", text, "协商" + "凉亭" * (20 if number == 15 else 0) + "之后公示。"]
        tagged = report_of(number, [[0] * 4, [0, 0, 1, 0], [0, 0, 1, 0]], texts=own)
        reports.append(tagged)
        cases.append(case_of(tagged, unit=place))
    found = compare(reports, cases=CaseTable(tuple(cases)))
    words = {(w.unit, w.word) for w in found.words}
    assert {(0, "圆桌会议"), (0, "茶馆")} <= words
    assert all(len(word) > 1 for _, word in words)
    assert not any(word == "凉亭" for _, word in words)
    planted = next(w for w in found.words if w.word == "圆桌会议")
    counts = (planted.reports, planted.of, planted.elsewhere, planted.elsewhere_of)
    assert counts == (10, 10, 0, 10)
    assert all(w.low > 0 and w.category == 2 for w in found.words)


def test_random_units_have_few_distinctive_words() -> None:
    """With units assigned at random, hardly any word is listed."""
    reports, cases = reports_of([[0.5, 0.5, 0.5, 0.5]] * 2, per_unit=10)
    assert len(compare(reports, cases=cases).words) <= 2


def test_trend_needs_years_that_somebody_saw() -> None:
    """Guessed years make no trend; known ones do, with a warning for an unchecked model."""
    reports, cases = reports_of(SHARES[:2], per_unit=6, coding=MODEL)
    trend = compare(reports, cases=cases, estimand="like-these").trend
    assert trend is not None
    assert trend.years == ("2019", "2020", "2021")
    assert trend.reports.tolist() == [4, 4, 4]
    assert not trend.recall_checked
    person, its = reports_of(SHARES[:2], per_unit=6)
    known = compare(person, cases=its).trend
    assert known is not None
    assert known.recall_checked
    blind = CaseTable(tuple(replace(c, confirmed=False, line=0) for c in its.cases))
    assert compare(person, cases=blind).trend is None


def test_what_a_trend_leaves_out_is_said() -> None:
    """Guessed years and missing ones, each with its number; nothing where nothing is left out."""
    reports, cases = reports_of(SHARES[:2], per_unit=6)
    assert not [n for n in compare(reports, cases=cases).notes if n.key.startswith("trend")]
    rows = list(cases.cases)
    rows[:3] = [replace(case, confirmed=False) for case in rows[:3]]
    rows[5] = replace(rows[5], year="")
    rows[0] = replace(rows[0], year="")
    found = compare(reports, cases=CaseTable(tuple(rows)))
    assert found.trend is not None
    assert found.trend.reports.sum() == len(rows) - 4
    said = all_notes(found.profile, found, "en")[-2:]
    assert "leaves out 2 of 12 reports: their year is a guess" in said[0]
    assert "leaves out 2 of 12 reports: the case table gives no year" in said[1]
    assert "12 篇中的 2 篇" in all_notes(found.profile, found, "zh")[-1]


def test_similar_units_stand_together() -> None:
    """Order and distances put like units side by side."""
    reports, cases = reports_of([SHARES[0], SHARES[2], SHARES[0]], per_unit=4)
    found = compare(reports, cases=cases, distance="cityblock").similarity
    order = found.order.tolist()
    assert abs(order.index(0) - order.index(2)) == 1
    assert found.distance == "cityblock"
    assert found.jensen_shannon[0, 2] < found.jensen_shannon[0, 1]


def test_options_are_checked() -> None:
    """One unit, unknown measures and unknown columns are refused."""
    reports, cases = reports_of(SHARES[:2], per_unit=2)
    with pytest.raises(ValueError, match="two units"):
        compare(reports[:1])
    with pytest.raises(ValueError, match="measure"):
        compare(reports, cases=cases, measure="words")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="no column"):
        compare(reports, cases=cases, adjust="colour")


def test_pairs_of_keys_make_units() -> None:
    """Place by year: one unit for each pair that occurs, named by both."""
    reports, cases = reports_of(SHARES[:2], per_unit=3)
    found = compare(reports, cases=cases, by=("unit", "year")).profile
    assert [unit.name for unit in found.units] == [
        f"{unit} · {year}" for unit in "甲乙" for year in (2019, 2020, 2021)
    ]
    assert [len(unit.reports) for unit in found.units] == [1] * 6
