"""Validation samples: design, round trip, refusals, and what a correction with them gives."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from practicelib.errors import TooFewLabelsError
from practicelib.labels.sampling import allocate, draw_sample, expected_precision, needed_size
from practicelib.practices.profile import profile
from practicelib.records.tags import TaggedReport
from tests.practices.made import MODEL, PERSON, report_of, reports_of


def test_strata_hold_all_sentences_once(tagged: list[TaggedReport]) -> None:
    """Sizes add up to the frame, no stratum is empty, every one is drawn from, none twice."""
    sample = draw_sample(tagged, 120, seed=3)
    assert sum(s.size for s in sample.strata) == sum(map(len, tagged))
    assert all(min(2, s.size) <= s.drawn <= s.size for s in sample.strata)
    places = {(s.file, s.start) for s in sample.sentences}
    assert len(places) == len(sample)
    assert {s.predicted for s in sample.strata} >= {"none", "several", "autonomy"}
    assert sample == draw_sample(tagged, 120, seed=3)
    assert sample != draw_sample(tagged, 120, seed=4)


def test_half_goes_to_what_nothing_was_predicted_for() -> None:
    """By hand: half for none, the rest even, within a class by size; y has 9 only, so the others
    get as much as of 121: 60.5 for none and 30.25 for x."""
    sizes = {("a", "none"): 600, ("b", "none"): 200, ("a", "x"): 30, ("b", "x"): 10, ("a", "y"): 9}
    drawn = allocate(sizes, 100)
    assert list(drawn.values()) == [45, 15, 23, 8, 9]


@pytest.mark.parametrize("n", [150, 240, 400, 10_000])
def test_as_many_are_drawn_as_were_asked_for(tagged: list[TaggedReport], n: int) -> None:
    """As far as there are any."""
    assert len(draw_sample(tagged, n)) == min(n, sum(len(report) for report in tagged))


def test_equal_strata_do_not_grow_all_at_once() -> None:
    sizes = {(f"r{i}", "none"): 100 for i in range(50)}
    for n in (100, 149, 174, 4999, 6000):
        drawn = allocate(sizes, n)
        assert sum(drawn.values()) == min(n, 5000)
        assert max(drawn.values()) - min(drawn.values()) <= 1


def test_lead_ins_are_left_out_and_context_is_kept(tagged: list[TaggedReport]) -> None:
    """A coder sees the sentence before; of the first of a report there is none."""
    lead_in = report_of(99, [[0, 0, 1, 0]] * 5, MODEL)
    lead_in = replace(lead_in, report=replace(lead_in.report, kind="lead-in"))
    sample = draw_sample([lead_in, *tagged], 10_000)
    assert sample.strata == draw_sample(tagged, 10_000).strata
    texts = {t.report.source.file: [s.text for s in t.report.sentences] for t in tagged}
    for sentence in sample.sentences:
        before = ["", *texts[sentence.file]]
        assert sentence.previous == before[texts[sentence.file].index(sentence.text)]


def test_groups_may_be_units(tagged: list[TaggedReport]) -> None:
    """Strata may run over the reports of a unit."""
    sample = draw_sample(tagged, 60, groups=["甲"] * 6 + ["乙"] * 6)
    assert {s.group for s in sample.strata} == {"甲", "乙"}
    with pytest.raises(ValueError, match="groups"):
        draw_sample(tagged, 60, groups=["甲"])


def test_refusals_before_drawing(tagged: list[TaggedReport]) -> None:
    """A person's codes need no check, and two models cannot share a sample."""
    with pytest.raises(ValueError, match="a person's"):
        draw_sample([report_of(1, [[0] * 4], PERSON)], 10)
    other = report_of(99, [[0] * 4], replace(MODEL, model="other"))
    with pytest.raises(ValueError, match="one model"):
        draw_sample([*tagged, other], 10)
    with pytest.raises(TooFewLabelsError):
        draw_sample(tagged, 1)
    with pytest.raises(TooFewLabelsError):
        draw_sample([], 10)


def test_more_sentences_promise_more(tagged: list[TaggedReport]) -> None:
    """Half widths fall with n, and the size found for a width keeps it."""
    groups = ["甲"] * 6 + ["乙"] * 6
    small = expected_precision(tagged, 60, groups=groups)
    large = expected_precision(tagged, 240, groups=groups)
    assert (large.half_widths < small.half_widths).all()
    wanted = needed_size(tagged, 0.02, groups=groups)
    assert wanted is not None
    assert wanted.half_widths.max() <= 0.02
    assert expected_precision(tagged, 60, groups=groups).half_widths.max() > 0.02
    assert needed_size(tagged, -1.0, groups=groups) is None


def test_half_widths_by_hand() -> None:
    """Strata of 30, 20, 8 and 2; of the first 15, of the others 5, 5 and 2 are drawn."""
    rows = [[0] * 4] * 30 + [[1, 0, 0, 0]] * 20 + [[0, 1, 0, 0]] * 8 + [[1, 1, 0, 0]] * 2
    report = report_of(1, rows, MODEL)
    sample = draw_sample([report], 27)
    drawn = {s.predicted: (s.size, s.drawn) for s in sample.strata}
    assert drawn == {
        "none": (30, 15),
        "co_building": (20, 5),
        "grid_management": (8, 5),
        "several": (2, 2),
    }
    found = expected_precision([report], 27, precision=0.8, missed=0.1)
    assert (found.n, found.drawn) == (27, 27)

    def width(*errors: float) -> float:
        parts = zip((30, 20, 8), (15, 5, 5), errors, strict=True)
        variance = sum(N * N * (1 - n / N) * p * (1 - p) / n for N, n, p in parts)
        return float(1.96 * variance**0.5 / 60)

    expected = [width(0.1, 0.2, 0.1), width(0.1, 0.1, 0.2), width(0.1, 0.1, 0.1)]
    assert found.half_widths == pytest.approx([*expected, expected[-1]])


@pytest.mark.parametrize("half_width", [0.08, 0.05, 0.01, 0.001, 0.0])
def test_the_size_found_is_the_smallest_that_keeps_the_width(
    half_width: float,
) -> None:
    """Also where most sentences are of one category, so that n is far above what is drawn."""
    uneven = reports_of([[0.6, 0.02, 0.02, 0.02]], per_unit=2, size=60, coding=MODEL)[0]
    found = needed_size(uneven, half_width)
    assert found is not None
    assert found.half_widths.max() <= half_width
    assert len(draw_sample(uneven, found.n)) == found.drawn
    if found.n > 2:
        assert expected_precision(uneven, found.n - 1).half_widths.max() > half_width


def test_corrected_shares_are_unbiased_over_samples(tagged: list[TaggedReport]) -> None:
    """Mean corrected share over many samples is the true share; limits hold it 93 times in 100."""
    rng = np.random.default_rng(8)
    guess = np.concatenate([t.assigned for t in tagged])
    truth = np.where(guess, rng.random(guess.shape) < 0.7, rng.random(guess.shape) < 0.02)
    place = {
        (t.report.source.file, s.start): row
        for row, (t, s) in enumerate((t, s) for t in tagged for s in t.report.sentences)
    }
    found, held = [], 0
    for seed in range(60):
        sample = draw_sample(tagged, 150, groups=["甲"] * 12, seed=seed)
        codes = np.array([truth[place[s.file, s.start]] for s in sample.sentences])
        done = profile(tagged, by="type", validation=replace(sample, codes=codes))
        corrected = done.table("sentences").corrected
        assert corrected is not None
        found.append(corrected.value[0])
        target = truth.mean(axis=0)
        held += int(((corrected.low[0] <= target) & (target <= corrected.high[0])).sum())
    assert np.mean(found, axis=0) == pytest.approx(truth.mean(axis=0), abs=0.006)
    assert held / 240 > 0.93
