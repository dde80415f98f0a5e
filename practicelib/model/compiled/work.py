"""Room for the text that is being scored."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from practicelib.model.compiled.tables import Tables


class Work(NamedTuple):
    """Room for one text; `clock` (1,) counts texts, the rest is left for the next one to overwrite.

    `text` its characters (flags and numbers), `steps` their numbers times 4; `route` the best
    log-probability from each position to the end, `lengths` that of the first piece; `weights`
    and `strings` of the words at each position, one row for each length; `nodes` and `places` the
    walks down the trie that go on. `words`, `characters`: terms found; `again` those found before;
    `stamps` the text in which a term was found last, `counts` how often more; `keys` pairs of
    words. `hits` strings of patterns with `begins` and `finishes`; `present` the text in which a
    word set was found last, `sets` those found that a chain waits for; `found` numbers of patterns.
    The rest is for joining chains: places of each word set as linked lists (`heads`, `follows`,
    `starts`, `stops`) and arrays over positions.
    """

    clock: NDArray[np.uint32]
    text: NDArray[np.uint32]
    steps: NDArray[np.uint32]
    route: NDArray[np.float64]
    lengths: NDArray[np.uint32]
    weights: NDArray[np.float64]
    strings: NDArray[np.uint32]
    nodes: NDArray[np.uint32]
    places: NDArray[np.uint32]
    words: NDArray[np.uint32]
    characters: NDArray[np.uint32]
    again: NDArray[np.uint32]
    stamps: NDArray[np.uint32]
    counts: NDArray[np.uint32]
    keys: NDArray[np.int64]
    sums: NDArray[np.int64]
    hits: NDArray[np.uint32]
    begins: NDArray[np.uint32]
    finishes: NDArray[np.uint32]
    present: NDArray[np.uint32]
    sets: NDArray[np.uint32]
    found: NDArray[np.uint32]
    marked: NDArray[np.bool_]
    heads: NDArray[np.int32]
    follows: NDArray[np.int32]
    starts: NDArray[np.int32]
    stops: NDArray[np.int32]
    clause: NDArray[np.int32]
    sentence: NDArray[np.int32]
    waiting: NDArray[np.int32]
    current: NDArray[np.int32]
    other: NDArray[np.int32]
    longest: NDArray[np.int32]
    hidden: NDArray[np.int32]
    marks: NDArray[np.bool_]


def make_work(tables: Tables, longest: int, rooms: int = 1) -> Work:
    """Room for texts of up to `longest` code points.

    `rooms` multiplies the room for what depends on the text: lengths of words and number of hits.
    """
    size = longest + 2
    terms = len(tables.rows) // int(tables.sizes[1])
    sets = len(tables.awaited)
    patterns = len(tables.patterns) + 1
    levels, hits = 6 * rooms, 2 * size * rooms
    none = np.full((3, size), -1, np.int32)
    return Work(
        clock=np.zeros(1, np.uint32),
        text=np.zeros(size, np.uint32),
        steps=np.zeros(size, np.uint32),
        route=np.zeros(size + levels),
        lengths=np.zeros(size, np.uint32),
        weights=np.zeros(levels * size),
        strings=np.zeros(levels * size, np.uint32),
        nodes=np.zeros(size, np.uint32),
        places=np.zeros(size, np.uint32),
        words=np.zeros(2 * size + 1, np.uint32),
        characters=np.zeros(levels * size + 1, np.uint32),
        again=np.zeros(max(levels, 2) * size, np.uint32),
        stamps=np.zeros(terms, np.uint32),
        counts=np.zeros(terms, np.uint32),
        keys=np.zeros(size, np.int64),
        sums=np.zeros(2 * int(tables.sizes[1]), np.int64),
        hits=np.zeros(hits + size, np.uint32),
        begins=np.zeros(hits + size, np.uint32),
        finishes=np.zeros(hits + size, np.uint32),
        present=np.zeros(sets, np.uint32),
        sets=np.zeros(sets + 1, np.uint32),
        found=np.zeros(patterns, np.uint32),
        marked=np.zeros(patterns, np.bool_),
        heads=np.full(sets, -1, np.int32),
        follows=np.zeros(2 * hits, np.int32),
        starts=np.zeros(2 * hits, np.int32),
        stops=np.zeros(2 * hits, np.int32),
        clause=np.zeros(size, np.int32),
        sentence=np.zeros(size, np.int32),
        waiting=np.zeros(len(tables.mask_chains) + len(tables.wait_chains) + 1, np.int32),
        current=none[0],
        other=none[1],
        longest=none[2],
        hidden=np.zeros(size, np.int32),
        marks=np.zeros(size, np.bool_),
    )
