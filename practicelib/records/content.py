"""Equality of records that hold arrays: by content, which a dataclass cannot do on its own."""

from __future__ import annotations

from typing import Any

import numpy as np


class ByContent:
    """Mixin for dataclasses with `eq=False`: equal where all fields are, NaN like NaN.

    Such records have no hash, as arrays have none.
    """

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        names = self.__dataclass_fields__  # type: ignore[attr-defined]
        return all(alike(getattr(self, name), getattr(other, name)) for name in names)


def alike(first: Any, second: Any) -> bool:
    """Whether two values are the same: arrays as a whole, tuples part by part."""
    if first is second:
        return True
    if isinstance(first, np.ndarray) or isinstance(second, np.ndarray):
        return _alike_arrays(np.asarray(first), np.asarray(second))
    if isinstance(first, tuple) and isinstance(second, tuple):
        return len(first) == len(second) and all(map(alike, first, second))
    if isinstance(first, float) and isinstance(second, float):
        return first == second or (first != first and second != second)
    return bool(first == second)


def _alike_arrays(first: np.ndarray[Any, Any], second: np.ndarray[Any, Any]) -> bool:
    return np.array_equal(first, second, equal_nan=np.issubdtype(first.dtype, np.floating))
