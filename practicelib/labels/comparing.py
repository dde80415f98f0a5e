"""Coders against the rest, rounds against each other, and a coder against himself.

Axes: N sentences, A coders, R rounds, K categories.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from practicelib.measures.agreement import (
    alpha_difference,
    alpha_of_sets,
    coding_bias,
    krippendorff_alpha,
)
from practicelib.measures.distances import NominalDistances, SetDistances
from practicelib.measures.resampling import Resampling
from practicelib.measures.values import encode_sets
from practicelib.records.agreement import Coefficient
from practicelib.records.consistency import Change, CoderAgreement, SelfAgreement
from practicelib.records.labelled import MISSING, LabelTable

Codes = NDArray[np.int8]
Bools = NDArray[np.bool_]


def coder_agreement(
    table: LabelTable, codes: Codes, resampling: Resampling
) -> tuple[CoderAgreement, ...]:
    """Each coder against the others: alpha without him, his influence on it, his bias.

    All on sentences that he shares with somebody, or that others share; counted are the former.
    """
    values, sets = encode_sets(codes)
    distances = SetDistances(sets, "masi")
    found = []
    twice = pairable(codes)
    for a in np.flatnonzero((values >= 0).any(axis=0)).tolist():
        others = values.copy()
        others[:, a] = MISSING
        found.append(
            CoderAgreement(
                table.coders[a],
                int((values[twice, a] >= 0).sum()),
                alpha_of_sets(np.delete(codes, a, axis=1), resampling=resampling),
                alpha_difference(values, others, distances, resampling=resampling),
                tuple(
                    coding_bias(codes[:, :, k], a, resampling=resampling)
                    for k in range(codes.shape[2])
                ),
            )
        )
    return tuple(found)


def changes_between(table: LabelTable, resampling: Resampling) -> tuple[Change, ...]:
    """Change of alpha from each round to the next, by category.

    On the sentences that at least two coders coded in both rounds; where there are none, on all
    sentences of each round, unpaired.
    """
    found = []
    for one in range(len(table.rounds) - 1):
        first, second = table.codes[:, :, one], table.codes[:, :, one + 1]
        shared = pairable(first) & pairable(second)
        paired = bool(shared.any())
        keep = shared if paired else np.ones(len(first), bool)
        here = only(resampling, keep)
        for k, key in enumerate(table.categories):
            a, b = (codes[keep][:, :, k].astype(np.int32) for codes in (first, second))
            found.append(
                Change(
                    key,
                    table.rounds[one],
                    table.rounds[one + 1],
                    krippendorff_alpha(a, n_values=2, resampling=here),
                    krippendorff_alpha(b, n_values=2, resampling=here),
                    alpha_difference(b, a, NominalDistances(2), resampling=here),
                    paired,
                )
            )
    return tuple(found)


def self_agreement(table: LabelTable, resampling: Resampling) -> tuple[SelfAgreement, ...]:
    """Each coder against himself in every two rounds in which he coded the same sentences."""
    found = []
    for a, coder in enumerate(table.coders):
        for one, two in combinations(range(len(table.rounds)), 2):
            both = table.codes[:, a, [one, two]]
            keep = (both[:, :, 0] != MISSING).all(axis=1)
            if keep.any():
                own, here = both[keep], only(resampling, keep)
                found.append(
                    SelfAgreement(
                        coder,
                        table.rounds[one],
                        table.rounds[two],
                        alpha_of_sets(own, resampling=here),
                        _by_category(own, here),
                    )
                )
    return tuple(found)


def _by_category(codes: Codes, resampling: Resampling) -> tuple[Coefficient, ...]:
    return tuple(
        krippendorff_alpha(codes[:, :, k], n_values=2, resampling=resampling)
        for k in range(codes.shape[2])
    )


def pairable(codes: Codes) -> Bools:
    """Which sentences of codes (N, A, K) two coders or more coded, (N,)."""
    twice: Bools = (codes[:, :, 0] != MISSING).sum(axis=1) > 1
    return twice


def coded_again(table: LabelTable) -> Bools:
    """Which sentences were coded twice in a round, or by a coder in two rounds, (N,)."""
    present = table.codes[..., 0] != MISSING
    again: Bools = np.any(present.sum(axis=1) > 1, axis=1) | np.any(present.sum(axis=2) > 1, axis=1)
    return again


def only(resampling: Resampling, keep: Bools) -> Resampling:
    """The same resampling for a part of the sentences."""
    if resampling.clusters is None:
        return resampling
    return replace(resampling, clusters=resampling.clusters[keep])
