"""Who has the largest share, and whether the next one is left behind."""

from __future__ import annotations

import numpy as np
import pytest

from practicelib.practices.compare import compare
from practicelib.practices.leaders import leaders, ranked
from practicelib.records.practices import Estimates, MeasureTable
from practicelib.show.practice_sections import leader_rows
from tests.practices.made import MODEL, full_sample, report_of, reports_of

SHARES = [[0.05, 0.40, 0.10, 0.0], [0.05, 0.05, 0.11, 0.0], [0.05, 0.04, 0.10, 0.0]]


def test_many_reports_leave_the_next_one_behind_or_not() -> None:
    """A gap of 35 points stands clear of 0, one of a point does not; limits hold the gap."""
    reports, cases = reports_of(SHARES, per_unit=12)
    found = leaders(compare(reports, cases=cases, estimand="like-these", resamples=300))
    assert found[1].verdict == "apart"
    assert (found[1].first, found[1].low > 0) == (0, True)
    assert found[2].verdict == "not_apart"
    for one in found[:3]:
        assert one.value >= one.next_value
        assert one.low <= one.value - one.next_value <= one.high
    assert found[3].verdict == "none"


def test_counts_of_labels_have_no_interval() -> None:
    """These reports: the order is as counted; ties are called ties."""
    rows = [[[1, 1, 0, 0], [0, 1, 0, 0]], [[1, 0, 0, 0], [0, 1, 0, 0]]]
    found = leaders(compare([report_of(i, own) for i, own in enumerate(rows)], by="report"))
    assert [one.verdict for one in found] == ["tie", "counted", "none", "none"]
    assert (found[1].value, found[1].next_value) == (1.0, 0.5)
    assert np.isnan(found[1].low)


def test_one_report_a_unit_has_no_interval() -> None:
    """Reports like these cannot be inferred from one."""
    reports, cases = reports_of(SHARES, per_unit=1)
    found = leaders(compare(reports, cases=cases, estimand="like-these"))
    assert {one.verdict for one in found[:3]} <= {"one_report", "tie", "none"}
    assert found[1].verdict == "one_report"


def test_a_model_without_a_sample_is_judged_by_its_bands() -> None:
    """Bands that overlap leave the order open; with a coded sample the interval speaks."""
    reports, cases = reports_of([[0.9, 0.1, 0.3, 0], [0.0, 0.1, 0.2, 0]], 12, coding=MODEL)
    found = leaders(compare(reports, cases=cases))
    assert found[0].verdict == "bands_apart"
    assert found[2].verdict == "bands_overlap"
    codes = np.concatenate([t.assigned for t in reports])
    checked = leaders(compare(reports, cases=cases, validation=full_sample(reports, codes)))
    assert checked[0].verdict == "apart"


def test_units_are_ranked_by_the_best_figures() -> None:
    """Corrected ones where there are any; the first named of equals first, unknown ones last."""
    raw, corrected = (
        Estimates(np.array(value)[:, None], *[np.array(value)[:, None]] * 2)
        for value in ([0.2, 0.0, np.nan, 0.2, 0.5], [0.1, np.nan, 0.0, 0.3, 0.3])
    )
    assert ranked(MeasureTable("sentences", raw), 0) == [4, 0, 3, 1, 2]
    assert ranked(MeasureTable("sentences", raw, corrected), 0) == [3, 4, 0, 2, 1]


def test_limits_turn_with_the_pair() -> None:
    """The leader may be the second of its pair: value and limits turn round."""
    reports, cases = reports_of(SHARES[::-1], per_unit=12)
    result = compare(reports, cases=cases, estimand="like-these", resamples=300)
    one = leaders(result)[1]
    assert (one.first, one.verdict) == (2, "apart")
    place = result.differences.pairs.tolist().index(sorted((one.first, one.second)))
    assert one.low == pytest.approx(-result.differences.high[place, 1])
    assert one.high == pytest.approx(-result.differences.low[place, 1])


def test_others_with_the_share_of_the_next_one_are_counted() -> None:
    """One unit named where three have nothing would look like the only one."""
    rows = [[[1, 0, 0, 0]], [[0, 1, 0, 0]], [[0, 1, 0, 0]], [[0, 0, 0, 0]]]
    result = compare([report_of(i, own) for i, own in enumerate(rows)], by="report")
    found = leaders(result)
    assert [(one.first, one.second, one.alike) for one in found[:2]] == [(0, 1, 2), (1, 2, 0)]
    assert [row["alike"] for row in leader_rows(result, "zh")][:2] == ["（另有 2 个并列）", ""]
