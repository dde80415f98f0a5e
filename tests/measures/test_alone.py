"""Sentences that one coder alone coded: what they bear on, and what they must leave as it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from practicelib.measures.agreement import (
    alpha_difference,
    alpha_of_sets,
    brennan_prediger,
    coding_bias,
    cohen_kappa,
    conger_kappa,
    fleiss_kappa,
    gwet_ac1,
    krippendorff_alpha,
    percent_agreement,
    specific_agreement,
)
from practicelib.measures.distances import NominalDistances
from practicelib.measures.resampling import Method, Resampling
from practicelib.records.agreement import Coefficient

Values = NDArray[np.int8]
REPORTS = 5


def double_coded(error: float = 0.15) -> Values:
    """100 sentences of five reports, coded 0 or 1 by two coders of three."""
    rng = np.random.default_rng(4)
    truth = rng.random((100, 1)) < 0.4
    values = (truth ^ (rng.random((100, 3)) < error)).astype(np.int8)
    values[::2, 2] = values[1::2, 1] = -1
    return values


def with_alone(values: Values) -> tuple[Values, NDArray[Any]]:
    """The same with 300 sentences more, in the same and in 30 more reports, coded once each."""
    more = np.full((300, 3), -1, np.int8)
    more[np.arange(300), np.arange(300) % 3] = np.arange(300) % 7 < 6
    reports = np.concatenate([np.arange(100) // 20, np.arange(300) % 35])
    return np.concatenate([values, more]), reports


def influence(values: Values, *, resampling: Resampling) -> Coefficient:
    others = np.where(np.arange(3) == 2, -1, values)
    return alpha_difference(values, others, NominalDistances(2), resampling=resampling)


def sets(values: Values, *, resampling: Resampling) -> Coefficient:
    return alpha_of_sets(np.stack([values, values], axis=2), resampling=resampling)


OF_PAIRS: tuple[Callable[..., Coefficient], ...] = (
    krippendorff_alpha,
    sets,
    influence,
    percent_agreement,
    brennan_prediger,
    lambda values, **options: cohen_kappa(values[:, :2], **options),
    lambda values, **options: specific_agreement(values, 1, **options),
    lambda values, **options: coding_bias(values, 0, **options),
)
OF_ALL_CODINGS = (fleiss_kappa, gwet_ac1, conger_kappa)


def described(found: Coefficient) -> tuple[Any, ...]:
    interval = found.interval
    figures = (found.value, found.percent, interval.low, interval.high, interval.undefined)
    counts = (found.sentences, found.codings, interval.units, interval.method)
    shown = [f"{round(figure, 10) + 0.0}" for figure in figures]
    return (shown, found.notes, found.reason, *counts)


@pytest.mark.parametrize("coefficient", OF_PAIRS)
@pytest.mark.parametrize("method", ["bootstrap", "percentile", "jackknife"])
@pytest.mark.parametrize("clustered", [True, False])
def test_they_carry_nothing(
    coefficient: Callable[..., Coefficient], method: Method, clustered: bool
) -> None:
    values = double_coded()
    more, reports = with_alone(values)
    few, many = (
        Resampling(method, 200, clusters=own if clustered else None)
        for own in (reports[:100], reports)
    )
    before, after = coefficient(values, resampling=few), coefficient(more, resampling=many)
    assert described(before) == described(after)
    if clustered:
        assert before.interval.units == REPORTS
        assert "few_clusters" in after.notes


@pytest.mark.parametrize("coefficient", OF_PAIRS)
def test_nor_where_no_disagreement_was_seen(coefficient: Callable[..., Coefficient]) -> None:
    values = double_coded(error=0.0)
    more, reports = with_alone(values)
    before = coefficient(values, resampling=Resampling(clusters=reports[:100]))
    assert described(before) == described(
        coefficient(more, resampling=Resampling(clusters=reports))
    )


def test_nor_do_they_hide_that_all_pairs_hold_one_value() -> None:
    values = np.array([[0, 0], [0, 0], [0, -1], [1, -1]])
    for coefficient in (krippendorff_alpha, brennan_prediger):
        assert coefficient(values, n_values=2).notes == ("one_value",)
    assert gwet_ac1(values, n_values=2).notes == ()


@pytest.mark.parametrize("coefficient", OF_ALL_CODINGS)
@pytest.mark.parametrize("method", ["bootstrap", "jackknife"])
def test_where_they_bear_on_chance_they_add_no_unit(
    coefficient: Callable[..., Coefficient], method: Method
) -> None:
    """The codings of the pairs, once more: chance stays, and so must what is unknown."""
    values = double_coded()
    alone = np.full((2, *values.shape), -1, np.int8)
    for turn in (0, 1):
        column = np.argsort(values < 0, axis=1, kind="stable")[:, turn]
        rows = np.arange(len(values))
        alone[turn, rows, column] = values[rows, column]
    more = np.concatenate([values, *alone])
    reports = np.concatenate([np.arange(100) // 20, 100 + np.arange(200)])
    before = coefficient(values, resampling=Resampling(method, clusters=reports[:100]))
    after = coefficient(more, resampling=Resampling(method, clusters=reports))
    assert after.value == pytest.approx(before.value, abs=1e-9)
    assert after.interval.units == REPORTS
    assert "few_clusters" in after.notes
    # Five units drawn alike have no spread of their own, which the bootstrap meets less often here.
    apart = 0.25 if method == "bootstrap" else 0.15
    assert after.high - after.low == pytest.approx(before.high - before.low, rel=apart)


def test_bias_rests_on_sentences_shared_with_its_coder() -> None:
    """What two others coded together tells nothing of the third."""
    values = double_coded()
    found = coding_bias(values, 2, resampling=Resampling(clusters=np.arange(100)))
    assert (found.sentences, found.codings, found.interval.units) == (50, 100, 50)
    assert found.percent == percent_agreement(values[1::2]).percent


def test_influence_has_the_percent_of_all_coders() -> None:
    """A sentence in both of its parts is no second coding of it."""
    values = double_coded()
    found = influence(values, resampling=Resampling(clusters=np.arange(100) // 10))
    assert found.percent == percent_agreement(values).percent
