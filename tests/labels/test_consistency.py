"""Consistency of a table: each part against the measure it is made of, and whose it is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from practicelib.errors import LabelError, TooFewLabelsError
from practicelib.labels.consistency import cluster_of, codings_hash, consistency
from practicelib.labels.suggest import SUGGESTED
from practicelib.measures.agreement import alpha_of_sets, cohen_kappa, krippendorff_alpha
from practicelib.records.labelled import SINGLE, Coder, LabelTable
from tests.labels.folders import made_table, noisy_codes

FAST = {"resamples": 100}


def test_figures_are_those_of_the_measures() -> None:
    codes = noisy_codes()
    result = consistency(made_table(codes), **FAST)  # type: ignore[arg-type]
    paired = codes[(codes[:, :, 0] >= 0).sum(axis=1) >= 2]
    for k, category in enumerate(result):
        assert category.alpha.value == krippendorff_alpha(codes[:, :, k]).value
        assert category.alpha.low < category.alpha.value < category.alpha.high
        assert category.sentences == int((paired[:, :, k] == 1).any(axis=1).sum())
        assert category.codings == int((paired[:, :, k] == 1).sum())
    assert result.sets[0].name == "alpha_masi"
    assert result.sets[0].value == alpha_of_sets(codes).value
    assert result.basis.units == "report"
    assert result.basis.n_units == 40
    assert result.category("c1").en == "Class 1"


def test_coders_pairs_and_influence() -> None:
    codes = noisy_codes(800, 4, 2, error=0.03)
    rng = np.random.default_rng(1)
    careless = rng.random((800, 2)) < 0.25
    codes[:, 3] = np.where((codes[:, 3] == 0) & careless, 1, codes[:, 3])
    result = consistency(made_table(codes), **FAST)  # type: ignore[arg-type]
    worst = min(result.coders, key=lambda coder: coder.influence.value)
    assert worst.coder.name == "coder3"
    assert worst.influence.high < 0 < worst.without.value - result.sets[0].value
    assert all(bias.low > 0.05 for bias in worst.bias)
    assert all(bias.value < 0 for coder in result.coders[:3] for bias in coder.bias)
    present = codes[:, :, 0] >= 0
    assert result.overlap[0, 1] == (present[:, 0] & present[:, 1]).sum()
    both = codes[present[:, 0] & present[:, 1]][:, :2]
    assert result.pairs[0, 1] == result.pairs[1, 0] == alpha_of_sets(both).value
    assert np.isnan(result.pairs[0, 0])
    low, high = result.pair_limits[0, 1]
    assert low < result.pairs[0, 1] < high
    assert np.argmin(result.alphas.mean(axis=1)) == 3


def test_of_two_coders_none_can_be_left_out() -> None:
    """Nothing is left to compare: no pairs, and the codings counted are those that there are."""
    codes = np.array([[[1, 0], [0, 0]], [[0, 1], [0, 1]], [[1, 0], [1, 0]]] * 4, np.int8)
    for coder in consistency(made_table(codes), details=True, resamples=20).coders:
        found = coder.influence
        assert (found.reason, found.sentences, found.codings) == ("no_pairs", 12, 24)


def test_two_coders_have_cohens_kappa() -> None:
    codes = noisy_codes(200, 2)
    codes = np.concatenate([codes, np.full((200, 1, 3), -1, np.int8)], axis=1)
    result = consistency(made_table(codes), details=False, **FAST)  # type: ignore[arg-type]
    assert result.categories[0].kappa.value == cohen_kappa(codes[:, :2, 0]).value
    assert result.coders == ()
    assert result.disputes == ()
    assert len(result.basis.coders) == 2


def test_one_category_is_enough() -> None:
    """With all details; the jackknife draws nothing."""
    codes = noisy_codes(100, 3, 1)
    result = consistency(made_table(codes), method="jackknife")
    assert result.categories[0].alpha.value == krippendorff_alpha(codes[:, :, 0]).value
    assert result.alphas.shape == (3, 1)
    assert len(result.coders) == 3
    assert (result.basis.method, result.basis.resamples) == ("jackknife", 0)
    assert consistency(made_table(codes), **FAST).basis.resamples == 100  # type: ignore[arg-type]


def test_coders_who_never_met_have_no_kappa() -> None:
    codes = noisy_codes(200, 4)
    codes[:100, 2:] = -1
    codes[100:, :2] = -1
    result = consistency(made_table(codes), details=False, **FAST)  # type: ignore[arg-type]
    assert result.categories[0].kappa.reason == "no_overlap"
    assert result.categories[0].alpha.defined


def test_disputes_are_ranked() -> None:
    codes = np.zeros((4, 3, 2), np.int8)
    codes[1, 0] = [1, 1]
    codes[1, 1] = [1, 0]
    codes[2] = [[1, 0], [1, 0], [1, 0]]
    codes[3, 0] = [1, 0]
    result = consistency(made_table(codes), **FAST)  # type: ignore[arg-type]
    assert [d.sentence.id for d in result.disputes] == ["s1", "s3"]
    assert result.disputes[0].sets == (("c0", "c1"), ("c0",), ())
    assert result.disputes[1].disagreement == pytest.approx(2 / 3)


def two_rounds(improved: float, seed: int = 0) -> np.ndarray:
    first = noisy_codes(500, 3, 2, error=0.15, seed=seed)
    codes = np.full((500, 3, 2, 2), -1, np.int8)
    codes[:, :, 0] = first
    truth = first[:, :1] * 0 + (first == 1).sum(axis=1, keepdims=True) // 2
    rng = np.random.default_rng(seed)
    second = (truth ^ (rng.random(first.shape) < improved)).astype(np.int8)
    codes[:, :, 1] = np.clip(second, 0, 1)
    return codes


def test_first_round_counts_and_the_change_is_paired() -> None:
    codes = two_rounds(0.01)
    table = made_table(codes, rounds=("1", "2"))
    result = consistency(table, **FAST)  # type: ignore[arg-type]
    assert result.category("c0").alpha.value == krippendorff_alpha(codes[:, :, 0, 0]).value
    change = result.changes[0]
    assert change.paired
    assert change.difference.value == pytest.approx(change.second.value - change.first.value)
    assert change.difference.low > 0
    same = made_table(codes[:, :, [0, 0]], rounds=("1", "2"))
    unchanged = consistency(same, **FAST).changes[0].difference  # type: ignore[arg-type]
    assert unchanged.value == 0.0
    own = result.selves[0]
    both = (codes[:, 0, :, 0] >= 0).all(axis=1)
    assert own.sets.value == alpha_of_sets(codes[both, 0]).value
    second = consistency(table, round="2", details=False, **FAST)  # type: ignore[arg-type]
    assert second.basis.round == "2"
    assert second.category("c0").alpha.value > result.category("c0").alpha.value


def test_a_coder_of_a_later_round_is_not_in_the_first() -> None:
    codes = np.full((40, 4, 2, 2), -1, np.int8)
    codes[:30, :3, 0] = noisy_codes(30, 3, 2, error=0.1)
    codes[10:, 1:, 1] = noisy_codes(30, 3, 2, error=0.1, seed=1)
    codes[:30, 0, 0] = 0
    result = consistency(made_table(codes, rounds=("1", "2")), **FAST)  # type: ignore[arg-type]
    assert [coder.name for coder in result.basis.coders] == ["coder0", "coder1", "coder2"]
    assert result.overlap.shape == result.pairs.shape == (3, 3)
    assert result.basis.sentences == 30
    assert all(len(dispute.sets) == 3 for dispute in result.disputes)
    assert len(result.changes) == 2
    assert {own.coder.name for own in result.selves} <= {"coder1", "coder2"}
    assert result.to_html()


def test_unlike_sentences_are_compared_unpaired() -> None:
    codes = two_rounds(0.01)
    codes[:250, :, 1] = -1
    codes[250:, :, 0] = -1
    change = consistency(made_table(codes, rounds=("1", "2")), **FAST).changes[0]  # type: ignore[arg-type]
    assert not change.paired
    assert change.difference.value == pytest.approx(change.second.value - change.first.value)


@pytest.mark.parametrize(
    ("kinds", "between"),
    [
        (("person", "person"), "people"),
        (("model pass", "model pass"), "model passes"),
        (("person", "model pass"), "people and model passes"),
        (("person", "unknown"), "unknown coders"),
    ],
)
def test_model_passes_are_never_people(kinds: tuple[str, str], between: str) -> None:
    table = made_table(noisy_codes(60, 2))
    coders = tuple(Coder(f"coder{a}", kind) for a, kind in enumerate(kinds))  # type: ignore[arg-type]
    result = consistency(replace(table, coders=coders), details=False, **FAST)  # type: ignore[arg-type]
    assert result.basis.between == between


def test_chosen_coders_only() -> None:
    codes = noisy_codes(100, 3)
    result = consistency(made_table(codes), coders=["coder2", "coder0"], **FAST)  # type: ignore[arg-type]
    assert [coder.name for coder in result.basis.coders] == ["coder2", "coder0"]
    assert result.categories[0].alpha.value == krippendorff_alpha(codes[:, [2, 0], 0]).value
    with pytest.raises(LabelError, match="unknown coder nobody"):
        consistency(made_table(codes), coders=["nobody"])
    with pytest.raises(LabelError, match="unknown round '7'"):
        consistency(made_table(codes), round="7")
    with pytest.raises(TooFewLabelsError, match="agreement needs two"):
        consistency(made_table(codes[:, :1]))
    with pytest.raises(TooFewLabelsError, match="no category"):
        consistency(made_table(codes[:, :, :0]))
    with pytest.raises(ValueError, match="clusters must be"):
        consistency(made_table(codes), clusters="page")


def test_single_sentences_are_units_of_their_own() -> None:
    table = made_table(noisy_codes(20, 2), per_report=10)
    single = [replace(s, kind=SINGLE) for s in table.sentences[:10]]
    clusters = cluster_of(replace(table, sentences=(*single, *table.sentences[10:])))
    assert clusters is not None
    assert len(set(clusters.tolist())) == 11
    assert cluster_of(made_table(noisy_codes(20, 2), per_report=20)) is None


def test_groups_by_source() -> None:
    table = made_table(noisy_codes(200, 2))
    table = replace(
        table,
        sentences=tuple(
            replace(s, source="a" if i < 100 else "b") for i, s in enumerate(table.sentences)
        ),
    )
    result = consistency(table, **FAST)  # type: ignore[arg-type]
    twice = (table.codes[:, :, 0, 0] >= 0).all(axis=1)
    sizes = [int(twice[:100].sum()), int(twice[100:].sum())]
    assert [(g.name, g.sentences) for g in result.groups] == [("a", sizes[0]), ("b", sizes[1])]
    own = krippendorff_alpha(table.codes[:100, :, 0, 0]).value
    assert result.groups[0].categories[0].value == own


def some_coded_once(reports: int = 6, alone: int = 30) -> LabelTable:
    """Reports of ten sentences: the first coded by two coders, the others by one alone."""
    codes = np.full((10 * (reports + alone), 3, 3), -1, np.int8)
    n = 10 * reports
    codes[:n, :2] = np.abs(noisy_codes(n, 2))
    codes[n:, 1 + np.arange(10 * alone) % 2] = 1
    codes[n::2, 1] = codes[n + 1 :: 2, 2] = -1
    return made_table(codes)


def test_sentences_coded_once_change_nothing() -> None:
    table = some_coded_once()
    found = consistency(table, **FAST)  # type: ignore[arg-type]
    alone = consistency(table.select(range(60)), **FAST)  # type: ignore[arg-type]
    for a, b in zip(found, alone, strict=True):
        assert (a.sentences, a.codings) == (b.sentences, b.codings)
        # Fleiss' kappa and AC1 take chance agreement from all codings.
        for name in ("alpha", "positive", "negative", "percent", "kappa", "pabak"):
            assert getattr(a, name) == getattr(b, name)
        for name in ("fleiss", "ac1"):
            assert getattr(a, name).interval.units == 6
            assert "few_clusters" in getattr(a, name).notes
    assert found.sets == alone.sets
    assert [c.sentences for c in found.coders] == [60, 60, 0]
    for one, two in zip(found.coders, alone.coders, strict=False):
        assert repr((one.without, one.influence, one.bias)) == repr(
            (two.without, two.influence, two.bias)
        )
    assert found.pair_limits[:2, :2] == pytest.approx(alone.pair_limits, nan_ok=True)
    assert (found.basis.sentences, found.basis.pairable, found.basis.n_units) == (360, 60, 6)
    assert (alone.basis.sentences, alone.basis.pairable, alone.basis.n_units) == (60, 60, 6)


def test_sentences_coded_once_do_not_choose_the_resampling_unit() -> None:
    """All pairs lie in one report: sentences are resampled, whatever else was coded once."""
    table = some_coded_once(reports=1)
    found = consistency(table, **FAST)  # type: ignore[arg-type]
    alone = consistency(table.select(range(10)), **FAST)  # type: ignore[arg-type]
    assert found.basis.units == alone.basis.units == "sentence"
    assert found.basis.n_units == alone.basis.n_units == 10
    assert found.sets == alone.sets


def test_single_sentences_among_the_units_are_counted() -> None:
    table = some_coded_once()
    single = tuple(
        replace(s, report="") if 55 <= i < 70 else s for i, s in enumerate(table.sentences)
    )
    basis = consistency(replace(table, sentences=single), details=False, **FAST).basis  # type: ignore[arg-type]
    assert (basis.n_units, basis.single_units) == (6 + 5, 5)
    assert consistency(table, details=False, **FAST).basis.single_units == 0  # type: ignore[arg-type]


def test_suggested_sentences_are_no_sample() -> None:
    table = made_table(noisy_codes(60, 2))
    marked = tuple(
        replace(s, source=SUGGESTED) if i < 20 else s for i, s in enumerate(table.sentences)
    )
    result = consistency(replace(table, sentences=marked), **FAST)  # type: ignore[arg-type]
    alone = consistency(table.select(range(20, 60)), **FAST)  # type: ignore[arg-type]
    assert result.categories[0].alpha.value == alone.categories[0].alpha.value
    with pytest.raises(LabelError, match="reliability"):
        consistency(replace(table, sentences=marked).select(range(20)))


def test_bounds() -> None:
    result = consistency(made_table(noisy_codes(300, 3, error=0.02)), details=False, **FAST)  # type: ignore[arg-type]
    lows = [category.alpha.low for category in result]
    assert result.below(min(lows)) == ()
    assert len(result.below(1.0)) == 3


def test_hash_knows_codings_and_not_their_order() -> None:
    codes = noisy_codes(30, 2)
    table = made_table(codes)
    turned = replace(
        table, sentences=table.sentences[::-1], codes=table.codes[::-1], categories=table.categories
    )
    assert codings_hash(table) == codings_hash(turned)
    other = codes.copy()
    row = int(np.flatnonzero(codes[:, 0, 0] >= 0)[0])
    other[row, 0, 0] = 1 - other[row, 0, 0]
    assert codings_hash(made_table(other)) != codings_hash(table)
    assert codings_hash(made_table(codes, texts=[f"x{i}" for i in range(30)])) != codings_hash(
        table
    )
