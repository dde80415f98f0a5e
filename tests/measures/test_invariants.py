"""What must not matter, and what undefined looks like."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from practicelib.measures.agreement import (
    Resampling,
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
from practicelib.measures.distances import SET_DISTANCES, SetDistances, set_distance
from practicelib.measures.values import encode_sets
from practicelib.records.agreement import Coefficient

Codes = NDArray[np.int8]
PANEL: tuple[Callable[..., Coefficient], ...] = (
    krippendorff_alpha,
    percent_agreement,
    fleiss_kappa,
    gwet_ac1,
    brennan_prediger,
    conger_kappa,
)


@st.composite
def value_tables(draw: st.DrawFn) -> NDArray[np.int32]:
    shape = (draw(st.integers(1, 12)), draw(st.integers(2, 5)))
    return draw(hnp.arrays(np.int32, shape, elements=st.integers(-1, 3)))


@st.composite
def set_tables(draw: st.DrawFn) -> Codes:
    n, coders, k = draw(st.integers(1, 10)), draw(st.integers(2, 4)), draw(st.integers(1, 4))
    codes = draw(hnp.arrays(np.int8, (n, coders, k), elements=st.integers(0, 1)))
    missing = draw(hnp.arrays(np.bool_, (n, coders)))
    codes[missing] = -1
    return codes


def same(a: Coefficient, b: Coefficient) -> bool:
    close = a.value == pytest.approx(b.value, abs=1e-10, nan_ok=True)
    return bool(close) and a.reason == b.reason and a.sentences == b.sentences


@given(value_tables(), st.randoms(use_true_random=False))
def test_order_of_sentences_coders_and_values_is_nothing(values, random) -> None:  # type: ignore[no-untyped-def]
    rows, coders, names = list(range(len(values))), list(range(values.shape[1])), [0, 1, 2, 3]
    for order in (rows, coders, names):
        random.shuffle(order)
    renamed = np.where(values < 0, -1, np.array(names)[values])
    for coefficient in PANEL:
        options = {} if coefficient is percent_agreement else {"n_values": 4}
        if coefficient is krippendorff_alpha:
            options = {}
        before = coefficient(values, **options)
        assert same(before, coefficient(values[rows], **options))
        assert same(before, coefficient(values[:, coders], **options))
        assert same(before, coefficient(renamed, **options))


@given(value_tables())
def test_a_coder_who_coded_nothing_changes_nothing(values) -> None:  # type: ignore[no-untyped-def]
    more = np.column_stack([values, np.full(len(values), -1)])
    for coefficient in PANEL:
        assert same(coefficient(values), coefficient(more))


@given(set_tables(), st.randoms(use_true_random=False))
def test_sets_too(codes, random) -> None:  # type: ignore[no-untyped-def]
    rows, coders, names = (list(range(size)) for size in codes.shape)
    for order in (rows, coders, names):
        random.shuffle(order)
    nobody = np.full((len(codes), 1, codes.shape[2]), -1, np.int8)
    for distance in SET_DISTANCES:
        before = alpha_of_sets(codes, distance)
        assert same(before, alpha_of_sets(codes[rows], distance))
        assert same(before, alpha_of_sets(codes[:, coders], distance))
        assert same(before, alpha_of_sets(codes[:, :, names], distance))
        assert same(before, alpha_of_sets(np.concatenate([codes, nobody], axis=1), distance))


@given(st.lists(st.integers(0, 3), min_size=2, max_size=20), st.integers(2, 5))
def test_perfect_agreement_with_variation_is_one(truth: list[int], coders: int) -> None:
    values = np.repeat(np.array(truth)[:, None], coders, axis=1)
    varied = len(set(truth)) > 1
    for coefficient in PANEL:
        found = coefficient(values)
        if varied:
            assert found.value == 1.0
        assert found.percent == 1.0


@given(value_tables())
def test_value_or_reason(values) -> None:  # type: ignore[no-untyped-def]
    for coefficient in PANEL:
        found = coefficient(values)
        assert np.isnan(found.value) == bool(found.reason)
        assert found.value <= 1.0 + 1e-12 or found.reason
        assert np.isnan(found.percent) == (found.sentences == 0)


@settings(max_examples=40)
@given(value_tables(), st.booleans(), st.sampled_from(["bootstrap", "percentile", "jackknife"]))
def test_intervals_never_crash_nor_exceed_one(values, clustered, method) -> None:  # type: ignore[no-untyped-def]
    clusters = np.arange(len(values)) // 3 if clustered else None
    resampling = Resampling(method, 40, clusters=clusters)
    pairs = [(cohen_kappa, (values[:, :2],)), (specific_agreement, (values, 1))]
    for coefficient, arguments in [*((c, (values,)) for c in PANEL), *pairs]:
        found = coefficient(*arguments, resampling=resampling)  # type: ignore[operator]
        if np.isfinite(found.low):
            assert found.low <= found.high <= 1.0 + 1e-12
            assert found.low <= found.value + 1e-9 or method == "percentile"
    coded = np.where(values < 0, -1, values == 1)
    bias = coding_bias(coded, 0, resampling=resampling)
    assert not bias.low > bias.high


@settings(max_examples=40)
@given(set_tables())
def test_intervals_of_sets_never_crash(codes) -> None:  # type: ignore[no-untyped-def]
    for distance in SET_DISTANCES:
        found = alpha_of_sets(codes, distance, resampling=Resampling(resamples=40))
        assert not found.low > found.value + 1e-9


def test_undefined_has_its_reason_and_percent() -> None:
    nothing = np.full((3, 2), -1)
    alone = np.array([[0, -1], [-1, 1]])
    uniform = np.zeros((4, 3), int)
    for coefficient in PANEL:
        assert coefficient(nothing).reason == "no_codings"
        assert coefficient(alone).reason == "no_pairs"
    for kappa in (krippendorff_alpha, fleiss_kappa, conger_kappa):
        found = kappa(uniform, n_values=2)
        assert (found.reason, found.percent) == ("no_variation", 1.0)
        assert np.isnan(found.value)
    assert cohen_kappa(uniform[:, :2]).reason == "no_variation"
    assert gwet_ac1(uniform, n_values=2).value == 1.0
    assert gwet_ac1(uniform, n_values=2).notes == ("one_value",)
    assert specific_agreement(uniform, 1).reason == "never_coded"
    assert specific_agreement(uniform + 1, 0).reason == "always_coded"
    assert coding_bias(alone, 0).reason == "no_overlap"


def test_bias_is_the_difference_on_shared_sentences() -> None:
    coded = np.array([[1, 0, 1], [1, 0, 0], [0, 0, -1], [-1, 1, 1], [1, -1, -1]])
    found = coding_bias(coded, 0)
    assert found.value == pytest.approx((0.5 + 1.0 + 0.0) / 3)


@pytest.mark.parametrize(
    ("values", "cause"),
    [
        (np.zeros(3), "expected an array"),
        (np.array([[0.5, 1.0]]), "whole numbers"),
        (np.array([[-2, 1]]), "numbered from 0"),
        (np.array([["a", "b"]]), "expected numbers"),
    ],
)
def test_wrong_arrays_are_refused(values: NDArray[np.generic], cause: str) -> None:
    with pytest.raises(ValueError, match=cause):
        krippendorff_alpha(values)


def test_wrong_options_are_refused() -> None:
    values = np.array([[0, 1], [2, 2]])
    with pytest.raises(ValueError, match="3 values are used"):
        gwet_ac1(values, n_values=2)
    with pytest.raises(ValueError, match="two coders"):
        cohen_kappa(np.zeros((2, 3), int))
    with pytest.raises(ValueError, match="symmetric"):
        krippendorff_alpha(values, distances=np.array([[0.0, 1.0], [2.0, 0.0]]))
    with pytest.raises(ValueError, match="unknown distance"):
        alpha_of_sets(np.zeros((2, 2, 1), np.int8), "hamming")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="unknown method"):
        Resampling(method="guess")  # type: ignore[arg-type]


def test_nan_is_missing_and_missing_is_not_the_empty_set() -> None:
    values = np.array([[0, 1], [1, 1], [0, 0], [1, -1]])
    assert krippendorff_alpha(np.where(values < 0, np.nan, values)).value == (
        krippendorff_alpha(values).value
    )
    codes = np.array([[[1, 0], [1, 0]], [[0, 1], [0, 1]], [[1, 1], [-1, -1]]], np.int8)
    empty = codes.copy()
    empty[2, 1] = 0
    assert alpha_of_sets(codes).value == 1.0
    assert alpha_of_sets(empty).value < 1.0


@pytest.mark.parametrize("more", [1, 16, 66])
def test_categories_that_nobody_coded_change_nothing(more: int) -> None:
    """Nor does how many there are, though sets of many are numbered in other ways than of few."""
    rng = np.random.default_rng(7)
    codes = (rng.random((30, 3, 4)) < 0.4).astype(np.int8)
    codes[rng.random((30, 3)) < 0.2] = -1
    wide = np.where(codes[:, :, :1] < 0, np.int8(-1), np.zeros((30, 3, 4 + more), np.int8))
    wide[:, :, more:] = codes
    numbers, found = encode_sets(wide)
    assert np.array_equal(numbers < 0, codes[:, :, 0] < 0)
    assert np.array_equal(found[numbers[numbers >= 0]], wide[numbers >= 0] > 0)
    assert len(found) == len(np.unique(codes[codes[:, :, 0] >= 0], axis=0))
    for distance in SET_DISTANCES:
        assert same(alpha_of_sets(codes, distance), alpha_of_sets(wide, distance))


sets = hnp.arrays(np.bool_, 5)


@given(sets, sets)
def test_distances_are_symmetric_and_within_one(a, b) -> None:  # type: ignore[no-untyped-def]
    for name in SET_DISTANCES:
        distance = set_distance(a, b, name)
        assert distance == set_distance(b, a, name)
        assert 0.0 <= distance <= 1.0
        assert (distance == 0.0) == bool((a == b).all())


def test_published_forms_of_masi_differ() -> None:
    a, b = np.array([1, 1, 0, 0], bool), np.ones(4, bool)
    assert set_distance(a, b, "masi") == pytest.approx(2 / 3)
    assert set_distance(a, b, "masi_product") == pytest.approx(1 / 6)


def test_many_sets_need_no_matrix() -> None:
    rng = np.random.default_rng(0)
    many = rng.random((4200, 12)) < 0.4
    whole = SetDistances(many[:100], "masi")
    blocks = SetDistances(many, "masi")
    counts = rng.integers(0, 5, 4200).astype(float)
    counts[100:] = 0
    assert blocks.times(counts)[:100] == pytest.approx(whole.times(counts[:100]))
    a, b = rng.integers(0, 100, (2, 50))
    assert blocks.between(a, b) == pytest.approx(whole.between(a, b))
