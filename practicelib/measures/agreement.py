"""Agreement of coders: arrays in, coefficients out.

Axes: N sentences, A coders, K categories, V values. `values` (N, A) numbers the value that each
coder gave from 0, with -1 (or NaN) where a coding is missing; `codes` (N, A, K) holds sets.

What is undefined is NaN with a reason code, never a crash, 0 or 1. `n_values` is V where the values
that could be used are known; else the largest number used, plus one. With `resampling` given, the
coefficient carries an interval.

Sentences with fewer than two codings carry nothing: neither value, interval, number of units nor
notes change when they are left out. Only `fleiss_kappa`, `gwet_ac1` and `conger_kappa` take chance
agreement from all codings, as their sources do; there too the units counted, and whether they are
few, are those that hold a sentence with two codings (see `resampling.Units`).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from practicelib.measures.comparisons import DifferenceSums, bias_sums, specific_sums
from practicelib.measures.distances import (
    Distances,
    MatrixDistances,
    NominalDistances,
    SetDistanceName,
    SetDistances,
)
from practicelib.measures.finishing import finish
from practicelib.measures.resampling import Resampling
from practicelib.measures.sums import AlphaSums, ChanceSums, CohenSums, CongerSums
from practicelib.measures.values import Profiles, Values, as_values, encode_sets, profiles
from practicelib.records.agreement import Coefficient


def krippendorff_alpha(
    values: ArrayLike,
    *,
    distances: Distances | NDArray[np.float64] | None = None,
    n_values: int | None = None,
    resampling: Resampling | None = None,
) -> Coefficient:
    """Krippendorff's alpha (Krippendorff 2019, ch. 12; Hayes and Krippendorff 2007).

    `distances` between values: nominal by default, else a matrix (V, V) or a `Distances`.
    Sentences with fewer than two codings are left out, wholly. Undefined without pairs, and where
    all codings hold one value. Raises ValueError for arrays of another shape.
    """
    numbers = as_values(values)
    v = _n_values(numbers, n_values)
    if distances is None:
        distances = NominalDistances(v)
    elif isinstance(distances, np.ndarray):
        distances = MatrixDistances(distances)
    if distances.n_values < v:
        raise ValueError(f"distances between {distances.n_values} values, but {v} are used")
    return _alpha("krippendorff_alpha", numbers, distances, resampling)


def alpha_of_sets(
    codes: NDArray[np.int8],
    distance: SetDistanceName = "masi",
    *,
    resampling: Resampling | None = None,
) -> Coefficient:
    """Krippendorff's alpha of sets of categories, codes (N, A, K); see `distances` for the names.

    Two empty sets agree; a missing coding is not an empty set. Missing codings as in
    `krippendorff_alpha`.
    """
    values, sets = encode_sets(codes)
    return _alpha(f"alpha_{distance}", values, SetDistances(sets, distance), resampling)


def _alpha(
    name: str, values: Values, distances: Distances, resampling: Resampling | None
) -> Coefficient:
    groups = profiles(values)
    sums = AlphaSums(groups.values, distances)
    return finish(name, sums, groups, resampling, distances.n_values)


def percent_agreement(values: ArrayLike, *, resampling: Resampling | None = None) -> Coefficient:
    """Mean share of agreeing pairs over the sentences with at least two codings (Fleiss 1971)."""
    return _chance_corrected("percent_agreement", values, None, "none", resampling)


def fleiss_kappa(
    values: ArrayLike, *, n_values: int | None = None, resampling: Resampling | None = None
) -> Coefficient:
    """Fleiss' kappa (1971), for unequal numbers of codings as Gwet (2014, ch. 2.4) does.

    Agreement is a mean over sentences with at least two codings, shares of values are means over
    sentences with at least one, each sentence weighing the same (irrCAC does so; DKPro weighs a
    sentence by its codings, which differs when codings are missing). Two coders: Scott's pi.
    """
    return _chance_corrected("fleiss_kappa", values, n_values, "fleiss", resampling)


def gwet_ac1(
    values: ArrayLike, *, n_values: int | None = None, resampling: Resampling | None = None
) -> Coefficient:
    """Gwet's AC1 (Gwet 2008, eq. 5-7). Missing codings as in `fleiss_kappa`.

    Depends on `n_values`, the values that could be used. Where all codings hold one value it is
    1 by its definition, with the note "one_value".
    """
    return _chance_corrected("gwet_ac1", values, n_values, "gwet", resampling)


def brennan_prediger(
    values: ArrayLike, *, n_values: int | None = None, resampling: Resampling | None = None
) -> Coefficient:
    """Brennan and Prediger's (1981) kappa; with two values PABAK (Byrt et al. 1993).

    Chance agreement is 1 / V, so it depends on `n_values`. Sentences with at least two codings.
    """
    return _chance_corrected("brennan_prediger", values, n_values, "uniform", resampling)


def _chance_corrected(
    name: str,
    values: ArrayLike,
    n_values: int | None,
    chance: str,
    resampling: Resampling | None,
) -> Coefficient:
    numbers = as_values(values)
    v = _n_values(numbers, n_values)
    groups = profiles(numbers)
    sums = ChanceSums(groups.values, v, chance)
    alone = chance in ("fleiss", "gwet")
    return finish(name, sums, groups, resampling, v, alone=alone)


def conger_kappa(
    values: ArrayLike, *, n_values: int | None = None, resampling: Resampling | None = None
) -> Coefficient:
    """Conger's (1980) kappa: chance agreement from each coder's own shares of values.

    Agreement over sentences with at least two codings; shares over all codings of each coder
    (Gwet 2014, ch. 2.5). Coders without a coding are left out. Two coders without missing codings:
    Cohen's kappa.
    """
    numbers = as_values(values)
    numbers = numbers[:, (numbers >= 0).any(axis=0)]
    v = _n_values(numbers, n_values)
    groups = profiles(numbers, ordered=True)
    if numbers.shape[1] < 2:
        return finish("conger_kappa", ChanceSums(groups.values, v, "none"), groups, None, v)
    sums = CongerSums(groups.values, v)
    return finish("conger_kappa", sums, groups, resampling, v, alone=True)


def cohen_kappa(
    values: ArrayLike,
    *,
    n_values: int | None = None,
    distances: NDArray[np.float64] | None = None,
    resampling: Resampling | None = None,
) -> Coefficient:
    """Cohen's kappa (1960) of two coders, values (N, 2); weighted (1968) with `distances` (V, V).

    Only sentences that both coded count, for agreement and for chance.
    """
    numbers = as_values(values)
    if numbers.shape[1] != 2:
        raise ValueError(f"Cohen's kappa is of two coders, not of {numbers.shape[1]}")
    v = _n_values(numbers, n_values)
    matrix = 1.0 - np.eye(v) if distances is None else MatrixDistances(distances).matrix
    if len(matrix) < v:
        raise ValueError(f"distances between {len(matrix)} values, but {v} are used")
    groups = profiles(numbers, ordered=True)
    return finish("cohen_kappa", CohenSums(groups.values, matrix), groups, resampling, v)


def specific_agreement(
    values: ArrayLike, value: int, *, resampling: Resampling | None = None
) -> Coefficient:
    """Agreement on one value (Cicchetti and Feinstein 1990; coders more than two: Fleiss 1981).

    Of the codings that hold `value`, the share of other codings of the same sentence that hold it
    too. For a category coded 1 / 0 this is positive agreement (value 1) or negative agreement
    (value 0). Sentences with at least two codings; undefined where no such coding holds the value.
    """
    numbers = as_values(values)
    v = max(_n_values(numbers, None), 2)
    groups = profiles(numbers)
    name = f"agreement_on_{value}"
    found = finish(name, specific_sums(groups.values, value), groups, resampling, v)
    if found.reason == "no_variation":
        return replace(found, reason="never_coded" if value == 1 else "always_coded")
    return found


def coding_bias(
    coded: ArrayLike, coder: int, *, resampling: Resampling | None = None
) -> Coefficient:
    """How much more often a coder codes a category than the others on the same sentences.

    `coded` (N, A): 1, 0, -1 missing. Difference of shares, -1 to 1; sentences that the coder and
    at least one other coded.
    """
    groups = profiles(as_values(coded), ordered=True)
    sums = bias_sums(groups.values, coder)
    shared = (groups.values[:, coder] >= 0) & ((groups.values >= 0).sum(axis=1) >= 2)
    found = finish("coding_bias", sums, groups, resampling, 2, bounded=False, paired=shared)
    if found.reason in ("no_pairs", "no_variation"):
        return replace(found, reason="no_overlap")
    return found


def alpha_difference(
    first: Values,
    second: Values,
    distances: Distances,
    *,
    resampling: Resampling | None = None,
) -> Coefficient:
    """Krippendorff's alpha of `first` minus that of `second`, on the same sentences.

    Both are (N, A) of value numbers; each resample draws the same sentences for both, so that the
    interval is that of the difference. Undefined where one of them is. Sentences that neither of
    the two can pair carry nothing; sentences, codings and percent are those of `first`.
    """
    coders = first.shape[1]
    groups = profiles(np.column_stack([first, second]), ordered=True)
    one, two = groups.values[:, :coders], groups.values[:, coders:]
    own = AlphaSums(one, distances)
    sums = DifferenceSums(own, AlphaSums(two, distances))
    name, v = "alpha_difference", distances.n_values
    # A sentence coded once stands in both parts: over all columns it would look coded twice.
    m, others = ((part >= 0).sum(axis=1) for part in (one, two))
    paired = (m >= 2) | (others >= 2)
    found = finish(name, sums, groups, resampling, v, bounded=False, paired=paired)
    alone = finish(name, own, Profiles(one, groups.sizes, groups.of), None, v)
    lacking = not ((m >= 2).any() and (others >= 2).any())
    return replace(
        found,
        percent=alone.percent,
        sentences=alone.sentences,
        codings=alone.codings,
        reason="no_pairs" if found.reason and lacking else found.reason,
    )


def _n_values(values: Values, given: int | None) -> int:
    used = int(values.max(initial=-1)) + 1
    if given is not None and given < used:
        raise ValueError(f"{used} values are used, but n_values is {given}")
    return max(used if given is None else given, 1)
