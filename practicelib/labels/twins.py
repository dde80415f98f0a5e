"""Sentences that are the same or nearly so, found without comparing all with all.

Texts are folded (width, case, white space, punctuation), the same ones grouped, and the rest
compared by their pairs of neighbouring characters: MinHash signatures (Broder 1997) in bands bring
likely pairs into one bucket, and only those are compared, exactly.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from practicelib.text.normalise import normalise

Words = NDArray[np.uint64]

_BANDS, _ROWS = 16, 4
_SHORTEST = 4
_CROWDED = 16
_SEED = 1997


@dataclass(frozen=True, slots=True)
class Twins:
    """Two rows with (nearly) the same text; `similarity` is Jaccard's of character pairs, 1 where
    the texts differ at most in width, case, spacing and punctuation."""

    first: int
    second: int
    similarity: float


def find_twins(texts: Sequence[str], least: float = 0.75) -> list[Twins]:
    """Pairs of like texts in order of their rows, with similarity at least `least`.

    Texts under 4 characters are paired with their equals only. Of a group of equal texts each is
    paired with the next. Pairs at similarity 0.75 are found with a probability of 0.998, at 0.8
    and above with over 0.9998.
    """
    groups: dict[str, list[int]] = {}
    for row, text in enumerate(texts):
        folded = "".join(c for c in normalise(text).text if c.isalnum())
        if folded:
            groups.setdefault(folded, []).append(row)
    found = [Twins(a, b, 1.0) for rows in groups.values() for a, b in pairwise(rows)]
    long = [folded for folded in groups if len(folded) >= _SHORTEST]
    for a, b, similarity in _near(long, least):
        first, second = sorted((groups[long[a]][0], groups[long[b]][0]))
        found.append(Twins(first, second, similarity))
    return sorted(found, key=lambda pair: (pair.first, pair.second))


def twins_across(texts: Sequence[str], parts: NDArray[np.generic]) -> NDArray[np.bool_]:
    """Which rows (N,) have a like text in another part, themselves or over texts like both.

    `parts` (N,) says which part each row is in: training or test, a fold.
    """
    pairs = find_twins(texts)
    ends = np.array([(pair.first, pair.second) for pair in pairs], np.int64).reshape(-1, 2)
    links = (np.ones(len(ends)), (ends[:, 0], ends[:, 1]))
    shape = (len(texts), len(texts))
    _, group = connected_components(coo_array(links, shape=shape), directed=False)
    _, part = np.unique(parts, return_inverse=True)
    both = np.unique(np.column_stack([group, part]), axis=0)
    kinds = np.bincount(both[:, 0], minlength=len(texts))
    found: NDArray[np.bool_] = kinds[group] > 1
    return found


def _near(texts: Sequence[str], least: float) -> Iterator[tuple[int, int, float]]:
    shingles = [_shingles(text) for text in texts]
    if len(shingles) < 2:
        return
    for a, b in sorted(_candidates(_signatures(shingles))):
        shared = len(np.intersect1d(shingles[a], shingles[b], assume_unique=True))
        similarity = shared / (len(shingles[a]) + len(shingles[b]) - shared)
        if similarity >= least:
            yield a, b, similarity


def _shingles(text: str) -> Words:
    """Distinct pairs of neighbouring characters as numbers."""
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    return np.unique(points[:-1] << np.uint64(32) | points[1:])


def _signatures(shingles: Sequence[Words]) -> Words:
    """Least values of random hashes of each text's shingles, (texts, bands x rows)."""
    generator = np.random.default_rng(_SEED)
    every = np.concatenate(shingles)
    starts = np.cumsum([0, *(len(s) for s in shingles[:-1])])
    signatures = np.empty((len(shingles), _BANDS * _ROWS), np.uint64)
    for column in range(signatures.shape[1]):
        odd, plus = generator.integers(1, 2**63, 2, dtype=np.uint64) | np.uint64(1)
        mixed = every * odd + plus
        mixed ^= mixed >> np.uint64(29)
        mixed *= np.uint64(0xBF58476D1CE4E5B9)
        mixed ^= mixed >> np.uint64(32)
        signatures[:, column] = np.minimum.reduceat(mixed, starts)
    return signatures


def _candidates(signatures: Words) -> set[tuple[int, int]]:
    """Pairs that share a band; in a crowded bucket each with its next few only."""
    pairs: set[tuple[int, int]] = set()
    powers = np.array([1, 0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], np.uint64)
    for band in range(_BANDS):
        keys = (signatures[:, band * _ROWS : (band + 1) * _ROWS] * powers).sum(
            axis=1, dtype=np.uint64
        )
        order = np.argsort(keys, kind="stable")
        cuts = np.flatnonzero(np.diff(keys[order])) + 1
        for bucket in np.split(order, cuts):
            if len(bucket) > 1:
                members = bucket.tolist()
                for place, a in enumerate(members):
                    pairs.update((a, b) for b in members[place + 1 : place + 1 + _CROWDED])
    return pairs
