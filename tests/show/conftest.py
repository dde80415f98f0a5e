"""Comparisons that several files show."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from practicelib.labels.sampling import draw_sample
from practicelib.practices.compare import compare
from practicelib.records.practices import Comparison
from tests.practices.made import MODEL, reports_of

SHARES = [[0.3, 0.1, 0.1, 0.05], [0.05, 0.1, 0.3, 0.05]]


@pytest.fixture(scope="module")
def person() -> Comparison:
    """Two units coded by a person."""
    reports, cases = reports_of(SHARES, per_unit=3)
    return compare(reports, cases=cases)


@pytest.fixture(scope="module")
def sampled() -> Comparison:
    """Two units tagged by a model, with a coded sample and limits over reports."""
    reports, cases = reports_of(SHARES, per_unit=4, coding=MODEL)
    sample = draw_sample(reports, 150, groups=[case.unit for case in cases.cases])
    codes = np.random.default_rng(1).random((len(sample), 4)) < 0.15
    done = replace(sample, codes=codes)
    return compare(
        reports, cases=cases, estimand="like-these", validation=done, adjust="year", resamples=100
    )
