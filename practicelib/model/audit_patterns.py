"""The compiled patterns of a model's codebook: as arrays of the model, and checked when read.

They are kept so that a start need not compile thousands of patterns. Which codebook they are of,
and by which rules they were compiled, is noted beside them (`tables_key`); where that is not what
it would be now, they are left unread and the patterns are compiled. The compiled engine follows
their numbers without asking, so each must lie where it may.

Axes: W words, S word sets, C chains, D word sets of all chains.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from practicelib.codebook.chains import MAX_GAP_SUM, MAX_WORD
from practicelib.codebook.tables import NO_SET, TABLES_VERSION, Tables
from practicelib.errors import Fault, ModelFileError
from practicelib.files.hashing import hash_text
from practicelib.records.codebook import Codebook
from practicelib.text.script import to_simplified
from practicelib.text.words import is_ascending

_PREFIX = "pattern_"
TABLE_KINDS: dict[str, tuple[str, int]] = {
    "pattern_words": ("uint8", 1),
    "pattern_word_starts": ("int32", 1),
    "pattern_word_sets": ("int32", 1),
    "pattern_chain_pattern": ("int32", 1),
    "pattern_chain_rarest": ("int32", 1),
    "pattern_chain_starts": ("int32", 1),
    "pattern_chain_sets": ("int32", 1),
    "pattern_gap_sizes": ("int32", 1),
    "pattern_gap_wide": ("int32", 1),
    "pattern_chain_context": ("int32", 2),
}
"""Type and rank of each array, in the order of `Tables`."""
MAX_SETS = 1 << 20
MAX_MEETINGS = 4_000_000
"""Words, each times the chains that wait for it: the compiled engine's tables grow with them."""


def tables_key(codebook: Codebook, codebook_hash: str) -> str:
    """What the tables of a codebook are noted under today.

    Patterns are compiled in Simplified characters, and what those are is the converter's to say:
    where it changes any, what it makes of them is part of the key.
    """
    sources = [p.source for category in codebook.categories for p in category.patterns]
    sources += [p.source for p in codebook.masks]
    sources += [word for _, words in codebook.classes for word in words]
    characters = "".join(sorted(set().union(*sources)))
    key = f"{TABLES_VERSION} {codebook_hash}"
    if to_simplified(characters) != characters:
        key += " " + to_simplified("\n".join(sources))
    return hash_text(key)


def table_arrays(tables: Tables) -> dict[str, NDArray[Any]]:
    """The arrays of a model that hold the tables."""
    words = np.frombuffer("\n".join(tables.words).encode("utf-8"), np.uint8)
    numbers = {name: getattr(tables, name.removeprefix(_PREFIX)) for name in TABLE_KINDS}
    return {**numbers, "pattern_words": words}


def read_tables(
    arrays: Mapping[str, NDArray[Any]], patterns: int, masks: int, file: Path
) -> Tables:
    """The tables in the arrays of a model with so many patterns and masks.

    Raises ModelFileError with all that is wrong.
    """
    try:
        text = arrays["pattern_words"].tobytes().decode("utf-8")
    except UnicodeDecodeError as cause:
        raise ModelFileError(f"pattern_words is not UTF-8: {cause}", file=file) from cause
    numbers = (arrays[name] for name in TABLE_KINDS if name != "pattern_words")
    tables = Tables(tuple(text.split("\n")) if text else (), *numbers)
    # What comes later counts on what comes first.
    for check in (_shape_faults, _value_faults, _size_faults):
        causes = list(check(tables, patterns, masks))
        if causes:
            raise ModelFileError([Fault(cause, str(file)) for cause in causes])
    return tables


def _shape_faults(tables: Tables, patterns: int, masks: int) -> Iterator[str]:
    words, chains, sets = len(tables.words), len(tables.chain_pattern), len(tables.chain_sets)
    longest = max(map(len, tables.words), default=0)
    if not is_ascending(tables.words) or "" in tables.words[:1] or longest > MAX_WORD:
        yield f"pattern_words is no ascending list of words of 1 to {MAX_WORD} characters"
    if not _are_bounds(tables.word_starts, words, len(tables.word_sets)):
        yield "pattern_word_starts does not divide pattern_word_sets"
    if not _are_bounds(tables.chain_starts, chains, sets):
        yield "pattern_chain_starts does not divide pattern_chain_sets"
    for name, wanted in (
        ("chain_rarest", (chains,)),
        ("chain_context", (chains, 4)),
        ("gap_sizes", (sets,)),
        ("gap_wide", (sets,)),
    ):
        shape = getattr(tables, name).shape
        if shape != wanted:
            yield f"pattern_{name} has shape {shape}, not {wanted}"


def _value_faults(tables: Tables, patterns: int, masks: int) -> Iterator[str]:
    firsts = tables.chain_starts[:-1]
    for name, array, least, most in (
        ("word_sets", tables.word_sets, 0, MAX_SETS),
        ("chain_sets", tables.chain_sets, 0, MAX_SETS),
        ("chain_pattern", tables.chain_pattern, -masks, patterns - 1),
        ("gap_sizes", tables.gap_sizes, 0, MAX_GAP_SUM),
        ("gap_wide", tables.gap_wide, 0, 1),
        ("gap_sizes before a first word set", tables.gap_sizes[firsts], 0, 0),
        ("chain_context", tables.chain_context[:, :2], NO_SET, MAX_SETS),
        ("chain_context", tables.chain_context[:, 2:], 0, 1),
    ):
        if ((array < least) | (array > most)).any():
            yield f"pattern_{name} has numbers that are not from {least} to {most}"
    of_chain = np.repeat(np.arange(len(firsts)), np.diff(tables.chain_starts))
    rarest = tables.chain_sets == tables.chain_rarest[of_chain]
    if not np.logical_or.reduceat(rarest, firsts).all() if len(firsts) else False:
        yield "pattern_chain_rarest has a word set that its chain has not"
    within = np.repeat(np.arange(len(tables.words)), np.diff(tables.word_starts))
    same_word = np.diff(within) == 0
    if (np.diff(tables.word_sets)[same_word] <= 0).any():
        yield "pattern_word_sets does not ascend within a word"


def _size_faults(tables: Tables, patterns: int, masks: int) -> Iterator[str]:
    waiting = np.bincount(tables.chain_rarest, minlength=MAX_SETS + 1)
    meetings = int(waiting[tables.word_sets].sum())
    if meetings > MAX_MEETINGS:
        yield f"{meetings} meetings of pattern words and chains; at most {MAX_MEETINGS}"


def _are_bounds(starts: NDArray[np.int32], rows: int, size: int) -> bool:
    """Whether they part so many numbers into so many rows, of which none is empty."""
    if len(starts) != rows + 1 or starts[0] != 0 or starts[-1] != size:
        return False
    return bool((np.diff(starts.astype(np.int64)) > 0).all())
