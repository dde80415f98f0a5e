"""Passages that several reports share, found in time linear in the sentences.

Each sentence is cut into shingles of three characters; its eight smallest shingle hashes are its
sketch (bottom-k sketch: Broder 1997). Sentences that share a sketch hash are compared; those whose
shingles overlap by seven tenths (Jaccard) are one passage.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Iterator, Sequence

from practicelib.text.normalise import normalise

SHORTEST = 12
"""Shorter sentences repeat by chance."""
ALIKE = 0.7
_SHINGLE = 3
_SKETCH = 8
_LONGEST_LIST = 50


def shared_passages(texts: Sequence[str], groups: Sequence[int]) -> list[list[int]]:
    """Numbers of the texts of each passage that stands in at least two groups, in text order.

    `groups` says which report a text is of. Texts of fewer than `SHORTEST` letters are passed over.
    """
    letters = ["".join(c for c in normalise(text).text if c.isalnum()) for text in texts]
    same: dict[str, list[int]] = defaultdict(list)
    for number, content in enumerate(letters):
        if len(content) >= SHORTEST:
            same[content].append(number)
    first = [members[0] for members in same.values()]
    parent = {number: number for number in first}
    shingles = {number: _shingles(letters[number]) for number in first}
    for a, b in _candidates(first, shingles):
        one, other = _root(parent, a), _root(parent, b)
        if one != other and _overlap(shingles[a], shingles[b]) >= ALIKE:
            parent[max(one, other)] = min(one, other)
    passages: dict[int, list[int]] = defaultdict(list)
    for members in same.values():
        passages[_root(parent, members[0])].extend(members)
    found = (sorted(members) for members in passages.values() if len(members) > 1)
    return sorted(m for m in found if len({groups[i] for i in m}) > 1)


def _shingles(text: str) -> frozenset[int]:
    return frozenset(
        zlib.crc32(text[i : i + _SHINGLE].encode("utf-8", "surrogatepass"))
        for i in range(len(text) - _SHINGLE + 1)
    )


def _candidates(
    numbers: Sequence[int], shingles: dict[int, frozenset[int]]
) -> Iterator[tuple[int, int]]:
    """Pairs that share a sketch hash; each text is paired with a bounded number before it."""
    lists: dict[int, list[int]] = defaultdict(list)
    for number in numbers:
        seen: set[int] = set()
        for value in sorted(shingles[number])[:_SKETCH]:
            earlier = lists[value]
            seen.update(earlier)
            # A shingle that half the reports share (a set phrase) tells nothing of a passage.
            if len(earlier) < _LONGEST_LIST:
                earlier.append(number)
        yield from ((other, number) for other in sorted(seen))


def _overlap(a: frozenset[int], b: frozenset[int]) -> float:
    shared = len(a & b)
    return shared / (len(a) + len(b) - shared)


def _root(parent: dict[int, int], number: int) -> int:
    while parent[number] != number:
        parent[number] = parent[parent[number]]
        number = parent[number]
    return number
