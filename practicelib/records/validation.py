"""A probability sample of sentences that a person codes, so that a model's counts can be corrected.

Axes: n sampled sentences, H strata, K categories.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

NO_CATEGORY, SEVERAL = "none", "several"
"""What was predicted for the sentences of a stratum, where it is not one category."""


@dataclass(frozen=True, slots=True)
class SampledSentence:
    """A sentence that was drawn: where it stands and from which stratum.

    `part` is the page, row or member of the file, empty where it has none and where a sheet of an
    older version does not say.
    """

    file: str
    start: int
    end: int
    text: str
    stratum: int
    report: str = ""
    heading: str = ""
    previous: str = ""
    part: str = ""


@dataclass(frozen=True, slots=True)
class Stratum:
    """Sentences of one group for which the same was predicted; `drawn` of `size` were drawn."""

    group: str
    predicted: str
    size: int
    drawn: int

    @property
    def inclusion(self) -> float:
        """Chance with which each sentence of the stratum was drawn."""
        return self.drawn / self.size


@dataclass(frozen=True)
class ValidationSample:
    """Sentences drawn at random with known chances, and their codes once a person gave them.

    `codes` (n, K) is None as long as the sample is not coded. `model` is the hash of the model
    whose predictions made the strata.
    """

    sentences: tuple[SampledSentence, ...] = field(repr=False)
    strata: tuple[Stratum, ...]
    categories: tuple[str, ...]
    codes: NDArray[np.bool_] | None = field(default=None, repr=False)
    model: str = ""
    seed: int = 0

    def __len__(self) -> int:
        return len(self.sentences)
