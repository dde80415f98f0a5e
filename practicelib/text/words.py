"""Cuts normalised text into words as `jieba.cut(text, HMM=False)` does, from a frozen table.

The table is made once from jieba's dictionary and a domain dictionary; afterwards neither jieba
nor any shared cache is read. Cutting takes the path of greatest probability through the words of
the table (unigram model), with the same arithmetic and the same ties as jieba 0.42.1.
"""

from __future__ import annotations

import math
import re
import threading
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from practicelib.errors import CodebookError, Fault

_BLOCK = re.compile(r"[\u4E00-\u9FD5a-zA-Z0-9+#&._%\-]+")
_ALPHANUMERIC = re.compile(r"[a-zA-Z0-9]")
_WORD = re.compile(r"[\u4E00-\u9FD5]+|[a-z]{2,}")

_LENGTH_BITS = 21


@dataclass(frozen=True)
class WordTable:
    """Words and their frequencies; the order of `words` is that of the model file."""

    words: tuple[str, ...]
    frequencies: tuple[int, ...]

    @cached_property
    def log_total(self) -> float:
        """Natural logarithm of the sum of all frequencies."""
        return math.log(sum(self.frequencies))

    @cached_property
    def weights(self) -> dict[str, float]:
        """Log-probability of each word."""
        total = self.log_total
        # Few frequencies are different, so few logarithms are taken.
        logarithms = {number: math.log(number) - total for number in set(self.frequencies)}
        return dict(zip(self.words, map(logarithms.__getitem__, self.frequencies), strict=True))

    @cached_property
    def lengths(self) -> dict[str, tuple[int, ...]]:
        """For the first two characters of a word, the lengths of the words that begin so."""
        long = [word for word in self.words if len(word) > 1]
        if not long:
            return {}
        sizes = np.fromiter(map(len, long), np.int64, len(long))
        firsts = np.cumsum(sizes) - sizes
        codes = np.frombuffer("".join(long).encode("utf-32-le", "surrogatepass"), np.dtype("<u4"))
        # Two characters of 21 bits and a length in one number: sorted, each stands once.
        heads = codes[firsts].astype(np.int64) << 21 | codes[firsts + 1]
        found = np.unique(heads << _LENGTH_BITS | sizes)
        heads, lengths = found >> _LENGTH_BITS, (found & (1 << _LENGTH_BITS) - 1).tolist()
        begins = np.flatnonzero(np.append(True, np.diff(heads) != 0))
        stops = [*begins[1:].tolist(), len(lengths)]
        return {
            chr(head >> 21) + chr(head & 0x1FFFFF): tuple(lengths[begin:stop])
            for head, begin, stop in zip(
                heads[begins].tolist(), begins.tolist(), stops, strict=True
            )
        }


class Segmenter:
    """Cuts text by a `WordTable`; holds no state between calls, so threads may share it."""

    def __init__(self, table: WordTable) -> None:
        self._weights = table.weights
        self._lengths = table.lengths
        self._unknown = -table.log_total

    def cut(self, text: str) -> Iterator[tuple[int, int]]:
        """Offsets of the pieces of a text, all of them, punctuation included."""
        position = 0
        for match in _BLOCK.finditer(text):
            yield from ((i, i + 1) for i in range(position, match.start()))
            yield from self._cut_block(match.group(), match.start())
            position = match.end()
        yield from ((i, i + 1) for i in range(position, len(text)))

    def words(self, text: str) -> list[tuple[int, int]]:
        """Offsets of the pieces that are words: Han characters or two and more letters."""
        found = []
        for match in _BLOCK.finditer(text):
            for start, end in self._cut_block(match.group(), match.start()):
                if _WORD.fullmatch(text, start, end):
                    found.append((start, end))
        return found

    def _cut_block(self, block: str, offset: int) -> Iterator[tuple[int, int]]:
        ends = self._best_ends(block)
        start = pending = 0
        while start < len(block):
            end = ends[start]
            if not (end - start == 1 and _ALPHANUMERIC.match(block, start)):
                if pending < start:
                    yield offset + pending, offset + start
                yield offset + start, offset + end
                pending = end
            start = end
        if pending < start:
            yield offset + pending, offset + start

    def _best_ends(self, block: str) -> list[int]:
        weights, lengths, unknown = self._weights, self._lengths, self._unknown
        size = len(block)
        route = [0.0] * (size + 1)
        ends = [0] * size
        for start in range(size - 1, -1, -1):
            best, best_end = -math.inf, 0
            single = weights.get(block[start])
            if single is not None:
                best, best_end = single + route[start + 1], start + 1
            for length in lengths.get(block[start : start + 2], ()):
                end = start + length
                if end > size:
                    break
                weight = weights.get(block[start:end])
                # Ties go to the longer word, as with jieba's max over (value, end).
                if weight is not None and weight + route[end] >= best:
                    best, best_end = weight + route[end], end
            # A character that is no word stands alone only where no word begins with it.
            if not best_end:
                best, best_end = unknown + route[start + 1], start + 1
            route[start] = best
            ends[start] = best_end
        return ends


_BUILDING = threading.Lock()


def read_jieba_frequencies() -> dict[str, int]:
    """Words and frequencies of jieba's own dictionary, read from the package and nothing else.

    Neither `jieba.dt` nor jieba's cache in the temporary folder is touched. Words are lower-cased
    as the text is; words of frequency 0 are prefixes only and left out.
    """
    with _BUILDING, warnings.catch_warnings():
        # jieba 0.42.1 has invalid escape sequences, which newer Pythons warn of.
        warnings.simplefilter("ignore")
        import jieba
    frequencies: dict[str, int] = {}
    lines = (Path(jieba.__file__).parent / "dict.txt").read_text(encoding="utf-8").splitlines()
    for line in lines:
        word, frequency = line.split(" ")[:2]
        key = word.lower() if len(word.lower()) == len(word) else word
        if int(frequency) > 0:
            frequencies[key] = max(int(frequency), frequencies.get(key, 0))
    return frequencies


def read_domain_words(path: str | Path) -> tuple[str, ...]:
    """Words of a domain dictionary: one a line, `#` begins a comment.

    Raises CodebookError naming every line that is not one word of 2 to 12 Han characters or
    letters, or that repeats a word.
    """
    faults: list[Fault] = []
    words: dict[str, int] = {}
    try:
        lines = Path(path).read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as cause:
        raise CodebookError(f"cannot read the dictionary: {cause}", file=path) from cause
    for number, line in enumerate(lines, start=1):
        word = line.partition("#")[0].strip()
        if not word:
            continue
        if not re.fullmatch(r"[\u4E00-\u9FD5a-z]{2,12}", word):
            faults.append(Fault("not one word of 2 to 12 characters", str(path), number, word))
        elif word in words:
            faults.append(Fault(f"already on line {words[word]}", str(path), number, word))
        words.setdefault(word, number)
    if faults:
        raise CodebookError(faults)
    return tuple(words)


def build_word_table(domain_words: Iterable[str] = ()) -> WordTable:
    """jieba's dictionary with the domain words raised so far that each is cut as one word.

    The frequency of a domain word is the least that makes its probability exceed that of the best
    cut of its parts (as `jieba.suggest_freq` does), plus one.
    """
    frequencies = read_jieba_frequencies()
    base = WordTable(tuple(frequencies), tuple(frequencies.values()))
    segmenter = Segmenter(base)
    total = sum(base.frequencies)
    for word in domain_words:
        probability = 1.0
        parts = [(a, b) for a, b in segmenter.cut(word)]
        for start, end in parts:
            probability *= frequencies.get(word[start:end], 1) / total
        if len(parts) > 1:
            frequencies[word] = max(int(probability * total) + 1, frequencies.get(word, 0), 2)
    ordered = sorted(frequencies)
    return WordTable(tuple(ordered), tuple(frequencies[word] for word in ordered))
