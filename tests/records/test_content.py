"""Records with arrays compare by content."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from practicelib.practices.compare import compare
from practicelib.records.content import alike
from practicelib.records.evaluation import Evaluation, SystemScores
from practicelib.records.labelled import Coder, LabelledSentences, LabelTable, SentenceInfo
from practicelib.records.practices import Estimates
from tests.practices.made import reports_of

SHARES = [[0.3, 0.1, 0.1, 0.05], [0.05, 0.1, 0.3, 0.05]]


def test_results_compare_by_content() -> None:
    """The same analysis gives the same result; another one gives another."""
    reports, cases = reports_of(SHARES, per_unit=3)
    first, second = compare(reports, cases=cases), compare(reports, cases=cases)
    assert first == second
    assert first.profile == second.profile
    assert first.profile != compare(reports, cases=cases, headings="without").profile
    assert first != compare(reports, cases=cases, measure="coded")
    assert first != "a comparison"
    table = first.profile.tables[0]
    assert table != replace(table, raw=replace(table.raw, value=table.raw.value + 1e-9))


def test_evaluations_compare_by_content() -> None:
    """Undefined scores are like undefined scores."""

    def made(score: float) -> Evaluation:
        one = np.array([score, np.nan])
        system = SystemScores("m", *[one] * 5, score, one, np.nan, 0.5, 0.1, 0.0, one)
        return Evaluation("x", ("a", "b"), 4, 2, np.array([1, 0]), np.array([1, 0]), (system,))

    assert made(0.5) == made(0.5)
    assert made(0.5) != made(0.6)


def test_what_is_alike() -> None:
    """Shape and order count, and no array is like a number."""
    ones = np.ones((2, 1))
    assert alike((ones, "a", float("nan")), (ones.copy(), "a", float("nan")))
    assert not alike(ones, ones.T)
    assert not alike((ones,), (ones, ones))
    assert not alike(ones, 1.0)
    assert Estimates(ones, ones, ones) == Estimates(ones.copy(), ones, ones)


def test_labels_compare_by_content() -> None:
    """Tables and gold with the same codes are equal; one code more makes another."""
    sentence = (SentenceInfo("a"),)
    codes = np.zeros((1, 1, 1, 1), np.int8)

    def table(codes: NDArray[np.int8]) -> LabelTable:
        return LabelTable(sentence, (Coder("x"),), ("1",), ("c",), codes)

    assert table(codes) == table(codes.copy())
    assert table(codes) != table(codes + np.int8(1))
    gold = LabelledSentences(sentence, ("c",), np.ones((1, 1), bool))
    assert gold == LabelledSentences(sentence, ("c",), np.ones((1, 1), bool))
    assert gold != LabelledSentences(sentence, ("c",), np.zeros((1, 1), bool))
