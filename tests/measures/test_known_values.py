"""Every published value, to the digits printed."""

from __future__ import annotations

import numpy as np
import pytest

from practicelib.measures.agreement import (
    alpha_of_sets,
    brennan_prediger,
    cohen_kappa,
    conger_kappa,
    fleiss_kappa,
    gwet_ac1,
    krippendorff_alpha,
    specific_agreement,
)
from tests.measures import published as data


def interval_metric(n: int) -> np.ndarray:
    x = np.arange(n, dtype=float)
    return (x[:, None] - x) ** 2


def ratio_metric(n: int) -> np.ndarray:
    x = np.arange(1.0, n + 1.0)
    return ((x[:, None] - x) / (x[:, None] + x)) ** 2


def ordinal_metric(values: np.ndarray) -> np.ndarray:
    """Krippendorff's ordinal metric, from the values that can be paired."""
    paired = values[(values >= 0).sum(axis=1) >= 2]
    n = np.bincount(paired[paired >= 0])
    below = np.cumsum(n) - n / 2
    return (below[:, None] - below) ** 2


def test_krippendorff_2011() -> None:
    v = data.K2011
    assert krippendorff_alpha(v).value == pytest.approx(0.743, abs=5e-4)
    assert krippendorff_alpha(v, distances=ordinal_metric(v)).value == pytest.approx(
        0.815, abs=5e-4
    )
    assert krippendorff_alpha(v, distances=interval_metric(5)).value == pytest.approx(
        0.849, abs=5e-4
    )
    assert krippendorff_alpha(v, distances=ratio_metric(5)).value == pytest.approx(0.797, abs=5e-4)


def test_krippendorff_2011_one_against_the_rest() -> None:
    found = [
        krippendorff_alpha(np.where(data.K2011 < 0, -1, v == data.K2011)).value for v in range(5)
    ]
    assert found == pytest.approx([0.720, 0.667, 0.740, 0.777, 1.0], abs=5e-4)


@pytest.mark.parametrize(
    ("first", "second", "known"),
    [("0100000010", "1110010000", 0.095), ("112243332541", "212243332441", 0.692)],
)
def test_krippendorff_2011_sections_a_and_b(first: str, second: str, known: float) -> None:
    # In section B the letters a to e are the digits 1 to 5: aabbdcccedda / babbbccceddd.
    letters = {"112243332541": "aabbdcccedda", "212243332441": "babbbccceddd"}
    rows = [letters.get(row, row) for row in (first, second)]
    names = sorted(set("".join(rows)))
    values = np.array([[names.index(c) for c in row] for row in rows]).T
    assert krippendorff_alpha(values).value == pytest.approx(known, abs=5e-4)


def test_hayes_krippendorff_2007_ordinal() -> None:
    found = krippendorff_alpha(data.HK2007, distances=ordinal_metric(data.HK2007))
    assert found.value == pytest.approx(0.7598, abs=5e-5)


def test_fleiss_1971() -> None:
    assert fleiss_kappa(data.FLEISS).value == pytest.approx(0.430, abs=5e-4)
    binary = [fleiss_kappa((v == data.FLEISS).astype(int)).value for v in range(5)]
    assert binary == pytest.approx([0.245, 0.245, 0.520, 0.471, 0.566], abs=5e-4)


def test_cohen_1960() -> None:
    values = data.pair_table(data.COHEN)
    assert cohen_kappa(values).value == pytest.approx(0.492, abs=5e-4)
    assert gwet_ac1(values).value == pytest.approx(0.576, abs=5e-4)


def test_artstein_poesio_2008() -> None:
    first = data.pair_table(data.ARTSTEIN1)
    assert brennan_prediger(first).value == pytest.approx(0.4, abs=5e-4)
    assert fleiss_kappa(first).value == pytest.approx(0.341, abs=5e-4)
    assert cohen_kappa(first).value == pytest.approx(0.348, abs=5e-4)
    second = data.pair_table(data.ARTSTEIN2)
    assert brennan_prediger(second).value == pytest.approx(0.82, abs=5e-3)
    assert fleiss_kappa(second).value == pytest.approx(0.799, abs=6e-4)
    assert cohen_kappa(second).value == pytest.approx(0.801, abs=5e-4)
    assert krippendorff_alpha(second).value == pytest.approx(0.800, abs=6e-4)


def test_artstein_poesio_2008_weighted() -> None:
    half = np.array([[0, 1, 0.5], [1, 0, 0.5], [0.5, 0.5, 0]])
    values = data.pair_table(data.ARTSTEIN2)
    assert krippendorff_alpha(values, distances=half).value == pytest.approx(0.8156, abs=5e-5)
    assert cohen_kappa(values, distances=half).value == pytest.approx(0.8163, abs=5e-5)


def test_gwet_three_values() -> None:
    values = data.pair_table(data.GWET3)
    assert cohen_kappa(values).value == pytest.approx(0.7964, abs=5e-5)
    assert fleiss_kappa(values).value == pytest.approx(0.7962, abs=5e-5)
    assert gwet_ac1(values).value == pytest.approx(0.8493, abs=5e-5)
    assert brennan_prediger(values).value == pytest.approx(0.835, abs=5e-5)
    assert krippendorff_alpha(values).value == pytest.approx(0.7973, abs=5e-5)


def test_gwet_four_raters() -> None:
    v = data.RAW4
    known = {
        gwet_ac1: 0.775,
        fleiss_kappa: 0.761,
        krippendorff_alpha: 0.743,
        conger_kappa: 0.763,
        brennan_prediger: 0.773,
    }
    for coefficient, value in known.items():
        assert coefficient(v).value == pytest.approx(value, abs=5e-4)


def test_gwet_six_raters() -> None:
    v = data.FLEISS[:15]
    known = {
        gwet_ac1: 0.4448,
        fleiss_kappa: 0.4139,
        krippendorff_alpha: 0.4204,
        brennan_prediger: 0.4389,
    }
    for coefficient, value in known.items():
        assert coefficient(v).value == pytest.approx(value, abs=5e-5)


def test_prevalence_paradox() -> None:
    even, skewed = data.pair_table(data.EVEN), data.pair_table(data.SKEWED)
    for values, kappa, ac1 in ((even, 0.70, 0.70), (skewed, 0.32, 0.81)):
        found = cohen_kappa(values)
        assert found.percent == pytest.approx(0.85)
        assert found.value == pytest.approx(kappa, abs=5e-3)
        assert gwet_ac1(values).value == pytest.approx(ac1, abs=5e-3)
    assert cohen_kappa(even).notes == ()
    assert cohen_kappa(skewed).notes == ("skewed",)
    assert gwet_ac1(skewed).notes == ()


def test_specific_agreement_of_the_paradox() -> None:
    # 2a / (2a + b + c), Cicchetti and Feinstein 1990.
    skewed = data.pair_table(data.SKEWED)
    assert specific_agreement(skewed, 0).value == pytest.approx(160 / 175)
    assert specific_agreement(skewed, 1).value == pytest.approx(10 / 25)


@pytest.mark.parametrize(
    ("distance", "known"),
    [("nominal", 0.4385), ("masi", 0.5404), ("jaccard", 0.6016), ("masi_product", 0.7247)],
)
def test_eleven_pairs_of_sets(distance: str, known: float) -> None:
    assert alpha_of_sets(data.SETS11, distance).value == pytest.approx(known, abs=5e-5)


@pytest.mark.parametrize(
    ("distance", "known"),
    [("passonneau_2004", 0.186), ("masi_product", 0.253), ("masi", 0.273), ("jaccard", 0.316)],
)
def test_nine_pairs_with_empty_sets(distance: str, known: float) -> None:
    assert alpha_of_sets(data.SETS9, distance).value == pytest.approx(known, abs=5e-4)
