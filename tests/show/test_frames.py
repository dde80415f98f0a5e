"""Frames of tagged reports: pandas and polars, keys or names for people."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from practicelib.errors import MissingExtraError
from practicelib.labels.names import key_of, keys_by_name
from practicelib.labels.rows import parse_labels
from practicelib.model.tagger import Tagger
from practicelib.text.reading import read_report
from practicelib.workflows.outside import read_labelled


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


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_names_of_categories_are_read_back(
    tagger: Tagger, seed_path: Path, tmp_path: Path, lang: str
) -> None:
    """With names for people no key is left in a cell, and each name is its category again."""
    tagged = tagger.tag_report(read_report(seed_path))
    keys, names = tagged.to_frame(), tagged.to_frame(lang=lang)
    labels, uncertain = ("类别", "存疑") if lang == "zh" else ("labels", "uncertain")
    known = keys_by_name(tagger.categories, tagger.category_names)
    for column, shown in (("labels", labels), ("uncertain", uncertain)):
        assert keys[column].any()
        for key_cell, cell in zip(keys[column], names[shown], strict=True):
            assert [key_of(label, known) for label in parse_labels(cell)] == list(
                parse_labels(key_cell)
            )
            assert not {*cell.split(";")} & {*tagger.categories}
    # A person who corrects the table may give it as gold.
    gold = names.rename(columns={labels: "labels", tagged_text(lang): "text"})
    gold = gold[["text", "labels"]][gold["text"].str.strip() != ""]
    gold.to_csv(tmp_path / "gold.csv", index=False)
    read = read_labelled(tmp_path / "gold.csv", tagger.categories, names=tagger.category_names)
    assert (read.labels.sum(axis=0) == tagged.assigned.sum(axis=0)).all()


def tagged_text(lang: str) -> str:
    return "句子" if lang == "zh" else "text"


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
