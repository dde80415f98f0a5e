"""A slow matcher that follows docs/patterns.md word by word: the judge of the fast one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from practicelib.codebook.grammar import Branch, ClassRef, Gap, Item, Literal, parse
from practicelib.text.normalise import normalise
from practicelib.text.script import to_simplified

CLAUSE = ",;:!?。｡"
SENTENCE = ";!?。｡"
HIDDEN = "\ue000"
Classes = Mapping[str, frozenset[str]]


def find(
    source: str, text: str, classes: Classes | None = None, masks: tuple[str, ...] = ()
) -> list[tuple[int, int]]:
    """Spans of one pattern in the original text."""
    classes = classes or {}
    normalised = normalise(to_simplified(text))
    plain = normalised.text
    covered: set[int] = set()
    for mask in masks:
        for start, end in _spans(mask, plain, plain, classes):
            covered |= set(range(start, end))
    visible = "".join(HIDDEN if i in covered else c for i, c in enumerate(plain))
    positions = normalised.positions
    return [
        (positions[start], positions[end - 1] + 1)
        for start, end in _spans(source, plain, visible, classes)
    ]


def _spans(source: str, plain: str, visible: str, classes: Classes) -> Iterator[tuple[int, int]]:
    branches = parse(source)
    free = 0
    for start in range(len(plain)):
        ends = [e for branch in branches for e in _ends(branch, start, plain, visible, classes)]
        if start >= free and ends:
            free = max(ends)
            yield start, free


def _ends(branch: Branch, start: int, plain: str, visible: str, classes: Classes) -> Iterator[int]:
    letters = [i for i, character in enumerate(plain) if character.isalnum()]
    if branch.at_start and letters and start > letters[0]:
        return
    if branch.at_start and not letters and start > 0:
        return
    if branch.before and any(
        start in _item(branch.before, begin, plain, visible, classes) for begin in range(start)
    ):
        return
    for end in _sequence(branch.items, start, plain, visible, classes):
        if branch.at_end and end < (letters[-1] + 1 if letters else len(plain)):
            continue
        if branch.after and _item(branch.after, end, plain, visible, classes):
            continue
        yield end


def _sequence(
    items: tuple[Item, ...], start: int, plain: str, visible: str, classes: Classes
) -> set[int]:
    ends = {start}
    for item in items:
        ends = {e for begin in ends for e in _item(item, begin, plain, visible, classes)}
    return ends


def _item(item: Item, start: int, plain: str, visible: str, classes: Classes) -> set[int]:
    if isinstance(item, Literal):
        return {start + len(item.text)} if visible.startswith(item.text, start) else set()
    if isinstance(item, ClassRef):
        words = classes[item.name]
        return {start + len(word) for word in words if visible.startswith(word, start)}
    if isinstance(item, Gap):
        stops = SENTENCE if item.wide else CLAUSE
        ends = {start}
        for end in range(start + 1, min(start + item.size, len(plain)) + 1):
            if plain[end - 1] in stops:
                break
            ends.add(end)
        return ends
    found = {start} if item.optional else set()
    for branch in item.branches:
        found |= _sequence(branch, start, plain, visible, classes)
    return found
