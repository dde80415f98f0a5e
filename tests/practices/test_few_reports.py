"""Corrected shares of very few reports: their limits are not those of many."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from practicelib.labels.sampling import draw_sample
from practicelib.practices.profile import profile
from tests.practices.made import MODEL, reports_of


def test_degrees_of_freedom_are_bounded_by_the_reports() -> None:
    """At most twice those of the shares as tagged, however many sentences were sampled."""
    reports, cases = reports_of([[0.3, 0.1, 0.1, 0.05]] * 2, per_unit=2, coding=MODEL)
    drawn = draw_sample(reports, 40, seed=1)
    sample = replace(drawn, codes=np.random.default_rng(2).random((len(drawn), 4)) < 0.3)
    found = profile(reports, cases, by="unit", validation=sample, estimand="like-these").table(
        "sentences"
    )
    assert found.corrected is not None
    assert (found.corrected.df <= np.maximum(2.0 * found.raw.df, 1.0)).all()
    plain = profile(reports, cases, by="unit", estimand="like-these").table("sentences").raw
    np.testing.assert_array_equal(found.raw.df, plain.df)
