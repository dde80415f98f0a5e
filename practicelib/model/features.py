"""Features of a sentence: TF-IDF of words and of character n-grams, and indicator patterns.

TF-IDF as in scikit-learn (sublinear term frequency 1 + ln tf, smoothed inverse document frequency
ln((1 + n) / (1 + df)) + 1, Euclidean norm), within each block; done here on the offsets of the
terms, because the evidence must know where every term stands and because tagging must not import
scikit-learn. A test holds the values against scikit-learn's `TfidfVectorizer`.

Axes: N sentences, F features.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from practicelib.codebook.matcher import matcher_of
from practicelib.model.parameters import FeatureParameters
from practicelib.records.codebook import Codebook
from practicelib.text.normalise import Normalised, normalise
from practicelib.text.script import to_simplified
from practicelib.text.words import Segmenter

if TYPE_CHECKING:
    from scipy import sparse

_HAN_RUN = re.compile(r"[\u4E00-\u9FD5]+")

Occurrence = tuple[str, int, int]
"""A term and where it stands in the normalised text."""


def prepare(text: str) -> Normalised:
    """A text as the features see it: Simplified characters, width folded, white space skipped."""
    return normalise(to_simplified(text))


def word_occurrences(text: str, segmenter: Segmenter) -> list[Occurrence]:
    """Word unigrams and bigrams; the two words of a bigram touch each other."""
    found: list[Occurrence] = []
    last = ""
    last_start = last_end = -1
    for start, end in segmenter.words(text):
        word = text[start:end]
        found.append((word, start, end))
        if start == last_end:
            found.append((f"{last} {word}", last_start, end))
        last, last_start, last_end = word, start, end
    return found


def character_occurrences(text: str, lengths: tuple[int, int]) -> list[Occurrence]:
    """Character n-grams within runs of Han characters, so that none spans a punctuation mark."""
    found: list[Occurrence] = []
    shortest, longest = lengths
    for run in _HAN_RUN.finditer(text):
        begin, stop = run.span()
        for size in range(shortest, longest + 1):
            found.extend(
                (text[start : start + size], start, start + size)
                for start in range(begin, stop - size + 1)
            )
    return found


@dataclass(frozen=True)
class Block:
    """A block of TF-IDF features: index and idf of each of its terms, first column, scale."""

    index: dict[str, int]
    idf: list[float]
    first: int
    scale: float
    occurrences: Callable[[str], list[Occurrence]]

    def counts(self, text: str) -> dict[int, int]:
        """Number and count of each term of a normalised text, in order of first occurrence."""
        counts: dict[int, int] = {}
        index = self.index
        for term, _, _ in self.occurrences(text):
            number = index.get(term)
            if number is not None:
                counts[number] = counts.get(number, 0) + 1
        return counts

    def values(self, counts: dict[int, int]) -> dict[int, float]:
        """Column and value of each term of a text, from numbers and counts, in their order."""
        weighted = {
            number: (1.0 + math.log(count)) * self.idf[number] for number, count in counts.items()
        }
        norm = math.sqrt(math.fsum(value * value for value in weighted.values()))
        factor = self.scale / norm if norm else 0.0
        return {self.first + number: value * factor for number, value in weighted.items()}


class FeatureSpace:
    """Turns texts into feature rows by the parameters of a model; shared between threads."""

    def __init__(self, parameters: FeatureParameters, codebook: Codebook) -> None:
        words, characters = parameters.sizes
        self.parameters = parameters
        self.matcher = matcher_of(codebook, parameters.tables_of(codebook))
        self.segmenter = Segmenter(parameters.table)
        self.blocks = make_blocks(parameters, self.segmenter)
        self.first_pattern = words + characters
        self.size = self.first_pattern + len(self.matcher.names)

    def row(self, normalised: Normalised) -> dict[int, float]:
        """Column and value of every feature of one text that is not zero."""
        values: dict[int, float] = {}
        for block in self.blocks:
            values.update(block.values(block.counts(normalised.text)))
        for found in self.matcher.find_normalised(normalised):
            values[self.first_pattern + found.pattern] = self.parameters.pattern_scale
        return values

    def matrix(self, texts: Iterable[str]) -> sparse.csr_matrix:
        """Feature matrix of shape (N, F)."""
        # Imported here: tagging does without.
        from scipy import sparse

        columns: list[int] = []
        values: list[float] = []
        ends = [0]
        for text in texts:
            row = self.row(prepare(text))
            columns.extend(row)
            values.extend(row.values())
            ends.append(len(columns))
        shape = (len(ends) - 1, self.size)
        data = (np.array(values, float), np.array(columns, np.int64), np.array(ends, np.int64))
        matrix = sparse.csr_matrix(data, shape=shape)
        matrix.sort_indices()
        return matrix


def make_blocks(parameters: FeatureParameters, segmenter: Segmenter) -> tuple[Block, Block]:
    """The word block and the character block of a parameter set."""
    lengths = parameters.character_lengths
    words = Block(
        _index(parameters.word_terms),
        parameters.word_idf.tolist(),
        0,
        parameters.word_scale,
        lambda text: word_occurrences(text, segmenter),
    )
    characters = Block(
        _index(parameters.character_terms),
        parameters.character_idf.tolist(),
        len(parameters.word_terms),
        parameters.character_scale,
        lambda text: character_occurrences(text, lengths),
    )
    return words, characters


def _index(terms: Sequence[str]) -> dict[str, int]:
    return dict(zip(terms, range(len(terms)), strict=True))
