"""Agreement of coders: arrays in, coefficients out.

Axes: N sentences, A coders, K categories, V values. `values` (N, A) numbers the value that each
coder gave from 0, with -1 (or NaN) where a coding is missing; `codes` (N, A, K) holds sets.

What is undefined is NaN with a reason code, never a crash, 0 or 1. `n_values` is V where the values
that could be used are known; else the largest number used, plus one. With `resampling` given, the
coefficient carries an interval.

Codings missing: each function says which sentences it uses.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from practicelib.measures.comparisons import (
    DifferenceSums,
    RatioSums,
    bias_sums,
    specific_sums,
)
from practicelib.measures.distances import (
    Distances,
    MatrixDistances,
    NominalDistances,
    SetDistanceName,
    SetDistances,
)
from practicelib.measures.intervals import interval_of, no_disagreement_bound
from practicelib.measures.resampling import Resampling, Units, units_of
from practicelib.measures.sums import AlphaSums, ChanceSums, CohenSums, CongerSums, Sums
from practicelib.measures.values import Profiles, Values, as_values, encode_sets, profiles
from practicelib.records.agreement import Coefficient, Interval, Note, Reason

SKEW = 0.6
SKEW_GAP = 0.15
FEW = 20
_SHARE_UNDEFINED = 0.1
_KAPPA_LIKE = frozenset({"krippendorff_alpha", "fleiss_kappa", "conger_kappa", "cohen_kappa"})


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
    return _finish(name, sums, groups, resampling, distances.n_values)


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
    return _finish(name, ChanceSums(groups.values, v, chance), groups, resampling, v)


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
        return _finish("conger_kappa", ChanceSums(groups.values, v, "none"), groups, None, v)
    return _finish("conger_kappa", CongerSums(groups.values, v), groups, resampling, v)


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
    return _finish("cohen_kappa", CohenSums(groups.values, matrix), groups, resampling, v)


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
    found = _finish(name, specific_sums(groups.values, value), groups, resampling, v)
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
    found = _finish("coding_bias", sums, groups, resampling, 2, bounded=False)
    shared = found.reason not in ("no_pairs", "no_variation")
    return found if shared else replace(found, reason="no_overlap")


def alpha_difference(
    first: Values,
    second: Values,
    distances: Distances,
    *,
    resampling: Resampling | None = None,
) -> Coefficient:
    """Krippendorff's alpha of `first` minus that of `second`, on the same sentences.

    Both are (N, A) of value numbers; each resample draws the same sentences for both, so that the
    interval is that of the difference. Undefined where one of them is; sentences and codings are
    those of `first`.
    """
    coders = first.shape[1]
    groups = profiles(np.column_stack([first, second]), ordered=True)
    one, two = groups.values[:, :coders], groups.values[:, coders:]
    sums = DifferenceSums(AlphaSums(one, distances), AlphaSums(two, distances))
    v = distances.n_values
    found = _finish("alpha_difference", sums, groups, resampling, v, bounded=False)
    m, others = ((part >= 0).sum(axis=1) for part in (one, two))
    sizes, shared = groups.sizes, m >= 2
    paired = shared.any() and (others >= 2).any()
    return replace(
        found,
        sentences=int(sizes[shared].sum()),
        codings=int((sizes * m)[shared].sum()),
        reason="no_pairs" if found.reason and not paired else found.reason,
    )


def _n_values(values: Values, given: int | None) -> int:
    used = int(values.max(initial=-1)) + 1
    if given is not None and given < used:
        raise ValueError(f"{used} values are used, but n_values is {given}")
    return max(used if given is None else given, 1)


def _finish(
    name: str,
    sums: Sums,
    groups: Profiles,
    resampling: Resampling | None,
    n_values: int,
    *,
    bounded: bool = True,
) -> Coefficient:
    """A coefficient from its sums: value, reason, notes and interval."""
    m = (groups.values >= 0).sum(axis=1)
    sizes = groups.sizes
    agreeing = ChanceSums(groups.values, n_values, "none")
    found = Coefficient(
        name,
        float(sums.value(sizes @ sums.rows)),
        float(agreeing.value(sizes @ agreeing.rows)),
        int(sizes[m >= 2].sum()),
        int((sizes * m)[m >= 2].sum()),
        notes=_notes_of_values(name, groups, n_values),
    )
    if not np.isfinite(found.value):
        return replace(found, value=float("nan"), reason=_reason(found, m))
    if resampling is None:
        return found
    return _with_interval(found, sums, groups, resampling, bounded=bounded)


def _reason(found: Coefficient, m: NDArray[np.int64]) -> Reason:
    if not (m > 0).any():
        return "no_codings"
    return "no_variation" if found.sentences else "no_pairs"


def _with_interval(
    found: Coefficient,
    sums: Sums,
    groups: Profiles,
    resampling: Resampling,
    *,
    bounded: bool,
) -> Coefficient:
    m = (groups.values >= 0).sum(axis=1)
    units = units_of(sums.rows, groups, resampling.clusters, m > 0)
    notes: list[Note] = list(found.notes)
    if resampling.clusters is not None and units.count < FEW:
        notes.append("few_clusters")
    if bounded and found.value == 1.0:
        found = replace(found, notes=tuple(notes))
        return _bounded_below(found, sums, groups, units, resampling)
    interval = interval_of(sums, units, resampling, bounded=bounded)
    if interval.undefined > _SHARE_UNDEFINED or not interval.method:
        notes.append("unstable")
    return replace(found, interval=interval, notes=tuple(notes))


def _bounded_below(
    found: Coefficient, sums: Sums, groups: Profiles, units: Units, resampling: Resampling
) -> Coefficient:
    """No disagreement was seen: the exact one-sided bound instead of the interval [1, 1]."""
    exposed = (groups.values >= 0).sum(axis=1) >= 2
    if isinstance(sums, RatioSums):
        exposed &= sums.rows[:, 1] > 0
    count = units_of(sums.rows, groups, resampling.clusters, exposed).count
    low = no_disagreement_bound(sums, units.sums, count, resampling.level)
    bound = Interval(low, 1.0, "exact", resampling.level, count)
    return replace(found, interval=bound, notes=(*found.notes, "no_disagreement"))


def _notes_of_values(name: str, groups: Profiles, v: int) -> tuple[Note, ...]:
    """Notes on the prevalence of values (Feinstein and Cicchetti 1990).

    "skewed": four fifths or more of codings hold one value, and the kappa-like figure lies 0.15 or
    more below the one with uniform chance agreement, so that it says little about the coders.
    """
    chance = ChanceSums(groups.values, v, "fleiss")
    sums = groups.sizes @ chance.rows
    if not sums[2]:
        return ()
    largest = float(np.max(sums[3:] / sums[2]))
    if largest > 1.0 - 1e-12:
        return ("one_value",)
    uniform = ChanceSums(groups.values, v, "uniform").value(sums)
    gap = float(uniform - chance.value(sums))
    skewed = name in _KAPPA_LIKE and 2.0 * largest - 1.0 >= SKEW and gap >= SKEW_GAP
    return ("skewed",) if skewed else ()
