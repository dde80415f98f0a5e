"""What a category may be called in a cell: its key, or its name in Chinese or English."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from practicelib.records.codebook import Codebook


def keys_by_name(keys: Iterable[str], names: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Everything a category may be called, mapped to its key; keys first.

    `names` are the Chinese and the English name of each key, or empty where there are none.
    """
    found = {key: key for key in keys}
    for key, (zh, en) in zip(tuple(found), names, strict=False):
        for name in (zh, en, en.lower()):
            if name:
                found.setdefault(name, key)
    return found


def names_of(codebook: Codebook) -> dict[str, str]:
    """`keys_by_name` of the categories of a codebook."""
    return keys_by_name(codebook.keys, [(c.zh, c.en) for c in codebook.categories])


def key_of(label: str, names: Mapping[str, str]) -> str | None:
    """The key of a label by `keys_by_name`, whatever the case of its letters; None for none."""
    return names.get(label) or names.get(label.lower())
