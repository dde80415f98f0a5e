"""What callers give, refused where it is none: one rule for the tagger, the classifier, streams."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from numbers import Integral


def list_fault(texts: object, name: str = "texts") -> str:
    """Why something is not to be taken for a list of texts; empty where nothing is against it."""
    # It would be taken for as many texts as it has characters.
    if isinstance(texts, str):
        return f"{name} is one string; give several, as a list"
    # Its keys, or the names of its columns, would be taken for the texts. Asked of the class: a
    # lazy frame works its columns out, and warns of that.
    if isinstance(texts, Mapping) or hasattr(type(texts), "columns"):
        return f"{name} is a {type(texts).__name__}; give one column of it"
    if getattr(texts, "ndim", 1) != 1:
        return f"{name} is a {type(texts).__name__} that is no single row; give one column of it"
    return ""


def refuse_no_list(texts: object) -> None:
    """Raise TypeError for one string, a mapping, a table, an array of other than one dimension."""
    if fault := list_fault(texts):
        raise TypeError(fault)


def refuse_no_text(texts: Sequence[str], before: int = 0) -> None:
    """Raise TypeError that names the first that is no string, `before` texts being done."""
    for number, text in enumerate(texts, start=before):
        if not isinstance(text, str):
            raise TypeError(f"text {number} is {type(text).__name__}, not str")


def is_whole(value: object, least: int) -> bool:
    """Whether a value is a whole number of at least `least`."""
    return isinstance(value, Integral) and not isinstance(value, bool) and int(value) >= least


def refuse_no_count(**counts: int) -> None:
    """Raise ValueError for what is no whole number from 1, by its name."""
    for name, value in counts.items():
        if not is_whole(value, 1):
            raise ValueError(f"{name} must be a whole number from 1, not {value!r}")


def in_windows(texts: Iterable[str], size: int) -> Iterator[list[str]]:
    """Texts `size` at a time, no more than these taken ahead.

    Raises TypeError for what is no list of texts at once, and for what is no text by its place
    among all; ValueError for a size below 1.
    """
    refuse_no_list(texts)
    refuse_no_count(window=size)
    return _windows(iter(texts), size)


def _windows(source: Iterator[str], size: int) -> Iterator[list[str]]:
    before = 0
    while window := list(islice(source, size)):
        refuse_no_text(window, before)
        yield window
        before += len(window)
