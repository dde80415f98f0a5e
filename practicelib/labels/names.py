"""What a category may be called in a cell: its key, or its name in Chinese or English."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from practicelib.records.codebook import Codebook
from practicelib.text.normalise import folded_name


def keys_by_name(keys: Iterable[str], names: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Everything a category may be called, as `folded_name` leaves it, mapped to its key.

    Keys go first. `names` are the Chinese and the English name of each key, or empty where there
    are none.
    """
    found: dict[str, str] = {}
    every = list(keys)
    for key in every:
        found.setdefault(folded_name(key), key)
    for key, pair in zip(every, names, strict=False):
        for name in filter(None, map(folded_name, pair)):
            found.setdefault(name, key)
    return found


def names_of(codebook: Codebook) -> dict[str, str]:
    """`keys_by_name` of the categories of a codebook."""
    return keys_by_name(codebook.keys, [(c.zh, c.en) for c in codebook.categories])


def key_of(label: str, names: Mapping[str, str]) -> str | None:
    """The key of a label by `keys_by_name`, as `folded_name` leaves it; None for none."""
    return names.get(folded_name(label))
