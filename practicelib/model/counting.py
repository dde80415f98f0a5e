"""Terms of the training sentences, counted once; folds and refits read the counts.

Axes: N sentences, V terms met, F features kept.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from practicelib.codebook.matcher import Matcher
from practicelib.model.features import (
    Occurrence,
    character_occurrences,
    prepare,
    word_occurrences,
)
from practicelib.model.parameters import CompiledPatterns, FeatureParameters
from practicelib.records.codebook import Codebook
from practicelib.text.words import Segmenter, WordTable

_IDF_DECIMALS = 4
"""As the coefficients (`classifier.py`): so that the last bits of a processor do not matter."""


@dataclass(frozen=True, slots=True)
class FeatureOptions:
    """Settings of the features; `MechanismClassifier` says what each means."""

    min_df: int = 2
    character_lengths: tuple[int, int] = (1, 3)
    word_scale: float = 1.0
    character_scale: float = 1.0


@dataclass(frozen=True)
class BlockWeights:
    """Columns kept of one block of counts, (V',), and their idf."""

    columns: NDArray[np.int64]
    idf: NDArray[np.float64]


@dataclass(frozen=True)
class _Counts:
    """Counts of one block, shape (N, V), with the terms in sorted order."""

    terms: tuple[str, ...]
    counts: sparse.csr_matrix

    def only(self, rows: NDArray[np.int64]) -> _Counts:
        return _Counts(self.terms, self.counts[rows])

    def learn(self, rows: NDArray[np.int64], min_df: int) -> BlockWeights:
        frequency = np.bincount(self.counts[rows].indices, minlength=len(self.terms))
        columns = np.flatnonzero(frequency >= min_df)
        idf = np.log((1.0 + len(rows)) / (1.0 + frequency[columns])) + 1.0
        return BlockWeights(columns, np.round(idf, _IDF_DECIMALS))

    def values(
        self, rows: NDArray[np.int64], weights: BlockWeights, scale: float
    ) -> sparse.csr_matrix:
        matrix = self.counts[rows][:, weights.columns].astype(np.float64)
        matrix.data = 1.0 + np.log(matrix.data)
        matrix = matrix @ sparse.diags_array(weights.idf)
        norms = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
        factors = np.divide(scale, norms, out=np.zeros_like(norms), where=norms > 0)
        return sparse.csr_matrix(sparse.diags_array(factors) @ matrix)


class CountedTexts:
    """N texts with their term counts and pattern hits."""

    def __init__(
        self,
        texts: Sequence[str],
        table: WordTable,
        codebook: Codebook,
        options: FeatureOptions,
    ) -> None:
        segmenter = Segmenter(table)
        prepared = [prepare(text) for text in texts]
        plain = [one.text for one in prepared]
        self.table = table
        self.options = options
        self._words = _count(plain, lambda text: word_occurrences(text, segmenter))
        self._characters = _count(
            plain, lambda text: character_occurrences(text, options.character_lengths)
        )
        matcher = Matcher(codebook)
        self._compiled = CompiledPatterns(codebook, matcher.tables)
        self.patterns: sparse.csr_matrix = matcher.matrix_normalised(prepared)
        self.pattern_weights = pattern_weights(codebook)

    def __len__(self) -> int:
        return int(self.patterns.shape[0])

    def only(self, rows: NDArray[np.int64]) -> CountedTexts:
        """The same for some of the texts."""
        part = copy(self)
        part._words = self._words.only(rows)
        part._characters = self._characters.only(rows)
        part.patterns = self.patterns[rows]
        return part

    def learn(self, rows: NDArray[np.int64]) -> tuple[BlockWeights, BlockWeights]:
        """Vocabulary and idf of words and characters, from the rows to be trained on only."""
        minimum = self.options.min_df
        return self._words.learn(rows, minimum), self._characters.learn(rows, minimum)

    def matrix(
        self, rows: NDArray[np.int64], weights: tuple[BlockWeights, BlockWeights]
    ) -> sparse.csr_matrix:
        """Text features of some rows under learned weights, shape (len(rows), F)."""
        options = self.options
        blocks = [
            self._words.values(rows, weights[0], options.word_scale),
            self._characters.values(rows, weights[1], options.character_scale),
        ]
        return sparse.csr_matrix(sparse.hstack(blocks))

    def parameters(self, weights: tuple[BlockWeights, BlockWeights]) -> FeatureParameters:
        """The learned weights as they are saved in a model."""
        words, characters = weights
        options = self.options
        return FeatureParameters(
            self.table,
            tuple(self._words.terms[i] for i in words.columns),
            words.idf,
            tuple(self._characters.terms[i] for i in characters.columns),
            characters.idf,
            options.character_lengths,
            options.word_scale,
            options.character_scale,
            patterns=self._compiled,
        )


def pattern_weights(codebook: Codebook) -> NDArray[np.float64]:
    """Weights of all patterns as the codebook has them, (P, K); 0 for other categories."""
    rows = [
        (pattern.weight, k)
        for k, category in enumerate(codebook.categories)
        for pattern in category.patterns
    ]
    weights = np.zeros((len(rows), len(codebook.categories)))
    for row, (weight, k) in enumerate(rows):
        weights[row, k] = weight
    return weights


def _count(texts: Sequence[str], occurrences: Callable[[str], list[Occurrence]]) -> _Counts:
    rows: list[dict[str, int]] = []
    for text in texts:
        counts: dict[str, int] = {}
        for term, _, _ in occurrences(text):
            counts[term] = counts.get(term, 0) + 1
        rows.append(counts)
    terms = sorted({term for row in rows for term in row})
    index = {term: column for column, term in enumerate(terms)}
    columns = np.array([index[term] for row in rows for term in row], dtype=np.int64)
    data = np.array([count for row in rows for count in row.values()], dtype=np.float64)
    ends = np.cumsum([0, *(len(row) for row in rows)])
    shape = (len(rows), len(terms))
    return _Counts(tuple(terms), sparse.csr_matrix((data, columns, ends), shape=shape))
