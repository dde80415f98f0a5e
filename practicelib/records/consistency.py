"""How far the codings of a set of sentences agree.

Axes: N sentences, A coders, K categories. Agreement comes from first, independent codings only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from practicelib.records.agreement import Coefficient
from practicelib.records.labelled import Coder, SentenceInfo
from practicelib.records.views import Viewable

Between = Literal["people", "model passes", "people and model passes", "unknown coders"]


@dataclass(frozen=True, slots=True)
class CategoryAgreement:
    """Agreement on one category, coded or not.

    Of the sentences that two coders or more coded, `sentences` were coded with it by at least one,
    `codings` times in all. `kappa` is Cohen's with two coders, else Conger's.
    """

    key: str
    zh: str
    en: str
    sentences: int
    codings: int
    alpha: Coefficient
    positive: Coefficient
    negative: Coefficient
    percent: Coefficient
    kappa: Coefficient
    fleiss: Coefficient
    ac1: Coefficient
    pabak: Coefficient

    @property
    def coefficients(self) -> tuple[Coefficient, ...]:
        """All of them, most important first."""
        return (
            self.alpha,
            self.positive,
            self.negative,
            self.percent,
            self.kappa,
            self.fleiss,
            self.ac1,
            self.pabak,
        )

    def name(self, lang: str) -> str:
        """Name for people."""
        return (self.zh if lang == "zh" else self.en) or self.key


@dataclass(frozen=True, slots=True)
class CoderAgreement:
    """One coder against the others; `sentences` are those that he shares with one of them.

    `without` is alpha of whole sets (MASI) with this coder left out, `influence` alpha of all minus
    that (above 0: the coder agrees better than the rest). `bias` (K,) is how much more often he
    codes each category than the others on the same sentences.
    """

    coder: Coder
    sentences: int
    without: Coefficient
    influence: Coefficient
    bias: tuple[Coefficient, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """Alpha of a category in two rounds (or codebook versions) and the second minus the first.

    `paired` says whether the same sentences were coded in both.
    """

    key: str
    first_round: str
    second_round: str
    first: Coefficient
    second: Coefficient
    difference: Coefficient
    paired: bool


@dataclass(frozen=True, slots=True)
class SelfAgreement:
    """A coder against himself in two rounds: alpha of whole sets and of each category (K,)."""

    coder: Coder
    first_round: str
    second_round: str
    sets: Coefficient
    categories: tuple[Coefficient, ...]


@dataclass(frozen=True, slots=True)
class GroupAgreement:
    """Agreement within one source of the sentences: sets (MASI) and each category (K,).

    `sentences` are those that two coders or more coded.
    """

    name: str
    sentences: int
    coders: tuple[str, ...]
    sets: Coefficient
    categories: tuple[Coefficient, ...]


@dataclass(frozen=True, slots=True)
class Dispute:
    """A sentence whose coders differ: their sets, None where one did not code it.

    `disagreement` is the mean MASI distance of the pairs of its codings, 0 to 1.
    """

    sentence: SentenceInfo
    sets: tuple[tuple[str, ...] | None, ...]
    disagreement: float


@dataclass(frozen=True)
class Basis:
    """What the figures rest on and how they were made.

    `sentences` were coded at all, `pairable` by at least two coders. `units` names what was
    resampled: "report" or "sentence"; `n_units` of them hold a sentence coded twice, and
    `single_units` of these are single sentences among reports. `versions` are codebook versions,
    `codebook` and `codings_hash` hashes of the codebook and of all codings used.
    """

    sentences: int
    pairable: int
    codings: int
    reports: int
    round: str
    between: Between
    coders: tuple[Coder, ...]
    versions: tuple[str, ...]
    method: str
    resamples: int
    level: float
    seed: int
    units: str
    n_units: int
    single_units: int
    codebook: str
    codings_hash: str
    software: str


@dataclass(frozen=True)
class Consistency(Viewable):
    """Agreement of the coders of a table.

    `sets` holds alpha of whole sets, one per distance, MASI first. `overlap` (A, A) counts the
    sentences that two coders share, `pairs` (A, A) is their alpha of sets (MASI), NaN where
    undefined, `pair_limits` (A, A, 2) its interval (with details only); `alphas` (A, K) is each
    coder's mean alpha with the others by category. Details are empty where they were not asked for.
    """

    basis: Basis
    categories: tuple[CategoryAgreement, ...]
    sets: tuple[Coefficient, ...]
    overlap: NDArray[np.int64] = field(repr=False)
    pairs: NDArray[np.float64] = field(repr=False)
    pair_limits: NDArray[np.float64] = field(repr=False)
    alphas: NDArray[np.float64] = field(repr=False)
    coders: tuple[CoderAgreement, ...] = field(default=(), repr=False)
    groups: tuple[GroupAgreement, ...] = field(default=(), repr=False)
    changes: tuple[Change, ...] = field(default=(), repr=False)
    selves: tuple[SelfAgreement, ...] = field(default=(), repr=False)
    disputes: tuple[Dispute, ...] = field(default=(), repr=False)

    def category(self, key: str) -> CategoryAgreement:
        """Agreement on the category of that key; KeyError where there is none."""
        for category in self.categories:
            if category.key == key:
                return category
        raise KeyError(key)

    def below(self, bound: float) -> tuple[CategoryAgreement, ...]:
        """Categories whose alpha is not shown to reach a bound: its lower limit is below it, or
        undefined."""
        return tuple(c for c in self.categories if not c.alpha.low >= bound)

    def __iter__(self) -> Iterator[CategoryAgreement]:
        return iter(self.categories)
