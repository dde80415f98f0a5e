"""Rows of a record as a pandas DataFrame."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from practicelib.errors import MissingExtraError


def data_frame(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Any:
    """A DataFrame of rows; MissingExtraError without pandas."""
    try:
        import pandas
    except ImportError as cause:
        raise MissingExtraError("to_frame needs pandas", extra="pandas") from cause
    return pandas.DataFrame(list(rows), columns=list(columns))
