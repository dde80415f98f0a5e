"""Labels that are likely wrong, ranked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from practicelib.records.labelled import SentenceInfo
from practicelib.records.views import Viewable

Cause = Literal["outvoted", "model", "twin"]
"""Why a label is suspected: other coders say otherwise; a model that did not see it does; a
sentence with (nearly) the same text is labelled otherwise."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: how likely the label is wrong by it, and what speaks against the label.

    `figure` is the Dawid-Skene posterior or the model's probability of the category, or the
    similarity of the twin; `other` the id of the twin.
    """

    cause: Cause
    score: float
    figure: float
    other: str = ""


@dataclass(frozen=True, slots=True)
class Suspect:
    """A label that is likely wrong: `coded` is what it says of `category`.

    `coder` is empty for gold or a consensus. `score` is the highest of its reasons' (0 to 1).
    """

    sentence: SentenceInfo
    category: str
    coded: bool
    coder: str
    score: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Suspects(Viewable):
    """Suspected labels, most likely wrong first; `categories` with their names for people."""

    suspects: tuple[Suspect, ...]
    categories: tuple[str, ...]
    names: tuple[tuple[str, str], ...] = ()

    def __len__(self) -> int:
        return len(self.suspects)

    def __iter__(self) -> Iterator[Suspect]:
        return iter(self.suspects)

    def __getitem__(self, number: int) -> Suspect:
        return self.suspects[number]

    def name(self, key: str, lang: str = "zh") -> str:
        """Name of a category for people."""
        if not self.names:
            return key
        return self.names[self.categories.index(key)][0 if lang == "zh" else 1] or key
