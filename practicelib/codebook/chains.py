"""Pattern trees as chains: sets of words in a row with a bounded gap between neighbours.

The language has no repetition, so every pattern is a finite union of such chains: options and
alternatives without gaps melt into sets of words, the others multiply the chains. What a chain
matches is found by joining the places of its word sets, in time linear in the text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from practicelib.codebook.grammar import Branch, Choice, ClassRef, Gap, GrammarError, Item, Literal
from practicelib.codebook.grammar import Sequence as Items

MAX_CHAINS = 64
MAX_WORD = 32
MAX_WORDS = 2000
MAX_GAP_SUM = 10_000
"""Gaps that meet, side by side or where the part between them is left out, are added up."""
_MELT = 64
"""Neighbouring word sets are multiplied up to this size; larger ones are joined when matching."""

Words = frozenset[str]
Step = Words | Gap
Steps = tuple[Step, ...]
Classes = Mapping[str, Words]
_NOTHING: Words = frozenset({""})


@dataclass(frozen=True, slots=True)
class Chain:
    """Word sets and the gaps between them: `len(gaps) == len(words) - 1`; a gap of 0 is none."""

    words: tuple[Words, ...]
    gaps: tuple[Gap, ...]
    before: Words = frozenset()
    after: Words = frozenset()
    at_start: bool = False
    at_end: bool = False


def expand(branches: tuple[Branch, ...], classes: Classes) -> tuple[Chain, ...]:
    """The chains of a parsed pattern, without repeats.

    Raises GrammarError for an unknown or empty class, a gap at either end, a pattern that can match
    nothing at all, and where a limit is passed.
    """
    chains: dict[Chain, None] = {}
    for branch in branches:
        before = _context_words(branch.before, classes)
        after = _context_words(branch.after, classes)
        for steps in _split_empty(_sequence(branch.items, classes)):
            words, gaps = _words_and_gaps(steps)
            chains[Chain(words, gaps, before, after, branch.at_start, branch.at_end)] = None
            _check_count(len(chains), MAX_CHAINS, "readings")
    return tuple(chains)


def plain_words(branches: tuple[Branch, ...]) -> Words:
    """All words that a class entry stands for: literals with alternatives and optional parts.

    Raises GrammarError where it holds a class, a gap, a context or an anchor.
    """
    if any(b.before or b.after or b.at_start or b.at_end for b in branches):
        raise GrammarError("a class holds words only: no '^', '$' or '!'")
    choice = Choice(tuple(branch.items for branch in branches), False)
    if _holds_class(choice):
        raise GrammarError("a class cannot hold another class")
    words = _flat(choice, {}, MAX_WORDS)
    if words is None:
        raise GrammarError(f"a class holds words only: no gap, and at most {MAX_WORDS} words")
    if "" in words:
        raise GrammarError("can be empty")
    _check_lengths(words)
    return words


def _holds_class(item: Item) -> bool:
    if isinstance(item, Choice):
        return any(_holds_class(inner) for branch in item.branches for inner in branch)
    return isinstance(item, ClassRef)


def _context_words(item: Item | None, classes: Classes) -> Words:
    if item is None:
        return frozenset()
    words = _flat(item, classes, MAX_WORDS)
    if words is None or "" in words:
        raise GrammarError("what follows '!' must be words or a class, with no gap")
    _check_lengths(words)
    return words


def _flat(item: Item, classes: Classes, limit: int) -> Words | None:
    """The words an item stands for; None where it holds a gap or more than `limit` words."""
    if isinstance(item, Literal):
        return frozenset({item.text})
    if isinstance(item, ClassRef):
        return _class_words(item, classes)
    if isinstance(item, Gap):
        return None
    found: set[str] = {""} if item.optional else set()
    for branch in item.branches:
        if len(branch) == 1 and isinstance(branch[0], Literal):
            found.add(branch[0].text)
            continue
        words = _flat_sequence(branch, classes, limit)
        if words is None:
            return None
        found |= words
    return frozenset(found) if len(found) <= limit else None


def _flat_sequence(items: Items, classes: Classes, limit: int) -> Words | None:
    product = _NOTHING
    for item in items:
        words = _flat(item, classes, limit)
        if words is None or len(product) * len(words) > limit:
            return None
        product = _multiply(product, words)
    return product


def _class_words(item: ClassRef, classes: Classes) -> Words:
    if item.name not in classes:
        raise GrammarError(f"unknown class <{item.name}>")
    if not classes[item.name]:
        raise GrammarError(f"class <{item.name}> has no word")
    return classes[item.name]


def _sequence(items: Items, classes: Classes) -> list[Steps]:
    paths: list[Steps] = [()]
    for item in items:
        words = _flat(item, classes, 4 * _MELT)
        if isinstance(item, ClassRef) or words is not None:
            assert words is not None
            paths = [_append(path, words) for path in paths]
        elif isinstance(item, Gap):
            paths = [(*path, item) for path in paths]
        else:
            assert isinstance(item, Choice)
            inner = [steps for branch in item.branches for steps in _sequence(branch, classes)]
            inner += [()] if item.optional else []
            _check_count(len(paths) * len(inner), MAX_CHAINS, "readings")
            paths = [_concatenate(path, steps) for path in paths for steps in inner]
    return paths


def _append(path: Steps, words: Words) -> Steps:
    last = path[-1] if path else None
    if isinstance(last, frozenset) and len(last) * len(words) <= _MELT:
        return (*path[:-1], _multiply(last, words))
    return (*path, words)


def _concatenate(path: Steps, steps: Steps) -> Steps:
    if steps and isinstance(steps[0], frozenset):
        return (*_append(path, steps[0]), *steps[1:])
    return path + steps


def _multiply(first: Words, second: Words) -> Words:
    return frozenset(a + b for a in first for b in second)


def _split_empty(paths: list[Steps]) -> list[Steps]:
    """The same paths with no set that holds the empty word."""
    found: list[Steps] = []
    for path in paths:
        variants: list[Steps] = [()]
        for step in path:
            options: list[Steps] = [(step,)]
            if isinstance(step, frozenset) and "" in step:
                rest = step - _NOTHING
                options = [(rest,), ()] if rest else [()]
            _check_count(len(variants) * len(options), MAX_CHAINS, "readings")
            variants = [variant + option for variant in variants for option in options]
        found.extend(variants)
    return found


def _words_and_gaps(steps: Steps) -> tuple[tuple[Words, ...], tuple[Gap, ...]]:
    words: list[Words] = []
    gaps: list[Gap] = []
    gap: Gap | None = None
    for step in steps:
        if isinstance(step, Gap):
            gap = step if gap is None else _join_gaps(gap, step)
            continue
        if words:
            gaps.append(gap or Gap(0, False))
        elif gap:
            raise GrammarError("a gap cannot come first, not even after an optional part")
        gap = None
        _check_lengths(step)
        words.append(step)
    if gap and not words:
        raise GrammarError("a gap cannot come first, nor stand alone")
    if not words:
        raise GrammarError("can be empty: everything in it is optional")
    if gap:
        raise GrammarError("a gap cannot come last, not even before an optional part")
    return tuple(words), tuple(gaps)


def _join_gaps(first: Gap, second: Gap) -> Gap:
    if first.wide != second.wide:
        raise GrammarError("gaps of two kinds meet where the part between them is left out")
    size = first.size + second.size
    _check_count(size, MAX_GAP_SUM, "characters in gaps that meet")
    return Gap(size, first.wide)


def _check_lengths(words: Words) -> None:
    longest = max(map(len, words))
    _check_count(longest, MAX_WORD, "characters in one word")


def _check_count(count: int, most: int, what: str) -> None:
    if count > most:
        raise GrammarError(f"{count} {what}; at most {most}")
