"""All numbers of a fitted model in one record: what is saved, loaded and compiled.

Axes: K categories, V words of the segmentation table, P patterns, F features. The features stand
in this order: word unigrams and bigrams, character n-grams, indicator patterns.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from practicelib.codebook.tables import Tables
from practicelib.records.codebook import Codebook
from practicelib.text.words import WordTable

LONGEST_CHARACTERS = 8
"""Character n-grams of a model may not be longer."""


@dataclass(frozen=True, eq=False)
class CompiledPatterns:
    """The patterns of a codebook, compiled."""

    codebook: Codebook
    tables: Tables


@dataclass(frozen=True)
class FeatureParameters:
    """How a sentence becomes features.

    `word_terms` holds unigrams and bigrams (two words joined by a space), `character_terms`
    n-grams of lengths `character_lengths`; `word_idf` and `character_idf` their inverse document
    frequencies. Each block is scaled to Euclidean length `word_scale` or `character_scale`; a
    pattern that is found has the value `pattern_scale`. `patterns` spares compiling the
    patterns of the codebook that it is of.
    """

    table: WordTable = field(repr=False)
    word_terms: tuple[str, ...] = field(repr=False)
    word_idf: NDArray[np.float64] = field(repr=False)
    character_terms: tuple[str, ...] = field(repr=False)
    character_idf: NDArray[np.float64] = field(repr=False)
    character_lengths: tuple[int, int] = (1, 3)
    word_scale: float = 1.0
    character_scale: float = 1.0
    pattern_scale: float = 1.0
    patterns: CompiledPatterns | None = field(default=None, repr=False, compare=False)

    @property
    def sizes(self) -> tuple[int, int]:
        """Number of word terms and of character terms."""
        return len(self.word_terms), len(self.character_terms)

    def tables_of(self, codebook: Codebook) -> Tables | None:
        """The compiled patterns of a codebook; None where there are none, or another's."""
        if self.patterns is None or self.patterns.codebook != codebook:
            return None
        return self.patterns.tables


@dataclass(frozen=True)
class ModelParameters:
    """A fitted model.

    `coefficients` (K, F), `intercepts` (K,); `slopes` and `offsets` (K,) of the calibration
    p = 1 / (1 + exp(-(slope * decision + offset))); `thresholds` (K,) on the probability; `band`
    (K, 2), the probabilities between which a category is uncertain. `facts` is plain data about
    the training, for the card.
    """

    codebook: Codebook
    features: FeatureParameters
    coefficients: NDArray[np.float64] = field(repr=False)
    intercepts: NDArray[np.float64]
    slopes: NDArray[np.float64]
    offsets: NDArray[np.float64]
    thresholds: NDArray[np.float64]
    band: NDArray[np.float64]
    facts: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def categories(self) -> tuple[str, ...]:
        """Category keys in codebook order."""
        return self.codebook.keys
