"""What several codings of the same sentences say together: majority, and Dawid and Skene's model.

Axes: N sentences, A coders. `coded` (N, A) holds 1, 0 or -1 (missing) of one category.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from practicelib.measures.values import as_values, profiles

Floats = NDArray[np.float64]

_PRIOR_RIGHT = 4.0
_PRIOR_WRONG = 1.0
_STEPS = 500
_SETTLED = 1e-9


def share_of_votes(coded: NDArray[np.int8]) -> Floats:
    """Share of codings that hold the category, (N,); NaN where there is no coding."""
    votes = (coded >= 0).sum(axis=1)
    shares: Floats = np.full(len(coded), np.nan)
    np.divide((coded == 1).sum(axis=1), votes, out=shares, where=votes > 0)
    return shares


@dataclass(frozen=True)
class DawidSkene:
    """Fitted model: `posterior` (N,) that the category holds, NaN without codings; `sensitivity`
    and `specificity` (A,): how often each coder codes it where it holds, and not where it does
    not; `prevalence`: share of sentences in which it holds. `settled` says whether it converged.
    """

    posterior: Floats
    sensitivity: Floats
    specificity: Floats
    prevalence: float
    settled: bool


def dawid_skene(coded: NDArray[np.int8]) -> DawidSkene:
    """Dawid and Skene's (1979) model of one category by EM, started from the shares of votes.

    Coders err independently of each other given the truth, each at rates of their own. A weak prior
    (4 right, 1 wrong for each rate, 1 and 1 for prevalence) keeps rates off 0 and 1, so that a
    coder with few codings is not taken at his word. With two coders the model rests on that prior
    and on prevalence alone.
    """
    groups = profiles(as_values(coded), ordered=True)
    values, sizes = groups.values, groups.sizes
    present = values >= 0
    codes = (values == 1).astype(np.float64)
    start = share_of_votes(values.astype(np.int8))
    known = np.isfinite(start)
    belief = np.where(known, start, 0.0)
    yes, no = codes * sizes[:, None], (present - codes) * sizes[:, None]
    settled = False
    for _ in range(_STEPS):
        sensitivity = _rate(belief @ yes, belief @ no)
        specificity = _rate((1.0 - belief) @ no, (1.0 - belief) @ yes)
        total = float(sizes[known].sum())
        prevalence = (float(sizes[known] @ belief[known]) + 1.0) / (total + 2.0)
        odds = np.log(prevalence) - np.log1p(-prevalence)
        odds = odds + codes @ np.log(sensitivity / (1.0 - specificity))
        odds = odds + (present - codes) @ np.log((1.0 - sensitivity) / specificity)
        before, belief = belief, np.where(known, 1.0 / (1.0 + np.exp(-odds)), 0.0)
        settled = bool(np.max(np.abs(belief - before), initial=0.0) < _SETTLED)
        if settled:
            break
    posterior = np.where(known, belief, np.nan)[groups.of]
    return DawidSkene(posterior, sensitivity, specificity, prevalence, settled)


def _rate(right: Floats, wrong: Floats) -> Floats:
    rate: Floats = (right + _PRIOR_RIGHT) / (right + wrong + _PRIOR_RIGHT + _PRIOR_WRONG)
    return rate
