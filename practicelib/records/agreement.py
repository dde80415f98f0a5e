"""One coefficient of agreement, with its interval and what must be said beside it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Reason = Literal[
    "", "no_codings", "no_pairs", "no_variation", "never_coded", "always_coded", "no_overlap"
]
"""Why a coefficient is NaN: nothing was coded; no sentence was coded twice; every coding holds the
same value, so that chance agreement is 1; the category was never (or always) coded; two things
compared share no sentence."""

FEW = 20
"""With fewer resampled units than this an interval is noted as unreliable."""

Note = Literal["skewed", "one_value", "no_disagreement", "few_clusters", "unstable"]
"""What must be said beside a figure: prevalence is so uneven that kappa-like figures fall although
coders agree; all codings hold one value; no disagreement was seen, so that the interval is a
one-sided exact bound; fewer than 20 resampled units; over a tenth of resamples undefined."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Where a coefficient lies at a confidence `level`.

    `method` is "bootstrap" (studentised), "percentile", "jackknife" or "exact" (a one-sided lower
    bound; `high` is then the value itself). `units` counts what was resampled: sentences or
    clusters. `undefined` is the share of resamples in which the coefficient was undefined.
    """

    low: float
    high: float
    method: str = "bootstrap"
    level: float = 0.95
    units: int = 0
    resamples: int = 0
    undefined: float = 0.0


UNKNOWN = Interval(float("nan"), float("nan"), "", 0.0)


@dataclass(frozen=True, slots=True)
class Coefficient:
    """A coefficient and what it rests on.

    `value` is NaN where it is undefined, and `reason` then says why. `percent` is the raw
    agreement of pairs of codings beside it (a share between 0 and 1; NaN without pairs).
    `sentences` have at least two codings and hold `codings` codings.
    """

    name: str
    value: float
    percent: float
    sentences: int
    codings: int
    reason: Reason = ""
    notes: tuple[Note, ...] = ()
    interval: Interval = field(default=UNKNOWN)

    @property
    def defined(self) -> bool:
        """Whether there is a value."""
        return not self.reason

    @property
    def low(self) -> float:
        """Lower limit of the interval; NaN where there is none."""
        return self.interval.low

    @property
    def high(self) -> float:
        """Upper limit of the interval; NaN where there is none."""
        return self.interval.high
