"""Distinctive words and similarity of units: published figures and planted cases."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from scipy.spatial import distance

from practicelib.measures.keyness import (
    discoveries,
    distinctive_words,
    informative_prior,
    weighted_log_odds,
)
from practicelib.measures.similarity import (
    dendrogram_order,
    jensen_shannon,
    set_counts,
    share_distances,
)
from tests.measures.published_practices import (
    GEARS,
    GEARS_FLAT,
    GEARS_INFORMATIVE,
    GEARS_LOG_ODDS,
)


def test_published_fightin_words_example() -> None:
    """Two sentences with a flat prior of 0.05, as printed by the package `fightin_words`.

    "the quick brown fox jumps over the lazy pig" against "the lazy purple pig jumps over the
    lazier donkey": 0.6894... for brown, fox, quick, 0 for what both have.
    """
    words = [
        "brown",
        "fox",
        "quick",
        "donkey",
        "lazier",
        "purple",
        "jumps",
        "lazy",
        "over",
        "pig",
        "the",
    ]
    first = ["the", "quick", "brown", "fox", "jumps", "over", "the", "lazy", "pig"]
    second = ["the", "lazy", "purple", "pig", "jumps", "over", "the", "lazier", "donkey"]
    counts = [[text.count(word) for word in words] for text in (first, second)]
    z = weighted_log_odds(counts[0], counts[1], np.full(len(words), 0.05)).z
    assert z[:3] == pytest.approx([0.6894227886807968] * 3)
    assert z[3:6] == pytest.approx([-0.6894227886807968] * 3)
    assert z[6:] == pytest.approx(0)


@pytest.mark.parametrize(
    ("prior", "printed"), [(GEARS.sum(axis=0), GEARS_INFORMATIVE), (np.ones(3), GEARS_FLAT)]
)
def test_figures_of_tidylo(prior: np.ndarray, printed: np.ndarray) -> None:
    """Weighted log-odds of gears by engine, each against all: the manual's figures."""
    # There the whole has the prior once for each of the two groups.
    found = weighted_log_odds(GEARS, GEARS.sum(axis=0) + prior, prior)
    assert found.z == pytest.approx(printed, abs=5e-8)
    if (prior == 1).all():
        assert found.value == pytest.approx(GEARS_LOG_ODDS, abs=5e-8)


def test_informative_prior_shrinks_common_words_more() -> None:
    """The prior has the size asked for and is shared as the words are."""
    prior = informative_prior([[90, 9, 1], [90, 9, 1]], 50)
    assert prior.sum() == pytest.approx(50)
    assert prior == pytest.approx([45, 4.5, 0.5])
    with pytest.raises(ValueError, match="above 0"):
        weighted_log_odds([1, 2], [1, 2], [1, 0])


def test_a_word_of_one_long_report_is_not_distinctive() -> None:
    """A word in most reports of one unit stands out; one that a single report repeats does not."""
    reports = np.array([10, 10, 10])
    with_word = np.array([[9, 1, 5], [1, 0, 5], [1, 0, 5]])
    low, _ = distinctive_words(with_word, reports).limits()
    assert low[0, 0] > 0
    assert low[0, 1] < 0
    assert low[0, 2] < 0
    with pytest.raises(ValueError, match="more reports"):
        distinctive_words([[1, 0], [4, 1]], [3, 3])


def test_distinctive_words_are_antisymmetric_for_two_units() -> None:
    """What sets one of two units apart is what the other lacks."""
    z = distinctive_words([[5, 2], [1, 3]], [6, 6]).z
    assert z[0] == pytest.approx(-z[1])


def test_log_odds_of_reports_by_hand() -> None:
    """Two reports shared as in all together are added to each side, for hits and for misses.

    Five of six against one of four: 6 + 1 of 10 + 2 is 7 / 12, so alpha is 7 / 6, beta 5 / 6.
    """
    found = distinctive_words([[5], [1]], [6, 4])
    cells = np.array([5 + 7 / 6, 1 + 5 / 6, 1 + 7 / 6, 3 + 5 / 6])
    value, error = np.log(cells) @ [1, -1, -1, 1], np.sqrt((1 / cells).sum())
    assert found.value[:, 0] == pytest.approx([value, -value])
    assert found.error[:, 0] == pytest.approx([error, error])
    low, high = found.limits(0.9)
    reach = stats.norm.ppf(0.95) * error
    assert (low[0, 0], high[0, 0]) == pytest.approx((value - reach, value + reach))


def test_discoveries_are_those_of_scipy() -> None:
    """Benjamini and Hochberg's: where the adjusted p is within the rate; ties and none at all."""
    rng = np.random.default_rng(8)
    for n in (1, 2, 5, 40):
        for power in (1, 3):
            p = np.round(rng.random(n) ** power, 2)
            for rate in (0.05, 0.3):
                expected = stats.false_discovery_control(p) <= rate + 1e-12
                assert np.array_equal(discoveries(p, rate), expected)
    assert [discoveries([p]).tolist() for p in (0.05, 0.06)] == [[True], [False]]
    assert discoveries([]).tolist() == []


def test_jensen_shannon_equals_scipy() -> None:
    """Base 2, over the label sets; 0 with itself, 1 when nothing is shared, NaN without counts."""
    assigned = np.array([[0, 0], [1, 0], [1, 1], [0, 0], [0, 1]], bool)
    counts = set_counts(assigned, np.array([0, 0, 0, 1, 1]), 3)
    assert counts.tolist() == [[1, 1, 0, 1], [1, 0, 1, 0], [0, 0, 0, 0]]
    found = jensen_shannon(counts)
    assert found[0, 1] == pytest.approx(distance.jensenshannon(counts[0], counts[1], 2))
    assert found[0, 0] == 0
    assert np.isnan(found[0, 2])
    assert jensen_shannon(np.array([[1.0, 0], [0, 2]]))[0, 1] == 1
    with pytest.raises(ValueError, match="label sets"):
        set_counts(np.zeros((1, 17), bool), np.zeros(1, int), 1)


def test_order_puts_like_units_together() -> None:
    """Two pairs of like units stand side by side; a unit without distances comes last."""
    shares = np.array([[0.1, 0.5], [0.5, 0.1], [0.12, 0.5], [np.nan, 0.2], [0.5, 0.12]])
    order = dendrogram_order(share_distances(shares)).tolist()
    assert order[-1] == 3
    assert {frozenset(order[:2]), frozenset(order[2:4])} == {frozenset((0, 2)), frozenset((1, 4))}
    assert share_distances(np.array([[0.1, 0.5], [0.4, 0.1]])).tolist() == [[0, 0.5], [0.5, 0]]
    assert share_distances(shares[:1]).tolist() == [[0]]
    with pytest.raises(ValueError, match="unknown distance"):
        share_distances(shares, "manhattan")  # type: ignore[arg-type]
