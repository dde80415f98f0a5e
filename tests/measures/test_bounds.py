"""Where no disagreement was seen: an exact bound, at its level, for every coefficient."""

from __future__ import annotations

import numpy as np
import pytest

from practicelib.measures.agreement import (
    Resampling,
    brennan_prediger,
    cohen_kappa,
    conger_kappa,
    fleiss_kappa,
    gwet_ac1,
    krippendorff_alpha,
    percent_agreement,
    specific_agreement,
)
from practicelib.measures.intervals import highest_rate

BOUNDED = (
    krippendorff_alpha, percent_agreement, fleiss_kappa, gwet_ac1, brennan_prediger, conger_kappa,
)  # fmt: skip


def test_no_disagreement_gives_an_exact_bound() -> None:
    values = np.repeat([[0, 0], [1, 1]], [60, 40], axis=0)
    found = krippendorff_alpha(values, resampling=Resampling())
    rate = 1 - 0.05 ** (1 / 100)
    expected = 2 * 120 * 80 / (200 * 199)
    assert found.interval.method == "exact"
    assert found.notes == ("no_disagreement",)
    assert (found.low, found.high) == pytest.approx(
        (1 - rate / ((1 - rate) * expected + rate / 2), 1.0)
    )
    clustered = Resampling(clusters=np.arange(100) // 25)
    by_report = krippendorff_alpha(values, resampling=clustered)
    assert -1.0 < by_report.low < 0.5
    assert by_report.notes == ("few_clusters", "no_disagreement")
    positive = specific_agreement(values, 1, resampling=Resampling())
    assert positive.low == pytest.approx(0.05 ** (1 / 40))


def test_every_bound_divides_by_its_own_chance_disagreement() -> None:
    """The highest rate over what chance would give at that rate, with 60 and 40 of two values.

    Shares may move with the rate; where chance is the same whatever they are it stays.
    """
    values = np.repeat([[0, 0], [1, 1]], [60, 40], axis=0)
    rate = 1 - 0.1 ** (1 / 100)
    moved = (1 - rate) * (1 - 0.6**2 - 0.4**2) + rate / 2
    for coefficient, expected in (
        (percent_agreement, 1.0),
        (fleiss_kappa, moved),
        (conger_kappa, moved),
        (cohen_kappa, moved),
        (gwet_ac1, 1 / 2),
        (brennan_prediger, 1 / 2),
    ):
        found = coefficient(values, resampling=Resampling(level=0.9))
        assert found.low == pytest.approx(1 - rate / expected)
    for coefficient in (gwet_ac1, brennan_prediger):
        wider = coefficient(values, n_values=4, resampling=Resampling(level=0.9))
        assert wider.low == pytest.approx(1 - rate / (3 / 4))
    far = np.array([[0.0, 3.0], [3.0, 0.0]])
    for weighted in (krippendorff_alpha, cohen_kappa):
        plain, scaled = (
            weighted(values, distances=d, resampling=Resampling()).low for d in (far / 3, far)
        )
        assert scaled == pytest.approx(plain)


def test_the_exact_bound_holds_its_level() -> None:
    """At the highest rate of disagreement, nothing is seen in 5 % of samples."""
    assert (1 - highest_rate(50)) ** 50 == pytest.approx(0.05)


@pytest.mark.parametrize("share", [0.02, 0.3, 0.5])
def test_no_population_within_the_rate_falls_below_the_bound(share: float) -> None:
    """Every population with at most the highest rate of disagreement has a higher coefficient."""
    n, units = 4000, 30
    agreed = (np.arange(n) < share * n).astype(int)
    seen = np.repeat(agreed[:, None], 2, axis=1)
    rate = highest_rate(units)
    for coefficient in BOUNDED:
        sample = coefficient(
            seen, resampling=Resampling(clusters=np.random.default_rng(0).integers(0, units, n))
        )
        for lopsided in (False, True):
            worse = np.repeat(agreed[:, None], 2, axis=1)
            rows = np.linspace(0, n - 1, int(rate * n)).astype(int)
            worse[rows, 0] = 1
            worse[rows, 1] = 0
            if not lopsided:
                worse[rows[::2]] = worse[rows[::2]][:, ::-1]
            assert sample.low <= coefficient(worse).value + 1e-3
