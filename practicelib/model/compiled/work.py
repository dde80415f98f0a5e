"""Room for the text that is being scored."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from practicelib.model.compiled.pattern_tables import BIT_WORDS
from practicelib.model.compiled.tables import Sizes, Tables

SECONDS = 1024
"""Places for pairs of characters that were met; a power of two."""


GATHERED = 256
"""Texts are put together until they have so many characters."""


class Work(NamedTuple):
    """Room for some texts; `clock` (2,) counts texts and places, the rest is left for the next
    texts to overwrite.

    Characters: `text` (flags and numbers) of all the texts, `begins` where each text stands,
    `owners` the text of each place; `last` where each character was met last, counted over all
    texts; `repeated` marks those that stand in a text more than once, `final` the last place of
    each of these, `ranks` how often it was met so far.
    Walks: `levels` nodes reached, one row for each length, `reached` the longest word; `walks`
    those that go on, slot and place; `deepest` the sums of character terms from each position.
    Words: `route` the best log-probability from each position to the end, `lengths` that of the
    first piece; `pieces` of the best cut: word, and whether it may stand more than once, up to
    `piece_ends` in each text; `words` terms found, `twice` those that may stand more than once,
    both from `bounds` on; `keys` pairs of words that may be terms, and `places` theirs among these.
    Terms: `doubtful` n-grams that may stand more than once; `stamps`, `terms` and `counts`: a hash
    table for one text, `again` the places in it of those that do; `seconds` where a pair of
    characters was met last; `sums` of both blocks.
    Patterns: `hits` strings of patterns: string, length and place, `ordered` the same by text, from
    `firsts` on; `rows` with chains, `seen` the text in which a row was found last, `begun` that in
    which its chains were looked at, `bits` of the word sets met, and one that is always set;
    `plain` those hits that are plain patterns; `masks` and `waiting` chains; `found` and `marked`
    patterns.
    Joining chains: the word sets that are `wanted`, as linked lists by row (`row_heads`,
    `entry_sets`, `entry_rows`, `entry_follows`), their places as linked lists by set (`heads`,
    `follows`, `starts`, `stops`), and arrays over positions.
    """

    clock: NDArray[np.uint32]
    text: NDArray[np.uint32]
    begins: NDArray[np.uint32]
    owners: NDArray[np.uint32]
    last: NDArray[np.uint32]
    repeated: NDArray[np.bool_]
    final: NDArray[np.bool_]
    ranks: NDArray[np.uint32]
    levels: NDArray[np.uint32]
    reached: NDArray[np.uint32]
    walks: NDArray[np.uint64]
    deepest: NDArray[np.uint32]
    route: NDArray[np.float64]
    lengths: NDArray[np.uint32]
    words: NDArray[np.uint32]
    twice: NDArray[np.uint32]
    bounds: NDArray[np.uint64]
    keys: NDArray[np.uint64]
    places: NDArray[np.uint32]
    pieces: NDArray[np.uint32]
    piece_ends: NDArray[np.uint32]
    doubtful: NDArray[np.uint64]
    again: NDArray[np.uint64]
    stamps: NDArray[np.uint32]
    terms: NDArray[np.uint64]
    counts: NDArray[np.uint32]
    seconds: NDArray[np.uint32]
    sums: NDArray[np.int64]
    hits: NDArray[np.uint64]
    ordered: NDArray[np.uint64]
    firsts: NDArray[np.uint32]
    rows: NDArray[np.uint32]
    seen: NDArray[np.uint32]
    begun: NDArray[np.uint32]
    bits: NDArray[np.uint64]
    plain: NDArray[np.uint32]
    masks: NDArray[np.uint32]
    waiting: NDArray[np.uint32]
    found: NDArray[np.uint32]
    marked: NDArray[np.bool_]
    wanted: NDArray[np.int32]
    row_heads: NDArray[np.int32]
    entry_sets: NDArray[np.int32]
    entry_rows: NDArray[np.int32]
    entry_follows: NDArray[np.int32]
    heads: NDArray[np.int32]
    follows: NDArray[np.int32]
    starts: NDArray[np.int32]
    stops: NDArray[np.int32]
    current: NDArray[np.int32]
    other: NDArray[np.int32]
    longest: NDArray[np.int32]
    hidden: NDArray[np.int32]
    marks: NDArray[np.bool_]


def make_work(tables: Tables, longest: int, rooms: int = 1) -> Work:
    """Room for texts of up to `longest` code points.

    `rooms` multiplies the room for what depends on the text: lengths of words and number of hits.
    """
    size = longest + GATHERED + 4
    sizes = [int(tables.sizes[place]) for place in Sizes]
    width, sets = sizes[Sizes.WIDTH], sizes[Sizes.SETS]
    characters = sizes[Sizes.CHARACTERS] + 1
    patterns, rows = len(tables.coefficients) + 1, int(tables.patterns.string_rows.max()) + 1
    chains, entries = len(tables.patterns.row_chains) + 1, len(tables.patterns.set_rows) + 1
    levels, hits, places = 12 * rooms, 2 * size * rooms, 8 * size * rooms
    # Of a power of two, and never more than half full.
    table = 1 << (4 * levels * size).bit_length()
    none = np.full((3, size), -1, np.int32)
    return Work(
        clock=np.zeros(2, np.uint32),
        text=np.zeros(size, np.uint32),
        begins=np.zeros(GATHERED + 2, np.uint32),
        owners=np.zeros(size, np.uint32),
        last=np.zeros(characters, np.uint32),
        repeated=np.zeros(size, np.bool_),
        final=np.zeros(size, np.bool_),
        ranks=np.zeros(size, np.uint32),
        levels=np.zeros(levels * size, np.uint32),
        reached=np.zeros(size, np.uint32),
        walks=np.zeros(size, np.uint64),
        deepest=np.zeros(size, np.uint32),
        route=np.zeros(size + levels),
        lengths=np.zeros(size, np.uint32),
        words=np.zeros(2 * size + 1, np.uint32),
        twice=np.zeros(2 * size + 1, np.uint32),
        bounds=np.zeros((GATHERED + 2, 2), np.uint64),
        keys=np.zeros(size, np.uint64),
        places=np.zeros((size, 2), np.uint32),
        pieces=np.zeros((size, 2), np.uint32),
        piece_ends=np.zeros(GATHERED + 2, np.uint32),
        doubtful=np.zeros(levels * size + 1, np.uint64),
        again=np.zeros(levels * size + 1, np.uint64),
        stamps=np.zeros(table, np.uint32),
        terms=np.zeros(table, np.uint64),
        counts=np.zeros(table, np.uint32),
        seconds=np.zeros(SECONDS, np.uint32),
        sums=np.zeros(2 * width, np.int64),
        hits=np.zeros(hits + 2, np.uint64),
        ordered=np.zeros(hits + 2, np.uint64),
        firsts=np.zeros(GATHERED + 4, np.uint32),
        rows=np.zeros(hits + 1, np.uint32),
        seen=np.zeros(rows, np.uint32),
        begun=np.zeros(rows, np.uint32),
        bits=np.append(np.zeros(BIT_WORDS, np.uint64), np.uint64(1)),
        plain=np.zeros(hits + 1, np.uint32),
        masks=np.zeros(chains, np.uint32),
        waiting=np.zeros(chains, np.uint32),
        found=np.zeros(patterns, np.uint32),
        marked=np.zeros(patterns, np.bool_),
        wanted=np.zeros(sets, np.int32),
        row_heads=np.full(rows, -1, np.int32),
        entry_sets=np.zeros(entries, np.int32),
        entry_rows=np.zeros(entries, np.int32),
        entry_follows=np.zeros(entries, np.int32),
        heads=np.full(sets, -1, np.int32),
        follows=np.zeros(places, np.int32),
        starts=np.zeros(places, np.int32),
        stops=np.zeros(places, np.int32),
        current=none[0],
        other=none[1],
        longest=none[2],
        hidden=np.zeros(size, np.int32),
        marks=np.zeros(size, np.bool_),
    )
