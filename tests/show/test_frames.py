"""Frames of tagged reports: pandas and polars, keys or names for people."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from practicelib.errors import MissingExtraError
from practicelib.model.tagger import Tagger
from practicelib.text.reading import read_report


@pytest.mark.parametrize("backend", ["pandas", "polars"])
def test_frames_hold_the_same(tagger: Tagger, seed_path: Path, backend: str) -> None:
    """One row a sentence; the same values in both libraries."""
    tagged = tagger.tag_report(read_report(seed_path))
    frame = tagged.to_frame(backend=backend)
    assert len(frame) == 151
    assert list(frame["labels"]) == [";".join(tags.labels) for _, tags in tagged]
    chinese = tagged.to_frame(backend=backend, lang="zh")
    assert {"句子", "网格管理", "群众自治 概率"} <= set(chinese.columns)
    assert list(chinese["网格管理"]) == list(frame["grid_management"])


def test_unknown_and_missing_backends(
    tagger: Tagger, seed_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another library is refused; a missing one names its pip line."""
    tagged = tagger.tag_report(read_report(seed_path))
    with pytest.raises(ValueError, match="backend must be"):
        tagged.to_frame(backend="excel")
    monkeypatch.setitem(sys.modules, "polars", None)
    with pytest.raises(MissingExtraError, match=r"practicelib\[polars\]"):
        tagged.to_frame(backend="polars")
