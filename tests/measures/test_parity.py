"""Equal to krippendorff, irrCAC and NLTK where definitions coincide; shown where they do not."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import krippendorff
import numpy as np
import pytest
from nltk.metrics.agreement import AnnotationTask
from nltk.metrics.distance import masi_distance
from numpy.typing import NDArray

from practicelib.measures.agreement import (
    alpha_of_sets,
    brennan_prediger,
    cohen_kappa,
    conger_kappa,
    fleiss_kappa,
    gwet_ac1,
    krippendorff_alpha,
)
from practicelib.measures.distances import SetDistances
from practicelib.measures.values import encode_sets
from practicelib.records.agreement import Coefficient
from tests.measures import published as data

TABLES = 200


def random_tables(missing: float = 0.25) -> Iterator[NDArray[np.int64]]:
    """Tables of 8 to 30 items, 2 to 6 coders, 2 to 5 values; agreement from chance to high."""
    rng = np.random.default_rng(4)
    for _ in range(TABLES):
        n, coders, v = int(rng.integers(8, 31)), int(rng.integers(2, 7)), int(rng.integers(2, 6))
        truth = rng.integers(0, v, size=(n, 1))
        noise = rng.random((n, coders)) < rng.uniform(0.05, 0.9)
        values = np.where(noise, rng.integers(0, v, size=(n, coders)), truth)
        absent = rng.random((n, coders)) < missing
        # The reference packages number the values that occur.
        numbered = np.searchsorted(np.unique(values[~absent]), values)
        values = np.where(absent, -1, numbered)
        if len(np.unique(values[~absent])) > 1 and ((values >= 0).sum(axis=1) >= 2).any():
            yield values


def test_alpha_is_that_of_krippendorff() -> None:
    count = 0
    for values in random_tables():
        reference = krippendorff.alpha(
            reliability_data=np.where(values < 0, np.nan, values).T, level_of_measurement="nominal"
        )
        found = krippendorff_alpha(values)
        if found.defined:
            assert found.value == pytest.approx(float(reference), abs=1e-12)
            count += 1
    assert count > 0.9 * TABLES


def test_alpha_is_that_of_nltk() -> None:
    for values in random_tables():
        triples = [(f"c{a}", i, str(v)) for (i, a), v in np.ndenumerate(values) if v >= 0]
        found = krippendorff_alpha(values)
        if found.defined:
            reference = AnnotationTask(triples).alpha()
            assert found.value == pytest.approx(reference, abs=1e-12)


@pytest.mark.parametrize(
    ("method", "coefficient"),
    [
        ("gwet", gwet_ac1),
        ("fleiss", fleiss_kappa),
        ("bp", brennan_prediger),
        ("krippendorff", krippendorff_alpha),
        ("conger", conger_kappa),
    ],
)
def test_coefficients_are_those_of_irrcac(
    method: str, coefficient: Callable[..., Coefficient]
) -> None:
    """Recorded by `benchmarks/agreement_irrcac.py`, which says why it is not installed here."""
    recorded = json.loads((Path(__file__).parent / "irrcac.json").read_text(encoding="utf-8"))
    assert len(recorded["tables"]) == TABLES
    for entry in recorded["tables"]:
        found = coefficient(data.item_rows(entry["table"]))
        assert found.value == pytest.approx(entry[method], abs=1e-12)


def test_complete_tables_are_those_of_nltk() -> None:
    for values in random_tables(missing=0.0):
        triples = [(f"c{a}", i, str(v)) for (i, a), v in np.ndenumerate(values)]
        task = AnnotationTask(triples)
        assert fleiss_kappa(values).value == pytest.approx(task.pi(), abs=1e-12)
        assert brennan_prediger(values).value == pytest.approx(task.S(), abs=1e-12)
        assert conger_kappa(values).value == pytest.approx(task.multi_kappa(), abs=1e-12)
        if values.shape[1] == 2:
            assert cohen_kappa(values).value == pytest.approx(task.kappa(), abs=1e-12)


def random_sets(seed: int) -> NDArray[np.int8]:
    rng = np.random.default_rng(seed)
    n, coders, k = int(rng.integers(8, 30)), int(rng.integers(2, 5)), int(rng.integers(2, 5))
    truth = rng.random((n, 1, k)) < 0.5
    codes = (truth ^ (rng.random((n, coders, k)) < 0.15)).astype(np.int8)
    # NLTK divides by zero for two empty sets: keep all sets non-empty for the comparison.
    codes[..., 0] |= ~codes.any(axis=-1)
    codes[rng.random((n, coders)) < 0.2] = -1
    return codes


def test_masi_is_that_of_nltk_and_of_krippendorff_with_a_matrix() -> None:
    for seed in range(TABLES):
        codes = random_sets(seed)
        triples = [
            (f"c{a}", i, frozenset(np.flatnonzero(codes[i, a]).tolist()))
            for i, a in np.ndindex(codes.shape[:2])
            if codes[i, a, 0] >= 0
        ]
        found = alpha_of_sets(codes, "masi")
        if found.defined:
            reference = AnnotationTask(triples, distance=masi_distance).alpha()
            assert found.value == pytest.approx(reference, abs=1e-12)
            assert found.value == pytest.approx(krippendorff_of_sets(codes), abs=1e-12)


def krippendorff_of_sets(codes: NDArray[np.int8]) -> float:
    values, sets = encode_sets(codes)
    numbers = np.arange(len(sets))
    matrix = SetDistances(sets, "masi").between(*np.meshgrid(numbers, numbers))
    return float(
        krippendorff.alpha(
            reliability_data=np.where(values < 0, np.nan, values).T,
            level_of_measurement=lambda v1, v2, i1, i2, n_v, dtype: matrix[
                v1.astype(int), v2.astype(int)
            ],
        )
    )


def test_fleiss_weighs_sentences_alike_not_codings() -> None:
    """DKPro weighs a sentence by its codings, giving .737 where irrCAC and we give .761."""
    v = data.K2011[(data.K2011 >= 0).sum(axis=1) >= 2]
    assert fleiss_kappa(data.K2011).value == pytest.approx(0.761, abs=5e-4)
    counts = np.array([np.bincount(row[row >= 0], minlength=5) for row in v])
    m = counts.sum(axis=1)
    observed = float(((counts * (counts - 1)).sum(axis=1) / (m - 1)).sum() / m.sum())
    expected = float(((counts.sum(axis=0) / m.sum()) ** 2).sum())
    assert (observed - expected) / (1 - expected) == pytest.approx(0.737, abs=5e-4)


def test_conger_with_missing_codings_is_not_nltk_multi_kappa() -> None:
    """NLTK takes each pair's agreement on all items and fails on a missing coding; we do not."""
    values = data.K2011
    triples = [(f"c{a}", i, str(v)) for (i, a), v in np.ndenumerate(values) if v >= 0]
    with pytest.raises(RuntimeError):
        AnnotationTask(triples).multi_kappa()
    assert conger_kappa(values).value == pytest.approx(0.762, abs=1e-3)


def test_two_empty_sets_agree_where_nltk_divides_by_zero() -> None:
    with pytest.raises(ZeroDivisionError):
        masi_distance(frozenset(), frozenset())
    codes = np.zeros((4, 2, 2), np.int8)
    codes[0] = 1
    assert alpha_of_sets(codes, "masi").value == 1.0
