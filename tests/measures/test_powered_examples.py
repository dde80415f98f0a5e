"""Corrections by a coded sample against published worked examples, to the last digit printed."""

from __future__ import annotations

import numpy as np
import pytest

from practicelib.measures.quantify import ppi_mean
from tests.measures.published_powered import (
    AREAS,
    JUDGED,
    LEVEL,
    REAL,
    Judged,
    Limits,
    areas,
    powered,
    seeded,
    turned_round,
)
from tests.measures.r_random import RRandom


def rounded(limits: Limits) -> Limits:
    value, low, high = (round(x, 3) for x in limits)
    return value, low, high


@pytest.mark.parametrize(("name", "judged", "raw", "ppi", "turned"), JUDGED)
def test_examples_of_chen_and_others(
    name: str, judged: Judged, raw: float, ppi: Limits, turned: Limits
) -> None:
    """Raw share, prediction-powered mean and Rogan-Gladen as printed in their manual."""
    assert round(judged.positives / judged.others, 3) == raw, name
    assert rounded(powered(judged)) == ppi
    assert rounded(turned_round(judged)) == turned
    assert round(ppi_mean(*judged.arrays(), LEVEL).value, 3) == ppi[0]


def test_a_published_seed_gives_the_numbers_that_r_draws() -> None:
    """Uniform numbers, positions and tables as R 4.2.2 printed them for these seeds."""
    drawn = RRandom(1014).uniform(4)
    assert drawn == pytest.approx([0.08075013757, 0.83433303726, 0.60076088621, 0.15720844152])
    source = RRandom(2026)
    source.uniform(1500)
    assert (source.sample(500, 50)[:6] + 1).tolist() == [131, 14, 6, 242, 383, 443]
    assert seeded(2026) == Judged(31, 5, 1, 13, 223, 450)
    assert seeded(42) == Judged(22, 4, 0, 24, 252, 450)


def test_what_is_printed_of_the_real_comparisons_leaves_one_table() -> None:
    """Sizes, rates, raw share and mean as printed, tried on every table of 28 comparisons."""
    fitting = []
    for yes in range(1, 28):
        for both in range(yes + 1):
            for neither in range(29 - yes):
                rates = round(both / yes, 3), round(neither / (28 - yes), 3)
                table = (both, yes - both, 28 - yes - neither, neither)
                if rates == (0.25, 0.875):
                    fitting += [
                        Judged(*table, n, 248) for n in range(249) if f"{n / 248:.3f}" == "0.161"
                    ]
    means = [round(ppi_mean(*judged.arrays()).value, 3) for judged in fitting]
    assert sorted(means) == [0.161, 0.411, 0.661]
    assert fitting[means.index(0.161)] == REAL


def test_areas_of_olofsson_and_others() -> None:
    """Areas and limits to the hectare; with the correction for a finite map a little narrower."""
    assert np.rint(areas(published=True)).tolist() == AREAS.tolist()
    found = areas()
    assert np.rint(found[:, 0]).tolist() == AREAS[:, 0].tolist()
    less = areas(published=True)[:, 1] - found[:, 1]
    assert ((less > 0) & (less < 1)).all()
