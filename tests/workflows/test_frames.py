"""Tags as columns of a frame: what is no text is refused, what is missing is empty."""

from __future__ import annotations

from typing import Any

import pytest

from practicelib.errors import ReportError
from practicelib.workflows.frames import tag_frame

pandas = pytest.importorskip("pandas")


def test_missing_texts_are_empty_ones() -> None:
    """None, NaN and pandas' own NA, as in Parquet and JSONL."""
    values = ["网格员每天走访。", None, float("nan"), pandas.NA]
    found = tag_frame(pandas.DataFrame({"text": pandas.Series(values, dtype=object)}))
    assert found["labels"].tolist() == ["grid_management", "", "", ""]


@pytest.mark.parametrize("value", [3, 2.5, True, ["甲"]])
def test_what_is_no_text_is_refused(value: Any) -> None:
    """A column of numbers is no column of empty texts."""
    with pytest.raises(ReportError, match="a text is not text"):
        tag_frame(pandas.DataFrame({"text": ["甲", value]}))
