"""Cuts normalised text into words as `jieba.cut(text, HMM=False)` does, from a frozen table.

The table is made once from jieba's dictionary and a domain dictionary; afterwards neither jieba
nor any shared cache is read. Cutting takes the path of greatest probability through the words of
the table (unigram model), with the same arithmetic and the same ties as jieba 0.42.1.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.util import find_spec
from itertools import islice
from operator import lt
from pathlib import Path

from practicelib.errors import CodebookError, Fault

_BLOCK = re.compile(r"[\u4E00-\u9FD5a-zA-Z0-9+#&._%\-]+")
_HAN = re.compile(r"[\u4E00-\u9FD5]+")
_ALPHANUMERIC = re.compile(r"[a-zA-Z0-9]")
_WORD = re.compile(r"[\u4E00-\u9FD5]+|[a-z]{2,}")

_NO_WORD = -math.inf
_KEPT = 1 << 17
"""Beginnings that a segmenter remembers at most: text holds more pairs than words begin with."""

Beginning = tuple[float, float, tuple[int, ...]]
"""Of two characters: weight of the first as a word, of both, lengths of the longer words."""


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
    def ascending(self) -> bool:
        """Whether each word is greater than the one before, so that none is there twice."""
        return is_ascending(self.words)

    def in_order(self) -> WordTable:
        """The same words in ascending order; of a word that is there twice the last counts."""
        if self.ascending:
            return self
        found = dict(zip(self.words, self.frequencies, strict=True))
        words = tuple(sorted(found))
        return WordTable(words, tuple(map(found.__getitem__, words)))


def is_ascending(strings: Sequence[str]) -> bool:
    """Whether each string is greater than the one before."""
    return all(map(lt, strings, islice(strings, 1, None)))


class Segmenter:
    """Cuts text by a `WordTable`; threads may share it.

    A dictionary is much larger than what a text needs of it: words are looked up, by bisection,
    when two characters are met for the first time that may begin some, and remembered.
    """

    def __init__(self, table: WordTable) -> None:
        self._table = table.in_order()
        self._unknown = -table.log_total
        self._firsts: dict[str, tuple[float, int, int]] = {}
        self._beginnings: dict[str, Beginning] = {}
        self._longer: dict[str, float] = {}

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
        found: list[tuple[int, int]] = []
        for match in _BLOCK.finditer(text):
            block, offset = match.group(), match.start()
            if _HAN.fullmatch(block):
                ends = self._best_ends(block)
                start, size = 0, len(block)
                while start < size:
                    end = ends[start]
                    found.append((offset + start, offset + end))
                    start = end
            else:
                pieces = self._cut_block(block, offset)
                found.extend(piece for piece in pieces if _WORD.fullmatch(text, *piece))
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
        known, longer_words, unknown = self._beginnings, self._longer, self._unknown
        size = len(block)
        route = [0.0] * (size + 1)
        ends = [0] * size
        next_best = second_best = 0.0
        for start in range(size - 1, -1, -1):
            pair = block[start : start + 2]
            alone, together, lengths = known.get(pair) or self._look_up(pair)
            best, best_end = alone + next_best, start + 1
            # Ties go to the longer word, as with jieba's max over (value, end).
            value = together + second_best
            if value >= best:
                best, best_end = value, start + 2
            for length in lengths:
                end = start + length
                if end > size:
                    break
                value = longer_words.get(block[start:end], _NO_WORD) + route[end]
                if value >= best:
                    best, best_end = value, end
            # A character that is no word stands alone only where no word begins with it.
            if best == _NO_WORD:
                best, best_end = unknown + next_best, start + 1
            route[start] = best
            ends[start] = best_end
            next_best, second_best = best, next_best
        return ends

    def _look_up(self, pair: str) -> Beginning:
        """What begins with two characters, or with the last one of a block."""
        table = self._table
        words, log_total = table.words, table.log_total
        alone, place, stop = self._firsts.get(pair[0]) or self._look_up_first(pair[0])
        together, lengths = _NO_WORD, set()
        if len(pair) > 1:
            place = bisect_left(words, pair, place, stop)
            while place < stop and words[place].startswith(pair):
                weight = math.log(table.frequencies[place]) - log_total
                if words[place] == pair:
                    together = weight
                else:
                    self._longer[words[place]] = weight
                    lengths.add(len(words[place]))
                place += 1
        if len(self._beginnings) >= _KEPT:
            self._beginnings.clear()
        found = self._beginnings[pair] = alone, together, tuple(sorted(lengths))
        return found

    def _look_up_first(self, character: str) -> tuple[float, int, int]:
        """Weight of a character as a word, and where the longer words with it stand."""
        table = self._table
        place = bisect_left(table.words, character)
        stop = bisect_left(table.words, chr(ord(character) + 1), place)
        alone = _NO_WORD
        if place < stop and table.words[place] == character:
            alone = math.log(table.frequencies[place]) - table.log_total
            place += 1
        found = self._firsts[character] = alone, place, stop
        return found


def read_jieba_frequencies() -> dict[str, int]:
    """Words and frequencies of jieba's own dictionary, read from the package and nothing else.

    jieba is not even imported: neither `jieba.dt` nor its cache in the temporary folder is
    touched. Words are lower-cased as the text is; words of frequency 0 are prefixes only and left
    out. Raises ModuleNotFoundError where jieba is not installed.
    """
    found = find_spec("jieba")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("jieba is not installed", name="jieba")
    content = (Path(found.origin).parent / "dict.txt").read_text(encoding="utf-8")
    frequencies: dict[str, int] = {}
    for line in content.lower().splitlines():
        word, frequency, *_ = line.split(" ", 2)
        number = int(frequency)
        if number > frequencies.get(word, 0):
            frequencies[word] = number
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
    return _word_table(tuple(domain_words))


@lru_cache(maxsize=1)
def _word_table(domain_words: tuple[str, ...]) -> WordTable:
    # It takes a second, and a search for settings fits a model many times.
    frequencies = read_jieba_frequencies()
    segmenter = Segmenter(WordTable(tuple(frequencies), tuple(frequencies.values())))
    total = sum(frequencies.values())
    for word in domain_words:
        probability = 1.0
        parts = [(a, b) for a, b in segmenter.cut(word)]
        for start, end in parts:
            probability *= frequencies.get(word[start:end], 1) / total
        if len(parts) > 1:
            frequencies[word] = max(int(probability * total) + 1, frequencies.get(word, 0), 2)
    return WordTable(tuple(frequencies), tuple(frequencies.values())).in_order()
