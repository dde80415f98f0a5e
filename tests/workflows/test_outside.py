"""Coders' own codes in rows of gold."""

from __future__ import annotations

from pathlib import Path

import pytest

import practicelib as pl
from practicelib.errors import LabelError
from practicelib.files.tables import jsonl_text, write_csv
from practicelib.model.tagger import Tagger
from practicelib.workflows.outside import coder_scores, read_labelled

TEXTS = ("网格员每天走访责任片区。", "居民议事会投票表决。", "全年实现工业产值12亿元。")
LABELS = ("grid_management", "autonomy", "-")


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return pl.load_tagger()


def test_a_column_that_names_the_coder_is_no_codes(tagger: Tagger, tmp_path: Path) -> None:
    """As coding files have it."""
    path = tmp_path / "gold.csv"
    rows = [(text, labels, "Li") for text, labels in zip(TEXTS, LABELS, strict=True)]
    write_csv(path, ("text", "labels", "coder"), rows)
    assert len(read_labelled(path, tagger.categories)) == 3
    assert coder_scores(path, tagger) == ()


def test_codes_of_coders_are_lists_or_text(tagger: Tagger, tmp_path: Path) -> None:
    """An empty cell is not coded, "-" is none; a column without codes has no score."""
    table, lines = tmp_path / "gold.csv", tmp_path / "gold.jsonl"
    own = ("grid_management", "-", "")
    rows = list(zip(TEXTS, LABELS, own, ("", "", ""), strict=True))
    write_csv(table, ("text", "labels", "coder1", "coder2"), rows)
    objects = [
        {"text": TEXTS[0], "labels": ["grid_management"], "coder1": ["grid_management"]},
        {"text": TEXTS[1], "labels": ["autonomy"], "coder1": []},
        {"text": TEXTS[2], "labels": []},
    ]
    lines.write_text(jsonl_text(objects), encoding="utf-8")
    (score,) = coder_scores(table, tagger)
    assert (score.coder, score.sentences, score.coder_f1) == ("coder1", 2, 0.5)
    assert coder_scores(lines, tagger) == (score,)


def test_unknown_codes_of_a_coder_are_named(tagger: Tagger, tmp_path: Path) -> None:
    """They would count as none."""
    path = tmp_path / "gold.csv"
    write_csv(path, ("text", "labels", "coder1"), [(TEXTS[0], "autonomy", "治水")])
    with pytest.raises(LabelError, match="2: coder1: unknown category '治水'"):
        coder_scores(path, tagger)
