"""What an evaluation found: scores of one or several systems on the same labelled sentences.

Axes: K categories. Undefined scores are NaN.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from practicelib.records.agreement import FEW
from practicelib.records.content import ByContent
from practicelib.records.views import Viewable

Floats = NDArray[np.float64]

Note = Literal["few_clusters", "no_patterns"]
"""What must be said beside the figures: fewer than 20 reports were resampled; the codebook has no
patterns, so that nothing stands beside the model that rests on them."""


def noted(reports: int, *, patterns: bool = True) -> tuple[Note, ...]:
    """The notes of an evaluation on so many reports, by a codebook with `patterns` or none."""
    few: tuple[Note, ...] = ("few_clusters",) if reports < FEW else ()
    return few if patterns else (*few, "no_patterns")


@dataclass(frozen=True, eq=False)
class SystemScores(ByContent):
    """Scores of one system; `f1_interval` (K, 2) and `macro_interval` (2,) are 95 % intervals.

    `margin` is the first system's macro-F1 minus this one's, with its paired interval
    `margin_interval` (2,); zero for the first system itself.
    """

    name: str
    precision: Floats
    recall: Floats
    f1: Floats
    f1_interval: Floats
    average_precision: Floats
    macro_f1: float
    macro_interval: Floats
    micro_f1: float
    exact_match: float
    calibration_error: float
    margin: float
    margin_interval: Floats


@dataclass(frozen=True)
class CoderScore:
    """Macro-F1 of one coder against gold on the N sentences he coded, and the model's there."""

    coder: str
    sentences: int
    coder_f1: float
    model_f1: float


@dataclass(frozen=True)
class LearningPoint:
    """Macro-F1 of the model's settings trained on some of the reports only."""

    reports: int
    sentences: int
    macro_f1: float


@dataclass(frozen=True, eq=False)
class Evaluation(ByContent, Viewable):
    """Scores on N sentences of `reports` reports; `support` and `support_reports` are (K,).

    `reliability` (bins, 3) holds mean probability, observed share and count; `coverage` (20, 2)
    the share of decisions kept and the accuracy among them, for the first system. `names` are the
    categories for people (Chinese, English), empty where nothing is known.
    """

    on: str
    categories: tuple[str, ...]
    sentences: int
    reports: int
    support: NDArray[np.int64]
    support_reports: NDArray[np.int64]
    systems: tuple[SystemScores, ...]
    reliability: Floats = field(default_factory=lambda: np.zeros((0, 3)))
    coverage: Floats = field(default_factory=lambda: np.zeros((0, 2)))
    codebook: str = ""
    model: str = ""
    coders: tuple[CoderScore, ...] = ()
    learning: tuple[LearningPoint, ...] = ()
    names: tuple[tuple[str, str], ...] = ()
    notes: tuple[Note, ...] = ()

    def system(self, name: str) -> SystemScores:
        """The scores of one system; KeyError where there is none of that name."""
        for scores in self.systems:
            if scores.name == name:
                return scores
        raise KeyError(name)
