"""Codings and labelled sentences as arrays.

Axes: N sentences, A coders, R rounds, K categories.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from practicelib.records.content import ByContent

MISSING = -1
"""Value of a category in `LabelTable.codes` where the coder did not code the sentence."""

SINGLE = "单句"
"""Kind of a file of unrelated single sentences (`SentenceInfo.kind`)."""

LEAD_IN = "引言"
"""Kind of what stands before the first report of a compilation (`SentenceInfo.kind`)."""

SUGGESTED = "suggested"
"""Source of sentences chosen to improve a model (`SentenceInfo.source`): for training only."""

CoderKind = Literal["person", "model pass", "unknown"]


@dataclass(frozen=True, slots=True)
class Coder:
    """Who coded: a person, or one pass of a language model (with its version)."""

    name: str
    kind: CoderKind = "unknown"
    version: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class SentenceInfo:
    """What is known of a coded sentence besides its codes; `report` groups sentences.

    `kind` is the type of its source text; sentences of kind `SINGLE` stand alone and are not
    related to the others of their file. `previous` and `heading` hold the text of the sentence
    before and of the section's heading where the report's order is known, else "". `is_heading`
    marks headings; `origin` says where the source text comes from ("composed", "quoted", ...), as
    far as that was noted.
    """

    id: str
    text: str = ""
    report: str = ""
    role: str = ""
    source: str = ""
    start: int = 0
    end: int = 0
    previous: str = ""
    heading: str = ""
    is_heading: bool = False
    kind: str = ""
    origin: str = ""


@dataclass(frozen=True, eq=False)
class LabelTable(ByContent):
    """All codings of a set of sentences.

    `codes` is an int8 array of shape (N, A, R, K): 1 coded, 0 not coded, -1 missing. Missing is
    not the empty set: a row of zeros is the judgement "none". A coding is missing as a whole or
    not at all, so either all K values are -1 or none is. `versions[a][r]` names the codebook
    versions that coder a worked with in round r, `names` the categories for people (Chinese,
    English); both are empty where nothing is known.
    """

    sentences: tuple[SentenceInfo, ...] = field(repr=False)
    coders: tuple[Coder, ...]
    rounds: tuple[str, ...]
    categories: tuple[str, ...]
    codes: NDArray[np.int8] = field(repr=False)
    codebook: str = ""
    versions: tuple[tuple[str, ...], ...] = ()
    names: tuple[tuple[str, str], ...] = ()

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """(N, A, R, K)."""
        return (len(self.sentences), len(self.coders), len(self.rounds), len(self.categories))

    @property
    def reports(self) -> NDArray[np.str_]:
        """Report id of every sentence, shape (N,)."""
        return np.array([sentence.report for sentence in self.sentences], dtype=np.str_)

    def select(self, keep: NDArray[np.bool_] | Sequence[int]) -> LabelTable:
        """The same table with only some of its sentences, in their order."""
        index = np.arange(len(self.sentences))[np.asarray(keep)]
        return LabelTable(
            tuple(self.sentences[i] for i in index),
            self.coders,
            self.rounds,
            self.categories,
            self.codes[index],
            self.codebook,
            self.versions,
            self.names,
        )


@dataclass(frozen=True, eq=False)
class LabelledSentences(ByContent):
    """Sentences with one decided set of categories each (gold).

    `labels` is a bool array of shape (N, K). `how` says for each sentence how its gold came about
    ("unanimous", "decision", ...), empty where unknown; so are `coders`, all those of the codings
    that the labels were decided from.
    """

    sentences: tuple[SentenceInfo, ...] = field(repr=False)
    categories: tuple[str, ...]
    labels: NDArray[np.bool_] = field(repr=False)
    how: tuple[str, ...] = field(default=(), repr=False)
    codebook: str = ""
    coders: tuple[Coder, ...] = ()

    def __len__(self) -> int:
        return len(self.sentences)

    @property
    def texts(self) -> list[str]:
        """Texts of the sentences, length N."""
        return [sentence.text for sentence in self.sentences]

    @property
    def reports(self) -> NDArray[np.str_]:
        """Report id of every sentence, shape (N,)."""
        return np.array([sentence.report for sentence in self.sentences], dtype=np.str_)

    @property
    def roles(self) -> NDArray[np.str_]:
        """Role ("train" or "test") of every sentence, shape (N,)."""
        return np.array([sentence.role for sentence in self.sentences], dtype=np.str_)

    def select(self, keep: NDArray[np.bool_] | Sequence[int]) -> LabelledSentences:
        """Only some of the sentences, in their order."""
        index = np.arange(len(self.sentences))[np.asarray(keep)]
        return LabelledSentences(
            tuple(self.sentences[i] for i in index),
            self.categories,
            self.labels[index],
            tuple(self.how[i] for i in index) if self.how else (),
            self.codebook,
            self.coders,
        )

    def with_role(self, role: str) -> LabelledSentences:
        """Only the sentences of that role."""
        return self.select(self.roles == role)
