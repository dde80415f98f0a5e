"""Which sentences are most worth coding next, to improve a model.

Axes: N candidate sentences, K categories. What is chosen this way is no sample of anything: it is
marked `SUGGESTED` as its source and is for training only (`training_only`).

The margin of a category is the distance of a probability from its threshold on the logit scale
(uncertainty sampling: Lewis & Gale 1994); margins are compared by their rank within a category,
so that a category with flat scores does not take all places. Diversity comes from k-means clusters
of the most uncertain sentences, one pick a cluster (Xu et al. 2003), and a cap by report.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from practicelib.errors import LabelError
from practicelib.records.labelled import SUGGESTED, SentenceInfo

Floats = NDArray[np.float64]
POOL = 6
"""The most uncertain POOL x n sentences are clustered."""
_LEAST_PLAUSIBLE = 0.2
_EDGE = 1e-6


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A candidate by its row, and why it was chosen: a rare category's key, or "uncertain"."""

    row: int
    reason: str
    margin: float


def suggest(
    probabilities: Floats,
    thresholds: Floats,
    texts: Sequence[str],
    reports: Sequence[str],
    categories: Sequence[str],
    n: int,
    *,
    positives: Sequence[int] = (),
    rare_share: float = 0.3,
    seed: int = 0,
) -> list[Suggestion]:
    """Up to `n` of N candidates, most useful first within each reason; each text once.

    `probabilities` (N, K), `thresholds` (K,), `texts` and `reports` of length N, `positives` (K,)
    the known positive sentences of each category (the expected ones where empty). A share
    `rare_share` of the places goes to the categories with fewer positives than the median one, in
    equal parts, to sentences near their thresholds. Raises ValueError for shapes that do not fit,
    n < 1 and a share outside 0 to 1.
    """
    rows, k = probabilities.shape
    if not len(texts) == len(reports) == rows or len(categories) != k or len(thresholds) != k:
        raise ValueError("probabilities, thresholds, texts, reports and categories do not fit")
    if n < 1 or not 0.0 <= rare_share <= 1.0:
        raise ValueError("n must be at least 1 and rare_share between 0 and 1")
    margins = margins_of(probabilities, thresholds)
    known = np.asarray(positives or probabilities.sum(axis=0), dtype=float)
    picker = _Picker(texts, reports, n)
    rare = [int(i) for i in np.argsort(known) if known[i] < np.median(known)]
    for place, category in enumerate(rare):
        quota = round(n * rare_share / len(rare))
        plausible = probabilities[:, category] >= _LEAST_PLAUSIBLE * thresholds[category]
        order = np.argsort(np.where(plausible, margins[:, category], np.inf), kind="stable")
        limit = min((place + 1) * quota, n)
        for row in order[: plausible.sum()].tolist():
            if len(picker.chosen) >= limit:
                break
            picker.take(row, categories[category], float(margins[row, category]))
    least = _ranks(margins).min(axis=1)
    for row in _spread(least, texts, picker, n - len(picker.chosen), seed):
        if len(picker.chosen) < n:
            picker.take(row, "uncertain", float(margins[row].min()))
    return picker.chosen


def margins_of(probabilities: Floats, thresholds: Floats) -> Floats:
    """Distance of each probability from its threshold in logits, shape (N, K)."""
    clipped = np.clip(probabilities, _EDGE, 1 - _EDGE)
    limits = np.clip(thresholds, _EDGE, 1 - _EDGE)
    distances = np.log(clipped / (1 - clipped)) - np.log(limits / (1 - limits))
    return np.asarray(np.abs(distances), dtype=np.float64)


def _ranks(margins: Floats) -> Floats:
    """Rank of each margin within its category, 0 the smallest, shape (N, K)."""
    order = np.argsort(margins, axis=0, kind="stable")
    return np.asarray(np.argsort(order, axis=0), dtype=np.float64)


class _Picker:
    """Takes rows, each text once and not too many of a report."""

    def __init__(self, texts: Sequence[str], reports: Sequence[str], n: int) -> None:
        self.chosen: list[Suggestion] = []
        self.taken: set[int] = set()
        self._texts, self._reports = texts, reports
        self._seen: set[str] = set()
        self._counts: Counter[str] = Counter()
        # Twice an even spread, at least three.
        self._cap = max(3, -(-2 * n // max(len(set(reports)), 1)))

    def take(self, row: int, reason: str, margin: float) -> bool:
        """Whether the row was taken."""
        text = "".join(self._texts[row].split())
        report = self._reports[row]
        if row in self.taken or text in self._seen or self._counts[report] >= self._cap:
            return False
        self.taken.add(row)
        self._seen.add(text)
        self._counts[report] += 1
        self.chosen.append(Suggestion(row, reason, margin))
        return True


def _spread(
    least: Floats, texts: Sequence[str], picker: _Picker, n: int, seed: int
) -> Iterable[int]:
    """Rows of the pool, the most uncertain of each cluster first, then the second of each, ..."""
    if n < 1:
        return []
    order = [row for row in np.argsort(least, kind="stable").tolist() if row not in picker.taken]
    pool, rest = order[: POOL * n], order[POOL * n :]
    clusters = _clusters([texts[row] for row in pool], n, seed)
    turn: Counter[int] = Counter()
    turns = []
    for place, cluster in enumerate(clusters):
        turns.append((turn[cluster], place))
        turn[cluster] += 1
    return [*(pool[place] for _, place in sorted(turns)), *rest]


def _clusters(texts: Sequence[str], n: int, seed: int) -> list[int]:
    """Cluster of each text by its character pairs, at most n clusters."""
    from sklearn.cluster import MiniBatchKMeans
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer

    if len(texts) <= n or len(set(texts)) < 3:
        return list(range(len(texts)))
    matrix = TfidfVectorizer(analyzer="char", ngram_range=(1, 2), sublinear_tf=True).fit_transform(
        texts
    )
    size = min(50, matrix.shape[0] - 1, matrix.shape[1] - 1)
    if size > 1:
        matrix = TruncatedSVD(size, random_state=seed).fit_transform(matrix)
    model = MiniBatchKMeans(min(n, len(texts)), random_state=seed, n_init=3, batch_size=1024)
    return [int(label) for label in model.fit_predict(matrix)]


def is_suggested(sentences: Sequence[SentenceInfo]) -> NDArray[np.bool_]:
    """Which sentences were chosen to improve a model, shape (N,)."""
    return np.array([sentence.source == SUGGESTED for sentence in sentences], dtype=bool)


def training_only(sentences: Sequence[SentenceInfo], purpose: str) -> None:
    """Refuse sentences that were chosen to improve a model for any other purpose.

    Raises LabelError naming how many there are and the first of them.
    """
    marked = np.flatnonzero(is_suggested(sentences))
    if len(marked):
        raise LabelError(
            f"{len(marked)} sentences were suggested to improve a model; they are no sample and"
            f" cannot serve {purpose}",
            value=sentences[marked[0]].id,
        )
