"""What is taken for texts, and what is refused, whoever asks."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from practicelib.model.checks import in_windows, is_whole, list_fault, refuse_no_count
from practicelib.model.joined import JoinedTexts


@pytest.mark.parametrize(
    "texts",
    [
        ["甲"],
        ("甲",),
        iter(["甲"]),
        np.array(["甲"]),
        pd.Series(["甲"], name="columns"),
        JoinedTexts.of(["甲"]),
        {"甲"},
    ],
)
def test_lists_of_texts_of_any_kind(texts: Any) -> None:
    assert list_fault(texts) == ""
    assert list(in_windows(texts, 2)) == [["甲"]]


@pytest.mark.parametrize(
    "texts", ["甲", {"甲": 1}, pd.DataFrame(), np.array([["甲"]]), np.array("甲")]
)
def test_what_is_none_is_refused_at_once(texts: Any) -> None:
    """Before a window is asked for, by the name that the caller gave it."""
    assert list_fault(texts, "X").startswith("X is ")
    with pytest.raises(TypeError, match="texts is"):
        in_windows(texts, 2)


def test_windows_are_taken_as_they_are_asked_for() -> None:
    source = iter("一二三四五")
    windows = in_windows(source, 2)
    assert next(windows) == ["一", "二"]
    assert next(source) == "三"
    assert list(windows) == [["四", "五"]]


def test_whole_numbers() -> None:
    """Of NumPy too; what is true or false is none."""
    assert is_whole(1, 1) and is_whole(np.int8(3), 3)
    assert not any(is_whole(value, 1) for value in (0, True, 1.0, "1", None))
    refuse_no_count(jobs=1, window=np.int64(2))
    with pytest.raises(ValueError, match="window must be a whole number from 1, not 0"):
        refuse_no_count(jobs=1, window=0)
