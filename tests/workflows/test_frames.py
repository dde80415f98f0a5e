"""Tags as columns of a frame: what is no text is refused, what is missing is empty."""

from __future__ import annotations

from typing import Any

import pytest

from practicelib.errors import ReportError
from practicelib.model.tagger import Tagger
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


@pytest.mark.parametrize("name", ["labels", "uncertain", "grid_management", "p_autonomy"])
def test_columns_of_tags_are_refused_before_scoring(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    def scoring(*_: Any) -> None:
        raise AssertionError("scored")

    monkeypatch.setattr(Tagger, "tag_batch", scoring)
    with pytest.raises(ValueError, match=f"columns of tags already: {name}$"):
        tag_frame(pandas.DataFrame({"text": ["甲"], name: [1]}))


def test_frames_of_others_are_refused_by_name() -> None:
    """They lack what is needed of pandas; how to get there is said."""
    polars, arrow = pytest.importorskip("polars"), pytest.importorskip("pyarrow")
    columns = {"text": ["甲"]}
    for frame, kind in (
        (polars.DataFrame(columns), "polars.DataFrame"),
        (arrow.table(columns), "pyarrow.Table"),
        (columns, "builtins.dict"),
    ):
        with pytest.raises(TypeError, match=f"{kind} is no frame of pandas"):
            tag_frame(frame)
